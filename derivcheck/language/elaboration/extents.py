"""How far an operator without brackets reaches over the terms of a sum: `\\int x + 1 \\, dx`, `\\sum_i a_i - b_i`,
`\\frac{d}{dx} x^2 + x`. Each is answered by writing the brackets in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from derivcheck.kept import Kept
from derivcheck.language.derivatives.parts import items_of, of_fraction
from derivcheck.language.elaboration.products import core, is_bracket
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    BigOp,
    Frac,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sum,
)
from derivcheck.language.parsing.trees import children, walk
from derivcheck.record import replace

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator


def extended(elab: Elaborator, node: Sum) -> Sum:
    """The sum with brackets around what its operators take of several terms."""
    return _sums_that_bind(elab, _operators(elab, _extrema(integrals_closed(node))))


def is_d(node: Node) -> bool:
    """The d of a differential."""
    return isinstance(node, Name) and node.text in ("d", "\\mathrm{d}", "\\differential") and node.style in ("", "word")


def integrated(nodes: Iterable[Node]) -> frozenset[str]:
    """The variables of the integrals in some trees."""
    found = [_INTEGRATED.of(node, (), lambda node=node: _integrated_in(node)) for node in nodes]
    return found[0] if len(found) == 1 else frozenset[str]().union(*found)


_INTEGRATED: Kept[frozenset[str]] = Kept(256)


def _integrated_in(node: Node) -> frozenset[str]:
    parts = list(walk(node))
    if not any(isinstance(p, BigOp) and p.text == "int" for p in parts):
        return frozenset()
    pairs = (pair for p in parts if isinstance(p, Product) for pair in itertools.pairwise(p.items))
    return frozenset(key for (_, d), (_, v) in pairs if is_d(d) and (key := canonical(v)) is not None)


def _taking(node: Sum, k: int, j: int, end: int, tail: tuple[tuple[str, Node], ...] = ()) -> Sum:
    """The sum in which the operator that is factor j of term k takes all terms before `end`, in brackets; `tail`:
    factors after the bracket."""
    sign, item = node.items[k]
    factors = items_of(item)
    first = factors[j + 1 :]
    own = first[0][1] if len(first) == 1 else Product(span=item.span, items=(("", first[0][1]), *first[1:]))
    inside = Sum(span=node.span, items=(("+", own), *node.items[k + 1 : end]))
    group = Group(span=node.span, open="(", close=")", body=inside)
    whole = Product(span=item.span, items=(*factors[: j + 1], ("", group), *tail))
    return replace(node, items=(*node.items[:k], (sign, whole), *node.items[end:]))


def integrals_closed(node: Sum) -> Sum:
    """`\\int x + 1 \\, dx`: an integral reaches to its differential."""
    for k, (_, item) in enumerate(node.items):
        factors = items_of(item)
        for j, (_, factor) in enumerate(factors[:-1]):
            big = core(factor)
            if not isinstance(big, BigOp) or big.text != "int" or _differential(factors[j:]) is not None:
                continue
            for n in range(k + 1, len(node.items)):
                last = items_of(node.items[n][1])
                at = _differential(last)
                if at is None:
                    continue
                kept = Product(span=node.items[n][1].span, items=last[:at]) if at > 1 else last[0][1]
                shorter = replace(node, items=(*node.items[:n], (node.items[n][0], kept), *node.items[n + 1 :]))
                return _taking(shorter, k, j, n + 1, last[at:]) if at else node
    return node


def _extrema(node: Sum) -> Sum:
    """`\\min_x x^2 - 2x`: an extremum reaches to the last term in its variable."""
    for k, (_, item) in enumerate(node.items[:-1]):
        factors = items_of(item)
        for j, (_, factor) in enumerate(factors[:-1]):
            big = core(factor)
            if not isinstance(big, BigOp) or big.text not in _EXTREMA or big.sub is None:
                continue
            names = {key for part in walk(big.sub) if isinstance(part, Name) and (key := canonical(part)) is not None}
            later = [n for n in range(k + 1, len(node.items)) if any(_mentions(node.items[n][1], x) for x in names)]
            if later:
                return _taking(node, k, j, later[-1] + 1)
    return node


_EXTREMA = frozenset({"min", "max", "inf", "sup", "argmin", "argmax"})


def _differential(factors: tuple[tuple[str, Node], ...]) -> int | None:
    return next((k for k in range(len(factors) - 1) if is_d(factors[k][1])), None)


def _operators(elab: Elaborator, node: Sum) -> Sum:
    """`\\frac{d}{dx} x^2 + x`, `\\sum_i x_i + 1`: an operator takes the product that follows; what is right if it takes
    all that follows is not called wrong."""
    for k, (_, item) in enumerate(node.items[:-1]):
        factors = items_of(item)
        for j, (_, factor) in enumerate(factors[:-1]):
            if _takes_product(factor) and not (j + 2 == len(factors) and is_bracket(factors[j + 1][1])):
                elab.session.ambiguities.add("how far the operator reaches")
                return _taking(node, k, j, len(node.items)) if elab.options.wide_operators else node
    return node


def _takes_product(factor: Node) -> bool:
    big = core(factor)
    if isinstance(big, BigOp):
        return big.text == "sum"
    written = of_fraction(factor) if isinstance(factor, Frac) else None
    return written is not None and not written.numerator


def _sums_that_bind(elab: Elaborator, node: Sum) -> Sum:
    """`\\sum_i a_i - b_i` without brackets, where nothing but the sum says what i is: it reaches to the last term that
    mentions i. What it means is open, so such a line is never refuted."""
    for k, (_, item) in enumerate(node.items):
        factors = items_of(item)
        for j, (_, factor) in enumerate(factors):
            names = _summed(factor) - elab.bound.keys() - elab.scope.names
            later = [
                n
                for n, (_, other) in enumerate(node.items)
                if n > k and any(_mentions(other, name) for name in sorted(names))
            ]
            if not later or j + 1 == len(factors):
                continue
            elab.session.ambiguities.add("how far the sum reaches")
            return _taking(node, k, j, later[-1] + 1)
    return node


def _summed(factor: Node) -> frozenset[str]:
    """i of `\\sum_i` and of `\\sum_{i=1}^n`; i and j of `\\sum_{i,j}`."""
    big = core(factor)
    if not isinstance(big, BigOp) or big.text != "sum" or big.sub is None:
        return frozenset()
    return _bound_by(big.sub)


def _bound_by(below: Node) -> frozenset[str]:
    if isinstance(below, Listing):
        return frozenset[str]().union(*(_bound_by(item) for item in below.items))
    if isinstance(below, Relation):
        return _bound_by(below.operands[0])
    key = canonical(below)
    return frozenset() if key is None or isinstance(below, Num) else frozenset({key})


def _mentions(node: Node, name: str) -> bool:
    """Whether a term has i as a subscript of its own (not below a sum over i)."""
    if isinstance(node, Product) and any(name in _summed(factor) for _, factor in node.items):
        return False
    if isinstance(node, Scripted) and node.primes:  # `k'` is another letter than `k`
        scripts = [script for script in (node.sub, node.sup) if script is not None]
        return canonical(node) == name or any(_mentions(script, name) for script in scripts)
    return canonical(node) == name or any(_mentions(child, name) for child in children(node))
