"""The probability of an event of random names with stated laws: conditions on one random number each, put into its
distribution function; independent ones multiply."""

from __future__ import annotations

from collections.abc import Iterable

from derivcheck.language.probability.cumulative import AtMost, Mass, at_most, counted, mass, normal
from derivcheck.language.probability.isolating import TURNED, lone, positive, root_of
from derivcheck.record import dataclass, field
from derivcheck.terms.build import ONE, TWO, ZERO, add, mul, neg, number, power, sub
from derivcheck.terms.differentiate import law_terms
from derivcheck.terms.expectation import moments
from derivcheck.terms.integers import decided
from derivcheck.terms.model import Declaration, Model
from derivcheck.terms.node import (
    Add,
    Cases,
    Compare,
    Entry,
    Expectation,
    Function,
    Logic,
    Mul,
    Power,
    Reduce,
    Term,
    replace_entries,
    walk,
)

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_BOTH = frozenset({("max2", "<"), ("max2", "<="), ("min2", ">"), ("min2", ">=")})


def has_law(model: Model, name: str) -> bool:
    declaration = model.declarations.get(name)
    return declaration is not None and declaration.law is not None


@dataclass(frozen=True, slots=True)
class Odds:
    """Events in a model. `inside`: see cumulative.py; `bounds`: the limits with letters that were met."""

    model: Model
    inside: bool = False
    bounds: list[Term] = field(default_factory=list)

    def random(self, term: Term) -> list[str]:
        return sorted(s for s in term.symbols if has_law(self.model, s))

    def probability(self, event: Term) -> Term | None:
        """P of a condition, None where that is not known."""
        if isinstance(event, Logic) and event.op == "not":
            rest = self.probability(event.args[0])
            return None if rest is None else sub(ONE, rest)
        parts = list(self._conjuncts(event))
        if any(p is None for p in parts):
            return None
        factors: list[Term] = []
        for group in self._independent([p for p in parts if p is not None]):
            found = self._of_group(group)
            if found is None:
                return None
            factors.append(found)
        return mul(*factors)

    # taking apart -----------------------------------------------------------------------------------------------

    def _conjuncts(self, event: Term) -> Iterable[Compare | None]:
        """The inequalities of which an event is made, all at once; None for anything else."""
        if isinstance(event, Logic) and event.op == "and":
            for part in event.args:
                yield from self._conjuncts(part)
        elif isinstance(event, Compare):
            yield from self._simple(event)
        else:
            yield None

    def _simple(self, part: Compare) -> Iterable[Compare]:
        """`|g| \\le c` as two inequalities, `g^2 \\le c` by the root, `max(a, b) \\le c` as both."""
        left, relation, right = part.left, part.relation, part.right
        if self.random(right) and not self.random(left):
            left, relation, right = right, TURNED[relation], left
        if isinstance(left, Power) and left.exponent == TWO and not self.random(right) and relation not in ("=", "!="):
            left, right = Function("abs", (left.base,)), root_of(self.model, right)
        if isinstance(left, Function) and left.name == "abs" and relation in ("<", "<="):
            (inner,) = left.args
            yield from (Compare(relation, inner, right), Compare(TURNED[relation], inner, neg(right)))
        elif isinstance(left, Function) and (left.name, relation) in _BOTH:
            for inner in left.args:
                yield from self._simple(Compare(relation, inner, right))
        else:
            yield Compare(relation, left, right)

    def _independent(self, parts: list[Compare]) -> list[list[Compare]]:
        """The conditions in groups of which nothing random is shared, so that the groups are independent."""
        groups: list[tuple[set[Entry], list[Compare]]] = []
        for part in parts:
            mine = {e for e in _entries(part) if has_law(self.model, e.symbol)}
            touching = [g for g in groups if any(self._tied(a, b) for a in g[0] for b in mine)]
            merged = (mine.union(*(g[0] for g in touching)), [*(c for g in touching for c in g[1]), part])
            groups = [*(g for g in groups if g not in touching), merged]
        return [conditions for _, conditions in groups]

    def _tied(self, a: Entry, b: Entry) -> bool:
        """Whether two random numbers may depend on each other."""
        if a.symbol != b.symbol:
            return frozenset((a.symbol, b.symbol)) not in self.model.independent
        count = len(self.model.declarations[a.symbol].family)
        written = all(not i.free and not i.symbols for i in (*a.indices, *b.indices))
        return not (written and a.indices[:count] != b.indices[:count])

    # conditions on one number -----------------------------------------------------------------------------------

    def _of_group(self, parts: list[Compare]) -> Term | None:
        """Conditions on the same random number (or on none)."""
        if not any(self.random(p) for p in parts):
            return mul(*(Cases(((p, ONE),), ZERO) if decided(p) is None else number(bool(decided(p))) for p in parts))
        values = self._by_values(parts)
        if values is not None:
            return values
        if len(parts) == 1 and (single := self._single(parts[0])) is not None:
            return single
        low: list[Term] = []
        high: list[Term] = []
        law: AtMost | None = None
        variable: Term | None = None
        for part in parts:
            found = self._isolated(part)
            if found is None or found[0] != (variable or found[0]) or found[1] in ("=", "!="):
                return None
            variable, relation, bound, law = found
            (low if relation in (">", ">=") else high).append(bound)
        return None if law is None else self._between(law, low, high)

    def _between(self, law: AtMost, low: list[Term], high: list[Term]) -> Term:
        below, above = self._tightest(low, "max2"), self._tightest(high, "min2")
        self._leave_open(*low, *high)
        if below is None or above is None:
            assert above is not None or below is not None
            return law(above, self.inside) if above is not None else sub(ONE, law(below or ZERO, self.inside))
        between = sub(law(above, self.inside), law(below, self.inside))
        if self.inside or positive(self.model, sub(above, below)):
            return between
        return Cases(((Compare("<=", below, above), between),), ZERO)

    def _tightest(self, bounds: list[Term], kind: str) -> Term | None:
        """The greatest of lower bounds (the least of upper ones); where one is known to be it, that one."""
        kept: Term | None = None
        for bound in bounds:
            if kept is None or kept == bound:
                kept = bound
            elif positive(self.model, sub(bound, kept)):
                kept = bound if kind == "max2" else kept
            elif positive(self.model, sub(kept, bound)):
                kept = kept if kind == "max2" else bound
            else:
                kept = Function(kind, (kept, bound))
        return kept

    def _leave_open(self, *bounds: Term) -> None:
        self.bounds.extend(b for b in bounds if b.symbols or b.free)

    def _single(self, part: Compare) -> Term | None:
        """A condition that needs no interval: on a maximum, an |X| > a, on a law on whole numbers, an equation."""
        left, relation, right = part.left, part.relation, part.right
        for one, way, other in ((left, relation, right), (right, TURNED[relation], left)):
            found = self._extreme(one, way, other)
            if found is not None:
                return found
        if isinstance(left, Function) and left.name in ("abs", "max2", "min2"):
            if (left.name, _NEGATED[relation]) not in _BOTH | {("abs", "<"), ("abs", "<=")}:
                return None
            rest = self.probability(Compare(_NEGATED[relation], left, right))
            return None if rest is None else sub(ONE, rest)
        solved = lone(self.model, part, self.random(part))
        if solved is None:
            return None
        variable, relation, bound = solved
        law = self._law_of(variable)
        if isinstance(law, Mass):
            self._leave_open(bound)
            return counted(law, relation, bound, self.inside)
        if law is None or relation not in ("=", "!="):
            return None
        return ZERO if relation == "=" else ONE

    def _extreme(self, one: Term, relation: str, bound: Term) -> Term | None:
        """`P(\\max_i X_i \\le t)` as the product of `P(X_i \\le t)` over an independent family; of a minimum by >."""
        if not isinstance(one, Reduce) or one.kind not in ("max", "min") or one.where is not None:
            return None
        wanted = ("<", "<=") if one.kind == "max" else (">", ">=")
        if relation not in wanted:
            turned = _NEGATED.get(relation, "")
            rest = self._extreme(one, turned, bound) if turned in wanted else None
            return None if rest is None else sub(ONE, rest)
        body = one.body
        if not isinstance(body, Entry) or not self.model.declarations[body.symbol].family or self.random(bound):
            return None
        each = self.probability(Compare(relation, body, bound))
        if each is None:
            return None
        if one.index not in each.free:
            return power(each, add(one.upper, neg(one.lower), ONE))
        return Reduce("prod", one.index, one.lower, one.upper, each)

    def _by_values(self, parts: list[Compare]) -> Term | None:
        """Conditions on one number with finitely many values: the weights of the values that meet them."""
        entries = {e for p in parts for e in _entries(p) if has_law(self.model, e.symbol)}
        entry = next(iter(entries)) if len(entries) == 1 else None
        law = self.model.declarations[entry.symbol].law if entry is not None else None
        if law is None or law.kind != "finite":
            return None
        total = []
        for value, weight in zip(law.values, law.weights, strict=True):
            met = [replace_entries(p, lambda e, v=value: v if e == entry else None) for p in parts]
            known = [decided(m) for m in met]
            if False in known:
                continue
            left = tuple(m for m, word in zip(met, known, strict=True) if word is None)
            whole = left[0] if len(left) == 1 else Logic("and", left)
            total.append(Cases(((whole, weight),), ZERO) if left else weight)
        return add(*total)

    # laws -------------------------------------------------------------------------------------------------------

    def _isolated(self, part: Compare) -> tuple[Term, str, Term, AtMost] | None:
        """One random number of which the law is known, a relation and a bound: of `2 X + 1 < c` the X. A sum of
        independent normal numbers is one normal number."""
        names = self.random(part)
        solved = lone(self.model, part, names)
        if solved is not None:
            law = self._law_of(solved[0])
            return (*solved, law) if law is not None and not isinstance(law, Mass) else None
        difference = sub(part.left, part.right)
        law = self._normal_of(difference, names)
        return None if law is None else (difference, part.relation, ZERO, law)

    def _law_of(self, variable: Entry) -> AtMost | Mass | None:
        declaration = self.model.declarations[variable.symbol]
        law = declaration.law
        if law is None or not (declaration.shape or declaration.family):
            return None if law is None else at_most(law) or mass(law)
        if law.kind == "normal":
            return self._normal_of(variable, [variable.symbol])
        return None if self._differs(declaration) else at_most(law) or mass(law)

    def _differs(self, declaration: Declaration) -> bool:
        """Whether the law of a member depends on which it is."""
        indices = {f.index for f in declaration.family}
        return declaration.law is None or any(indices & t.free for t in law_terms(declaration.law))

    def _normal_of(self, value: Term, names: list[str]) -> AtMost | None:
        """The law of something affine in jointly normal numbers."""
        laws = [self.model.declarations[n].law for n in names]
        if not names or any(law is None or law.kind != "normal" for law in laws) or not _affine(value, set(names)):
            return None
        mean = moments(Expectation(value, tuple(names)), self.model)
        if mean is None:
            return None
        spread = moments(Expectation(power(sub(value, mean), TWO), tuple(names)), self.model)
        return None if spread is None else normal(mean, spread)


def _affine(term: Term, names: set[str]) -> bool:
    """Whether a term is of first degree in these names."""
    if not names & term.symbols:
        return True
    match term:
        case Entry():
            return not any(names & i.symbols for i in term.indices)
        case Reduce(kind="sum", body=body, where=None):
            return _affine(body, names)
        case Add(args=args):
            return all(_affine(p, names) for p in args)
        case Mul(args=args):
            return sum(bool(names & p.symbols) for p in args) == 1 and all(_affine(p, names) for p in args)
    return False


def _entries(term: Term) -> list[Entry]:
    return [t for t in walk(term) if isinstance(t, Entry)]
