"""Equations that are solved in one formula: `f'(x) = 2 x - a = 0 \\Rightarrow x = a / 2`."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.record import replace
from derivcheck.regex import lazy
from derivcheck.source.moves import Move
from derivcheck.source.relations import is_relation
from derivcheck.source.values import Formula, Span

_SPACE = r"(?:\\q?quad|\\[;,: ]|\s)*"
_IMPLIES = lazy(rf"{_SPACE}(?:\\(?:implies|Rightarrow|Longrightarrow)(?![A-Za-z])|⇒|⟹){_SPACE}")
_ZERO = lazy(r"\s*(?:\\(?:vec|mathbf|boldsymbol|bm)\s*\{?\s*)?0\s*\}?\s*")
_DEMANDED = lazy(r"\\(?:stackrel|overset)\s*\{\s*!\s*\}\s*\{?\s*=\s*\}?")
_OF_DERIVATIVE = lazy(
    r"[\s&{]*(?:\\(?:nabla|partial)(?![A-Za-z])|∇|∂|\\?[A-Za-z]+\s*(?:'|\^\{?\s*\\prime)|"
    r"\\[dt]?frac\s*\{\s*(?:\\partial(?![A-Za-z])|∂|(?:\\mathrm\s*\{?\s*)?d(?:\b|[A-Za-z\\}])))"
)


def in_steps(move: Move) -> Iterator[Move]:
    """`f'(x) = 2 x - a = 0 \\Rightarrow x = a / 2`: what the derivative is, the equation to solve, what follows."""
    formula = move.formula
    if formula is None or move.role not in ("equation", "claim") or r"\\" in formula.latex:
        yield move
        return
    parts = _IMPLIES.split(formula.latex)
    chain = _last_but_zero(parts[0])
    solves = move.role == "equation" or (len(parts) > 1 and chain is not None and _OF_DERIVATIVE.match(parts[0]))
    if not solves or not all(is_relation(part) for part in parts):
        yield move
        return
    if chain is not None:
        value = replace(formula, latex=parts[0][: chain[1]])
        yield replace(move, role="claim", formula=value, extent=None, reach=None)
    at = chain[0] if chain is not None else 0
    yield replace(move, role="equation", formula=_stretch(formula, at, parts[0][at:]))
    at = len(parts[0])
    for part in parts[1:]:
        at = formula.latex.index(part, at)
        made = _stretch(formula, at, part)
        yield replace(move, role="claim", formula=made, span=made.span, extent=None, reach=None)
        at += len(part)


def _last_but_zero(latex: str) -> tuple[int, int] | None:
    """Where the last operand before `= 0` stands, in a chain that says more than that."""
    text = _DEMANDED.sub(lambda match: "=".rjust(len(match.group())), latex)
    depth, signs = 0, []
    for at, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == "=" and depth == 0:
            signs.append(at)
    if len(signs) < 2 or not _ZERO.fullmatch(text, signs[-1] + 1):
        return None
    return signs[-2] + 1, len(text[: signs[-1]].rstrip(" &"))


def _stretch(formula: Formula, at: int, latex: str) -> Formula:
    """A part of a formula, at its own place."""
    start = formula.span.start + at
    return replace(formula, latex=latex, span=Span(start, max(start + len(latex), start + 1)), lead="")
