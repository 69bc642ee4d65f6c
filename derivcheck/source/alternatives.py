"""Relations of which one holds, written as several formulas: `$x = 1$ or $x = 2$`, `the roots are $x = 1$ and $x = 2$`,
`$x = \\pm 2$`. They are one claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.record import replace
from derivcheck.regex import lazy
from derivcheck.source.moves import Move
from derivcheck.source.relations import is_relation
from derivcheck.source.values import Formula, Span

_OR = lazy(r",?\s*or(?: else)?\s*:?\s*")
_AND = lazy(r",?\s*and(?: also)?\s*")
_COMMA = lazy(r"\s*,\s*")
_SEVERAL = lazy(
    r"\b(?:solutions?|roots?|zeros|zeroes|(?:critical|stationary|fixed|extremal) points|eigenvalues|extrema|minima|"
    r"maxima|candidates|either)\b"
)
_IS_NUMBER = lazy(
    r"\s*(?:\\?[A-Za-z]+)(?:_\w)?\s*=\s*"
    r"(?P<number>[-+−]?\s*(?:\d+(?:[./]\d+)?|\\[dt]?frac\s*\{?\d\}?\s*\{?\d\}?))\s*"
)
_PLUS_MINUS = lazy(r"\\pm(?![A-Za-z])|±")
_MANY = lazy(r"\\\\|&|\\mp|∓|\\(?:l|c)?dots|\\pm.*\\pm|=.*=")
_LEFT = lazy(r"=|<|>|≤|≥|\\(?:leq?|geq?|lt|gt|leqslant|geqslant)(?![A-Za-z])")


def joined(moves: Sequence[Move]) -> list[Move]:
    """The moves, those of which one holds as one."""
    made: list[Move] = []
    for move in map(_both_signs, moves):
        run = _run(made, move)
        if run:
            made[-run:] = [_as_one([*made[-run:], move])]
        else:
            made.append(move)
    return made


def _run(before: Sequence[Move], move: Move) -> int:
    """How many of the moves before are alternatives to this one."""
    if not before or not _alike(before[-1], move):
        return 0
    said = (m.lead for m in before if m.sentence == move.sentence)
    several = any(map(_SEVERAL.search, said)) or _two_numbers(before[-1], move)
    if not (_OR.fullmatch(move.lead) or (several and _AND.fullmatch(move.lead))):
        return 0
    run = 1
    while run < len(before) and _COMMA.fullmatch(before[-run].lead) and _alike(before[-run - 1], before[-run]):
        if _left(before[-run - 1]) != _left(move):
            break
        run += 1
    return run


def _alike(one: Move, other: Move) -> bool:
    roles = one.role == other.role and one.role in ("claim", "condition", "definition")
    formulas = [m.formula for m in (one, other) if m.formula is not None]
    plain = all(is_relation(f.latex) and not f.display and "\\\\" not in f.latex for f in formulas)
    return roles and len(formulas) == 2 and plain and one.sentence == other.sentence


def _two_numbers(one: Move, other: Move) -> bool:
    """`$x = 1$ and $x = -2$`: no x is both."""
    formulas = [m.formula.latex for m in (one, other) if m.formula is not None]
    numbers = [m["number"].replace(" ", "") for latex in formulas if (m := _IS_NUMBER.fullmatch(latex))]
    return len(numbers) == 2 and numbers[0] != numbers[1] and _left(one) == _left(other)


def _left(move: Move) -> str:
    return "".join(_LEFT.split(move.formula.latex, maxsplit=1)[0].split()) if move.formula is not None else ""


def _as_one(moves: Sequence[Move]) -> Move:
    formulas = [move.formula for move in moves if move.formula is not None]
    ored = any(_OR.fullmatch(move.lead) for move in moves[1:])
    latex = (not ored and _listed(formulas)) or "".join(_spaced(formulas))
    span = Span(formulas[0].span.start, formulas[-1].span.end)
    return replace(moves[0], formula=replace(formulas[0], latex=latex, span=span), span=span)


def _spaced(formulas: Sequence[Formula]) -> Iterator[str]:
    """The formulas with `or` between them, each at its own place as far as it goes."""
    at = formulas[0].span.start
    for number, formula in enumerate(formulas):
        if number:
            yield r" \lor ".rjust(formula.span.start - at)
        yield formula.latex
        at = max(at, formula.span.start) + len(formula.latex)


def _listed(formulas: Sequence[Formula]) -> str:
    """`$x = 1$ and $x = -2$` as `x = 1, -2`; '' where it is no list of values."""
    found = [_IS_NUMBER.fullmatch(formula.latex) for formula in formulas]
    return formulas[0].latex + "".join(f", {m['number']}" for m in found[1:] if m) if all(found) else ""


def _both_signs(move: Move) -> Move:
    formula = move.formula
    if formula is None or move.role not in ("claim", "condition") or not _PLUS_MINUS.search(formula.latex):
        return move
    if _MANY.search(formula.latex) or "=" not in formula.latex or formula.latex.lstrip().startswith("="):
        return move
    signs = [_PLUS_MINUS.sub(sign, formula.latex) for sign in ("+", "-")]
    return replace(move, formula=replace(formula, latex=r" \lor ".join(signs)))
