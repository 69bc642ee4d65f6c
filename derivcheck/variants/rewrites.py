"""Meaning-preserving rewrites of a right line, in the style of students: terms reordered, brackets multiplied out,
dummies renamed, powers and inner products written out, other notation, sides exchanged, a step in between. Each is
right by construction; what a rule cannot be sure of, it leaves alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from derivcheck.checking.blame.around import _is_derivative, is_operator
from derivcheck.checking.blame.edits import Around, Variant, factor, is_transpose, product, scripted, sites, top
from derivcheck.checking.blame.products import units
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import (
    BigOp,
    Empty,
    Frac,
    Func,
    Group,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
    Sqrt,
    Sum,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim
from derivcheck.variants.mutants import Changed, changed, spread
from derivcheck.variants.notations import OPERATORS, by_entries

_NOWHERE = Span(0, 0)
_DUMMIES = "qrsuvw"
_TWICE = 6  # rewrites that are rewritten once more, and in how many ways
_FLIPPED = {"=": "=", "<=": ">=", ">=": "<=", "<": ">", ">": "<", "!=": "!="}
_PLAIN = ("", "\\cdot")


def _group(node: Node) -> Node:
    return Group("(", ")", node, span=_NOWHERE)


def _shape(node: Node, around: Around) -> Shape | None:
    """The shape of a declared name without indices (transposed or not: None there for a vector's row)."""
    if not isinstance(node, Name):
        return None
    declaration = around.scope.declaration(canonical(node) or "")
    return declaration.shape if declaration is not None and not declaration.family else None


def _is_scalar(node: Node, around: Around) -> bool:
    if isinstance(node, Num):
        return True
    declaration = around.scope.declaration(canonical(node) or "")
    return isinstance(node, Name) and declaration is not None and not declaration.shape and not declaration.family


def terms_turned(node: Node, around: Around) -> Iterator[Variant]:
    """The last term first."""
    if isinstance(node, Sum) and len(node.items) > 1 and all(s in "+-" for s, _ in node.items):
        if isinstance(node.items[-1][1], Sum) or any(_open_ended(item) for _, item in node.items):
            return
        yield Variant(replace(node, items=(node.items[-1], *node.items[:-1])), node.span, "terms reordered")


def _open_ended(node: Node) -> bool:
    """Whether something in a term reaches as far as it can, or the term is no plain value."""
    last = node.items[-1][1] if isinstance(node, Product) else node
    return isinstance(last, BigOp | Func) or id(node) == 0


def multiplied_out(node: Node, around: Around) -> Iterator[Variant]:
    """k (a + b) as k a + k b, for any plain product."""
    if not isinstance(node, Product) or any(op not in _PLAIN for op, _ in node.items):
        return
    if any(is_operator(item) or isinstance(item, Func) for _, item in node.items) or _has_differential(node):
        return
    for a, b in units(node.items, around.scope):
        item = node.items[a][1]
        if b - a != 1 or not isinstance(item, Group) or item.open != "(" or not isinstance(item.body, Sum):
            continue
        body = item.body
        if len(body.items) < 2 or any(sign not in "+-" or _reaches(term) for sign, term in body.items):
            continue
        parts = []
        for sign, term in body.items:
            mixed = isinstance(term, Product) and any(op not in _PLAIN for op, _ in term.items)
            inner = factor(term) if isinstance(term, Sum) else _group(term) if mixed else term
            parts.append((sign, product([*node.items[:a], ("", inner), *node.items[b:]], node.span)))
        yield Variant(_group(Sum(tuple(parts), span=node.span)), node.span, "multiplied out")


def _reaches(node: Node) -> bool:
    """Whether a term holds something whose reach would change beside another factor."""
    return any(isinstance(n, BigOp | Func) for n in walk(node)) or _has_differential(node)


def _has_differential(node: Node) -> bool:
    return any(
        (isinstance(n, Frac) and _is_derivative(n)) or canonical(n) in ("\\partial", "\\nabla", "d")
        for n in walk(node)
    )


def scalars_moved(node: Node, around: Around) -> Iterator[Variant]:
    """A number or declared scalar moved to the front of its product."""
    if not isinstance(node, Product) or any(op not in _PLAIN for op, _ in node.items) or _has_differential(node):
        return
    if any(isinstance(item, BigOp | Func) or _core_is_operator(item) for _, item in node.items):
        return
    for a, b in units(node.items, around.scope):
        if a and b - a == 1 and isinstance(node.items[a][1], Name) and _is_scalar(node.items[a][1], around):
            moved = [("", node.items[a][1]), *node.items[:a], *node.items[b:]]
            yield Variant(product(moved, node.span), node.span, "scalar moved")


def _core_is_operator(node: Node) -> bool:
    inner = node.base if isinstance(node, Scripted) else node
    return is_operator(inner) or isinstance(inner, Func)


def transposed_twice(node: Node, around: Around) -> Iterator[Variant]:
    """A B as (B^T A^T)^T, for declared vectors and matrices."""
    if not isinstance(node, Product) or len(node.items) > 4 or any(op not in _PLAIN for op, _ in node.items):
        return
    bases = [scripted(i, None) if isinstance(i, Scripted) and is_transpose(i.sup) else i for _, i in node.items]
    shapes = [_shape(base, around) for base in bases]
    if any(not s for s in shapes) or not any(s and len(s) == 2 for s in shapes):
        return
    turned = []
    for (_, item), base in zip(reversed(node.items), reversed(bases), strict=True):
        turned.append(("", base if base is not item else scripted(base, top())))
    yield Variant(scripted(_group(product(turned, node.span)), top()), node.span, "transposed twice")


def powers_written_out(node: Node, around: Around) -> Iterator[Variant]:
    """x^2 as x x (of a vector entrywise)."""
    if not isinstance(node, Scripted) or node.sub is not None or node.primes or not isinstance(node.sup, Num):
        return
    if node.sup.text not in ("2", "3") or not isinstance(node.base, Name) or id(node) in around.bound:
        return
    declaration = around.scope.declaration(canonical(node.base) or "")
    if declaration is None or declaration.family or canonical(node) in around.scope.names:
        return
    op = "\\odot" if len(declaration.shape) == 1 else ""
    if len(declaration.shape) == 2 and declaration.shape[0] != declaration.shape[1]:
        return
    items = [("" if k == 0 else op, node.base) for k in range(int(node.sup.text))]
    yield Variant(_group(Product(tuple(items), span=node.span)), node.span, "power written out")


def roots_as_powers(node: Node, around: Around) -> Iterator[Variant]:
    if isinstance(node, Sqrt) and node.degree is None:
        half = Frac(Num("1", span=_NOWHERE), Num("2", span=_NOWHERE), span=_NOWHERE)
        yield Variant(Scripted(_group(node.body), sup=half, span=node.span), node.span, "root as a power")


def fractions_split(node: Node, around: Around) -> Iterator[Variant]:
    """a / b as (1 / b) (a)."""
    if not isinstance(node, Frac) or _has_differential(node) or isinstance(node.num, Num) or is_operator(node):
        return
    one = Frac(Num("1", span=_NOWHERE), node.den, span=node.span)
    yield Variant(_group(product([("", one), ("", _group(node.num))], node.span)), node.span, "fraction split")


def inner_products_as_sums(node: Node, around: Around) -> Iterator[Variant]:
    """x^T y as a sum over the entries."""
    if not isinstance(node, Product) or any(op not in _PLAIN for op, _ in node.items):
        return
    for k in range(len(node.items) - 1):
        first, second = node.items[k][1], node.items[k + 1][1]
        if not isinstance(first, Scripted) or not is_transpose(first.sup) or first.sub is not None:
            continue
        shapes = [_shape(first.base, around), _shape(second, around)]
        if shapes[0] is None or shapes[0] != shapes[1] or len(shapes[0]) != 1 or k + 2 != len(node.items) or k:
            continue
        letter = _unused(around)
        if letter is None:
            continue
        big = BigOp("\\sum", sub=letter, span=_NOWHERE)
        entries = [Scripted(x, sub=letter, span=_NOWHERE) for x in (first.base, second)]
        written = _group(Product((("", big), ("", entries[0]), ("", entries[1])), span=_NOWHERE))
        yield Variant(product([*node.items[:k], ("", written)], node.span), node.span, "inner product as a sum")


def squared_norms(node: Node, around: Around) -> Iterator[Variant]:
    """||x||^2 as x^T x."""
    if not isinstance(node, Scripted) or not isinstance(node.base, Group) or node.base.open != "‖":
        return
    shape = _shape(node.base.body, around)
    if shape is None or len(shape) != 1 or not isinstance(node.sup, Num) or node.sup.text != "2":
        return
    if node.sub is not None and canonical(node.sub) != "2":
        return
    x = node.base.body
    yield Variant(_group(Product((("", scripted(x, top())), ("", x)), span=_NOWHERE)), node.span, "norm as a product")


def dummies_renamed(node: Node, around: Around) -> Iterator[Variant]:
    """The index of a sum by another letter, in the product that the sum begins."""
    if not isinstance(node, Product) or not isinstance(node.items[0][1], BigOp):
        return
    big = node.items[0][1]
    name = big.sub.operands[0] if isinstance(big.sub, Relation) else big.sub
    letter = _unused(around)
    if big.text not in ("\\sum", "\\prod") or not isinstance(name, Name) or letter is None:
        return
    total = sum(1 for root in (around.root, around.left) for n in walk(root) if canonical(n) == canonical(name))
    inside = sum(1 for n in walk(node) if canonical(n) == canonical(name))
    if total != inside or name.text in around.scope.names:
        return
    yield Variant(_renamed(node, name.text, letter), node.span, "dummy renamed")


def _renamed(node: Node, old: str, new: Name) -> Node:
    made = node
    for place, put in sites(node):
        if isinstance(place, Name) and place.text == old:
            made = put(new)
            return _renamed(made, old, new)
    return made


def _unused(around: Around) -> Name | None:
    used = {n.text for root in (around.root, around.left) for n in walk(root) if isinstance(n, Name)}
    known = around.scope.names
    free = [x for x in _DUMMIES if x not in used and not any(re.match(rf"{x}(_|\^|'|$)", k) for k in known)]
    return Name(free[0], span=_NOWHERE) if free else None


def negated_twice(node: Node, around: Around) -> Iterator[Variant]:
    if node is around.root and not isinstance(node, Relation | Empty) and not _open_ended(node):
        inner = Sum((("-", node if not isinstance(node, Sum) else _group(node)),), span=_NOWHERE)
        yield Variant(Sum((("-", _group(inner)),), span=node.span), node.span, "negated twice")


RULES = (
    terms_turned, multiplied_out, scalars_moved, transposed_twice, powers_written_out, roots_as_powers,
    fractions_split, inner_products_as_sums, squared_norms, dummies_renamed, negated_twice, *OPERATORS,
)  # fmt: skip

_NOTATIONS = (
    ("^\\top", "^T"), ("^\\top", "^{\\intercal}"), ("\\log", "\\ln"), ("\\odot", "\\circ"), ("\\frac", "\\dfrac"),
    ("\\operatorname{tr}", "\\mathrm{tr}"), ("\\operatorname{tr}", "\\text{Tr}"), ("\\cdot", "\\,"),
    ("\\operatorname{diag}", "\\text{Diag}"), ("\\mathbb{E}", "\\operatorname{E}"), (" ", "\\; "), ("=", "&="),
)  # fmt: skip


def rewrites(text: str, scope: Scope, claim: Claim, seed: int | str, count: int) -> list[Changed]:
    """Rewrites of a line of one relation, at most `count`, spread over the kinds."""
    rng = random.Random(f"rewrites {seed}")
    found = {c.text: c for c in changed(text, scope, claim, RULES, rng)}
    for one in spread(list(found.values()), rng, _TWICE):
        for other in spread(list(changed(one.text, scope, claim, RULES, rng)), rng, _TWICE):
            found.setdefault(other.text, Changed(other.text, f"{one.rule}, {other.rule}"))
    for entries in by_entries(text, scope, claim):
        if not parse(entries).findings:
            found.setdefault(entries, Changed(entries, "by entries"))
    whole = show(parse(text).node)
    named = _scripted_names(text, scope)
    kept = [c for c in found.values() if c.rule == "by entries" or named <= _scripted_names(c.text, scope)]
    found = {one.text: one for one in kept}
    for one in (*list(found.values()), Changed(whole, "as shown")):
        for other in (*_of_relation(one.text), *_in_notation(one.text)):
            found.setdefault(other.text, other)
    return spread(list(found.values()), rng, count)


def _scripted_names(text: str, scope: Scope) -> set[str]:
    """The declared names with a script in a line: `h_{i-1}` given as a name is not `h_{-1+i}`."""
    nodes = (n for n in walk(parse(text).node) if isinstance(n, Scripted))
    return {name for n in nodes if (name := canonical(n)) is not None and name in scope.names}


def _of_relation(text: str) -> Iterator[Changed]:
    """Sides exchanged; all on one side; the left side once more, as a step in between."""
    root = parse(text).node
    if not isinstance(root, Relation) or len(root.operands) != 2 or root.relations[0] not in _FLIPPED:
        return
    left, right = root.operands
    relation = root.relations[0]
    yield Changed(show(replace(root, operands=(right, left), relations=(_FLIPPED[relation],))), "sides exchanged")
    if relation != "!=" and not _open_ended(left):
        difference = Sum((("+", _group(left)), ("-", _group(right))), span=_NOWHERE)
        zero = Num("0", span=_NOWHERE)
        yield Changed(show(replace(root, operands=(difference, zero))), "all on one side")
    if relation != "!=":
        second = show(replace(root, operands=(Empty(span=_NOWHERE), right)))
        yield Changed(f"{show(left)} = {show(_group(left))} \\\\ {second}", "a step in between")


def _in_notation(text: str) -> Iterator[Changed]:
    for old, new in _NOTATIONS:
        if re.search(re.escape(old) + r"(?![A-Za-z])", text):
            if new == "&=" and text.count("=") > 1:
                continue
            made = re.sub(re.escape(old) + r"(?![A-Za-z])", lambda _, new=new: new, text)
            made = f"\\begin{{aligned}} {made} \\end{{aligned}}" if new == "&=" else made
            if made != text:
                yield Changed(made, f"notation {new.strip()}")
