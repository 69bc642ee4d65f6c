"""Where the two sides of a refuted equality agree after all: in one dimension, where a name is 0 or 1."""

from __future__ import annotations

from derivcheck.checking.blame.trials import Trials, agrees
from derivcheck.deciding.judging import judge
from derivcheck.deciding.search import Bench
from derivcheck.deciding.witness import plain
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.world import SMALL, World, positions

_WORLDS = 3
_MOST = 2


def agreement(trials: Trials) -> dict[str, int]:
    """Names (dimensions first) with a value at which the two sides of an equality agree; at most two."""
    bench = trials.bench
    found: dict[str, int] = {}
    if trials.claim.relation != "=":
        return found
    for name in bench.givens.dims:
        if len(found) < _MOST and _agree_in_one_dimension(bench, name, trials.seed):
            found[name] = 1
    for name, value in _values(bench, trials):
        if len(found) < _MOST and name not in found and _agree_at(bench, trials.worlds, name, value):
            found[name] = value
    return found


def told(found: dict[str, int], trials: Trials) -> str:
    """`the two agree when d = 1 and when \\mu = 0`; empty where nothing so simple was found."""
    declared = trials.model.declarations
    names = {n: (declared[n].latex if n in declared else "") or n for n in found}
    said = " and ".join(f"when {_plain_name(names[n])} = {value}" for n, value in found.items())
    return f"the two agree {said}" if said else ""


def _plain_name(latex: str) -> str:
    from derivcheck.checking.explaining import plain_name

    return plain_name(latex)


def _agree_in_one_dimension(bench: Bench, name: str, seed: int) -> bool:
    if bench.givens.dims[name] > 1:
        return False
    dims = {n: 1 if n == name else max(low, 3 + k) for k, (n, low) in enumerate(bench.givens.dims.items())}
    if not bench.givens.allowed(dims):
        return False
    try:
        worlds = list(bench.givens.stream(f"{seed}.one", Plan(worlds=_WORLDS, styles=(SMALL,), dims=(dims,))))
    except (NoWorld, NoValue):
        return False
    return len(worlds) == _WORLDS and all(agrees(bench, world) for world in worlds)


def _values(bench: Bench, trials: Trials) -> list[tuple[str, int]]:
    """The free names that the sides look at, in the order of the givens, each at 0; scalars also at 1."""
    touched: set[str] = set()
    for world in trials.worlds[:1]:
        evaluator = bench.evaluator(world)
        for point in bench.points(evaluator, 2):
            try:
                judge(bench.claim, evaluator, point)
            except NoValue:
                continue
        touched = {symbol for symbol, _ in evaluator.touched}
    free = [
        d for n, d in bench.model.declarations.items()
        if n in touched and n in bench.symbols and not d.family and not d.definitions and n not in bench.givens.dims
    ]
    return [(d.name, 0) for d in free] + [(d.name, 1) for d in free if not d.shape]


def _agree_at(bench: Bench, worlds: tuple[World, ...], name: str, value: int) -> bool:
    """Whether the sides agree, and are not merely both 0, in every world where the name has this value."""
    tried = telling = 0
    for world in worlds:
        moved = world.moved((name, ()), dict.fromkeys(positions(world.shape(name)), value))
        if not bench.givens.accepts(moved):
            return False
        if not agrees(bench, moved):
            return False
        tried += 1
        telling += _not_all_zero(bench, moved)
    return tried >= 2 and telling > 0


def _not_all_zero(bench: Bench, world: World) -> bool:
    evaluator = bench.evaluator(world)
    for point in bench.points(evaluator, 6):
        try:
            if plain(judge(bench.claim, evaluator, point).left) != 0:
                return True
        except NoValue:
            continue
    return False
