"""The named laws of the language: what `x \\sim \\operatorname{Poisson}(\\lambda)` says, as a Law: exact where all
moments follow (normal, uniform, finite), else by the moments that are known.

A law whose parameters are read in two ways (a geometric one from 0 or 1, a gamma law by rate or scale) is none here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.session import has_unknown
from derivcheck.terms import algebra
from derivcheck.terms.build import MINUS_ONE, ONE, TWO, ZERO, add, div, mul, number, power, sub
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Domain, Law, Model
from derivcheck.terms.node import Delta, Entry, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

Reader = Callable[["Elaborator", list[Tensor], Shape], Law]
_STIRLING = ((1,), (1, 1), (1, 3, 1), (1, 7, 6, 1))
"""x^m as falling factorials: the numbers S(m, j) for j = 1..m."""


def _normal(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    if len(arguments) != 2:
        elab.error("unreadable", "a normal law has a mean and a variance (or covariance)", None)
    mean, spread = arguments
    if len(shape) > 1:
        elab.error("unsupported", "the law of a random matrix has no meaning here", None)
    return Law("normal", spread_out(elab, mean, shape), covariance_of(elab, spread, shape))


def spread_out(elab: Elaborator, mean: Tensor, shape: Shape) -> Tensor:
    """A mean of the symbol's shape; one number (`0`) stands for all entries."""
    mean = elab.session.settle(mean)
    if mean.axes or not shape:
        for have, need in zip(mean.shape, shape, strict=False):
            elab.session.unify(have, need)
        mean = elab.session.settle(mean)
        if mean.shape != shape:
            elab.mismatch("the mean of a law", mean.shape, shape, None)
        return mean
    ones = algebra.ones(*shape)
    return algebra.scale(mean, ones) if mean.body is not ZERO else algebra.zeros(*shape)


def covariance_of(elab: Elaborator, spread: Tensor, shape: Shape) -> Tensor:
    """A covariance matrix; one number stands for that times the identity, for a number it is the variance."""
    spread = elab.session.settle(spread)
    if not shape:
        if any(has_unknown(size) for size in spread.shape):
            elab.error("unknown-size", "the length of this random vector is not known: write `I_d`", None)
        if spread.axes:
            elab.mismatch("the variance of a number", spread.shape, (), None)
        return spread
    if not spread.axes:
        return algebra.scale(spread, algebra.identity(shape[0]))
    for have in spread.shape:
        elab.session.unify(have, shape[0])
    spread = elab.session.settle(spread)
    if spread.shape != (shape[0], shape[0]):
        elab.mismatch("the covariance of a law", spread.shape, (shape[0], shape[0]), None)
    return spread


def _uniform(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    if len(arguments) != 2 or any(a.axes for a in arguments):
        elab.error("unsupported", "a uniform law needs its two ends", None)
    return Law("uniform", low=arguments[0].body, high=arguments[1].body)


def _bernoulli(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    if len(arguments) == 2:
        return _binomial(elab, arguments, shape)
    if len(arguments) != 1 or arguments[0].axes:
        elab.error("unsupported", "a Bernoulli law needs one probability", None)
    p = arguments[0].body
    return Law("finite", values=(ZERO, ONE), weights=(sub(ONE, p), p))


# By their moments -------------------------------------------------------------------------------------------------


def _numbers(elab: Elaborator, arguments: list[Tensor], count: int, law: str) -> list[Term]:
    if len(arguments) != count or any(a.axes for a in arguments):
        elab.error("unsupported", f"a {law} law needs {count} number{'s' * (count > 1)}", None)
    return [a.body for a in arguments]


def _by_factorial_moments(factorial: Callable[[int], Term]) -> tuple[Term, ...]:
    """E x^m from the factorial moments E[x (x - 1) ... (x - j + 1)]."""
    return tuple(add(*(mul(number(c), factorial(j)) for j, c in enumerate(row, 1))) for row in _STIRLING)


def _rising(x: Term, m: int, step: int = 1) -> Term:
    return mul(*(add(x, number(step * i)) for i in range(m)))


def _binomial(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    n, p = _numbers(elab, arguments, 2, "binomial")
    raw = _by_factorial_moments(lambda j: mul(_rising(n, j, -1), power(p, number(j))))
    return Law("raw", raw=raw, family="binomial", parameters=(n, p))


def _poisson(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    (rate,) = _numbers(elab, arguments, 1, "Poisson")
    raw = _by_factorial_moments(lambda j: power(rate, number(j)))
    return Law("raw", raw=raw, family="Poisson", parameters=(rate,))


def _exponential(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    """By its rate; a parameter that is called otherwise than `\\lambda` may be the mean."""
    (rate,) = _numbers(elab, arguments, 1, "exponential")
    if rate != ONE and not any(s.startswith("\\lambda") for s in rate.symbols):
        return Law("unknown")
    raw = tuple(div(number(f), power(rate, number(m))) for m, f in enumerate((1, 2, 6, 24), 1))
    return Law("raw", raw=raw, family="exponential", parameters=(rate,))


def _beta(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    a, b = _numbers(elab, arguments, 2, "beta")
    return Law("raw", raw=tuple(div(_rising(a, m), _rising(add(a, b), m)) for m in range(1, 5)))


def _laplace(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    mean, b = _numbers(elab, arguments, 2, "Laplace")
    central = (ONE, ZERO, mul(TWO, power(b, TWO)), ZERO, mul(number(24), power(b, number(4))))
    raw = tuple(_about(mean, central, m) for m in range(1, 5))
    return Law("raw", raw=raw, family="Laplace", parameters=(mean, b))


def _about(mean: Term, central: tuple[Term, ...], m: int) -> Term:
    from math import comb

    return add(*(mul(number(comb(m, j)), central[j], power(mean, number(m - j))) for j in range(m + 1)))


def _chi_squared(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    (k,) = _numbers(elab, arguments, 1, "chi squared")
    return Law("raw", raw=tuple(_rising(k, m, 2) for m in range(1, 5)))


def _rademacher(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    half = div(ONE, TWO)
    return Law("finite", values=(MINUS_ONE, ONE), weights=(half, half))


def _vector(elab: Elaborator, tensor: Tensor, shape: Shape, law: str) -> Tensor:
    tensor = elab.session.settle(tensor)
    if len(tensor.axes) != 1 or tensor.shape != shape:
        elab.error("unsupported", f"a {law} law has as many parameters as its vector has entries", None)
    return tensor


def _spread(p: Tensor, scale: Term) -> Tensor:
    """`scale (diag(p) - p p^T)`."""
    i, j = (fresh("i", p.axes[0].dim) for _ in range(2))
    a, b = p.at([Var(i)]), p.at([Var(j)])
    return Tensor((i, j), mul(scale, sub(mul(Delta(Var(i), Var(j)), a), mul(a, b))))


def _categorical(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    """Of a one-hot vector; a number with this law is a position, of which the moments are not those of the vector."""
    if len(arguments) != 1 or not shape:
        return Law("unknown")
    p = _vector(elab, arguments[0], shape, "categorical")
    return Law("moments", p, _spread(p, ONE))


def _multinomial(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    if len(arguments) != 2 or not shape or arguments[0].axes:
        return Law("unknown")
    n, p = arguments[0].body, _vector(elab, arguments[1], shape, "multinomial")
    return Law("moments", algebra.scale(arguments[0], p), _spread(p, n))


def _dirichlet(elab: Elaborator, arguments: list[Tensor], shape: Shape) -> Law:
    if len(arguments) != 1 or not shape:
        return Law("unknown")
    alpha = _vector(elab, arguments[0], shape, "Dirichlet")
    k = fresh("k", alpha.axes[0].dim)
    total = algebra.axis_sum(k, alpha.at([Var(k)]))
    mean = Tensor(alpha.axes, div(alpha.body, total))
    return Law("moments", mean, _spread(mean, div(ONE, add(total, ONE))))


KINDS: dict[str, Reader] = {
    **dict.fromkeys(("N", "Normal", "Gaussian", "normal"), _normal),
    **dict.fromkeys(("U", "Uniform", "Unif", "uniform"), _uniform),
    **dict.fromkeys(("Bernoulli", "Bern", "Ber", "B"), _bernoulli),
    **dict.fromkeys(("Binomial", "Bin", "Binom", "binomial"), _binomial),
    **dict.fromkeys(("Poisson", "Pois", "Poi", "poisson"), _poisson),
    **dict.fromkeys(("Exponential", "Exp", "Expo", "exp"), _exponential),
    **dict.fromkeys(("Beta", "beta"), _beta), **dict.fromkeys(("Laplace", "Lap"), _laplace),
    "\\chi^2": _chi_squared, **dict.fromkeys(("Rademacher", "Rad"), _rademacher),
    **dict.fromkeys(("Categorical", "Cat", "categorical", "OneHotCategorical"), _categorical),
    **dict.fromkeys(("Multinomial", "Mult", "Multinoulli"), _multinomial),
    **dict.fromkeys(("Dirichlet", "Dir"), _dirichlet),
}

_POSITIVE = "positive"
_PROBABILITY = "probability"
_COUNT = "count"
_SIMPLEX = "simplex"
_REQUIRED: dict[Reader, tuple[str | None, ...]] = {
    _binomial: (_COUNT, _PROBABILITY), _poisson: (_POSITIVE,), _exponential: (_POSITIVE,),
    _beta: (_POSITIVE, _POSITIVE), _laplace: (None, _POSITIVE), _chi_squared: (_POSITIVE,),
    _categorical: (_SIMPLEX,), _multinomial: (_COUNT, _SIMPLEX), _dirichlet: (_POSITIVE,),
}  # fmt: skip


def required(name: str, arguments: list[Tensor], model: Model) -> list[Claim]:
    """What a law says of its parameters that are free names without a bound of their own."""
    kinds = _REQUIRED.get(KINDS.get(name, _normal), ())
    found: list[Claim] = []
    for kind, tensor in zip(kinds, arguments, strict=False):
        declaration = model.declarations.get(tensor.body.symbol) if isinstance(tensor.body, Entry) else None
        if kind is None or declaration is None or declaration.definitions or declaration.domain != Domain():
            continue
        if len(declaration.shape) != len(tensor.axes):
            continue
        if kind in _LEAST:
            relation, least = _LEAST[kind]
            bound = least if not tensor.axes else algebra.scale(least, algebra.ones(*tensor.shape))
            found.append(Claim(tensor, relation, bound))
        if kind == _PROBABILITY and not tensor.axes:
            found.append(Claim(tensor, "<=", scalar(ONE)))
        if kind == _SIMPLEX and len(tensor.axes) == 1:
            k = fresh("k", tensor.axes[0].dim)
            found.append(Claim(scalar(algebra.axis_sum(k, tensor.at([Var(k)]))), "=", scalar(ONE)))
    return found


_LEAST: dict[str, tuple[str, Tensor]] = {
    _POSITIVE: (">", scalar(ZERO)), _PROBABILITY: (">=", scalar(ZERO)), _SIMPLEX: (">=", scalar(ZERO)),
    _COUNT: (">=", scalar(ONE)),
}  # fmt: skip
