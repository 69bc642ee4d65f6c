"""Which atoms are nonnegative or positive by their form and by the domains of the givens alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.deciding.order.poly import Atom
from derivcheck.terms.model import Domain
from derivcheck.terms.node import Number

if TYPE_CHECKING:
    from derivcheck.deciding.order.forms import Forms

NONNEGATIVE_OPERATIONS = frozenset({"norm2", "nuclear", "rank", "radius", "cond"})
Sign = tuple[bool, bool]
"""Known to be >= 0, known to be > 0."""


def sign(forms: Forms, atom: Atom) -> Sign:
    match atom.kind:
        case "size":
            return True, True
        case "fn":
            return _function_sign(forms, atom)
        case "sum":
            inner = forms.nonnegative_poly(atom.args[0])
            whole = all(r.lower is None for r in atom.ranges)  # an axis has at least one value
            return inner, inner and whole and forms.positive_poly(atom.args[0])
        case "mean" | "max" | "min" | "prod" | "group":
            return forms.nonnegative_poly(atom.args[0]), forms.positive_poly(atom.args[0])
        case "pow":
            positive = forms.positive_poly(atom.args[0])
            return positive or forms.nonnegative_poly(atom.args[0]), positive
        case "delta":
            return True, False
        case "matrix":
            return atom.name in NONNEGATIVE_OPERATIONS, False
        case "entry":
            return domain_sign(forms, atom.name)
        case "opaque":
            return (True, True) if atom.key.startswith("opaque<Constant(pi") else (False, False)
    return False, False


def _function_sign(forms: Forms, atom: Atom) -> Sign:
    name, args = atom.name, atom.args
    if name in ("exp", "cosh"):
        return True, True
    if name == "abs":
        return True, False
    if name == "max2":
        return any(forms.nonnegative_poly(a) for a in args), any(forms.positive_poly(a) for a in args)
    if name == "min2":
        return all(forms.nonnegative_poly(a) for a in args), all(forms.positive_poly(a) for a in args)
    if name in ("tanh", "sinh", "atan", "erf", "sign"):
        return forms.nonnegative_poly(args[0]), forms.positive_poly(args[0])
    if name == "log" and args[0].number is not None:
        return args[0].number >= 1, args[0].number > 1
    return False, False


def domain_sign(forms: Forms, symbol: str) -> Sign:
    declaration = forms.model.declarations.get(symbol)
    return _domain_sign(declaration.domain) if declaration is not None else (False, False)


def _domain_sign(domain: Domain) -> Sign:
    if domain.kind == "simplex":
        return True, True
    if domain.kind == "finite":
        values = [v.value for v in domain.values if isinstance(v, Number)]
        known = bool(values) and len(values) == len(domain.values)
        return known and min(values) >= 0, known and min(values) > 0
    if isinstance(domain.low, Number):
        low = domain.low.value
        return low >= 0, low > 0 or (low == 0 and domain.low_strict)
    return False, False
