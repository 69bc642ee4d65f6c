"""The verdict that an answer gives in words: true or false, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.questions import TRUE_OR_FALSE
from derivcheck.source.sentences import HOLE, Sentence, sentences
from derivcheck.source.values import Block, Span

_LABEL = (
    r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]+)[).:]\s*)?(?:(?:answer|solution|ans|verdict|conclusion)\s*[:.–-]?\s*(?:is\s+)?)?"
)
_OPENS = lazy(
    rf"^[\W{HOLE}]*{_LABEL}\W*(?:(?:thus|so|hence|therefore|it is|this is|that is|clearly|generally)\W+)*"
    rf"(?P<word>true|false|yes|no|correct|incorrect|wrong|right)\b"
    rf"(?=\W*$|\s*[.,:;!–—(-]|\s*{HOLE}|\s+(?:because|since|as|in general|for|when|if|even)\b|\s+(?-i:[A-Z]))",
    re.I,
)
_SAYS = lazy(
    r"\b(?:statement|claim|assertion|answer|this|that|it|conclusion|"
    r"proposition)\s+(?:itself\s+)?(?:above\s+)?(?:is|was|must be|is therefore|is thus|"
    r"is hence)\s+"
    r"(?:therefore\s+|thus\s+|hence\s+|generally\s+|clearly\s+|indeed\s+|always\s+|in fact\s+|in general\s+)*"
    r"(?P<not>not\s+(?:always\s+|necessarily\s+|generally\s+)?)?(?P<word>true|false|correct|"
    r"incorrect|wrong|right|valid|invalid|yes|no)\b",
    re.I,
)
_HEDGE = lazy(r"\b(?:if|whether|suppose|assume|might|may|would|could|unless|were|asks?)\b", re.I)
_YES_OR_NO = lazy(r"(?:^|[.?!]\s+)(?:do|does|did|can|will)\s+(?P<rest>[^?]{8,160})\?", re.I)
_VERBS = frozenset(
    ("depend", "need", "require", "change", "affect", "influence", "contain", "preserve", "commute", "converge", "hold")
)
_CLAUSE = lazy(r"[^,;:.]+")
_NOT = lazy(r"\b(?:not|never|n't|no longer|neither|cannot)\b|n't\b")
_WORDS = {"true": True, "yes": True, "correct": True, "right": True, "valid": True}


@dataclass(frozen=True, slots=True)
class TruthWord:
    """`value` is what the answer says, at `span`."""

    value: bool
    text: str
    span: Span


def truth_word(blocks: Sequence[Block], ask: str = "") -> TruthWord | None:
    """The verdict an answer gives; None where it gives none, or two that differ.

    A sentence that offers both words is the question. A word that opens a sentence outranks one said in passing,
    and the answer's own conclusion (`thus the statement is false`) must not contradict it. To a yes-or-no question
    (`ask`) a sentence with its subject, verb and object answers too (`x does not depend on y`)."""
    opened: list[TruthWord] = []
    said: list[TruthWord] = []
    for sentence in sentences(blocks):
        text = TRUE_OR_FALSE.sub(lambda match: " " * len(match.group()), sentence.text)
        if text != sentence.text and re.fullmatch(r"[\W\d]*(?:points?|marks?|pts)?\W*", text):
            continue
        if text == sentence.text and (match := _OPENS.match(text)) and not text.rstrip().endswith("?"):
            opened.append(_word(sentence, match, _WORDS.get(match.group("word").lower(), False)))
        for match in _SAYS.finditer(text):
            if not _HEDGE.search(text[: match.start()]) and not text.rstrip().endswith("?"):
                value = _WORDS.get(match.group("word").lower(), False)
                said.append(_word(sentence, match, value != bool(match.group("not"))))
    found = [*opened, *said] or _restated(blocks, ask)
    if not found or any(word.value != found[0].value for word in found):
        return None
    return found[0]


def _restated(blocks: Sequence[Block], ask: str) -> list[TruthWord]:
    """Clauses that say a yes-or-no question as a statement: the same subject, verb and object, in that order."""
    match = _YES_OR_NO.search(ask)
    words = list[str](re.findall(r"[a-z]{4,}", match.group("rest").lower())) if match else []
    if len(words) < 3:
        return []
    verb = _verb(words)
    found = []
    for sentence in sentences(blocks):
        for clause in _CLAUSE.finditer(sentence.text):
            text = clause.group().lower()
            order = re.search(rf"{words[0][:5]}.*?(?P<verb>\b{verb[:5]}\w*)", text)
            if order and not _HEDGE.search(sentence.text) and not sentence.text.rstrip().endswith("?"):
                other = [word for word in words[words.index(verb) + 1 :] if word[:5] in text[order.end("verb") :]]
                if other:
                    negated = bool(_NOT.search(text[: order.start("verb")]))
                    start = clause.start() + order.start("verb")
                    span = Span(sentence.offset(start), sentence.offset(start) + len(order.group("verb")))
                    found.append(TruthWord(not negated, clause.group().strip(), span))
    return found


def _verb(words: list[str]) -> str:
    """The verb of `do … depend on …`: the word before the preposition, else the middle one."""
    return next((word for word in words[1:-1] if word in _VERBS), words[len(words) // 2])


def _word(sentence: Sentence, match: re.Match[str], value: bool) -> TruthWord:
    start, end = match.span("word")
    return TruthWord(value, match.group("word"), Span(sentence.offset(start), sentence.offset(end - 1) + 1))
