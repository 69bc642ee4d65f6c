"""A failure as a counterexample that a person can redo: dimensions, the values that matter, both sides."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

from derivcheck.deciding.judging import judge
from derivcheck.deciding.verdict import Counterexample
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Size, Term, walk
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.points import at_entry
from derivcheck.worlds.unknown import shown
from derivcheck.worlds.world import World, positions, shape_at

if TYPE_CHECKING:
    from derivcheck.deciding.search import Bench, Failure
    from derivcheck.worlds.evaluation import Evaluator

_MOST_BITS = 200  # of a number that is shown whole
_LARGEST = 36  # entries of a side that are shown whole


def counterexample(bench: Bench, failure: Failure) -> Counterexample:
    from derivcheck.deciding.search import lengths

    world, point = failure.world, failure.point
    evaluator = bench.evaluator(world, 64)
    try:
        judge(bench.claim, evaluator, point)
    except NoValue:
        evaluator = bench.evaluator(world, 256)
        judge(bench.claim, evaluator, point)
    touched = dict(evaluator.touched)
    sizes = lengths(bench.model, evaluator)
    left, right = _sides(bench, failure, evaluator)
    values: dict[str, Any] = {index.name.split("#")[0]: i for index, i in point.env}
    for name, declaration in bench.model.declarations.items():
        places = [at for symbol, at in touched if symbol == name]
        if places and name not in sizes:
            values |= _values(world, declaration, places)
    for name, text in _functions(bench, world):
        values[name] = text
    dims = {n: v for n, v in world.dims.items() if n in _dimensions(bench, touched)}
    shown_lengths = {bench.model.declarations[n].latex or n: v for n, v in sizes.items()}
    return Counterexample({**dims, **shown_lengths}, values, left, right, point.entry, _note(bench))


def _note(bench: Bench) -> str:
    fixed = [bench.model.declarations[s].latex or s for s in bench.givens.fixed]
    return f"at the limit put on {', '.join(fixed)}" if fixed else ""


def plain(value: Any) -> Any:
    """A number for people and JSON: whole, a fraction as text, else a decimal; a very long one rounded, as text."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return rounded(arb(value))
    if isinstance(value, fmpq):
        if max(abs(value.p), value.q) >= 1 << _MOST_BITS:
            return rounded(arb(value))
        return int(value.p) if value.q == 1 else f"{value.p}/{value.q}"
    if isinstance(value, arb):
        exact = value.unique_fmpz() if value.is_exact() else None
        if exact is not None:
            return plain(int(exact))
        digits = max(1, min(10, int(value.rel_accuracy_bits() * 0.301)))  # no more than are certain
        decimal = float(f"{float(value.mid()):.{digits}g}")
        return decimal if isfinite(decimal) and (decimal or value.contains(0)) else rounded(value)
    return value


def rounded(value: arb) -> str:
    """Ten digits and a power of ten: also where a float has none."""
    return value.mid().str(10, radius=False)


def nested(values: Any, shape: tuple[int, ...], start: tuple[int, ...] = ()) -> Any:
    """Entries by position as nested lists."""
    if len(start) == len(shape):
        return plain(values[start])
    return [nested(values, shape, (*start, i)) for i in range(1, shape[len(start)] + 1)]


def _values(world: World, declaration: Declaration, places: list[tuple[int, ...]]) -> dict[str, Any]:
    """The value of a name; of a family the value of each member that was looked at, by its own name."""
    members = len(declaration.family)
    shape = world.shape(declaration.name)
    used = sorted({at[:members] for at in places})
    return {member_name(declaration, at): nested(world.block((declaration.name, at)), shape) for at in used}


def member_name(declaration: Declaration, at: tuple[int, ...]) -> str:
    """A member as one writes it: `h_0`, `x^{(2)}`, `e_{1,2}`; a name without family indices is itself."""
    latex = declaration.latex or declaration.name
    if not at:
        return latex
    index = ",".join(map(str, at))
    if latex.endswith("^{}"):
        return f"{latex[:-1]}{index}}}"
    for fence in ("()", "[]"):
        if latex.endswith(f"^{{{fence}}}"):
            return f"{latex[:-3]}{fence[0]}{index}{fence[1]}}}"
    return f"{latex}_{index}" if len(index) == 1 else f"{latex}_{{{index}}}"


def _functions(bench: Bench, world: World) -> list[tuple[str, str]]:
    """The unknown functions in use, each entry as a polynomial in u_1, u_2, ..."""
    out = []
    for name in sorted(bench.symbols & bench.model.functions.keys()):
        symbol = bench.model.functions[name]
        sizes = [shape_at(s, world.dims) for s in symbol.arguments]
        count = sum(len(list(positions(s))) for s in sizes)
        variables = [f"u_{k}" for k in range(1, count + 1)] if count != 1 else ["u"]
        entries = [shown(world, name, at, variables) for at in positions(shape_at(symbol.value, world.dims))]
        text = entries[0] if not symbol.value else f"({', '.join(entries)})"
        out.append((f"{symbol.latex or name}({', '.join(variables)})", text))
    return out


def _dimensions(bench: Bench, touched: Any) -> set[str]:
    """The named dimensions of what was looked at: of shapes, of sizes, of how many members a family has."""
    seen = [bench.model.declarations[name] for name in {s for s, _ in touched}]
    dims = [d for declaration in seen for d in declaration.shape]
    limits = [limit for declaration in seen for f in declaration.family for limit in (f.lower, f.upper)]
    dims += [t.dim for limit in limits if limit is not None for t in _sizes(limit)]
    dims += [*bench.claim.left.shape, *bench.claim.right.shape]
    dims += [t.dim for side in (bench.claim.left, bench.claim.right) for t in _sizes(side.body)]
    return {n for d in dims for n in d.names}


def _sizes(term: Term) -> list[Size]:
    return [t for t in walk(term) if isinstance(t, Size)]


def _sides(bench: Bench, failure: Failure, evaluator: Evaluator) -> tuple[Any, Any]:
    """Both sides whole where they are small, else at the entry."""
    judged = failure.judged
    if isinstance(judged.left, list):
        return [[plain(x) for x in row] for row in judged.left], [[plain(x) for x in row] for row in judged.right]
    if not bench.claim.left.axes:
        return plain(judged.left), plain(judged.right)
    shape = shape_at(bench.claim.left.shape, failure.world.dims)
    places = list(positions(shape))
    if len(places) > _LARGEST:
        return plain(judged.left), plain(judged.right)
    return tuple(  # type: ignore[return-value]
        nested({p: _entry(evaluator, side, p, failure) for p in places}, shape)
        for side in (bench.claim.left, bench.claim.right)
    )


def _entry(evaluator: Evaluator, side: Any, place: tuple[int, ...], failure: Failure) -> Any:
    try:
        return evaluator.value(side.body, at_entry(side.axes, place, failure.point.values))
    except NoValue:
        return None

