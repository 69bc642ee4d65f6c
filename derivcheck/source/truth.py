"""The verdict that an answer gives in words: true or false, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.labels import only_label
from derivcheck.source.questions import TRUE_OR_FALSE
from derivcheck.source.sentences import HOLE, Sentence, sentences
from derivcheck.source.values import Block, Span

_LABEL = (
    r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]+)[).:]\s*)?(?:(?:answer|solution|ans|verdict|conclusion)\s*[:.–-]?\s*(?:is\s+)?)?"
)
_SO = r"(?:thus|so|hence|therefore|then|clearly|obviously|generally|indeed|always|in fact|in general)\s*,?\s+"
_NEGATED = r"(?P<not>not\s+(?:(?:always|necessarily|generally|entirely|in general)\s+)?)?"
_VERDICT = r"(?P<word>true|false|untrue|correct|incorrect|wrong|right|valid|invalid|yes|no)\b(?!,?\s+that\b)"
_OPENS = lazy(
    rf"^[\W{HOLE}]*{_LABEL}\W*(?:{_SO}|(?:but|however|i think|i believe)\W+)*{_NEGATED}{_VERDICT}"
    rf"(?=\W*$|\s*[.,:;!–—(-]|\s*{HOLE}|\s+(?:because|since|as|in general|for|when|if|even|only)\b|\s+(?-i:[A-Z])"
    r"|\s+(?:bc|b/c|cuz|due to)\b|(?:(?<=true)|(?<=false)|(?<=yes)|(?<=\bno))\s+(?:it|they|this|we|there|the)\b)",
    re.I,
)
_LETTER = lazy(
    rf"^[\s*_(]*{_LABEL}\**(?-i:(?P<word>[TF]))(?P<not>)"
    r"(?=[\s.*_)]*$|[*_)]+\s+(?!(?-i:[a-z]))|[*)]*(?:[.,:;]|\s*[–—-])\s)",
    re.I,
)
_IS = (
    rf"(?:\s+(?:is|was|must be)\s+|['’]s\s+|\s+(?P<isnt>(?:is|was)n['’]t)\s+)(?:{_SO})*{_NEGATED}"
    rf"(?:{_VERDICT}|(?P<case>the case)\b(?!\s+(?:that|where|when|of|in|for)\b))"
)
_DENIES = r"(?P<not>(?:(?:does|did|need|will|can)\s*not|(?:does|did|need|ca|wo)n['’]t)\s+)?"
_HOLDS = rf"\s+{_DENIES}(?:{_SO})*(?P<word>holds?|fails?)\b"
_SUBJECT = r"\b(?:statement|claim|assertion|proposition|conclusion|answer)(?:\s+itself)?(?:\s+above)?"
_SAYS = (lazy(_SUBJECT + _IS, re.I), lazy(_SUBJECT + _HOLDS, re.I))
# `This is true` may speak of any step: it is the answer's verdict in the first or the last sentence alone.
_POINTS = lazy(
    rf"(?:^\W*(?:{_SO}|{_LABEL}|i (?:think|believe|would say)\s+(?:that\s+)?)|\b(?:so|thus|hence|therefore)\W+)"
    rf"(?:this|that|it){_IS}",
    re.I,
)
# `..., so no.`, `...; false.`: the verdict after what explains it.
_CLOSES = lazy(
    r"(?:[;–—]\s*|[,;–—]\s*(?:and\s+)?(?:so|thus|hence|therefore)\s*,?\s+)(?P<not>not\s+)?(?P<word>true|false|yes|no)\W*$",
    re.I,
)
# What limits a verdict: `true only if`, `false only for`; `true for a softmax`, `true, but not here` is no `true`.
_LIMITED = lazy(r"(?:\s+|,?\s+but\s+)only\b", re.I)
_PARTLY = lazy(
    r"\s+(?:if|when|in (?:some|certain|special)|under|for(?!\s+(?:all|every|any|each|the same|this|that)\b))\b"
    r"|\W*(?:unless|except|provided|assuming|as long as|sometimes)\b"
    r"|(?:(?!\b(?:because|since|as)\b)[^:;])*\bbut\b.*(?:\b(?:not|no|nothing|none|never|neither|false|wrong|fails?)\b|n['’]t\b)",
    re.I,
)
_HEDGE = lazy(
    r"\b(?:if|whether|suppose|assume|might|may|would|could|unless|were|asks?)\b"
    r"|\b(?:false|wrong|incorrect|untrue|not (?:true|right|correct|the case)) that\b"
    r"|(?:\bnot|n['’]t) (?:think|believe|say|see|find|claim|agree|mean|conclude)\b|\b(?:doubt|deny)\b",
    re.I,
)
# `not false`, `yes, it is not`: what two denials make is for a person to say.
_DENIALS = ("false", "untrue", "incorrect", "wrong", "invalid", "no", "fail", "fails")
_YET_DENIED = lazy(r"\W*(?:it|they|this|that|we)\s+(?:(?:is|are|does|do|did|can|will)\s+not|\w+n['’]t)\b", re.I)
# What speaks of the answer and not of its matter: `Here is my derivation.`, `(I checked this twice.)`
_ASIDE = lazy(
    rf"^[^{HOLE}]*\b(?:here (?:is|are)|i (?:have )?(?:checked|verified|hope|worked)|see below|as follows|was asked)\b"
    rf"[^{HOLE}]*$",
    re.I,
)
_YES_OR_NO = lazy(r"(?:^|[.?!]\s+)(?:do|does|did|can|will)\s+(?P<rest>[^?]{8,160})\?", re.I)
_VERBS = frozenset(
    ("depend", "need", "require", "change", "affect", "influence", "contain", "preserve", "commute", "converge", "hold")
)
_CLAUSE = lazy(r"[^,;:.]+")
_NOT = lazy(r"\b(?:not|never|n't|no longer|neither|cannot)\b|n't\b")
_WORDS = ("true", "yes", "correct", "right", "valid", "hold", "holds", "t", "the case")
_REPLY = lazy(
    r"^\W*(?:(?:(?:of course|certainly|surely|indeed),?\s+)?(?:they|it|these|this|that)\s+(?:do|does|did|can|will)"
    r"(?P<not>\s+not|n['’]t|not)?|(?P<never>not at all|by no means|never|(?:of course|certainly|definitely) not))"
    r"(?=\s*[.,;:!(—–-]|\s*$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class TruthWord:
    """`value` is what the answer says, at `span`. `denied`: by two denials."""

    value: bool
    text: str
    span: Span
    denied: bool = False


def truth_word(blocks: Sequence[Block], ask: str = "") -> TruthWord | None:
    """The verdict an answer gives; None where it gives none, or two that differ.

    A sentence that offers both words is the question. A verdict may open a sentence, or be said of the statement
    (`the claim does not hold`); one that its sentence limits (`true only if`, `true for a softmax`) is none by itself.
    To a yes-or-no question (`ask`) its own subject, verb and object answer too (`x does not depend on y`)."""
    blocks = [block for block in blocks if not only_label(block)]
    opened, said = _verdicts([row for row in sentences(blocks) if not _ASIDE.match(row.text)])
    firm = [word for word, limited in opened + said if not limited]
    if not firm and (opened or said):
        return None
    found = firm or _restated(blocks, ask)
    others = [word for word, limited in opened + said if not limited or (word, limited) in opened or word.denied]
    if not found or any(word.value != found[0].value for word in found + others):
        return None
    return found[0]


_Said = list[tuple[TruthWord, bool]]


def _verdicts(rows: Sequence[Sentence]) -> tuple[_Said, _Said]:
    """The verdicts that open a sentence and those said within one, each with whether it is limited."""
    opened: _Said = []
    said: _Said = []
    for number, sentence in enumerate(rows):
        text = TRUE_OR_FALSE.sub(lambda match: " " * len(match.group()), sentence.text)
        if text != sentence.text and re.fullmatch(r"[\W\d]*(?:points?|marks?|pts)?\W*", text):
            continue
        if text.rstrip().endswith("?"):
            continue
        opening = _OPENS.match(text) or (_LETTER.match(text) if not number else None)
        if opening and text == sentence.text:
            opened.append(_word(sentence, opening))
        closing = None if opening else _CLOSES.search(text)
        if closing and not _HEDGE.search(text[: closing.start()]):
            said.append(_word(sentence, closing))
        ends = number in (0, len(rows) - 1)
        for pattern in (*_SAYS, _POINTS) if ends else _SAYS:
            said += [_word(sentence, m) for m in pattern.finditer(text) if not _HEDGE.search(text[: m.start()])]
    return opened, said


def _restated(blocks: Sequence[Block], ask: str) -> list[TruthWord]:
    """Clauses that say a yes-or-no question as a statement: the same subject, verb and object, in that order."""
    match = _YES_OR_NO.search(ask)
    words = list[str](re.findall(r"[a-z]{4,}", match.group("rest").lower())) if match else []
    if len(words) < 3:
        return []
    verb = _verb(words)
    found = []
    for number, sentence in enumerate(sentences(blocks)):
        reply = _REPLY.match(sentence.text) if not number else None
        if reply:
            span = Span(sentence.offset(0), sentence.offset(reply.end() - 1) + 1)
            found.append(TruthWord(not (reply["not"] or reply["never"]), reply.group().strip(), span))
        for clause in _CLAUSE.finditer(sentence.text):
            text = clause.group().lower()
            order = re.search(rf"(?:{words[0][:5]}|^\W*(?:they|it)\b).*?(?P<verb>\b(?P<in>in)?{verb[:5]}\w*)", text)
            if order and not _HEDGE.search(sentence.text) and not sentence.text.rstrip().endswith("?"):
                other = [word for word in words[words.index(verb) + 1 :] if word[:5] in text[order.end("verb") :]]
                if other:
                    negated = bool(_NOT.search(text[: order.start("verb")])) != bool(order["in"])
                    start = clause.start() + order.start("verb")
                    span = Span(sentence.offset(start), sentence.offset(start) + len(order.group("verb")))
                    found.append(TruthWord(not negated, clause.group().strip(), span))
    return found


def _verb(words: list[str]) -> str:
    """The verb of `do … depend on …`: the word before the preposition, else the middle one."""
    return next((word for word in words[1:-1] if word in _VERBS), words[len(words) // 2])


def _word(sentence: Sentence, match: re.Match[str]) -> tuple[TruthWord, bool]:
    groups = match.groupdict()
    place = "word" if groups.get("word") else "case"
    start, end = match.span(place)
    said, rest = match[place].lower(), sentence.text[end:]
    value = (said in _WORDS) != bool(match["not"] or groups.get("isnt"))
    denied = bool((match["not"] or groups.get("isnt")) and said in _DENIALS)
    denied = denied or bool(said in ("yes", "true") and _YET_DENIED.match(rest))
    limited = denied or bool(_LIMITED.match(rest) or (value and _PARTLY.match(rest)))
    return TruthWord(value, match[place], Span(sentence.offset(start), sentence.offset(end - 1) + 1), denied), limited
