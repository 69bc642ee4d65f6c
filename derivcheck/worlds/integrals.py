"""Certified integrals by Arb's adaptive Gauss-Legendre quadrature (F. Johansson, "Numerical
integration in arbitrary-precision ball arithmetic", 2018), the integrand evaluated in complex balls. Ends where it has
no finite value, and infinity, are left to infinite.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq

from derivcheck.terms.node import Integral, Term
from derivcheck.worlds.arithmetic import Balls, Number, is_exact
from derivcheck.worlds.errors import Undetermined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.infinite import improper, is_infinite, is_regular, singular
from derivcheck.worlds.layers import Layered
from derivcheck.worlds.scenes import Env, Scene

_ANALYTIC = {"exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "gamma", "atan"}
_CUT = {"log": "log", "sqrt": "sqrt"}
_VALUE = 50  # nodes that one value of an integrand counts for
_VALUES = 16_000  # of the integrand, for one integral: what is smooth takes a few hundred


class ComplexBalls(Balls):
    """Numbers that may be complex balls: only what is analytic can be integrated."""

    name = "balls"

    def __init__(self, bits: int, analytic: bool) -> None:
        super().__init__(bits)
        self.analytic = analytic

    def is_zero(self, x: Number) -> bool:
        return bool(x == 0) if isinstance(x, acb) else super().is_zero(x)

    def sign(self, x: Number) -> int:
        if isinstance(x, acb):
            raise Unsupported("a comparison inside an integral")
        return super().sign(x)

    def divide(self, x: Number, y: Number) -> Number:
        return acb(x) / acb(y) if isinstance(x, acb) or isinstance(y, acb) else super().divide(x, y)

    def root_power(self, base: Number, exponent: fmpq) -> Number:
        if isinstance(base, acb):
            return base.pow(acb(exponent), analytic=self.analytic)
        return super().root_power(base, exponent)

    def real_power(self, base: Number, exponent: Number) -> Number:
        if isinstance(base, acb) or isinstance(exponent, acb):
            return acb(base).pow(acb(exponent), analytic=self.analytic)
        return super().real_power(base, exponent)

    def larger(self, x: Number, y: Number, way: int) -> Number:
        """The maximum (way 1) or minimum (way -1) of two numbers."""
        x, y = acb(x), acb(y)
        return x.real_max(y, analytic=self.analytic) if way > 0 else x.real_min(y, analytic=self.analytic)

    def function(self, name: str, x: Number) -> Number:
        if not isinstance(x, acb):
            return super().function(name, x)
        if name in _CUT:
            return getattr(x, name)(analytic=self.analytic)
        if name == "abs":
            return x.real_abs(analytic=self.analytic)
        if name not in _ANALYTIC:
            raise Unsupported(f"the integral of {name}")
        return getattr(x, name)()


class _VariableScene(Scene):
    def __init__(self, evaluator: Evaluator, outer: Scene, variable: str, value: acb) -> None:
        super().__init__(evaluator, outer, frozenset((variable,)))
        self.variable = variable
        self.point = value

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        return self.point if symbol == self.variable else None


def integral(scene: Scene, term: Integral, env: Env) -> Any:
    """The integral as a real ball; its limits must be plain numbers."""
    if scene.parent is not None:
        raise Unsupported("the derivative or expectation of an integral")

    def proper(body: Term, low: arb, high: arb, tolerance: arb | None = None, more: int = 0) -> arb:
        return _between(scene, term.variable, body, low, high, env, tolerance, more)

    if is_infinite(term.lower) or is_infinite(term.upper):
        return improper(scene, term, env, proper)
    low, high = scene.value(term.lower, env), scene.value(term.upper, env)
    if isinstance(low, Layered) or isinstance(high, Layered) or scene.evaluator.arithmetic.name != "balls":
        raise Unsupported("an integral here")
    low, high = arb(low) if is_exact(low) else low, arb(high) if is_exact(high) else high
    if low < high and not all(is_regular(_integrand(scene, term.variable, term.body, env, []), x) for x in (low, high)):
        return singular(scene, term, env, proper)
    return proper(term.body, low, high)


def _integrand(
    scene: Scene, variable: str, body: Term, env: Env, problem: list[Exception], more: int = 0
) -> Callable[[acb, bool], acb]:
    """The body as a function of its variable in complex balls; what stops it goes to `problem`."""
    outer = scene.evaluator
    bits = outer.arithmetic.bits + more  # type: ignore[union-attr]

    def integrand(x: acb, analytic: bool) -> acb:
        try:
            if outer.nodes > outer.limit:
                raise Unsupported("an evaluation that takes too much work")
            inside = Evaluator(outer.model, outer.world, ComplexBalls(bits, analytic), outer.limit)
            inner = _VariableScene(inside, inside.root, variable, x)
            outer.nodes += _VALUE
            return acb(inner.value(body, env))
        except Exception as error:
            problem.append(error)
            return acb("nan")

    return integrand


def _between(
    scene: Scene, variable: str, body: Term, low: arb, high: arb, env: Env, tolerance: arb | None, more: int
) -> arb:
    """The integral of a body between two numbers, no finer than the tolerance where one is given; `more` bits than
    usual for a body that cancels."""
    problem: list[Exception] = []
    integrand = _integrand(scene, variable, body, env, problem, more)
    most = max(1, min(_VALUES, (scene.evaluator.limit - scene.evaluator.nodes) // _VALUE))
    with Balls(scene.evaluator.arithmetic.bits + more).active():  # type: ignore[union-attr]
        value = acb.integral(integrand, acb(low), acb(high), rel_tol=tolerance, abs_tol=tolerance, eval_limit=most)
    if not value.real.is_finite():
        unsupported = next((e for e in problem if isinstance(e, Unsupported)), None)
        raise unsupported or Undetermined("an integral that this precision does not settle")
    return value.real
