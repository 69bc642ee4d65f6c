"""How far `Let ...` and `Suppose ...` reach: a display that no word ties to what they introduce is no part of it.

Homework often leaves out the full stop before a display: `Let $x > 0$` and then `$$\\log x \\le x - 1$$`. What stands
there states something of its own, unless a word (`and`, `with`, `such that`) makes it a part of what is introduced."""

from __future__ import annotations

from derivcheck.regex import lazy
from derivcheck.source.sentences import Place, Sentence

_TIED = lazy(
    r"\b(?:and|or|with|where|that|as|by|of|from|in|via|to|for|given|under|satisfy|satisfies|satisfying|solves?|solving|"
    r"fulfils?|obeys?|obeying|let|call|define|denote|write|put|set|equations?|constraints?|conditions?|systems?|"
    r"recur\w+|model|loss|cost|objective|risk|likelihood|functions?|functional|problem|rule|law|be|namely|also)\W*$"
)
_CONSTRAINED = lazy(
    r"\b(?:with|such that|satisfy|satisfies|satisfying|solves?|solving|fulfils?|obeys?|obeying|subject to|s\.t\.|"
    r"equations?|constraints?|conditions?|systems?)\W*$"
)


def words_before(sentence: Sentence, place: Place) -> str:
    """What stands between a formula and the one before it."""
    before = max((p.at + 1 for p in sentence.places if p.at < place.at), default=0)
    return sentence.text[before : place.at].strip().lower()


def untied(sentence: Sentence, place: Place, start: int, defines: bool) -> bool:
    """Whether a display stands outside of what a cue that ends at `start` introduces. defines: the cue defines
    (`Let`, `Define`), and does not suppose."""
    earlier = [p for p in sentence.places if start <= p.at < place.at]
    if not place.formula.display or not earlier:
        return False
    words = words_before(sentence, place)
    shown = any(p.formula.display for p in earlier)
    if any(char.isalpha() for char in words):
        return shown and _TIED.search(words) is None
    if not earlier[-1].formula.display or untied(sentence, earlier[-1], start, defines):
        return True
    return defines and not _system(sentence, start, earlier)


def _system(sentence: Sentence, start: int, earlier: list[Place]) -> bool:
    """`Let x and y satisfy`, and then displays one after the other: a system of equations."""
    run = len(earlier) - 1
    while run and earlier[run - 1].formula.display and not words_before(sentence, earlier[run]):
        run -= 1
    lead = sentence.text[start : earlier[run].at].lower()
    return _CONSTRAINED.search(lead) is not None
