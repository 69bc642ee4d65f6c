"""Does a paragraph ask, or answer? And how much of a question does it repeat?"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.values import Block

POINTS = lazy(r"[(\[]?\s*(?:\d+(?:\.\d+)?|one|two|three)\s*(?:points?|pts?\b|marks?\b)", re.I)
TRUE_OR_FALSE = lazy(r"\btrue\s*(?:/|or)\s*false\b|\bT\s*/\s*F\b", re.I)
_EXPLAIN = lazy(r"\((?:briefly )?(?:explain|justify|prove|why)\b[^)]{0,60}\)", re.I)
_IMPERATIVE = lazy(
    r"(?:please |briefly |now,? (?:let's |compute |consider )?|then )*"
    r"(?:show|prove|derive|compute|calculate|find|give|write|determine|explain|expand|state|express|evaluate|describe|"
    r"define|justify|discuss|design|verify|suggest|list|provide|simplify)\b(?!\s+that\s+we\b)",
    re.I,
)
_TO_SHOW = frozenset({"show", "prove", "verify", "justify", "explain", "discuss"})
_WORD = lazy(r"(?<![\\A-Za-z_^{])[A-Za-z]{2,}(?![A-Za-z}({])")
_SENTENCE = lazy(r"(?<=[.?!:])\s+")
_REPLY = lazy(
    r"[>\s*_]*(?:A(?:ns(?:wer)?)?\s*[.:]|solution\s*[.:]|yes\b|no\b|true\b|false\b|"
    r"(?:it|this|that|they|these) (?:is|are|does|do|equals?)\b)",
    re.I,
)
_NOISE = lazy(r"^\W*(?:\([^()]{1,40}\)\W*)*")
_GOES_ON = lazy(
    r"(?:[\s&{}]|\\q?quad(?![A-Za-z])|\\[,;:! ])*"
    r"(?:[=<>≤≥≈]|\\(?:le|ge|leq|geq|approx|propto|sim)(?![A-Za-z]))"
)
_NUMBER = lazy(r"[\W\d]*")
_LATEX = lazy(r"\\[A-Za-z]+|[A-Za-z]+|\d+")
_DRESS = frozenset(
    {"\\left", "\\right", "\\frac", "\\mathbf", "\\operatorname", "\\mathrm", "\\text", "\\quad", "d", "the"}
)
_PLAIN = frozenset(
    (
        *(
            "the",
            "and",
            "for",
            "that",
            "with",
            "this",
            "from",
            "are",
            "you",
            "can",
            "what",
            "how",
            "which",
            "why",
            "give",
        ),
        *(
            "write",
            "show",
            "compute",
            "into",
            "using",
            "use",
            "its",
            "our",
            "let",
            "have",
            "has",
            "was",
            "were",
            "will",
        ),
        *("not", "does", "one", "two", "all", "any", "each", "explain", "problem", "question", "answer", "terms"),
    )
)


def asks(text: str) -> bool:
    """Whether a text asks: ends in a question mark, is marked with points, or tells somebody to show something."""
    if POINTS.search(text[:160]) or TRUE_OR_FALSE.search(text[:160]) or _EXPLAIN.search(text):
        return True
    sentences = [_NOISE.sub("", sentence) for sentence in _SENTENCE.split(text.strip()) if sentence.strip()]
    return any(sentence.rstrip().endswith("?") or _commands(sentence) for sentence in sentences)


def _commands(sentence: str) -> bool:
    """Whether a sentence tells somebody to do something. `Write a = W h + b` and the like set something down: the
    equation stands where a question has what is asked for."""
    found = _IMPERATIVE.match(sentence)
    if found is None:
        return False
    first = _WORD.search(sentence, found.end())
    object_ = sentence[found.end() : first.start() if first else len(sentence)]
    return "=" not in object_ or found.group().split()[-1].casefold() in _TO_SHOW


def poses(block: Block, start: int = 0) -> bool:
    """Whether a block, after its label, only puts a question: one that is answered in the same breath
    (`Q: 1 + 1 = ? A: 2`, `What is it? It is ...`) is not only put."""
    text = block.text[start:] if start else block.text
    return asks(text) and not _replies(text)


def goes_on(block: Block) -> bool:
    """Whether a block begins with a relation, and so goes on with what stands before it."""
    return bool(block.formulas) and _GOES_ON.match(block.text) is not None


def _replies(text: str) -> bool:
    """Whether what stands behind a question mark begins as an answer, or is a formula alone."""
    behind = _SENTENCE.split(text.partition("?")[2].strip(" .)*_"))
    return any(_REPLY.match(said) or not (_WORD.search(said) or _NUMBER.fullmatch(said)) for said in behind)


def repeats(text: str, words: dict[str, float]) -> bool:
    """Whether a text says little more than the question with these weighted words."""
    own = Vocabulary.words(text)
    return len(own) >= 4 and sum(1 for word in own if word in words) >= 0.75 * len(own)


def signs_of(text: str) -> tuple[str, ...]:
    """Letters, commands and numbers of a text as they stand, without what only dresses them."""
    return tuple(token for token in _LATEX.findall(text) if token not in _DRESS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How telling each word of the questions is: rare words tell parts apart (inverse document frequency)."""

    weights: dict[str, float]

    @staticmethod
    def of(texts: Sequence[Iterable[str]]) -> Vocabulary:
        counts = Counter(word for text in texts for word in Vocabulary.words(" ".join(text)))
        return Vocabulary({word: math.log(1 + len(texts) / count) for word, count in counts.items()})

    @staticmethod
    def words(text: str) -> frozenset[str]:
        """The words and signs of a text, in the rough: stems of words, letters and commands of formulas."""
        found = set()
        for token in _LATEX.findall(text):
            word = token if token.startswith("\\") or len(token) < 3 else _stem(token.casefold())
            if word not in _DRESS and word not in _PLAIN:
                found.add(word)
        return frozenset(found)

    def weigh(self, texts: Iterable[str]) -> dict[str, float]:
        return {word: self.weights.get(word, 1.0) for word in self.words(" ".join(texts))}


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
