"""`Setting the derivative to zero ...`: the equation that these words state is the derivative last taken, set to zero;
`\\hat w = ...` after it says what its solution w is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.checking.solving import DERIVATIVE
from derivcheck.checking.steps import Step
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.source.moves import Move
from derivcheck.source.values import Span
from derivcheck.terms.build import ZERO
from derivcheck.terms.model import Claim
from derivcheck.terms.node import fresh
from derivcheck.terms.tensor import Tensor

_SECOND = re.compile(r"''|\\prime\s*\\prime|\^\s*\{?\s*(?:\([23]\)|[23])")
_OF = re.compile(
    r"[\s&{]*(?:\\[dt]?frac\s*\{\s*(?:\\partial|∂|\\mathrm\s*\{d\}|d)\s*(?P<above>.*?)\}\s*"
    r"\{\s*(?:\\partial|∂|\\mathrm\s*\{d\}|d)\s*(?P<below>[^{}]*(?:\{[^{}]*\})?)\}\s*(?P<after>.*)$|"
    r"(?:\\nabla|∇)(?:_(?:\{(?P<braced>[^{}]+)\}|(?P<one>\\?\w)))?\s*(?P<of>.*?)(?:\((?P<at>[^()]*)\))?$|"
    r"(?P<name>\\?[A-Za-z]+)\s*(?:'|\^\{?\\prime\}?)\s*(?:\((?P<point>[^()]*)\))?$)"
)
_MARKED = re.compile(
    r"\\(?:wide)?hat\s*(?:\{(?P<hatted>[^{}]+)\}|(?P<letter>\\[A-Za-z]+|[A-Za-z]))(?:_(?:\{[^{}]*\}|\w))?|"
    r"(?P<starred>\\[A-Za-z]+|[A-Za-z])\s*[_^]\s*\{?\s*(?:\*|\\star|\\ast)\s*\}?|"
    r"(?P<worded>\\[A-Za-z]+|[A-Za-z])_\{\s*(?:\\(?:text|mathrm|mathit|operatorname)\s*\{)?\s*"
    r"(?:opt|min|max|best|MLE|mle|MAP|ML|OLS|ols|LS|ls|ridge)\w*\s*\}?\s*\}"
)


def optimum_first(moves: Sequence[Move]) -> list[Move]:
    """`Hence $S u = \\lambda u$ at the optimum`: the equation that the words state holds for what stands before them in
    their sentence too."""
    made: list[Move] = []
    for move in moves:
        claims = [k for k, m in enumerate(made) if m.sentence == move.sentence and m.role == "claim"]
        if move.note == "zero" and move.formula is None and claims and _AT.match(move.cue):
            start = made[claims[0]].span.start
            made.insert(claims[0], replace(move, span=Span(start, move.span.end)))
        else:
            made.append(move)
    return made


_AT = re.compile(r"(?:at|in|for|by)\b", re.I)


def derivative_of(left: str) -> tuple[str, str] | None:
    """(what is differentiated, by what) of a first derivative as written; by '' where it does not say."""
    found = _OF.match(left.strip()) if DERIVATIVE.match(left) and not _SECOND.search(left) else None
    if found is None:
        return None
    above = found["above"] or found["after"] or found["of"] or found["name"] or ""
    below = found["below"] or found["braced"] or found["one"] or found["at"] or found["point"] or ""
    return _bare(re.sub(r"\([^()]*\)", "", above)), _bare(re.sub(r"\^\s*\{?\\top\}?", "", below))


def _bare(text: str) -> str:
    return re.sub(r"[\s{}&]|\\(?:left|right)(?![A-Za-z])", "", text)


def set_to_zero(steps: Sequence[Step], scope: Scope, wanted: str = "") -> tuple[tuple[Claim, ...], frozenset[str]]:
    """The equations that the derivatives last taken of one value (of `wanted`) are zero, and the variables that they
    are taken by; no equation where none was taken or one could not be read."""
    found: dict[str, Claim | None] = {}
    variables: set[str] = set()
    for left, step in _heads(steps):
        taken = derivative_of(left)
        if taken is None or left in found:
            continue
        of, by = taken
        if wanted and of != wanted:
            break
        wanted = wanted or of
        found[left] = _zero(step)
        variables |= {by or only_argument(of, scope)} - {""}
    claims = [claim for claim in found.values() if claim is not None]
    complete = bool(claims) and len(claims) == len(found)
    return (tuple(claims), frozenset(variables)) if complete else ((), frozenset())


def _heads(steps: Sequence[Step]) -> Iterator[tuple[str, Step]]:
    """(the left side of the chain as written, its latest step) of the chains, the latest first."""
    seen: set[int] = set()
    for step in reversed(steps):
        if step.chain in seen or not step.judged.statement.links:
            continue
        seen.add(step.chain)
        first = step
        while first.before is not None:
            first = first.before
        links = first.judged.statement.links
        left = first.judged.text[links[0].left_span.start : links[0].left_span.end] if links else first.judged.text
        yield left.replace("&", " ").strip(), step


def _zero(step: Step) -> Claim | None:
    claims = [link.claim for link in step.judged.statement.links if link.claim is not None and not link.undeclared]
    last = claims[-1] if len(claims) == len(step.judged.statement.links) else None
    if last is None or last.relation != "=" or step.judged.word == "unreadable":
        return None
    body = last.left if last.right.body == ZERO else last.right
    return replace(last, left=body, right=Tensor(tuple(fresh(a.name, a.dim) for a in body.axes), ZERO))


def only_argument(of: str, scope: Scope) -> str:
    """The one argument of a function, by which its gradient is taken."""
    macro = scope.functions.get(of)
    return macro.parameters[0] if macro is not None and len(macro.parameters) == 1 else ""


def solution_of(left: str) -> str:
    """The variable of which a name as written is a certain value: w of `\\hat w`, `w^*`, `w_{\\text{opt}}`; else ''."""
    found = _MARKED.fullmatch(left.strip())
    return _bare(next((text for text in found.groups() if text), "")) if found else ""
