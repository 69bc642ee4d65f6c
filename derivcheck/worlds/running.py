"""A model run on every input: the values that an answer gives to some names put in, the inputs (symbols with finitely
many values) gone through one by one, in exact arithmetic.

A claim about `C_t` for every `t` is run as a machine: where each member is computed from the one before alone, the
states that can be reached are gone through level by level with every input, which covers every input string."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from derivcheck.record import dataclass, replace
from derivcheck.terms.build import number
from derivcheck.terms.integers import affine
from derivcheck.terms.model import Claim, Declaration, Definition, Model
from derivcheck.terms.node import Compare, Entry, Index, Term, Var, children
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import NoValue, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.world import Block, Value, World, positions, shape_at

MOST_INPUTS = 1 << 16
MOST_STATES = 4096
LARGEST = 8  # of a dimension that the answer chooses
Blocks = dict[Block, dict[tuple[int, ...], Value]]
_HOLDS = {
    "=": lambda sign: sign == 0, "!=": lambda sign: sign != 0, "<": lambda sign: sign < 0, "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0, ">=": lambda sign: sign >= 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """Numbers that an answer gives to a name (or to one member of a family), with the shape they were written in."""

    shape: tuple[int, ...]
    numbers: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What came out. word: 'holds' (on every input), 'fails' (`inputs`, with both sides there), 'missing' (`names`
    have no value), 'shapes' (no dimensions fit the shapes of `names`), 'unknown' (`reason`). count: how many inputs
    that covers; `started`: families whose start was taken as zero, as no value is given."""

    word: str
    count: int = 0
    inputs: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    left: Value | None = None
    right: Value | None = None
    names: tuple[str, ...] = ()
    reason: str = ""
    started: tuple[str, ...] = ()
    dims: tuple[tuple[str, int], ...] = ()


def run(
    model: Model, claim: Claim, plain: Mapping[Block, Plain], entries: Blocks, chosen: frozenset[str], length: int
) -> Run:
    """Is the claim true on every input? `plain`, `entries`: the numbers of the answer. `chosen`: whole numbers that the
    answer may choose: one value that does on every input is enough. `length`: of the input strings, at most."""
    known = {name for name, _ in (*plain, *entries)}
    dims = _fitting(model, plain)
    if dims is None:
        return Run("shapes", names=tuple(sorted({name for name, _ in plain})))
    blocks = {**_blocks(model, plain, dims), **entries}
    free = sorted(name for name in chosen - known if name in claim.left.body.symbols | claim.right.body.symbols)
    top = max(dims.values(), default=1)
    first: Run | None = None
    for values in itertools.product(range(1, top + 1), repeat=len(free)):
        chosen_blocks: Blocks = {(name, ()): {(): value} for name, value in zip(free, values, strict=True)}
        found = _run(_Setting(model, claim, {**blocks, **chosen_blocks}, dims, length))
        if found.word == "holds":
            return replace(found, dims=tuple(dims.items()))
        first = first or found
    if first is None:
        return Run("unknown", reason="nothing to try")
    used = tuple(d.name for d in _Setting(model, claim, blocks, dims, 0).reached())
    names = used if first.word == "fails" else first.names
    return replace(first, dims=tuple(dims.items()), names=names)


def _fitting(model: Model, plain: Mapping[Block, Plain]) -> dict[str, int] | None:
    """The smallest dimensions at which every value has the shape of its name, axes of length 1 aside."""
    names = list(model.dims)
    for values in itertools.product(range(1, LARGEST + 1), repeat=len(names)):
        dims = dict(zip(names, values, strict=True))
        if all(_long(value.shape) == _long(shape_at(model.declarations[name].shape, dims))
               for (name, _), value in plain.items() if len(value.numbers) > 1 or not _zero(value)):  # fmt: skip
            return dims
    return None


def _zero(value: Plain) -> bool:
    """A single zero stands for the zero vector."""
    return value.numbers == (0,)


def _long(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _blocks(model: Model, plain: Mapping[Block, Plain], dims: Mapping[str, int]) -> Blocks:
    out: Blocks = {}
    for (name, member), value in plain.items():
        places = list(positions(shape_at(model.declarations[name].shape, dims)))
        numbers = value.numbers if len(value.numbers) == len(places) else value.numbers * len(places)
        out[(name, member)] = dict(zip(places, numbers, strict=True))
    return out


@dataclass(slots=True)
class _Setting:
    model: Model
    claim: Claim
    blocks: Blocks
    dims: dict[str, int]
    length: int

    def evaluator(self, blocks: Blocks, model: Model | None = None) -> Evaluator:
        model = model or self.model
        values = {**self.ends(), **self.blocks, **blocks}
        return Evaluator(model, World(self.dims, "run", declarations=model.declarations, values=values))

    def ends(self) -> Blocks:
        """Lengths such as `T`, long enough for every string."""
        uppers = (family.upper for d in self.model.declarations.values() for family in d.family)
        names = {upper.symbol for upper in uppers if isinstance(upper, Entry) and not upper.indices}
        return {(name, ()): {(): self.length + 1} for name in names}

    def reached(self) -> list[Declaration]:
        """Everything that the claim is computed from."""
        evaluator = self.evaluator({})
        symbols = self.claim.left.body.symbols | self.claim.right.body.symbols
        names = sorted({name for symbol in symbols for name in evaluator.reach(symbol)})
        return [self.model.declarations[name] for name in names if name in self.model.declarations]


def _run(setting: _Setting) -> Run:
    try:
        if any(parameter.index for parameter in setting.claim.parameters):
            return _Machine.of(setting).run()
        return _flat(setting)
    except NoValue as error:
        return Run("unknown", reason=error.where)


def _is_input(declaration: Declaration, blocks: Blocks) -> bool:
    given = any(name == declaration.name for name, _ in blocks)
    return declaration.domain.kind == "finite" and not declaration.definitions and not given


def _flat(setting: _Setting) -> Run:
    inputs = [d for d in setting.reached() if _is_input(d, setting.blocks) and not d.family]
    count = 0
    for values in _values(inputs, setting):
        count += 1
        evaluator = setting.evaluator({(name, ()): entries for name, entries in values.items()})
        left, right, sign = _sides(setting.claim, evaluator, {})
        if lacking := _lacking(evaluator, setting.blocks, {d.name for d in inputs}):
            return Run("missing", names=lacking)
        if not _HOLDS[setting.claim.relation](sign):
            shown = tuple((name, tuple(entries.values())) for name, entries in values.items())
            return Run("fails", count, shown, left, right)
    return Run("holds", count)


def _values(inputs: Sequence[Declaration], setting: _Setting) -> Iterator[dict[str, dict[tuple[int, ...], Value]]]:
    """Every way to give the inputs values (one member of each family)."""
    evaluator = setting.evaluator({})
    slots: list[tuple[str, tuple[int, ...], list[Value]]] = []
    for declaration in inputs:
        allowed = [evaluator.value(value) for value in declaration.domain.values]
        slots += [(declaration.name, at, allowed) for at in positions(shape_at(declaration.shape, setting.dims))]
    total = 1
    for *_, allowed in slots:
        total *= len(allowed)
    if total > MOST_INPUTS:
        raise Unsupported("more inputs than can be gone through")
    for chosen in itertools.product(*(allowed for *_, allowed in slots)):
        out: dict[str, dict[tuple[int, ...], Value]] = {declaration.name: {} for declaration in inputs}
        for (name, at, _), value in zip(slots, chosen, strict=True):
            out[name][at] = value
        yield out


def _sides(claim: Claim, evaluator: Evaluator, env: Mapping[Index, int]) -> tuple[Any, Any, int]:
    """Both sides and the sign of their difference. Raises where either is not exact."""
    if claim.left.axes or claim.right.axes or claim.relation not in _HOLDS:
        raise Unsupported("a requirement that is no relation between two numbers")
    left, right = evaluator.value(claim.left.body, env), evaluator.value(claim.right.body, env)
    if not (is_exact(left) and is_exact(right)):
        raise Unsupported("a value that is not exact")
    return left, right, (left > right) - (left < right)


def _lacking(evaluator: Evaluator, blocks: Blocks, inputs: set[str]) -> tuple[str, ...]:
    """The names that were used and have no value."""
    own = (place for place in evaluator.touched if place[0] not in inputs)
    return tuple(sorted({name for name, at in own if not any((name, at[:k]) in blocks for k in range(len(at) + 1))}))


@dataclass(slots=True)
class _Machine:
    """One step of the families, evaluated at index 1 from the state at index 0."""

    setting: _Setting
    step_model: Model
    states: list[str]
    inputs: list[Declaration]
    start: Blocks
    started: tuple[str, ...]

    @staticmethod
    def of(setting: _Setting) -> _Machine:
        reached = setting.reached()
        families = {d.name for d in reached if d.family}
        if any(len(d.family) > 1 for d in reached):
            raise Unsupported("families over more than one index")
        inputs = [d for d in reached if _is_input(d, setting.blocks)]
        if any(not d.family for d in inputs):
            raise Unsupported("inputs beside the input string")
        time = setting.claim.parameters[0].index
        before: set[str] = set()
        for side in (setting.claim.left.body, setting.claim.right.body):
            before |= _before(side, time, families)
        stepped: dict[str, Declaration] = dict(setting.model.declarations)
        for declaration in reached:
            if declaration.family:
                lasting = tuple(d for d in declaration.definitions if not is_initial(d))
                for definition in lasting:
                    before |= _before(definition.body, definition.params[0], families)
                later = tuple(replace(d, where=Compare(">=", Var(d.params[0]), number(1))) for d in lasting)
                family = tuple(replace(f, lower=number(0), upper=number(1)) for f in declaration.family)
                stepped[declaration.name] = replace(declaration, family=family, definitions=later)
        states = sorted(before - {d.name for d in inputs})
        start, started = _start(setting, states)
        return _Machine(setting, replace(setting.model, declarations=stepped), states, inputs, start, started)

    def run(self) -> Run:
        time = self.setting.claim.parameters[0].index
        level: dict[tuple, tuple[Blocks, tuple]] = {self._key(self.start): (self.start, ())}
        choices = list(_values(self.inputs, self.setting))
        known: dict[tuple, Blocks] = {}
        for _ in range(self.setting.length):
            following: dict[tuple, tuple[Blocks, tuple]] = {}
            for key, (state, history) in level.items():
                for choice, values in enumerate(choices):
                    if (key, choice) not in known:
                        found = self._step(state, values, history, time)
                        if isinstance(found, Run):
                            return found
                        known[key, choice] = found
                    after = known[key, choice]
                    following.setdefault(self._key(after), (after, (*history, values)))
            level = following
            if len(level) > MOST_STATES:
                raise Unsupported("more states than can be gone through")
        count = sum(len(choices) ** k for k in range(1, self.setting.length + 1))
        return Run("holds", count, started=self.started)

    def _step(self, state: Blocks, values: dict, history: tuple, time: Index) -> Run | Blocks:
        inside: Blocks = {**state, **{(name, (1,)): entries for name, entries in values.items()}}
        evaluator = self.setting.evaluator(inside, self.step_model)
        left, right, sign = _sides(self.setting.claim, evaluator, {time: 1})
        after = {(name, (0,)): _member(evaluator, self.setting, name, 1) for name in self.states}
        if lacking := _lacking(evaluator, {**self.setting.ends(), **self.setting.blocks, **inside}, set()):
            return Run("missing", names=lacking)
        if not _HOLDS[self.setting.claim.relation](sign):
            strings = [(d.name, tuple(v for step in (*history, values) for v in step[d.name].values()))
                       for d in self.inputs]  # fmt: skip
            return Run("fails", len(history) + 1, tuple(strings), left, right, started=self.started)
        return after

    def _key(self, state: Blocks) -> tuple:
        return tuple((name, tuple(state[name, (0,)].values())) for name in self.states)


def _start(setting: _Setting, states: Sequence[str]) -> tuple[Blocks, tuple[str, ...]]:
    """The state before the first input; where neither the givens nor the answer say, zero."""
    blocks: Blocks = {}
    started: list[str] = []
    for name in states:
        declaration = setting.model.declarations[name]
        initial = tuple(d for d in declaration.definitions if is_initial(d))
        shape = shape_at(declaration.shape, setting.dims)
        if (name, (0,)) in setting.blocks:
            blocks[name, (0,)] = setting.blocks[name, (0,)]
        elif initial:
            blocks[name, (0,)] = _member(setting.evaluator({}), setting, name, 0)
        else:
            blocks[name, (0,)] = dict.fromkeys(positions(shape), 0)
            started.append(name)
    return blocks, tuple(started)


def _member(evaluator: Evaluator, setting: _Setting, name: str, index: int) -> dict[tuple[int, ...], Value]:
    shape = shape_at(setting.model.declarations[name].shape, setting.dims)
    found = {at: evaluator.value(Entry(name, tuple(number(i) for i in (index, *at)))) for at in positions(shape)}
    if not all(is_exact(value) for value in found.values()):
        raise Unsupported("a value that is not exact")
    return found


def is_initial(definition: Definition) -> bool:
    """Does it define one member only (`p_0 = 0`)?"""
    where = definition.where
    return isinstance(where, Compare) and where.relation == "="


def _before(body: Term, time: Index, families: set[str]) -> set[str]:
    """The families used at the index before. Raises where a member is used at any other, or `t` stands by itself."""
    found: set[str] = set()
    waiting: list[Term] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Var) and node.index == time:
            raise Unsupported("a step that depends on its number")
        if isinstance(node, Entry) and node.symbol in families:
            form = {atom: value for atom, value in affine(node.indices[0]).items() if value}
            shift = form.pop(1, 0)
            if form != {Var(time): 1} or shift not in (0, -1):
                raise Unsupported("a step that looks further back than one")
            if shift:
                found.add(node.symbol)
            waiting += node.indices[1:]
            continue
        waiting += children(node)
    return found
