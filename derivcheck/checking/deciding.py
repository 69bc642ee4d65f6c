"""One relation between two tensors, decided under the givens and the conditions in force: the border between
checking and the ladder. Adds what only the situation knows: layouts, conditions that may or may not hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Protocol

from derivcheck.checking import definite
from derivcheck.checking.conditions import depends_on, under
from derivcheck.checking.other_givens import otherwise
from derivcheck.deciding.budget import Budget, Work
from derivcheck.deciding.ladder import decide
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Derivative, Term, Var, fresh, walk
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

GOOD = ("proved", "holds")


@dataclass(frozen=True, slots=True)
class Situation:
    """What holds where a claim stands. `surely` and `maybe`: conditions in force, and those of which it is not
    clear whether they still are; `unread`: the words of a condition that could not be read; `layout_stated`: whether
    a convention for derivatives is stated (then the other layout is wrong, else a person looks). An O-class is
    judged in the regime stated anywhere in the answer: `regimes`, and `vague`, the words of one not read.
    `doubts`: names and the words that may restrict them (`the symmetric part $S$`), so that no relation that depends
    on one is refuted while it is free.
    `supposed`: sets of suppositions, each without contradiction, of a proof that ends in one: a line follows where it
    follows from one of them, and is wrong only where it is wrong under each."""

    model: Model
    surely: tuple[Claim, ...] = ()
    maybe: tuple[Claim, ...] = ()
    unread: str = ""
    layout_stated: bool = True
    regimes: tuple[Claim, ...] = ()
    vague: str = ""
    supposed: tuple[tuple[Claim, ...], ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()


class Assistant(Protocol):
    """What bulk work adds where it was asked for (bulk/assistant.py). `thorough`: claims may be handed over together,
    to be screened before they are decided."""

    @property
    def thorough(self) -> bool: ...

    def prepare(self, pairs: Iterable[tuple[Claim, Model]]) -> None: ...

    def before(self, claim: Claim, model: Model) -> Verdict | None: ...

    def rung(self, claim: Claim, model: Model, work: Work) -> Verdict | None: ...

    def after(self, claim: Claim, model: Model, verdict: Verdict) -> Verdict: ...


@dataclass(slots=True)
class Decider:
    """Decides claims and remembers them: the same claim in the same situation is decided once."""

    seed: int = 0
    budget: Budget = field(default_factory=Budget)
    assistant: Assistant | None = None
    _known: dict[tuple[int, Claim], tuple[Model, Verdict]] = field(default_factory=dict)

    def plain(self, claim: Claim, model: Model) -> Verdict:
        """The ladder's verdict, once for each claim and model."""
        key = (id(model), claim)
        if key not in self._known:
            self._known[key] = (model, self._decided(claim, model))
        return self._known[key][1]

    def _decided(self, claim: Claim, model: Model) -> Verdict:
        try:
            if self.assistant is None:
                return decide(claim, model, seed=self.seed, budget=self.budget)
            refuted = self.assistant.before(claim, model)
            if refuted is not None:
                return refuted
            verdict = decide(claim, model, seed=self.seed, budget=self.budget, aid=self.assistant.rung)
            return self.assistant.after(claim, model, verdict)
        except Exception as fault:  # a fault of ours must never take a paper down: a person looks at the line
            if os.environ.get("DERIVCHECK_DEBUG"):
                raise
            reason = f"an internal fault ({type(fault).__name__}: {fault})"
            return Verdict("undecided", {"method": "none", "reason": reason}, code="internal-fault")

    def judge(self, claim: Claim, situation: Situation) -> Verdict:
        """The verdict where the claim stands. A refutation needs certainty about the situation too."""
        if situation.supposed:
            return self._supposed(claim, situation)
        if claim.relation == "in_O":
            maybe = tuple(c for c in situation.regimes if c not in situation.surely)
            situation = replace(situation, maybe=maybe, unread=situation.unread or situation.vague)
        verdict = self._under(claim, situation.model, situation.surely)
        if verdict.word != "refuted":
            return verdict
        spared = self._in_other_givens(claim, situation)
        if spared is not None:
            return spared
        if situation.maybe:
            softer = self._under(claim, situation.model, situation.surely + situation.maybe)
            if softer.word in GOOD:
                return replace(softer, notes=(*softer.notes, "true under the condition stated before"))
            if softer.word != "refuted":
                return softer
            verdict = softer
        if _implicit(claim, replace(situation.model, assumptions=situation.model.assumptions + situation.surely)):
            reason = "an equation that is given ties what is differentiated to what it is differentiated by"
            return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")
        unread = situation.unread or doubt(claim, situation)
        if unread:
            reason = f"it stands under a condition that could not be read ({unread})"
            return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-condition")
        return self._layout(claim, situation, verdict)

    def _supposed(self, claim: Claim, situation: Situation) -> Verdict:
        """The best verdict under any of the sets of suppositions."""
        found: list[Verdict] = []
        for claims in situation.supposed:
            inner = replace(situation, surely=(*situation.surely, *claims), supposed=())
            found.append(self.judge(claim, inner))
            if found[-1].word == "proved":
                return found[-1]
        return next((v for v in found if v.word != "refuted"), found[0])

    def _in_other_givens(self, claim: Claim, situation: Situation) -> Verdict | None:
        """The verdict on a refuted claim that is right where the givens are taken by the custom of another field."""
        for taken in otherwise(claim, situation.model):
            conditions = situation.surely
            if taken.ordered:
                conditions = [definite.in_order(c) or c for c in conditions]
            verdict = self._under(taken.claim, taken.model, conditions)
            if verdict.word in GOOD and taken.note:
                return replace(verdict, notes=(*verdict.notes, taken.note))
            if verdict.word in GOOD:
                return Verdict("undecided", {"method": "none", "reason": taken.reason}, code="undecided-step")
        return None

    def _under(self, claim: Claim, model: Model, conditions: Sequence[Claim]) -> Verdict:
        if not conditions:
            return self.plain(claim, model)
        changed, kept = under(model, conditions)
        return self.plain(replace(claim, given=claim.given + kept), changed)

    def _layout(self, claim: Claim, situation: Situation, verdict: Verdict) -> Verdict:
        """A refuted equality that holds with one side transposed is a matter of layout."""
        turned = _turned(claim)
        if turned is None or self._under(turned, situation.model, situation.surely).word not in GOOD:
            return verdict
        if situation.layout_stated:
            return replace(verdict, code="layout")
        reason = "layout: equal up to a transpose, and no convention is stated"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="layout-only")


def _implicit(claim: Claim, model: Model) -> bool:
    """Whether something is differentiated that depends on the variable by a given equation alone (`r^3 = x^\\top x`,
    then dr/dx): taken as constant, it would make a right line look wrong."""
    tied = [_reached(model, c) for c in model.assumptions if c.relation == "="]
    for node in (n for body in (claim.left.body, claim.right.body) for n in walk(body) if isinstance(n, Derivative)):
        by, of = node.wrt.symbol, _all_reached(model, node.body.symbols)
        if by not in of and any(by in names and names & of for names in tied):
            return True
    return False


def _reached(model: Model, claim: Claim) -> frozenset[str]:
    return _all_reached(model, claim.left.body.symbols | claim.right.body.symbols)


def _all_reached(model: Model, symbols: frozenset[str]) -> frozenset[str]:
    return symbols.union(*(depends(model, s) for s in symbols))


def doubt(claim: Claim, situation: Situation) -> str:
    """The words that may restrict a free value on which a relation depends; '' for none."""
    model = situation.model
    reached = depends_on(model, claim.left.body.symbols | claim.right.body.symbols) if situation.doubts else frozenset()
    free = {name for name in reached if not (d := model.declarations.get(name)) or not d.definitions}
    return next((words for name, words in situation.doubts if name in free), "")


def _turned(claim: Claim) -> Claim | None:
    """The claim with its right side transposed, where a derivative makes that a question of layout."""
    if claim.relation != "=" or not (_has_derivative(claim.left.body) or _has_derivative(claim.right.body)):
        return None
    right = _transposed(claim.right)
    if right is None:
        return None
    left = claim.left
    if left.shape != right.shape:
        left, right = _as_vector(left), _as_vector(right)
    return replace(claim, left=left, right=right) if left.shape == right.shape else None


def _has_derivative(term: Term) -> bool:
    return any(isinstance(node, Derivative) for node in walk(term))


def _transposed(tensor: Tensor) -> Tensor | None:
    if len(tensor.axes) == 2:
        renamed = tensor.renamed()
        return Tensor((renamed.axes[1], renamed.axes[0]), renamed.body)
    return tensor if len(tensor.axes) == 1 else None


def _as_vector(tensor: Tensor) -> Tensor:
    """An n x 1 or 1 x n matrix as the vector it lists."""
    if len(tensor.axes) != 2:
        return tensor
    for place in (0, 1):
        dim = tensor.axes[place].dim
        if dim is not None and dim.number == 1:
            from derivcheck.terms.build import ONE

            axis = fresh(tensor.axes[1 - place].name, tensor.axes[1 - place].dim)
            indices: list[Term] = [Var(axis), Var(axis)]
            indices[place] = ONE
            return Tensor((axis,), tensor.at(indices))
    return tensor
