"""Where the two sides of `<` look equal: no precision tells `e^{(a+b)/2} < (e^a + e^b)/2` apart at a = b. There it
fails if the sides are equal, which the normal form may prove of these very numbers; it is never said to hold."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb, fmpq

from derivcheck.deciding.budget import Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.build import number
from derivcheck.terms.model import Claim, Definition, Domain, Model
from derivcheck.worlds.arithmetic import is_exact

if TYPE_CHECKING:
    from derivcheck.deciding.judging import Judged
    from derivcheck.worlds.world import World

TOUCHED = Verdict(
    "undecided", {"method": "search", "reason": "the sides of this strict inequality look equal at some values"}
)


def touches(claim: Claim, judged: Judged) -> bool:
    """Whether a difference that may be 0 is known to be very small."""
    from derivcheck.deciding.judging import is_tight

    difference = judged.left - judged.right
    return claim.relation in ("<", ">") and isinstance(difference, arb) and is_tight(difference, judged.left)


def equal_there(claim: Claim, model: Model, world: World, work: Work) -> bool:
    """Whether the sides are proved equal when the free numbers have the values of this world."""
    from derivcheck.deciding.normal import rung

    for name, declaration in model.declarations.items():
        if declaration.shape or declaration.family or declaration.definitions or declaration.law is not None:
            continue
        if declaration.domain.kind != "real":
            continue
        value = world.block((name, ()))[()]
        if not is_exact(value):
            return False
        whole = fmpq(value)
        fixed = Definition((), number(Fraction(int(whole.p), int(whole.q))))
        model = model.declare(replace(declaration, definitions=(fixed,), domain=Domain()))
    verdict = rung(replace(claim, relation="="), replace(model, assumptions=()), work)
    return verdict is not None and verdict.word == "proved"

