"""Every lemma of the table by itself: its instances hold numerically, at random and at extreme points.

The evaluation here is NumPy on the polynomials of atoms and shares nothing with the rung."""

import itertools
import math

import numpy as np
import pytest

from derivcheck.deciding.order.facts import Context, atoms_of
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.lemmas import LEMMAS, composite_exponentials
from derivcheck.deciding.order.poly import Poly

FUNCTIONS = {
    "exp": math.exp, "log": math.log, "tanh": math.tanh, "abs": abs, "sin": math.sin, "cos": math.cos,
    "sinh": math.sinh, "cosh": math.cosh, "atan": math.atan, "erf": math.erf, "sign": lambda t: float(np.sign(t)),
    "floor": math.floor, "ceil": math.ceil, "max2": max, "min2": min,
}  # fmt: skip
EXTREME = ("ordinary", "large", "tiny", "one hot", "equal", "zero")
TOLERANCE = 1e-7


class World:
    """Numbers for the symbols of a sample."""

    def __init__(self, model, kind, seed):
        self.model, self.kind = model, kind
        self.rng = np.random.default_rng(seed)
        self.sizes = {name: [3, 1, 4, 2][(seed + k) % 4] for k, name in enumerate(sorted(model.dims))}
        self.arrays = {name: self.draw(d) for name, d in model.declarations.items()}

    def draw(self, declaration):
        shape = tuple(d.at(self.sizes) for d in declaration.shape)
        values = self.rng.normal(size=shape)
        values = {
            "ordinary": values, "large": 30 * values, "tiny": 1e-3 * values, "zero": 0 * values,
            "one hot": np.where(np.arange(values.size).reshape(shape) == 0, 5.0, 0.0), "equal": np.full(shape, 0.7),
        }[self.kind]  # fmt: skip
        if declaration.domain.kind == "simplex":
            weights = np.exp(np.clip(values, -20, 20))
            return weights / weights.sum()
        if declaration.domain.low is not None:
            return np.abs(values) + 0.1
        return values

    def poly(self, poly, env):
        total = 0.0
        for mono, coefficient in poly.terms:
            product = float(coefficient)
            for atom, exponent in mono:
                base = self.atom(atom, env)
                if (base < 0 and exponent.denominator != 1) or (base == 0 and exponent < 0):
                    raise ValueError("undefined")
                product *= base ** (float(exponent) if exponent.denominator != 1 else int(exponent))
            total += product
        return total

    def atom(self, atom, env):
        match atom.kind:
            case "entry":
                place = tuple(int(self.poly(a, env)) - 1 for a in atom.args)
                return float(self.arrays[atom.name][place])
            case "size":
                return float(self.sizes[atom.name])
            case "index":
                return float(env[atom.term.index])
            case "delta":
                return float(self.poly(atom.args[0], env) == self.poly(atom.args[1], env))
            case "fn":
                return float(FUNCTIONS[atom.name](*(self.poly(a, env) for a in atom.args)))
            case "group":
                return self.poly(atom.args[0], env)
            case "pow":
                return self.poly(atom.args[0], env) ** self.poly(atom.args[1], env)
            case "opaque":
                return math.pi
            case "matrix":
                return self.matrix(atom, env)
        values = [self.poly(atom.args[0], {**env, **inner}) for inner in self.ranges(atom.ranges, env)]
        return {"sum": math.fsum, "max": max, "min": min, "prod": math.prod}[atom.kind](values)

    def ranges(self, ranges, env):
        lists = []
        for r in ranges:
            limits = [int(self.poly(p, env)) for p in r.limits] or [1, r.index.dim.at(self.sizes)]
            lists.append(range(limits[0], limits[1] + 1))
        for values in itertools.product(*lists):
            yield {r.index: value for r, value in zip(ranges, values, strict=True)}

    def matrix(self, atom, env):
        rows, cols = (r.index for r in atom.ranges)
        shape = rows.dim.at(self.sizes), cols.dim.at(self.sizes)
        made = np.array([[self.poly(atom.args[0], {**env, rows: i + 1, cols: j + 1}) for j in range(shape[1])]
                         for i in range(shape[0])])
        if atom.name == "rank":
            return float(np.linalg.matrix_rank(made))
        if atom.name == "nuclear":
            return float(np.linalg.svd(made, compute_uv=False).sum())
        if atom.name in ("eigmax", "eigmin"):
            values = np.linalg.eigvalsh((made + made.T) / 2)
            return float(values.max() if atom.name == "eigmax" else values.min())
        if atom.name == "radius":
            return float(abs(np.linalg.eigvals(made)).max())
        assert atom.name == "norm2"
        return float(np.linalg.norm(made, 2))


def instances(lemma, sample):
    forms = Forms(sample.model)
    goal = Poly.collect([t for term in sample.terms for t in forms.form(term).terms])
    context = Context(forms, goal, lambda *_: False)
    stack = [goal]
    while stack:
        for atom in atoms_of(stack.pop()):
            if atom.key not in context.present:
                context.present[atom.key] = atom
                stack += [a for a in atom.args if not atom.ranges]
    if lemma is None:
        return list(composite_exponentials(context)), goal
    atoms = [a for a in context.present.values() if a.kind in lemma.kinds]
    return [fact for atom in atoms for fact in lemma.instances(atom, context)], goal


def holds(world, poly, relation, env):
    value = world.poly(poly, env)
    scale = TOLERANCE * (1 + sum(abs(world.poly(Poly((t,)), env)) for t in poly.terms))
    return {"=": abs(value) <= scale, "!=": True}.get(relation, value >= -scale)


def defined(world, poly, env):
    try:
        world.poly(poly, env)
    except (ValueError, OverflowError):
        return False
    return True


def strictly(world, poly, relation, env):
    """A condition that holds for certain, so that rounding cannot bring a fact into force."""
    value = world.poly(poly, env)
    return {"=": value == 0, "!=": value != 0, ">": value > 1e-9}.get(relation, value >= 0)


SAMPLED = [(lemma, sample) for lemma in LEMMAS for sample in lemma.samples]


@pytest.mark.parametrize("lemma, make", SAMPLED, ids=lambda x: getattr(x, "name", ""))
def test_lemma_holds_numerically(lemma, make):
    sample = make()
    facts, goal = instances(lemma, sample)
    assert facts, "the sample does not show the lemma"
    checked = 0
    for kind, seed in itertools.product(EXTREME, range(4)):
        world = World(sample.model, kind, seed)
        outer = sorted(goal.free, key=lambda i: i.name)
        for env in itertools.islice(itertools.product(*(range(1, i.dim.at(world.sizes) + 1) for i in outer)), 6):
            place = dict(zip(outer, env, strict=True))
            if not defined(world, goal, place):
                continue
            for fact in facts:
                if not fact.poly.free <= set(outer):
                    continue
                try:
                    if all(strictly(world, p, r, place) for p, r in fact.when):
                        assert holds(world, fact.poly, fact.relation, place), (fact.lemma, kind, seed, fact.poly)
                        checked += 1
                except (ValueError, OverflowError, ZeroDivisionError):
                    pass  # undefined here, or beyond floats
    assert checked > 10


@pytest.mark.parametrize("lemma", LEMMAS, ids=lambda lemma: lemma.name)
def test_every_lemma_says_where_it_is_from_and_has_a_sample(lemma):
    assert lemma.name and lemma.source and lemma.kinds
    assert lemma.samples or lemma.name in WITHOUT_SAMPLE


WITHOUT_SAMPLE = {
    "extrema", "moments", "products over a range", "entry by norm", "norm of an ordered product", "norm of a power",
    "norm of an inverse", "norm of an orthonormal matrix", "condition number", "quadratic form", "eigenvalues",
    "diagonal of a definite matrix",
}
"""Lemmas with an existential index, a mean, a subproof or entries beside: tested through claims (test_order.py)."""
