"""`A \\succeq B` met by construction: the greater matrix becomes the smaller plus a semidefinite one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derivcheck.terms.model import Claim
from derivcheck.terms.node import Entry, Var
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.makers import in_values, semidefinite
from derivcheck.worlds.points import matrix_of
from derivcheck.worlds.world import World


def raised(evaluator: Evaluator, claims: Sequence[Claim], is_free: Callable[[str], bool]) -> World | None:
    """The world with a matrix that stands alone on the greater side moved above the other side, as `A \\succeq B` asks;
    where only the smaller side is one, that below. None where no claim is of that form."""
    world = evaluator.world
    changed = False
    for claim in claims:
        if claim.relation not in ("succ", "succeq") or claim.parameters or claim.given:
            continue
        for side, other, sign in (("left", "right", 1), ("right", "left", -1)):
            symbol = _alone(getattr(claim, side))
            if symbol is None or not is_free(symbol) or symbol in getattr(claim, other).body.symbols:
                continue
            if not getattr(claim, other).body.symbols:
                continue  # above a number: there are constructions for that
            try:
                rows = matrix_of(claim, other, {}, Evaluator(evaluator.model, world, evaluator.arithmetic))
            except NoValue:
                return None
            n = len(rows)
            step = semidefinite(n, world, world.rng(f"step {symbol} {world.salts.get(symbol, 0)}"))
            strict = int(claim.relation == "succ")
            moved = [[x + sign * (step[i][j] + strict * int(i == j)) for j, x in enumerate(row)]
                     for i, row in enumerate(rows)]  # fmt: skip
            world, changed = world.moved((symbol, ()), in_values(moved)), True
            break
    return world if changed else None


def _alone(tensor: Tensor) -> str | None:
    """The symbol of which a side is the whole."""
    body = tensor.body
    if isinstance(body, Entry) and len(tensor.axes) == 2 and body.indices == tuple(Var(a) for a in tensor.axes):
        return body.symbol
    return None
