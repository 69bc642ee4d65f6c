"""Laws, expectations and distributions as they are written: both sides of each line by value."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.language.scope import Scope
from derivcheck.terms.expectation import resolve_expectations
from derivcheck.terms.node import Entry, Expectation, walk
from derivcheck.terms.tensor import Tensor
from tests.language.readers import node_of, reader
from tests.terms.reference import Referee, close

DIMS = {"n": 3, "m": 2, "k": 3, "r": 4}


def scope_of(*lines: str) -> Scope:
    scope, findings = read_givens(lines)
    assert not findings, findings
    return scope


def sides(scope: Scope, *texts: str) -> list[dict]:
    elab = reader(scope)
    tensors = [elab.tensor(node_of(t)) for t in texts]
    for one, other in zip(tensors[0].shape, tensors[-1].shape, strict=False):
        elab.session.unify(one, other)
    model = Scope(scope.model).model
    for declaration in elab.session.declared.values():
        model = model.declare(declaration)
    made = [Tensor(t.axes, resolve_expectations(t.body, model)) for t in map(elab.session.settle, tensors)]
    assert not any(isinstance(t, Expectation) for m in made for t in walk(m.body)), texts
    return [Positive(model, DIMS, 5).tensor(m) for m in made]


class Positive(Referee):
    """Every free value positive, so that logarithms exist; probability vectors sum to 1."""

    def computed(self, symbol: str, at: tuple[int, ...]):
        value = super().computed(symbol, at)
        declaration = self.model.declarations.get(symbol)
        if declaration is None or declaration.definitions:
            return value
        if declaration.domain.kind == "simplex":
            last = declaration.shape[-1].at(self.dims)
            return abs(value) / sum(abs(super(Positive, self).computed(symbol, (*at[:-1], k + 1))) for k in range(last))
        return abs(value)


def same(scope: Scope, left: str, right: str) -> None:
    a, b = sides(scope, left, right)
    assert a.keys() == b.keys(), (left, right, a.keys(), b.keys())
    assert all(close(a[k], b[k]) for k in a), (left, right, a, b)


NORMAL = scope_of(
    r"\mu, q, k, u \in \mathbb{R}^n", r"\sigma > 0", r"A, S \in \mathbb{R}^{n \times n}", r"S = A A^\top",
    r"q, k \sim \mathcal{N}(\mu, \sigma^2 I)", r"q \perp k", r"u \sim \mathcal{N}(0, S)",
    r"\mu_0, s \in \mathbb{R}", r"g \sim \mathcal{N}(\mu_0, s^2)",
    r"y = q^\top k",
)


@pytest.mark.parametrize("left, right", [
    (r"\mathbb{E}[q]", r"\mu"),
    (r"\mathbb{E} q^\top k", r"\mu^\top \mu"),
    (r"\mathbb{E}[q^\top k]^2", r"(\mu^\top \mu)^2"),
    (r"\mathbb{E}[y]", r"\|\mu\|^2"),
    (r"\operatorname{Var}(y)", r"2 \sigma^2 \mu^\top \mu + 3 \sigma^4"),
    (r"\operatorname{Var}(q_1)", r"\sigma^2"),
    (r"\operatorname{Var}(u)", r"S"),
    (r"\operatorname{Cov}(A u)", r"A S A^\top"),
    (r"\operatorname{Cov}(u, A u)", r"S A^\top"),
    (r"\operatorname{Cov}(q, k)", r"S - S"),
    (r"\operatorname{Var}(u^\top u)", r"2 \operatorname{tr}(S S)"),
    (r"\mathbb{E}[\|q\|^2]", r"\|\mu\|^2 + 3\sigma^2"),
    (r"\mathbb{E}_q[q^\top k]", r"\mu^\top k"),
    (r"\mathbb{E}[g^4]", r"\mu_0^4 + 6\mu_0^2 s^2 + 3 s^4"),
    (r"\mathbb{E}[e^{g}]", r"e^{\mu_0 + \frac{s^2}{2}}"),
    (r"\mathbb{E}[\sigma^2]", r"\sigma^2"),
    (r"D_{KL}(\mathcal{N}(\mu_0, s^2) \| \mathcal{N}(0, 1))", r"\frac{1}{2}(s^2 + \mu_0^2 - 1 - \log s^2)"),
    (r"D_{KL}(\mathcal{N}(\mu, \sigma^2 I) \| \mathcal{N}(0, I))",
     r"\frac12 (3\sigma^2 + \mu^\top \mu - 3 - \log \det(\sigma^2 \operatorname{diag}(\mu - \mu + 1)))"),
])
def test_normal_laws(left: str, right: str) -> None:
    same(NORMAL, left, right)


FINITE = scope_of(
    r"k \in \mathbb{N}", r"o \in \{1, \dots, k\}", r"o \sim Q(\cdot|c)", r"P(o) > 0", r"0 < P(c|o) < 1",
    r"P(c) = \sum_o P(c|o)\, P(o)", r"P(o|c) = \frac{P(c|o) P(o)}{P(c)}", r"a, b \in \Delta^{r}",
)


@pytest.mark.parametrize("left, right", [
    (r"\mathbb{E}_Q[\log P(c|o)]", r"\sum_o Q(o|c) \log P(c|o)"),
    (r"\mathbb{E}_{o \sim Q(\cdot|c)}[P(o)]", r"\sum_{o=1}^{k} Q(o|c) P(o)"),
    (r"\mathbb{E}_{Q(o|c)}[P(o)]", r"\sum_{o'} Q(o'|c) P(o')"),
    (r"\mathbb{E}[P(o)]", r"\sum_{o} Q(o|c) P(o)"),
    (r"\mathbb{E}_{o \sim P}[P(c|o)]", r"P(c)"),
    (r"D_{KL}(Q(o|c) \| P(o))", r"\sum_o Q(o|c) \log \frac{Q(o|c)}{P(o)}"),
    (r"\sum_o P(o|c)", r"1"),
    (r"P(c)P(o = 1|c)", r"P(c|o = 1) P(o = 1)"),
    (r"D_{KL}(a \| b)", r"\sum_{i=1}^{r} a_i \log \frac{a_i}{b_i}"),
    (r"H(a)", r"-\sum_i a_i \log a_i"),
    (r"H(a, b)", r"H(a) + D_{KL}(a \| b)"),
    (r"\operatorname{Var}(P(o))", r"\mathbb{E}[P(o)^2] - \mathbb{E}[P(o)]^2"),
])
def test_finite_sets(left: str, right: str) -> None:
    same(FINITE, left, right)


def test_distributions_of_one_head_are_of_one_joint() -> None:
    """Bayes' rule needs no given: `p(x)`, `p(z)`, `p(x | z)`, `p(x, z)`, `p(z | x)` belong together."""
    scope = scope_of(r"z \in \{1, \dots, m\}", r"p(z) > 0", r"p(x|z) > 0")
    same(scope, r"p(z = 2|x)", r"\frac{p(x|z = 2) p(z = 2)}{p(x)}")
    same(scope, r"\sum_z p(x, z)", r"p(x)")
    same(scope, r"\sum_z p(z | x)", r"1")
    late = scope_of(r"z \in \{1, \dots, m\}", r"p(x) > 0", r"p(z|x) > 0", r"p(x|z) > 0")
    same(late, r"p(z = 1|x) p(x)", r"p(x|z = 1) p(z = 1)")


def test_what_is_not_connected_is_never_held_against_a_line() -> None:
    scope = scope_of(r"z \in \{1, \dots, m\}", r"w \in \{1, \dots, k\}")
    elab = reader(scope)
    elab.tensor(node_of(r"p(x, z, w) + p(z) + p(x|w)"))
    assert elab.session.undeclared


@pytest.mark.parametrize("lines, left, right", [
    ((r"p \in (0,1)", r"d \in \{0, 1\}^n", r"P(d_i = 0) = p", r"h \in \mathbb{R}^n"),
     r"\mathbb{E}[d \odot h]", r"(1 - p) h"),
    ((r"p \in (0,1)", r"d \in \{0, 1\}^n", r"P(d_i = 0) = p"), r"\operatorname{Var}(d_1)", r"p (1 - p)"),
    ((r"p \in (0,1)", r"x \sim \operatorname{Bernoulli}(p)"), r"\mathbb{E}[e^x]", r"1 - p + p e"),
    ((r"b > 0", r"x \sim \mathcal{U}(0, b)"), r"\operatorname{Var}(x)", r"\frac{b^2}{12}"),
    ((r"m, x \in \mathbb{R}^n", r"S \in \mathbb{R}^{n \times n}", r"\mathbb{E}[x] = m", r"\operatorname{Cov}(x) = S"),
     r"\mathbb{E}[x x^\top]", r"S + m m^\top"),
    ((r"m \in \mathbb{R}^n", r"x_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T", r"x_t \sim \mathcal{N}(m, I)"),
     r"\mathbb{E}[x_1^\top x_2]", r"m^\top m"),
    ((r"m \in \mathbb{R}^n", r"x_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T", r"x_t \sim \mathcal{N}(m, I)"),
     r"\mathbb{E}[x_1^\top x_1]", r"m^\top m + n"),
])
def test_other_laws(lines: tuple[str, ...], left: str, right: str) -> None:
    same(scope_of(*lines), left, right)


def test_what_is_not_known_is_not_used() -> None:
    """Of a name whose law nothing states only what every law has is shown."""
    given = [r"x \in \mathbb{R}", r"a \in \mathbb{R}"]
    assert verify_claim(r"\mathbb{E}[a x] = a \mathbb{E}[x]", given).verdict == "proved"
    assert verify_claim(r"\operatorname{Var}(x) = 1", given).verdict in ("refuted", "undecided")


def test_functions_are_not_distributions() -> None:
    scope = scope_of(r"p(x) = x^2", r"q \in \mathbb{R}", r"x \in \mathbb{R}")
    elab = reader(scope)
    body = elab.tensor(node_of(r"p(x) + q(x + 1)")).body
    assert not any(isinstance(t, Entry) and "(" in t.symbol for t in walk(body))
