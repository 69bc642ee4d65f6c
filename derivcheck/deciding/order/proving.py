"""The rung: inequalities proved from lemmas by z3 over opaque atoms."""

from __future__ import annotations

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.order.cases import branches as case_branches
from derivcheck.deciding.order.cases import find_cases, replaced
from derivcheck.deciding.order.estimates import estimated
from derivcheck.deciding.order.facts import Condition, Context, Fact, atoms_of
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.givens import (
    RELATIONS,
    as_condition,
    assumption_facts,
    definite_symbols,
    domain_facts,
    orthonormal_symbols,
    parameter_facts,
    symmetric_symbols,
)
from derivcheck.deciding.order.lemmas import LEMMAS, composite_exponentials
from derivcheck.deciding.order.poly import Atom, Poly
from derivcheck.deciding.order.pruning import pruned
from derivcheck.deciding.order.solver import ask, encode
from derivcheck.deciding.order.termwise import termwise
from derivcheck.deciding.order.unfolding import paired
from derivcheck.record import dataclass, field
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Cases, Index, Term, Var, walk

PLANS = (
    ((1, False), (1, True), (2, False), (2, True), (3, False), (3, True)),
    ((1, False), (1, True), (2, True)),
    ((1, False), (2, False)),
)
"""For a proof, a proof inside it, and one inside that: how deep facts are gathered, and whether lemmas may ask for
smaller proofs; the next is tried when one does not succeed."""
PLANS_OF_EQUALITY = (((1, False), (1, True)), *PLANS[1:])
"""Between equal sides there is no room for estimates: what a lemma does not say at once, no chain of them will."""
LARGEST_EQUALITY = 40  # nodes of both sides: of longer ones lemmas say nothing, and unfolding takes long
SHARE = (3, 16, 32)
"""What part of the budget one question to z3 may take at each of these levels."""
MAX_CONDITIONS = 8
MAX_FACTS = 160
LOOKING_AROUND = frozenset({"sum", "max", "min"})


@dataclass
class Prover:
    """Proofs under one model and the conditions of one claim. `used` collects the names of lemmas."""

    model: Model
    work: Work
    claims: tuple[Claim, ...]
    extra: tuple[Fact, ...] = ()
    plans: tuple[tuple[tuple[int, bool], ...], ...] = PLANS
    used: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.symmetric = symmetric_symbols(self.claims)
        self.semidefinite = definite_symbols(self.claims, strict=False)
        self.definite = definite_symbols(self.claims, strict=True)
        self.forms = Forms(self.model, self.symmetric)
        self.orthonormal = orthonormal_symbols(self.forms, self.claims)
        self._asked: dict[tuple[object, ...], bool] = {}

    def proves(self, poly: Poly, relation: str, given: tuple[Condition, ...] = (), level: int = 0) -> bool:
        """Whether `poly relation 0` follows from the givens and `given`."""
        key = (poly.key, relation, tuple((p.key, r) for p, r in given), level)
        if key not in self._asked:
            self._asked[key] = False
            self._asked[key] = self._attempt(poly, relation, given, level)
        return self._asked[key]

    def _attempt(self, poly: Poly, relation: str, given: tuple[Condition, ...], level: int) -> bool:
        value = poly.number
        if value is not None:
            return {">=": value >= 0, ">": value > 0, "=": value == 0}.get(relation, value != 0)
        if relation == ">=" and self.forms.nonnegative_poly(poly):
            self.used["sums of squares, norms and the like are >= 0"] = None
            return True
        distinction = find_cases(poly) if len(given) < MAX_CONDITIONS else None
        branches = case_branches(self.forms, distinction) if distinction is not None else None
        if distinction is not None and branches is not None:
            return all(
                self.proves(replaced(self.forms, poly, distinction, value), relation, (*given, *conditions), level)
                for conditions, value in branches
            )
        facts = [*self.extra, *(Fact(p, r, "condition") for p, r in given)]
        tried: set[frozenset[object]] = set()
        for depth, nested in self.plans[min(level, len(self.plans) - 1)]:
            gathered = pruned(self.gather(poly, facts, level, depth, nested), poly)
            keys = frozenset(f.key for f in gathered)
            if keys not in tried and self._solved(gathered, (poly, relation), level):
                return True
            tried.add(keys)
        return False

    def estimates(self, poly: Poly, relation: str) -> bool:
        """Whether a chain of estimates shows `poly relation 0`, without z3 but for what a lemma asks."""
        if relation not in (">=", ">"):
            return False
        context = self._context(poly, 0, nested=True)
        used = estimated(poly, relation == ">", self.forms, lambda atom: self._about(atom, context))
        self.used.update(dict.fromkeys(used or ()))
        return used is not None

    def _solved(self, facts: list[Fact], goal: Condition, level: int) -> bool:
        rlimit = self.work.budget.rlimit // SHARE[min(level, len(SHARE) - 1)]
        answer = ask(encode(facts, goal), rlimit, self.work.budget.seconds)
        self.work.spend("rlimit", min(answer.spent, rlimit) // 64)
        if answer.status != "unsat":
            return False
        self.used.update(dict.fromkeys(answer.used))
        return True

    def contradictory(self, poly: Poly) -> bool:
        """Facts that contradict each other prove anything: then the givens hold nowhere, and nothing is proved."""
        facts = self.gather(poly, list(self.extra), 0, 1, nested=False)
        answer = ask(encode(facts, None), self.work.budget.rlimit // 8, self.work.budget.seconds)
        return answer.status == "unsat"

    def _context(self, poly: Poly, level: int, nested: bool) -> Context:
        def smaller(poly: Poly, relation: str, given: tuple[Condition, ...] = ()) -> bool:
            return nested and self.proves(poly, relation, given, level + 1)

        context = Context(self.forms, poly, smaller, {}, self.symmetric, self.semidefinite, self.definite)
        context.orthonormal = self.orthonormal
        return context

    def gather(self, poly: Poly, facts: list[Fact], level: int, depth: int, nested: bool) -> list[Fact]:
        """Facts about the atoms of the goal, about the atoms of those facts, and so on to a depth; `nested`: with
        lemmas that need smaller proofs."""
        context = self._context(poly, level, nested)
        found: dict[tuple[object, ...], Fact] = {}
        fresh: list[Atom] = []

        def take(fact: Fact) -> None:
            if fact.key in found or len(found) >= MAX_FACTS:
                return
            found[fact.key] = fact
            see(fact.poly)
            for condition, _ in fact.when:
                see(condition)

        def see(seen: Poly) -> None:
            for atom in atoms_of(seen):
                if atom.key not in context.present:
                    context.present[atom.key] = atom
                    fresh.append(atom)

        see(poly)
        for fact in facts:
            take(fact)
        indices: list[Index] = []
        for level_now in range(depth):
            batch, fresh[:] = list(fresh), []
            if context.indices() != indices:  # lemmas about sums and maxima look at the indices in play
                indices = context.indices()
                batch += [a for a in context.present.values() if a.kind in LOOKING_AROUND and a not in batch]
            for atom in batch:
                for fact in self._about(atom, context):
                    take(fact)
            if level_now == 0:
                for fact in (*composite_exponentials(context), *termwise(context)):
                    take(fact)
            for fact in assumption_facts(self.forms, self.claims, context.present):
                take(fact)
        for atom in fresh:
            for fact in domain_facts(self.forms, atom):
                take(fact)
            for fact in SIGNS(atom, context):
                take(fact)
        return list(found.values())

    def _about(self, atom: Atom, context: Context) -> list[Fact]:
        self.work.spend("rewrites")
        out = list(domain_facts(self.forms, atom))
        for lemma in LEMMAS:
            if atom.kind in lemma.kinds:
                out += lemma.instances(atom, context)
        return out


SIGNS = LEMMAS[0].instances
"""The lemma that needs nothing else: what is known of signs by form."""


def entries(claim: Claim) -> tuple[Term, Term]:
    """Both sides at one and the same entry; a scalar is compared with every entry."""
    wide = (claim.left if claim.left.axes else claim.right).renamed()
    at = [Var(a) for a in wide.axes]
    left, right = (t.at(at) if t.axes else t.body for t in (claim.left, claim.right))
    return left, right


def prove_claim(claim: Claim, model: Model, work: Work) -> dict[str, None] | None:
    """The lemmas that prove a claim `left relation right` entrywise, or None."""
    if claim.relation not in RELATIONS or (claim.relation == "=" and _size(claim) > LARGEST_EQUALITY):
        return None
    prover = Prover(model, work, (*model.assumptions, *claim.given))
    prover.extra = tuple(parameter_facts(prover.forms, claim.parameters))
    prover.plans = PLANS_OF_EQUALITY if claim.relation == "=" else PLANS
    goals: list[Condition] = []
    try:
        for left, right in paired(*entries(claim), model):
            goal = as_condition(prover.forms.form(left), claim.relation, prover.forms.form(right))
            if goal is None or (goal[1] == "=" and not has_order(goal[0])):
                continue
            if prover.estimates(*goal):
                return None if prover.contradictory(goal[0]) else prover.used
            goals.append(goal)
    except OutOfWork:
        pass  # what was unfolded so far may be shown in another way
    try:
        proved = next((poly for poly, relation in goals if prover.proves(poly, relation)), None)
        return None if proved is None or prover.contradictory(proved) else prover.used
    except OutOfWork:
        return None


def _size(claim: Claim) -> int:
    return len({*walk(claim.left.body), *walk(claim.right.body)})


ORDER_FUNCTIONS = frozenset({"abs", "max2", "min2", "sign", "floor", "ceil"})


def has_order(poly: Poly) -> bool:
    """Whether an equality speaks of something that lemmas on order say more about than algebra does."""
    for atom in poly.atoms:
        if atom.kind in ("max", "min", "matrix", "prod", "pow") or (atom.kind == "fn" and atom.name in ORDER_FUNCTIONS):
            return True
        if any(has_order(arg) for arg in atom.args) or isinstance(atom.term, Cases):
            return True
    return not poly.terms
