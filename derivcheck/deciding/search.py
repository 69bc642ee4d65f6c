"""The search for a counterexample: both sides in several small worlds, in exact and ball arithmetic.

A ball around the difference that excludes 0 is a proof that the sides differ, so a refutation never rests on
rounding. Where no world refutes, what was tested is returned, so that the ladder can say `holds`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.judging import LOEWNER, ORDERS, Judged, Point, judge
from derivcheck.deciding.touching import TOUCHED, equal_there, touches
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Entry, Expectation, Index, MatrixOp, Term, children, walk
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.dependence import claim_names, reached, speaks_of_indices
from derivcheck.worlds.errors import Kink, NotSeen, NoValue, NoWorld, Undefined, Undetermined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import entries, met_at, parameters, settings
from derivcheck.worlds.sampling import Givens, Plan
from derivcheck.worlds.world import SPARSE, SPARSER, World, nearby

_POINTS = 64  # judged in each of the first worlds: more are drawn from
_LATER = 24  # judged in each world after those
_WORLDS, _ENOUGH = 4, 60_000  # nodes after which no further world is drawn, once so many have agreed
_UNSEEN = 3  # worlds in which an infinite sum is not seen to converge, after which no more are tried where it never was
_BLURRED = 12  # points at which no precision gave a side a value, after which no more are tried where none had one
_SETTINGS = 128  # values of the parameters
_BITS = (64, 256, 1024)
TIED = Verdict(
    "undecided", {"method": "search", "reason": "the sides differ only where a condition is met at equality"}
)


@dataclass(frozen=True, slots=True)
class Tested:
    """What was judged and agreed. `flat`: worlds in which equations given are met by zeros only. `exact`: by rationals
    alone; `loose`: points that no precision settled, `blurred` those of them where a side got no value; `ties`: points
    where the sides differ, but only as a condition on real quantities is met at equality (`h \\ge 0` at 0);
    `undefined`: where a side has no value, and how often; `unsupported`: why a point could not be evaluated;
    `touching`: where the sides of `<` look equal."""

    points: int = 0
    worlds: int = 0
    flat: int = 0
    dimensions: tuple[Mapping[str, int], ...] = ()
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    exact: bool = True
    loose: int = 0
    blurred: int = 0
    ties: int = 0
    undefined: tuple[tuple[str, int], ...] = ()
    unsupported: str = ""
    touching: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A certified violation: the world, the point, both values."""

    world: World
    point: Point
    judged: Judged


@dataclass(slots=True)
class _Tally:
    points: int = 0
    worlds: int = 0
    flat: int = 0
    touching: list[Failure] = field(default_factory=list)
    dimensions: list[Mapping[str, int]] = field(default_factory=list)
    lengths: dict[str, set[int]] = field(default_factory=dict)
    exact: bool = True
    loose: int = 0
    blurred: int = 0
    ties: int = 0
    undefined: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)
    unsupported: str = ""

    def frozen(self) -> Tested:
        unseen = next(iter(self.unseen)) if self.unseen.total() > self.worlds else ""
        dims = tuple({tuple(sorted(d.items())): d for d in self.dimensions}.values())
        lengths = {n: tuple(sorted(v)) for n, v in self.lengths.items()}
        return Tested(self.points, self.worlds, self.flat, dims, lengths, self.exact, self.loose, self.blurred,
                      self.ties, tuple(self.undefined.most_common(4)), self.unsupported or unseen,
                      tuple(self.touching[:2]))


class Bench:
    """One claim with its givens, ready to be judged in any world. `pointwise`: conditions on the indices that the
    claim ranges over (`i \\ne j`), which choose its points; with `choose` also conditions on values at those
    indices, which are otherwise read as holding at all of them."""

    def __init__(self, claim: Claim, model: Model, work: Work, choose: bool = False) -> None:
        self.claim = claim
        shared = {p.index for p in parameters(claim)} | {*claim.left.axes, *claim.right.axes}
        conditions = (*claim.given, *model.assumptions)
        self.pointwise = tuple(
            g for g in conditions
            if _ranges_over(g, shared) and (speaks_of_indices(g) or (choose and g in claim.given))
        )
        self.model = model.assume(*(g for g in claim.given if g not in self.pointwise))
        self.chooses = choose or not any(_ranges_over(g, shared) and not speaks_of_indices(g) for g in claim.given)
        self.work = work
        self.symbols = _symbols(claim)
        self.givens = Givens(self.model, self.symbols, claim_names(claim), work.left("meeting"), self._met)
        self.open_ended = any(p.lower is None or p.upper is None for p in parameters(claim))

    def _met(self, nodes: int) -> None:
        """What meeting the givens took; it ends by itself."""
        self.work.spent["meeting"] = self.work.spent.get("meeting", 0) + nodes

    def evaluator(self, world: World, bits: int = 64) -> Evaluator:
        return Evaluator(self.model, world, Balls(bits), self.work.left("nodes"))

    def points(self, evaluator: Evaluator, most: int = _POINTS) -> list[Point]:
        """The points of a world; a draw of them where there are many."""
        places = [()] if self.claim.relation in LOEWNER else entries(self.claim, evaluator)
        envs = [tuple(env.items()) for env in settings(self.claim, evaluator, _SETTINGS)]
        count = len(envs) * len(places)
        chosen: Iterable[int] = range(count)
        if count > most:
            chosen = sorted(random.Random(evaluator.world.seed).sample(range(count), most))
        found = [Point(envs[k // len(places)], places[k % len(places)]) for k in chosen]
        return [p for p in found if self._chosen(p, evaluator)] if self.pointwise else found

    def _chosen(self, point: Point, evaluator: Evaluator) -> bool:
        """Whether the conditions on the claim's own indices hold here, certainly."""
        env = {**point.values, **dict(zip(self.claim.left.axes, point.entry, strict=False)),
               **dict(zip(self.claim.right.axes, point.entry, strict=False))}
        try:
            return all(met_at(g, env, evaluator) for g in self.pointwise)
        except NoValue:
            return False

    def judge(self, world: World, point: Point, evaluators: dict[int, Evaluator] | None = None) -> Judged:
        """The claim at a point, with as many bits as it takes. Raises NoValue."""
        evaluators = {} if evaluators is None else evaluators
        judged = Judged("loose", 0, 0)
        problem: Undetermined | None = None
        for bits in _BITS:
            if bits > self.work.budget.bits:
                break
            if bits not in evaluators:
                evaluators[bits] = self.evaluator(world, bits)
            evaluator = evaluators[bits]
            before = evaluator.nodes
            try:
                judged, problem = judge(self.claim, evaluator, point), None
                if judged.word == "violated" and evaluator.ties and self._at_tie(world, point, bits):
                    judged = judged if self._persists(world, point, bits) else replace(judged, word="tie")
                if judged.word != "loose":
                    break
            except Undetermined as undetermined:
                problem = undetermined
                if isinstance(undetermined, Kink):
                    break
            finally:
                self.work.spend("nodes", evaluator.nodes - before)
        if problem is not None:
            raise problem
        return replace(judged, word="touches") if judged.word == "loose" and touches(self.claim, judged) else judged

    def _at_tie(self, world: World, point: Point, bits: int) -> bool:
        """Whether judging this very point meets a condition on real quantities at equality."""
        fresh = self.evaluator(world, bits)
        judge(self.claim, fresh, point)
        return fresh.ties > 0

    def _persists(self, world: World, point: Point, bits: int) -> bool:
        """Whether the sides differ nearby too: `p > 0` where `p = \\max(h, 0)` is met at equality for every h < 0."""
        evaluator = self.evaluator(world, bits)
        judge(self.claim, evaluator, point)
        near = nearby(world, evaluator.touched)
        if near is None or not self.givens.accepts(near):
            return False
        fresh = self.evaluator(near, bits)
        try:
            return judge(self.claim, fresh, point).word == "violated" and not fresh.customs
        except NoValue:
            return False

    def failing(self, world: World, point: Point | None = None) -> Failure | None:
        """A violation in this world (at this point, if one is given)."""
        evaluators: dict[int, Evaluator] = {64: self.evaluator(world)}
        try:
            for p in [point] if point is not None else self.points(evaluators[64]):
                try:
                    judged = self.judge(world, p, evaluators)
                except NoValue:
                    continue
                if judged.word == "violated":
                    return Failure(world, p, judged)
        except NoValue:
            return None
        return None


def test(bench: Bench, points: tuple[int, int] = (_POINTS, _LATER), special: bool = False) -> Failure | Tested:
    """The claim in the worlds of the plan: the first violation, else what was tested. `points`: the most in each of
    the first two worlds, and in each after them; `special`: see Plan. Raises NoWorld."""
    tally = _Tally()
    plan = Plan(worlds=bench.work.budget.worlds, least=least(bench.claim), special=special)
    sparse = replace(plan, worlds=3 * plan.worlds, styles=(SPARSE, SPARSER, SPARSER))
    if _jumps(bench):
        plan = replace(plan, worlds=4 * plan.worlds, styles=(*plan.styles, *sparse.styles * plan.worlds))
    failure = _test_plan(bench, plan, bench.work.seed, tally, points)
    if failure is None and tally.flat == tally.worlds > 1:  # zeros in a world of zeros and others say more
        failure = _test_plan(bench, sparse, f"{bench.work.seed} sparse", tally, points)
    return failure or tally.frozen()


def _test_plan(
    bench: Bench, plan: Plan, seed: int | str, tally: _Tally, points: tuple[int, int]
) -> Failure | None:
    try:
        for world in bench.givens.stream(seed, plan):
            failure = _test_world(bench, world, tally, points[tally.worlds >= 2])
            if failure is not None:
                return failure
            if tally.unsupported or (tally.worlds >= _WORLDS and bench.work.spent.get("nodes", 0) > _ENOUGH):
                break
            if not tally.points and tally.unseen.total() >= _UNSEEN:
                break
            if not tally.points and tally.blurred >= _BLURRED:  # the inverse of what is singular everywhere
                break
    except OutOfWork:
        if tally.worlds < 2:
            raise
    return None


def _jumps(bench: Bench) -> bool:
    """Whether a side is a rank: what random draws never show (dependent columns) then needs worlds of its own."""
    sides = (bench.claim.left.body, bench.claim.right.body)
    return any(isinstance(t, MatrixOp) and t.name in ("rank", "pinv") for side in sides for t in walk(side))


def _tried(bench: Bench, model: Model) -> tuple[Bench, Failure | Tested]:
    """The test; where conditions on values at the claim's own indices cannot hold at all of them (`y_c = 1` of a
    one-hot y), they choose the points."""
    try:
        return bench, test(bench)
    except NoWorld:
        if bench.chooses:
            raise
    chosen = Bench(bench.claim, model, bench.work, choose=True)
    return chosen, test(chosen)


def _test_world(bench: Bench, world: World, tally: _Tally, most: int) -> Failure | None:
    evaluators: dict[int, Evaluator] = {64: bench.evaluator(world)}
    before = tally.points
    try:
        for point in bench.points(evaluators[64], most):
            try:
                judged = bench.judge(world, point, evaluators)
            except Undefined as undefined:
                if not (bench.open_ended and " at " in undefined.where):
                    tally.undefined[undefined.where] += 1
                continue
            except Undetermined as undetermined:
                tally.loose += not isinstance(undetermined, Kink)
                tally.blurred += not isinstance(undetermined, Kink)
                if not tally.points and tally.blurred >= _BLURRED:
                    break
                continue
            if judged.word == "violated":
                return Failure(world, point, judged)
            if judged.word == "touches":
                tally.touching.append(Failure(world, point, replace(judged, word="violated")))
                continue
            if judged.word in ("loose", "tie"):
                tally.loose += judged.word == "loose"
                tally.ties += judged.word == "tie"
                continue
            tally.points += 1
            tally.exact = tally.exact and not _is_ball(judged.left) and not _is_ball(judged.right)
    except NotSeen as problem:
        tally.unseen[problem.where] += 1
    except Unsupported as unsupported:
        tally.unsupported = unsupported.where
    except (Undefined, Undetermined) as problem:
        tally.undefined[problem.where] += 1
    if tally.points > before:
        tally.worlds += 1
        tally.flat += bench.givens.is_flat(world)
        tally.dimensions.append({n: world.dims[n] for n in bench.givens.dims})
        for name, value in lengths(bench.model, evaluators[64]).items():
            tally.lengths.setdefault(name, set()).add(value)
    return None


def _is_ball(x: Any) -> bool:
    from flint import arb

    return isinstance(x, arb)


def lengths(model: Model, evaluator: Evaluator) -> dict[str, int]:
    """The whole numbers that were used and that limit a family: `T`."""
    used = {s for s, at in evaluator.touched if not at}
    return {s: int(evaluator.world.block((s, ()))[()]) for s in sorted(lengths_of(model) & used)}


def lengths_of(model: Model) -> frozenset[str]:
    """The names that limit a family."""
    return frozenset(
        s for d in model.declarations.values() for f in d.family for t in (f.lower, f.upper) if t is not None
        for s in t.symbols
    )


def _ranges_over(condition: Claim, shared: set[Index]) -> bool:
    """Whether a condition speaks of the indices that a claim ranges over (limits put whole names at a value)."""
    free = (condition.left.body.free | condition.right.body.free) - {*condition.left.axes, *condition.right.axes}
    return condition.relation != "~" and bool(free & shared)


def _symbols(claim: Claim) -> frozenset[str]:
    symbols = claim.left.body.symbols | claim.right.body.symbols
    for parameter in claim.parameters:
        for limit in (parameter.lower, parameter.upper):
            symbols |= limit.symbols if limit is not None else frozenset()
    for given in claim.given:
        symbols |= _symbols(given)
    return symbols


def least(claim: Claim) -> dict[str, int]:
    """Dimensions above the number of free index slots on that axis: axes of the sides, and parameters."""
    slots: Counter[str] = Counter()
    free: set[Index] = {*claim.left.axes, *claim.left.body.free, *claim.right.body.free} - {*claim.right.axes}
    for index in free | {p.index for p in claim.parameters}:
        if index.dim is not None:
            slots.update(index.dim.names)
    return {name: min(max(3, n + 1), 5) for name, n in slots.items()}


def untestable(claim: Claim, model: Model) -> str:
    """Why values at points say nothing about a claim; empty where they do."""
    if claim.relation == "~" and not any(g.relation == "~" for g in (*claim.given, *model.assumptions)):
        return "no limit is stated for the approximation"
    if unrelated_randomness(claim, model):
        return "a relation between random quantities whose joint law is not given"
    return ""


def unrelated_randomness(claim: Claim, model: Model) -> bool:
    """Whether each side depends on a random name that the other does not: `q = \\mu + \\sigma z` speaks of laws, not of
    values."""
    if all(d.law is None for d in model.declarations.values()):
        return False
    left, right = (_random(side.body, model) for side in (claim.left, claim.right))
    return claim.relation != "!=" and bool(left - right) and bool(right - left)


def _random(term: Term, model: Model) -> set[str]:
    """The random names that a term depends on outside of expectations."""
    used: set[str] = set()
    seen: set[Term] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, Expectation):
            continue
        seen.add(node)
        stack += children(node)
        if isinstance(node, Entry):
            used.add(node.symbol)
    return {s for s in reached(model, frozenset(used), {}) if (d := model.declarations.get(s)) and d.law is not None}


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """refuted with a counterexample; proved (for `!=`); holds with what was tested; undecided with a reason."""
    if claim.relation not in ("=", "!=", "~", *ORDERS, *LOEWNER):
        return None
    if reason := untestable(claim, model):
        return Verdict("undecided", {"method": "search", "reason": reason})
    bench = Bench(claim, model, work)
    try:
        bench, found = _tried(bench, model)
    except NoWorld as problem:
        return _no_world(problem)
    if isinstance(found, Tested):
        return touched(bench, found) or _tested(found, claim)
    return refuted(bench, found)


def touched(bench: Bench, tested: Tested) -> Verdict | None:
    """A strict inequality is refuted where its sides look equal at a point and are proved to be."""
    from derivcheck.deciding.witness import counterexample

    for failure in tested.touching:
        if equal_there(bench.claim, bench.model, failure.world, bench.work):
            return Verdict("refuted", {"method": "counterexample"}, counterexample(bench, failure))
    return None


def refuted(bench: Bench, failure: Failure) -> Verdict:
    """The verdict on a claim with a certified violation: made small, as values that can be redone."""
    from derivcheck.deciding.shrink import shrink
    from derivcheck.deciding.witness import counterexample

    witness = counterexample(bench, shrink(bench, failure))
    if bench.claim.relation == "!=":
        return Verdict("proved", {"method": "witness", "witness": _plain(witness)})
    return Verdict("refuted", {"method": "counterexample"}, witness)


def _plain(witness: Any) -> dict[str, Any]:
    return {"dims": witness.dims, "values": witness.values, "left": witness.left, "right": witness.right}


def _no_world(problem: NoWorld) -> Verdict:
    reason = "the givens contradict each other" if problem.contradictory else problem.reason
    code = "contradictory-givens" if problem.contradictory else ""
    evidence = {"method": "search", "reason": reason, "final": problem.contradictory, "no values": True}
    return Verdict("undecided", evidence, code=code)


def _thin(tested: Tested) -> str:
    """Why agreement at these points says little: with every dimension 1 most wrong variants agree too."""
    names = {name for dims in tested.dimensions for name in dims}
    flat = [n for n in sorted(names) if all(dims.get(n, 1) < 2 for dims in tested.dimensions)]
    if flat:
        return f"it could only be tested at {', '.join(f'{n} = 1' for n in flat)}"
    if tested.worlds and tested.flat == tested.worlds:
        return "equations that are given were met by zeros only"
    if sum(count for _, count in tested.undefined) > 2 * tested.points:
        return "a side is undefined at most points that were tried"
    return ""


def _tested(tested: Tested, claim: Claim) -> Verdict:
    if tested.unsupported:
        return Verdict("undecided", {"method": "search", "reason": f"{tested.unsupported} cannot be evaluated"})
    if tested.ties:
        return TIED
    if tested.touching:
        return TOUCHED
    if not tested.points:
        if tested.undefined:  # final: about a side that has no value anywhere a prover can prove anything
            reason = f"a side is undefined at every point that was tried: {tested.undefined[0][0]}"
            return Verdict("undecided", {"method": "search", "reason": reason, "final": True})
        if tested.blurred >= _BLURRED:
            reason = "no precision gave a side a value: it may be the inverse of what is singular everywhere"
            return Verdict("undecided", {"method": "search", "reason": reason, "final": True})
        reason = "no point was found to test: the precision did not settle any point"
        return Verdict("undecided", {"method": "search", "reason": reason})
    if beyond := [where for where, _ in tested.undefined if " at entry " in where]:
        reason = f"a side has an entry beyond the last one: {beyond[0]}"
        return Verdict("undecided", {"method": "search", "reason": reason})
    if thin := _thin(tested):
        return Verdict("undecided", {"method": "search", "reason": thin})
    if claim.relation == "!=":
        return Verdict("undecided", {"method": "search", "reason": "the sides were equal at every point tried"})
    if tested.loose * 4 > tested.points:
        return Verdict("undecided", {"method": "search", "reason": "the precision did not settle most points"})
    evidence: dict[str, Any] = {
        "method": "tested", "points": tested.points, "dimensions": [dict(d) for d in tested.dimensions],
        "bound": "no bound", "exact": tested.exact,
    }
    if tested.lengths:
        evidence["lengths"] = {n: list(v) for n, v in tested.lengths.items()}
    notes: tuple[str, ...] = ()
    if tested.undefined:
        evidence["except"] = [where for where, _ in tested.undefined]
        notes = (f"judged where both sides are defined; not at: {'; '.join(w for w, _ in tested.undefined)}",)
    return Verdict("holds", evidence, notes=notes)
