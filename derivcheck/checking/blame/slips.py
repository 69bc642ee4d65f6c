"""The known slips: how each is called, and what is said at the place to blame.

A label says what kind of change mends the line, never the changed line itself: no number, letter or order of the
mended line stands in any of these texts."""

from __future__ import annotations

from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """code: a row of codes.py ('' keeps the code of the verdict); tier: how likely, 0 first; help: what to look at."""

    code: str
    label: str
    tier: int = 0
    help: str = ""


_FOLLOW = "the line would follow"

SLIPS: dict[str, Slip] = {
    "extra-factor": Slip("", f"without this factor {_FOLLOW}", 0, "where does this factor come from?"),
    "extra-size": Slip("", f"without this factor {_FOLLOW}", 0, "has a sum over the entries been taken twice?"),
    "lost-factor": Slip("", f"with one more factor here {_FOLLOW}", 1, "which factor of the line before is gone?"),
    "wrong-sign": Slip("wrong-sign", f"with the other sign {_FOLLOW}", 0, "follow this sign from the line before"),
    "lost-sign": Slip("lost-sign", f"with the other sign here {_FOLLOW}", 0, "follow the sign from the line before"),
    "inner-sign": Slip("lost-sign", f"with the other sign here {_FOLLOW}", 1, "follow the sign from the line before"),
    "turned-difference": Slip("wrong-sign", f"with the other signs here {_FOLLOW}", 0, "which is taken from which?"),
    "wrong-signs": Slip("wrong-sign", f"with the other signs here {_FOLLOW}", 1, "follow the signs one by one"),
    "wrong-order": Slip("wrong-order", "these factors stand in the other order", 0),
    "exchanged": Slip("wrong-order", "two names stand in each other's place here", 1, "which name belongs where?"),
    "transposed": Slip("transposed", f"with the transpose at another place {_FOLLOW}", 0),
    "wrong-exponent": Slip("wrong-exponent", f"with another exponent here {_FOLLOW}", 0),
    "lost-power": Slip("wrong-exponent", f"with another exponent here {_FOLLOW}", 1),
    "wrong-index": Slip("wrong-index", f"at another index {_FOLLOW}", 0),
    "wrong-limit": Slip("wrong-limit", f"with another limit {_FOLLOW}", 0),
    "wrong-number": Slip("wrong-coefficient", f"with another number here {_FOLLOW}", 1),
    "wrong-argument": Slip("wrong-argument", f"at another argument {_FOLLOW}", 0),
    "wrong-name": Slip("wrong-name", f"with another name here {_FOLLOW}", 2),
    "wrong-function": Slip("wrong-function", f"with another function here {_FOLLOW}", 2),
    "lost-prime": Slip("wrong-function", f"with the derivative and the function told apart {_FOLLOW}", 1),
    "wrong-product": Slip("wrong-product", f"with another kind of product here {_FOLLOW}", 1),
    "wrong-operation": Slip("wrong-operation", f"with another operation here {_FOLLOW}", 1),
    "sandwich": Slip("wrong-order", "these factors stand in another order", 1),
    "upside-down": Slip("upside-down", f"with this fraction turned over {_FOLLOW}", 1),
    "extra-term": Slip("extra-term", f"without this term {_FOLLOW}", 0, "where does this term come from?"),
    "lost-term": Slip("lost-term", f"with one more term here {_FOLLOW}", 2, "which term of the line before is gone?"),
    "lost-chain-factor": Slip("lost-chain-factor", f"with one more factor of the chain rule here {_FOLLOW}", 0),
    "misplaced-power": Slip("wrong-exponent", f"with the exponent on another bracket {_FOLLOW}", 1),
    "reversed-inequality": Slip("reversed-inequality", "the relation holds the other way round", 0),
    "strictness": Slip("strictness", "the two sides can be equal", 0),
}
