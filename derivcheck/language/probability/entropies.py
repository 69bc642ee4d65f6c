"""Entropies and divergences in the language: `H(p)`, `H(p, q)`, `H(X)` of a random name, `D_{KL}(q \\| p)`.

Of distributions over finite sets they are sums; of normal and uniform laws they have closed forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.givens.laws import items_of, law_of
from derivcheck.language.givens.named_laws import covariance_of, spread_out
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Bar, Func, Group, Listing, Name, Node, Product, Scripted, Span
from derivcheck.language.parsing.trees import walk
from derivcheck.language.probability.distributions import distribution_at, outcome_tensor
from derivcheck.terms import algebra
from derivcheck.terms.algebra import axis_sum
from derivcheck.terms.build import HALF, MINUS_ONE, TWO, add, mul, neg, number, size, sub
from derivcheck.terms.node import Constant, Function, Mul, Power, Term, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

Normal = tuple[Tensor, Tensor]


def bracket(item: Item) -> tuple[Group | None, Scripted | None]:
    """The bracket that is a whole argument, with the scripts on it."""
    operator, node = item
    inner = node.base if isinstance(node, Scripted) else node
    if operator == "" and isinstance(inner, Group) and inner.open in ("(", "[", "{"):
        return inner, node if isinstance(node, Scripted) else None
    return None, None


def decorated(elab: Elaborator, value: Tensor, node: Node | None, trailing: Scripted | None) -> Tensor:
    """Scripts above the operator and after the bracket: `\\mathbb{E}^2[x]`, `\\mathbb{E}[x]^2`."""
    from derivcheck.language.elaboration.scripts import decorate

    if isinstance(node, Scripted) and node.sup is not None:
        value = decorate(elab, value, Scripted(span=node.span, base=node.base, sup=node.sup))
    return decorate(elab, value, trailing) if trailing is not None else value


def entropy_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`H(p)`, `H(p, q)` of distributions or probability vectors, where nothing declares H."""
    node = items[k][1]
    if not isinstance(node, Name) or node.text != "H" or k + 1 >= len(items) or elab.knows(node):
        return None
    group, trailing = bracket(items[k + 1])
    if group is None or elab.declaration(f"H{canonical(group)}") is not None:
        return None
    nodes = group.body.items if isinstance(group.body, Listing) else (group.body,)
    own = _entropy_of_law(elab, nodes[0]) if len(nodes) == 1 else None
    if own is not None:
        return decorated(elab, scalar(_in_base(elab, own)), None, trailing), k + 2
    vectors = [_distribution_vector(elab, n) for n in nodes]
    if not 1 <= len(vectors) <= 2 or any(v is None for v in vectors):
        return None
    p, *rest = [v for v in vectors if v is not None]
    value = _cross_entropy(elab, p, rest[0] if rest else p)
    return decorated(elab, value, None, trailing), k + 2


def is_claimed(elab: Elaborator, left: Node, right: Node) -> bool:
    """Whether `H(p) = ...` of a distribution or a random name says something of its entropy (what an entropy is
    written by stands on the right, an entropy again, or a number). Anything else may define H: a Gini impurity."""
    items = left.items if isinstance(left, Product) else ()
    compares = any(canonical(n) == "H" for n in walk(right)) or not any(isinstance(n, Name) for n in walk(right))
    if len(items) != 2 or canonical(items[0][1]) != "H" or not (compares or _natural_logarithms(elab, right)):
        return False
    group, _ = bracket(items[1])
    if group is None:
        return False
    nodes = group.body.items if isinstance(group.body, Listing) else (group.body,)
    return all(_has_entropy(elab, n) for n in nodes) and entropy_handler(elab, items, 0) is not None


def _has_entropy(elab: Elaborator, node: Node) -> bool:
    declaration = elab.declaration(canonical(node) or "")
    if declaration is None:
        return _distribution_vector(elab, node) is not None
    return declaration.domain.kind == "simplex" or declaration.law is not None or bool(declaration.definitions)


def _natural_logarithms(elab: Elaborator, node: Node) -> bool:
    """Whether logarithms occur, all of them of the usual base."""
    if any(isinstance(n, Scripted) and isinstance(n.base, Func) and n.base.text == "log" and n.sub for n in walk(node)):
        return False
    return any(isinstance(n, Func) and n.text in ("log", "ln") for n in walk(node))


# Divergence and entropy -------------------------------------------------------------------------------------------


def _distribution_vector(elab: Elaborator, node: Node) -> Tensor | None:
    """A distribution over a finite set as a vector: `Q(o|c)`, `q` (that an outcome variable follows), a vector."""
    items = items_of(node)
    found = distribution_at(elab, items, 0) if len(items) == 2 else None
    if found is not None:
        return outcome_tensor(elab, found) if any(s.outcome for s in found.left) else None
    key = canonical(node)
    for variable, law in elab.scope.laws.items():
        if variable in elab.scope.indices and key is not None and law.split("(")[0] == key:
            return outcome_tensor(elab, law_of(elab, variable))
    if key is not None and elab.declaration(key) is None and not elab.knows(node):
        return None
    tensor = algebra.as_column(elab.session.settle(elab.tensor(node)))
    return tensor if len(tensor.axes) == 1 else None


def divergence(elab: Elaborator, body: Node, below: Node | None, span: Span) -> Tensor:
    """`D_{KL}(p \\| q)`: `\\sum_i p_i \\log(p_i / q_i)`; of normal laws in closed form."""
    if isinstance(body, Bar) and body.kind == "||":
        sides = (body.left, body.right)
    elif isinstance(body, Listing) and len(body.items) == 2:
        sides = (body.items[0], body.items[1])
    else:
        elab.error("unreadable", "a divergence is between two distributions: D_{KL}(q \\| p)", span)
    normals = [_normal_parameters(elab, side) for side in sides]
    if normals[0] is not None and normals[1] is not None:
        return _normal_divergence(elab, normals[0], normals[1])
    vectors = [_distribution_vector(elab, side) for side in sides]
    p, q = vectors
    if p is None or q is None:
        elab.error("unsupported", "a divergence of distributions that are not given", span)
    if p.shape != q.shape:
        elab.mismatch("a divergence between distributions over different sets", p.shape, q.shape, span)
    index = p.axes[0]
    a, b = p.body, q.at([Var(index)])
    ratio = Function("log", (Mul((a, Power(b, MINUS_ONE))),))
    bound = fresh(index.name, index.dim)
    return scalar(axis_sum(bound, substitute(Mul((a, ratio)), {index: Var(bound)})))


def _cross_entropy(elab: Elaborator, p: Tensor, q: Tensor) -> Tensor:
    if p.shape != q.shape:
        elab.mismatch("a cross-entropy of distributions over different sets", p.shape, q.shape, None)
    index = fresh("i", p.axes[0].dim)
    term = Mul((p.at([Var(index)]), Function("log", (q.at([Var(index)]),))))
    return scalar(_in_base(elab, Mul((MINUS_ONE, axis_sum(index, term)))))


def _in_base(elab: Elaborator, nats: Term) -> Term:
    """An entropy in the base that is said; without one it is in nats, and may be meant in bits."""
    said = elab.options.log_base or elab.scope.log_base
    base = said if said is not None and said.isdigit() else ""
    if not base and said is None and takes(elab, "logarithm to base 2"):
        base = "2"
    return mul(nats, Power(Function("log", (number(int(base)),)), MINUS_ONE)) if base else nats


def _entropy_of_law(elab: Elaborator, node: Node) -> Term | None:
    """The entropy of a random name: of a finite law `-\\sum w \\log w`, of a uniform one the logarithm of its length,
    of a normal one `(n \\log(2 \\pi e) + \\log \\det S) / 2`."""
    declaration = elab.declaration(canonical(node) or "")
    law = declaration.law if declaration is not None and not declaration.family else None
    if declaration is None or law is None:
        return None
    if law.kind == "finite" and not declaration.shape:
        return neg(add(*(mul(w, Function("log", (w,))) for w in law.weights)))
    if law.kind == "uniform" and not declaration.shape and law.low is not None and law.high is not None:
        return Function("log", (sub(law.high, law.low),))
    if law.kind != "normal" or law.covariance is None:
        return None
    one = Function("log", (mul(TWO, Constant("pi"), Constant("e")),))
    if not declaration.shape:
        return mul(HALF, add(one, Function("log", (law.covariance.body,))))
    spread = Function("log", (algebra.det(law.covariance).body,))
    return mul(HALF, add(mul(size(declaration.shape[0]), one), spread))


def entropy(elab: Elaborator, body: Node, below: Node | None, span: Span) -> Tensor:
    own = _entropy_of_law(elab, body)
    if own is not None:
        return scalar(_in_base(elab, own))
    vector = _distribution_vector(elab, body)
    if vector is None:
        elab.error("unsupported", "the entropy of something that is not a distribution", span)
    return _cross_entropy(elab, vector, vector)


def _normal_parameters(elab: Elaborator, node: Node) -> Normal | None:
    """Mean and covariance of `\\mathcal{N}(m, S)`, or of a symbol with a normal law."""
    items = items_of(node)
    head = (canonical(items[0][1]) or "") if items else ""
    if len(items) == 2 and head in ("\\mathcal{N}", "N", "\\mathcal N") and isinstance(items[1][1], Group):
        inside = items[1][1].body
        if isinstance(inside, Listing) and len(inside.items) == 2:
            mean, spread = (elab.session.settle(elab.tensor(n)) for n in inside.items)
            shape = mean.shape if mean.axes else spread.shape[:1]
            return spread_out(elab, mean, shape), covariance_of(elab, spread, shape)
    declaration = elab.declaration(canonical(node) or "")
    law = declaration.law if declaration is not None and not declaration.family else None
    if law is not None and law.kind == "normal" and law.mean is not None and law.covariance is not None:
        return law.mean, law.covariance
    return None


def _normal_divergence(elab: Elaborator, first: Normal, second: Normal) -> Tensor:
    """KL of N(a, A) from N(b, B): half of tr(B^-1 A) + (b - a)^T B^-1 (b - a) - n + log(det B / det A)."""
    (a, spread_a), (b, spread_b) = _agreed(elab, first, second)
    gap = algebra.subtract(b, a)
    inverse = algebra.inverse(spread_b)
    if not a.axes:
        parts = [
            algebra.divide(spread_a, spread_b),
            algebra.divide(algebra.power(gap, scalar(TWO)), spread_b),
            scalar(MINUS_ONE),
            algebra.apply_function("log", algebra.divide(spread_b, spread_a)),
        ]
    else:
        dim = a.shape[0]
        parts = [
            algebra.trace(algebra.matmul(inverse, spread_a)),
            algebra.matmul(algebra.matmul(algebra.transpose(gap), inverse), gap),
            scalar(Mul((MINUS_ONE, size(dim)))),
            algebra.apply_function("log", algebra.divide(algebra.det(spread_b), algebra.det(spread_a))),
        ]
    return algebra.scale(scalar(HALF), algebra.add(*parts))


def _agreed(elab: Elaborator, first: Normal, second: Normal) -> list[Normal]:
    """Both laws in one dimension: `\\mathcal{N}(0, I)` takes that of the other."""
    (a, spread_a), (b, spread_b) = first, second
    shape = a.shape or b.shape
    for tensor in (a, b):
        for have, need in zip(tensor.shape, shape, strict=False):
            elab.session.unify(have, need)
    shape = tuple(elab.session.solved(d) for d in shape)
    made = []
    for mean, spread in ((a, spread_a), (b, spread_b)):
        made.append((spread_out(elab, mean, shape), covariance_of(elab, spread, shape)))
    return made


