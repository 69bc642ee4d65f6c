"""Worlds that satisfy the givens.

Domains are met by how numbers are drawn. Assumptions are met by construction where one is found: for each symbol
under assumptions the ways of makers.py are tried, most general first, and the first whose draws meet them
is kept; equations that are affine in a symbol are solved; the rest is drawn again and again within
a counted cap. Every world that is handed out has been checked exactly against every assumption."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Domain, Model
from derivcheck.terms.node import Term
from derivcheck.worlds.arithmetic import Balls, is_exact
from derivcheck.worlds.constructions import EVALUATION, Constructions, Group, is_single, is_square
from derivcheck.worlds.dependence import (
    all_dimensions,
    domain_claims,
    limits,
    mentioned,
    reached,
    speaks_of_indices,
    term_names,
    terms_of,
)
from derivcheck.worlds.dimensions import Dims, assignments
from derivcheck.worlds.eigenpairs import Pair, constructions, pairs_of
from derivcheck.worlds.errors import NoValue, NoWorld, Undefined, Undetermined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.inside import block_inside, domain_of, is_empty
from derivcheck.worlds.linear import Inconsistent, solved
from derivcheck.worlds.loewner import raised
from derivcheck.worlds.points import is_met
from derivcheck.worlds.ranks import needed
from derivcheck.worlds.remembering import Attempt, attempts_of
from derivcheck.worlds.spectra import SPECIAL, THIN
from derivcheck.worlds.world import (
    EXTREME,
    SMALL,
    SPARSE,
    TINY,
    VARIED,
    Block,
    Bounds,
    Maker,
    Style,
    World,
    positions,
)

Sizes = Mapping[str, int]
_STYLES = (SMALL, SMALL, TINY, VARIED, SPARSE, EXTREME, VARIED, TINY)
_RETRIES = 60
_FIRST = 12  # draws entry by entry, before any construction is looked for
_CURVED = 3  # draws in which equations are not affine in a symbol, after which they are not looked at again
_BY_CHANCE = 2  # such draws where matrices are tied by equations that cannot be solved for any of them
_HOPELESS = 3  # worlds that could not be made, after which no more are tried where there was none
_NONE_YET = 100_000  # nodes that the search for the first world may take: what can be met at all takes far fewer
MEETING = 1_500_000  # nodes that meeting the assumptions of one claim may take in all


@dataclass(frozen=True, slots=True)
class Plan:
    """How many worlds, in which styles; `least`: dimensions that the claim's own index slots ask for. `special`: where
    equations tie several matrices, one of them is of a special kind in every other world."""

    worlds: int = 8
    styles: tuple[Style, ...] = _STYLES
    least: Mapping[str, int] = field(default_factory=dict)
    dims: tuple[Mapping[str, int], ...] = ()
    special: bool = False


def worlds(model: Model, symbols: frozenset[str], seed: int | str, plan: Plan | None = None) -> Iterator[World]:
    """Worlds for the given symbols (and all that they and the assumptions on them depend on), most telling first.
    Raises NoWorld where the assumptions could not be met at any of the dimensions."""
    yield from Givens(model, symbols).stream(seed, plan or Plan())


def satisfiable(model: Model) -> bool | None:
    """Whether some values meet all the givens: True with a world as witness, False where that is certain not to be,
    None where none was found."""
    names = frozenset(model.declarations)
    try:
        for _ in worlds(model, names, "satisfiable", Plan(worlds=3)):
            return True
    except NoWorld as problem:
        return False if problem.contradictory else None
    return None


class Givens:
    """The part of a model that bears on some symbols, ready to make worlds of."""

    def __init__(
        self,
        model: Model,
        symbols: frozenset[str],
        dims: frozenset[str] = frozenset(),
        most: int = MEETING,
        report: Callable[[int], None] | None = None,
    ) -> None:
        """most: nodes that meeting the assumptions may take in all; report: is told what each check of them took."""
        named = all_dimensions(model)
        model = model.assume(*(c for d in model.declarations.values() for c in domain_claims(d, named)))
        self.model = model
        self.fixed = limits(model)
        self.leaves = self._closure(symbols)
        self.between = tuple(
            c for c in model.assumptions
            if mentioned(c) and mentioned(c) <= named and not speaks_of_indices(c)
        )
        self.claims = tuple(
            c for c in model.assumptions
            if c not in self.between and not speaks_of_indices(c) and self._bears(c)
        )
        self.between += tuple(c for claim in self.claims if (c := needed(claim)) is not None)
        self.dims = self._dimensions(named, dims)
        self.idle = {n: max(1, model.dims.get(n, 1)) for n in sorted(named - self.dims.keys())}
        self.groups = self._groups()
        self._makers: dict[Group, dict[str, Maker]] = {}
        self._pairs: dict[Group, tuple[Pair, ...]] = {}
        self._spent, self._most, self._report = 0, most, report
        self._met = False
        self._special = False
        self._streamed = False
        self._curved: dict[tuple[Group, str], int] = {}
        self._constructions = Constructions(model, self._check, self._free_symbols)

    def _spend(self, evaluator: Evaluator) -> None:
        self._pay(evaluator.nodes)

    def _pay(self, nodes: int) -> None:
        """Assumptions that cannot be met must end in `no values were found`, not in a long search."""
        self._spent += nodes
        if self._report is not None:
            self._report(nodes)
        if self._spent > (self._most if self._met else min(self._most, _NONE_YET)):
            raise NoWorld("the assumptions take too much work to meet")

    def _closure(self, symbols: frozenset[str]) -> frozenset[str]:
        """All symbols that those given, and the assumptions on them, are computed from."""
        seen = reached(self.model, symbols, self.fixed)
        grown = True
        while grown:
            grown = False
            for claim in self.model.assumptions:
                names = reached(self.model, mentioned(claim), self.fixed)
                if names & seen and not names <= seen:
                    seen |= names
                    grown = True
        return seen

    def _bears(self, claim: Claim) -> bool:
        names = mentioned(claim)
        met_by_cut = claim.relation == "~" and bool(names & self.fixed.keys())
        return (not names or bool(names & self.leaves)) and not met_by_cut

    def _dimensions(self, named: frozenset[str], asked: frozenset[str]) -> Dims:
        """The named dimensions in use, in order, each with what it is at least."""
        used = set(asked & named)
        for symbol in self.leaves:
            declaration, function = self.model.declarations.get(symbol), self.model.functions.get(symbol)
            shapes = [declaration.shape] if declaration is not None else []
            shapes += [*function.arguments, function.value] if function is not None else []
            used |= {n for shape in shapes for d in shape for n in d.names}
            if declaration is not None:
                used |= {n for t in terms_of(declaration, symbol in self.fixed) for n in term_names(t) & named}
        for claim in self.claims:
            used |= mentioned(claim) & named
        grown = True
        while grown:
            tied = [mentioned(c) for c in self.between if mentioned(c) & used and not mentioned(c) <= used]
            used.update(*tied)
            grown = bool(tied)
        order = {n: None for d in self.model.declarations.values() for dim in d.shape for n in sorted(dim.names)}
        return {n: max(1, self.model.dims.get(n, 1)) for n in [*order, *sorted(named - order.keys())] if n in used}

    def allowed(self, dims: Mapping[str, int]) -> bool:
        """Whether the dimensions meet the assumptions between them."""
        mine = [c for c in self.between if mentioned(c) <= dims.keys()]
        if not mine:
            return True
        evaluator = Evaluator(self.model, World(dims, "dims"))
        try:
            return all(is_met(c, evaluator) for c in mine)
        except NoValue:
            return False

    def _groups(self) -> tuple[Group, ...]:
        """Assumptions that share free symbols belong together."""
        groups: list[tuple[set[str], list[Claim]]] = []
        for claim in self.claims:
            free = {s for s in reached(self.model, mentioned(claim), self.fixed) if self._is_free(s)}
            touching = [g for g in groups if g[0] & free]
            merged = (free.union(*(g[0] for g in touching)), [c for g in touching for c in g[1]] + [claim])
            groups = [g for g in groups if g not in touching] + [merged]
        order = list(self.model.declarations)
        return tuple(Group(tuple(sorted(s, key=order.index)), tuple(c)) for s, c in groups)

    def _is_free(self, symbol: str) -> bool:
        """Whether any entry of the symbol may be a free value."""
        declaration = self.model.declarations.get(symbol)
        if declaration is None or (symbol in self.dims and not declaration.shape):
            return False
        return symbol in self.fixed or not declaration.definitions or bool(declaration.family)

    # -- making worlds

    def stream(self, seed: int | str, plan: Plan) -> Iterator[World]:
        """Worlds in the order of the plan. Raises NoWorld where there was none."""
        if any(mentioned(c) & self.model.functions.keys() and not _at_one_place(c) for c in self.claims):
            raise NoWorld("an assumption on an unknown function cannot be met at all arguments")
        shapes = list(plan.dims) or list(assignments(self.dims, plan.least, self.allowed))
        if not shapes:
            raise NoWorld("no dimensions meet the assumptions between them")
        afresh, self._streamed = self._streamed or self._spent > 0, True  # what was learned before is not unlearned
        attempts = self._attempts(seed, plan, shapes) if afresh else self._remembered(seed, plan, shapes)
        made = False
        failure: NoWorld | None = None
        for k, found in zip(range(plan.worlds), attempts, strict=False):
            if isinstance(found, World):
                made = True
                yield found
                continue
            failure = failure or found
            if found.contradictory or (not made and k + 1 >= _HOPELESS):
                break
        if not made and failure is not None:
            raise failure

    def _attempts(self, seed: int | str, plan: Plan, shapes: Sequence[Sizes]) -> Iterator[World | NoWorld]:
        """World after world of a plan, made or not."""
        made = False
        failed: list[Mapping[str, int]] = []
        for k in itertools.count():
            dims = shapes[k % len(shapes)]
            if made and dims in failed:  # it takes long to find out again that these dimensions cannot be met
                dims = next((d for d in reversed(shapes) if d not in failed), dims)
            try:
                self._special = plan.special and k % 2 == 1
                world = self.world(dims, f"{seed}.{k}", plan.styles[k % len(plan.styles)])
            except NoWorld as problem:
                failed.append(dims)
                yield problem
                continue
            made = self._met = True
            failed = [d for d in failed if d != dims]
            yield world

    def _remembered(self, seed: int | str, plan: Plan, shapes: Sequence[Sizes]) -> Iterator[World | NoWorld]:
        """The same, made once for all claims under the same givens, at the price of making them."""
        known = attempts_of(self._key(seed, plan), lambda: self._apart()._learning(seed, plan, shapes))
        spent = 0
        for k in itertools.count():
            attempt = known.at(k)
            if attempt is None:
                return
            try:
                self._pay(attempt.spent - spent)
            except NoWorld as problem:
                yield problem
                return
            spent = attempt.spent
            makers, curved, ways = attempt.learned
            self._makers, self._curved, self._constructions.ways = dict(makers), dict(curved), dict(ways)
            found = attempt.found
            if isinstance(found, World):
                self._met = True
                found = replace(found, declarations=self.model.declarations, values=dict(found.values))
            yield found

    def _learning(self, seed: int | str, plan: Plan, shapes: Sequence[Sizes]) -> Iterator[Attempt]:
        for found in self._attempts(seed, plan, shapes):
            if isinstance(found, World):
                found = replace(found, values=dict(found.values))
            yield Attempt(found, self._spent, (dict(self._makers), dict(self._curved), dict(self._constructions.ways)))

    def _apart(self) -> Givens:
        """The same givens, of which nothing has been learned."""
        other = copy(self)
        other._makers, other._curved, other._spent, other._report, other._met = {}, {}, 0, None, False
        other._constructions = Constructions(other.model, other._check, other._free_symbols)
        return other

    def _key(self, seed: int | str, plan: Plan) -> Hashable:
        """All that a world hangs on."""
        model = self.model
        return (
            seed, plan.styles, plan.special, tuple(sorted(plan.least.items())),
            tuple(tuple(sizes.items()) for sizes in plan.dims),
            tuple((n, d) for n, d in model.declarations.items() if n in self.leaves), tuple(model.functions.items()),
            self.claims, self.between, tuple(self.fixed.items()), tuple(self.dims.items()), tuple(self.idle.items()),
            model.independent, tuple(model.dims.items()), self._most,
        )  # fmt: skip

    def accepts(self, world: World) -> bool:
        """Whether a world that was changed still meets every given, certainly."""
        try:
            return self._in_domains(world) and all(self._check(g.claims, world) for g in self.groups)
        except NoWorld:
            return False

    def is_flat(self, world: World) -> bool:
        """Whether equations between free names are met because one of them is zero throughout (`A B = 0` by A = 0), or
        a multiple of the identity (`A^2 = I` by A = I)."""
        tied = {s for g in self.groups if any(c.relation == "=" for c in g.claims) for s in g.symbols}
        return any(
            not any(entries.values()) or (is_square(self.model, block[0]) and _is_multiple(entries))
            for block, entries in world.values.items() if block[0] in tied
        )

    def meets(self, world: World) -> bool | None:
        """Whether a world with given values meets every given: certainly (True), certainly not, or not known (None)."""
        try:
            if not self._in_domains(world):
                return False
            found = [self._check(g.claims, world) for g in self.groups]
        except NoWorld:
            return None
        return False if False in found else None if None in found else True

    def world(self, dims: Mapping[str, int], seed: str, style: Style) -> World:
        """A world of those dimensions that meets every assumption. Raises NoWorld."""
        world = World({**self.idle, **dims}, seed, style, self.model.declarations, fixed=frozenset(self.fixed))
        world.bounds.update(self._bounds(world))
        if empty := [s for s, bounds in world.bounds.items() if is_empty(bounds)]:
            raise NoWorld(f"no value lies in the domain of {empty[0]}", contradictory=True)
        world.makers = {s: _always(value) for s, value in self._limit_values(world).items()}
        for group in self.groups:
            world = self._meet(group, world)
        return world

    def _limit_values(self, world: World) -> dict[str, Any]:
        if not self.fixed:
            return {}
        evaluator = Evaluator(self.model, world)
        return {s: evaluator.value(term) for s, term in self.fixed.items()}

    def _bounds(self, world: World) -> dict[str, Bounds]:
        """Domains with their limits as numbers; limits that depend on other values are left to be checked."""
        evaluator = Evaluator(self.model, world)

        def number(term: Term | None) -> Any:
            if term is None or (term.symbols - world.dims.keys()):
                return None
            value = evaluator.value(term)
            return value if is_exact(value) else None

        return {
            s: Bounds(domain, number(domain.low), number(domain.high), tuple(evaluator.value(v) for v in domain.values))
            for s, d in self.model.declarations.items()
            if s in self.leaves and (domain := domain_of(d)) != Domain()
        }

    def _meet(self, group: Group, world: World) -> World:
        """The world with the group's symbols drawn so that its assumptions hold."""
        if not group.symbols:
            if self._check(group.claims, world) is False:
                raise NoWorld("an assumption that is never true", contradictory=True)
            return world
        pairs = self._pairs.setdefault(group, pairs_of(self.model, group.claims, self._free_symbols))
        if pairs and (found := self._with_eigenvectors(group, pairs, world)) is not None:
            return found
        if self._special and (special := self._specially(group, world)) is not None:
            return special
        chosen = self._makers.get(group)
        found = self._tries(group, world, chosen or {}, _RETRIES if chosen is not None else _FIRST)
        if found is not None:
            return found
        for makers in self._constructions.choices(group, world):
            found = self._tries(group, world, makers, 3 if chosen is None else 1)
            if found is not None:
                self._makers[group] = makers
                return found
        found = self._tries(group, world, self._constructions.unary(group, world), 4 * _RETRIES)
        if found is None:
            raise NoWorld(f"no values of {', '.join(group.symbols)} were found that meet the assumptions on them",
                          contradictory=self._contradictory(group, world))
        return found

    def _with_eigenvectors(self, group: Group, pairs: Sequence[Pair], world: World) -> World | None:
        """The world with a matrix made together with its eigenvectors, where several of them are given."""
        kept = self._makers.get(group)
        if kept is not None and (found := self._tries(group, world, kept, 2)) is not None:
            return found
        rest = {s: self._constructions.options(group, s, world) for s in group.symbols}
        for made in constructions(self.model, pairs, self._check, world):
            makers = {**{s: options[0] for s, options in rest.items() if options}, **made}
            found = self._tries(group, world, makers, 2)
            if found is not None:
                self._makers[group] = makers
                return found
        if len(pairs) > world.shape(pairs[0].matrix)[0]:
            raise NoWorld("so many eigenvectors take more dimensions")
        return None

    def _tries(self, group: Group, world: World, makers: Mapping[str, Maker], attempts: int) -> World | None:
        for attempt in range(attempts):
            values = {b: v for b, v in world.values.items() if b[0] not in group.symbols}
            draft = replace(world, values=values, makers={**world.makers, **makers})
            draft.salts = {**world.salts, **dict.fromkeys(group.symbols, attempt)}
            met = self._check(group.claims, draft)
            if met:
                return draft
            if met is False:
                repaired = self._repaired(group, draft)
                if repaired is not None:
                    return repaired
            if not makers and attempt + 1 == _BY_CHANCE and self._beyond_chance(group, draft):
                break
        return None

    def _beyond_chance(self, group: Group, world: World) -> bool:
        """Whether equations that tie a matrix are affine in none of the symbols: free values will not meet them."""
        equalities = [c for c in group.claims if c.relation == "="]
        single = [s for s in group.symbols if is_single(self.model, s)]
        large = any(is_square(self.model, s) and len(world.block((s, ()))) > 1 for s in single)
        if not equalities or not large:
            return False
        for symbol in group.symbols:
            try:
                if self._solved(group, symbol, equalities, world) is not None:
                    return False
            except Inconsistent:
                return False
        return True

    def _solved(self, group: Group, symbol: str, equalities: Sequence[Claim], world: World) -> World | None:
        """The world with one symbol moved onto the equations on it; None where they are not affine in it (and have not
        been in a few draws before). Raises Inconsistent."""
        if self._curved.get((group, symbol), 0) >= _CURVED:
            return None
        mine = [c for c in equalities if symbol in reached(self.model, mentioned(c), self.fixed)]
        if not mine:
            return None
        evaluator = Evaluator(self.model, world, Balls(64), EVALUATION)
        try:
            moved = solved(evaluator, mine, symbol)
            if moved is None and any(not c.left.axes for c in mine) and is_single(self.model, symbol):
                rows = world.shape(symbol)[0] if len(world.shape(symbol)) == 2 else 0
                moved = solved(evaluator, mine, symbol, world.rng("row").randint(1, rows)) if rows else None
        finally:
            self._spend(evaluator)
        if moved is None:
            self._curved[group, symbol] = self._curved.get((group, symbol), 0) + 1
        return moved

    def _specially(self, group: Group, world: World) -> World | None:
        """The world with one of several matrices that equations tie, and nothing else restricts, of a special kind."""
        if len(group.symbols) < 2 or not any(c.relation == "=" for c in group.claims):
            return None
        bound = [s for c in group.claims if len(names := self._free_symbols(c)) == 1 for s in names]
        free = [s for s in group.symbols
                if s not in bound and is_single(self.model, s) and len(self.model.declarations[s].shape) == 2]
        if not free:
            return None
        rng = world.rng("special")
        symbol = rng.choice(free)
        maker = rng.choice(SPECIAL if is_square(self.model, symbol) else THIN)
        return self._tries(group, world, {symbol: maker}, _BY_CHANCE)

    def _check(self, claims: Sequence[Claim], world: World) -> bool | None:
        """Whether the assumptions hold; None where one could not be evaluated here."""
        evaluator = Evaluator(self.model, world, Balls(64), EVALUATION)
        try:
            return all(is_met(c, evaluator) for c in claims) and self._in_domains(world)
        except Unsupported as problem:
            raise NoWorld(f"an assumption that cannot be evaluated: {problem.where}") from problem
        except (Undefined, Undetermined, ValueError):
            return None
        finally:
            self._spend(evaluator)

    def _in_domains(self, world: World) -> bool:
        return all(
            block_inside(world.bounds[block[0]], entries)
            for block, entries in world.values.items()
            if block[0] in world.bounds
        )

    def _repaired(self, group: Group, world: World) -> World | None:
        """The draft with one symbol after the other moved onto the equations that are affine in it: first those with
        few equations, of several with as many now one and now another (`A B = 0` does not mean that A = 0)."""
        if any(c.relation in ("succ", "succeq") for c in group.claims):
            above = raised(Evaluator(self.model, world, Balls(64), EVALUATION), group.claims, self._is_free)
            if above is not None and self._check(group.claims, above):
                return above
        equalities = [c for c in group.claims if c.relation in ("=", "~")]
        if not equalities:
            return None
        shuffled = random.Random(f"repair {world.seed}").sample(group.symbols, len(group.symbols))
        for symbol in sorted(shuffled, key=lambda s: sum(s in mentioned(c) for c in group.claims)):
            try:
                moved = self._solved(group, symbol, equalities, world)
            except Inconsistent:
                continue
            if moved is None:
                continue
            if self._check(group.claims, moved):
                return moved
            if len(group.symbols) > 1:
                world = moved
        return None

    def _free_symbols(self, claim: Claim) -> set[str]:
        return {s for s in reached(self.model, mentioned(claim), self.fixed) if self._is_free(s)}

    def _contradictory(self, group: Group, world: World) -> bool:
        """Certain only where linear equations of one symbol alone have no solution."""
        if len(group.symbols) != 1:
            return False
        equalities = [c for c in group.claims if c.relation in ("=", "~")]
        try:
            if equalities:
                solved(Evaluator(self.model, world, Balls(64), EVALUATION), equalities, group.symbols[0])
        except Inconsistent:
            return True
        except NoValue:
            return False
        return False


def _at_one_place(claim: Claim) -> bool:
    """An inequality at given arguments (`g(x) \\ne 0`): an unknown function meets it by chance."""
    return claim.relation in ("!=", "<", "<=", ">", ">=") and not claim.parameters and not claim.left.axes


def _is_multiple(entries: Mapping[tuple[int, ...], Any]) -> bool:
    """Whether a square matrix is a multiple of the identity (a number always is)."""
    matrix = {at[-2:]: value for at, value in entries.items()}
    first = matrix.get((1, 1))
    return all(value == (first if i == j else 0) for (i, j), value in matrix.items())


def _always(value: Any) -> Maker:
    def maker(world: World, block: Block, rng: Any) -> dict[tuple[int, ...], Any]:
        return dict.fromkeys(positions(world.shape(block[0])), value)

    return maker
