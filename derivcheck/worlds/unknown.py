"""Unknown smooth functions: in each world a random polynomial with small rational coefficients of the entries of
all arguments, of degree 3 (so that no linear or quadratic accident survives). Its derivatives of any order
are exact. What holds for every smooth function holds for these; a counterexample with one is a counterexample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq

from derivcheck.terms.node import Apply
from derivcheck.worlds.arithmetic import tidy
from derivcheck.worlds.errors import Undefined, Unsupported
from derivcheck.worlds.world import World, positions, shape_at

if TYPE_CHECKING:
    from derivcheck.worlds.scenes import Env, Scene

Polynomial = list[tuple[Any, tuple[int, ...]]]
"""Pairs of a coefficient and the variables (with repetition) of a monomial."""


def polynomial(world: World, function: str, out: tuple[int, ...], variables: int) -> Polynomial:
    """The random polynomial that is entry `out` of the function in this world."""
    rng = world.rng(f"function {function} {out}")

    def coefficient() -> Any:
        return tidy(fmpq(rng.choice((-3, -2, -1, 1, 2, 3)), rng.choice((1, 2))))

    terms: Polynomial = [(coefficient(), ())]
    terms += [(coefficient(), (v,)) for v in range(variables)]
    for degree in (2, 3):
        for _ in range(min(variables * degree, 8)):
            terms.append((coefficient(), tuple(sorted(rng.randrange(variables) for _ in range(degree)))))
    return terms if variables else terms[:1]


def derived(terms: Polynomial, variable: int) -> Polynomial:
    """Its derivative by one variable."""
    out: Polynomial = []
    for c, monomial in terms:
        n = monomial.count(variable)
        if n:
            rest = list(monomial)
            rest.remove(variable)
            out.append((c * n, tuple(rest)))
    return out


def apply(scene: Scene, term: Apply, env: Env) -> Any:
    """The value of an Apply node: arguments flattened, derivatives by `orders`, evaluated by any arithmetic."""
    evaluator = scene.evaluator
    symbol = evaluator.model.functions.get(term.function)
    if symbol is None:
        raise Unsupported(f"the function {term.function}, which nothing introduces")
    dims = evaluator.world.dims
    shapes = [shape_at(s, dims) for s in symbol.arguments]
    out = tuple(scene.integer(i, env) for i in term.out)
    places = [(n, at) for n, shape in enumerate(shapes) for at in positions(shape)]
    number = {place: k for k, place in enumerate(places)}
    terms = polynomial(evaluator.world, term.function, out, len(places))
    for argument, at in term.orders:
        place = (argument, tuple(scene.integer(i, env) for i in at))
        if place not in number:
            raise Undefined(f"a derivative of {term.function} by an entry that it does not have")
        terms = derived(terms, number[place])
    needed = sorted({v for _, monomial in terms for v in monomial})
    values = {v: _argument(scene, term, places[v], env) for v in needed}
    total: Any = 0
    for c, monomial in terms:
        product = evaluator.numbers.to_float(c) if evaluator.arithmetic.name == "floats" else c
        for v in monomial:
            product = product * values[v]
        total = total + product
    return total


def _argument(scene: Scene, term: Apply, place: tuple[int, tuple[int, ...]], env: Env) -> Any:
    n, at = place
    argument = term.args[n]
    return scene.value(argument.body, {**env, **dict(zip(argument.axes, at, strict=True))})


def shown(world: World, function: str, out: tuple[int, ...], variables: list[str]) -> str:
    """The polynomial as text, e.g. `2 + 3 u_1 - u_1 u_2`."""
    words = ""
    for c, monomial in polynomial(world, function, out, len(variables)):
        body = " ".join([str(abs(c))] * (abs(c) != 1 or not monomial) + [variables[v] for v in monomial])
        words += f" {'-' if c < 0 else '+'} {body}"
    return words.removeprefix(" + ").strip()
