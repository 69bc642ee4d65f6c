"""Laws and independence in the givens: `x \\sim \\mathcal{N}(m, S)`, `z \\sim q(\\cdot \\mid x)`, `q \\perp k`,
`P(d_i = 0) = p`, `\\mathbb{E}[x] = m`, `\\operatorname{Cov}(x) = S`.

Each row of GIVENS looks at one line and gives the scope after it, or None where it says nothing of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from derivcheck.language.givens.assumptions import assumed
from derivcheck.language.givens.named_laws import KINDS, covariance_of, required, spread_out
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Relation,
    Scripted,
    Words,
)
from derivcheck.language.probability.distributions import (
    HEADS,
    Distribution,
    declared,
    distribution_at,
    mentioned,
    outcome_named,
    undefined,
)
from derivcheck.language.probability.unknown_laws import CUSTOMARY
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO, add, sub
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Declaration, Definition, Domain, Law
from derivcheck.terms.node import Entry, Index, Number, fresh
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item
    from derivcheck.language.givens.table import Line

def items_of(node: Node) -> tuple[Item, ...]:
    return node.items if isinstance(node, Product) else (("", node),)


# x ~ law ----------------------------------------------------------------------------------------------------------


def law_row(line: Line) -> Scope | None:
    """`q, k \\sim N(m, S)`, `z \\sim q(\\cdot | x)`."""
    node = line.node
    if node.relations != ("\\sim",):
        return None
    scope = line.scope
    right = _without_words(node.operands[1])
    for name in (*line.piece.names, node.operands[0]):
        scope = _with_law(replace(line.elab(), scope=scope), name, right)
    return scope


def _without_words(node: Node) -> Node:
    """A law without what is said after it (`\\text{i.i.d.}`, `\\text{for } i = 1, \\dots, n`)."""
    items = items_of(node)
    cut = next((k for k, (_, item) in enumerate(items) if isinstance(item, Words)), None)
    if not cut:
        return node
    return items[0][1] if cut == 1 else Product(span=node.span, items=tuple(items[:cut]))


def _with_law(elab: Elaborator, name: Node, right: Node) -> Scope:
    items = items_of(right)
    key = _plain_name(elab, name)
    if key is None:
        elab.error("unreadable", "a name is expected before its law", name.span)
    outcome = outcome_named(elab, key)
    if outcome is not None:
        return _outcome_law(elab, outcome[0], right)
    declaration = elab.declaration(key)
    inner = elab if declaration is None else _inside_family(elab, declaration, name)
    head = items[0][1]
    if isinstance(head, Grid):
        return _with_values(elab, declaration or Declaration(key, latex=key), inner, head)
    required_here: list[Claim] = []
    if isinstance(head, Scripted) and head.sub is not None and len(items) == 1:  # `\\chi^2_k`
        head, nodes = replace(head, sub=None), (head.sub,)
    else:
        group = items[1][1] if len(items) == 2 else None
        body = group.body if isinstance(group, Group) else None
        nodes = body.items if isinstance(body, Listing) else () if body is None else (body,)
    kind = KINDS.get(_head_text(head))
    if kind is not None and nodes:
        arguments = [inner.session.settle(inner.tensor(n)) for n in nodes]
        shape = declaration.shape if declaration is not None else _shape_of(arguments)
        law = kind(inner, arguments, shape)
        required_here = required(_head_text(head), arguments, elab.scope.model)
    else:
        declare_named(elab, items)
        law, shape = Law("unknown"), () if declaration is None else declaration.shape
    made = declaration if declaration is not None else Declaration(key, shape, latex=key)
    domain = Domain("finite", values=law.values) if law.kind == "finite" and made.domain.kind == "real" else made.domain
    named = {**elab.scope.laws, key: canonical(right) or ""}
    scope = replace(elab.scope.declare(replace(made, law=law, domain=domain)), laws=named)
    for claim in required_here:
        scope = assumed(scope, claim)
    return _with_covariance(scope, law.covariance)


def _with_values(elab: Elaborator, declaration: Declaration, inner: Elaborator, table: Grid) -> Scope:
    """`X = 1 with probability p, 0 otherwise`: the values and their weights, each between 0 and 1."""
    values = tuple(inner.scalar(row[0]) for row in table.rows)
    weights = tuple(inner.scalar(row[1]) for row in table.rows if not isinstance(row[1], Words))
    weights += (sub(ONE, add(*weights)),) if len(weights) < len(values) else ()
    if declaration.shape or len(set(values)) < len(values):
        elab.error("unsupported", "a law by its values is that of a number, each value once", table.span)
    law = Law("finite", values=values, weights=weights)
    scope = elab.scope.declare(replace(declaration, law=law, domain=Domain("finite", values=values)))
    for weight in weights if not any(w.free for w in weights) else ():
        if weight.symbols:
            scope = assumed(scope, Claim(scalar(weight), ">=", scalar(ZERO)))
    return replace(scope, laws={**scope.laws, declaration.name: "a table of values"})


def _with_covariance(scope: Scope, covariance: Tensor | None) -> Scope:
    """A free name that a given states to be a covariance is symmetric and positive semidefinite, a variance not
    negative, whether a line says so or not."""
    if covariance is None or not isinstance(covariance.body, Entry) or covariance.body.free - set(covariance.axes):
        return scope
    declaration = scope.model.declarations.get(covariance.body.symbol)
    if declaration is None or declaration.definitions:
        return scope
    relation = "succeq" if covariance.axes else ">="
    return assumed(scope, Claim(covariance, relation, algebra.zeros(*covariance.shape)))


def _plain_name(elab: Elaborator, node: Node) -> str | None:
    """The declared name, also of a family written with its index (`x_i`)."""
    key = canonical(node)
    if key is not None and (elab.declaration(key) is not None or outcome_named(elab, key)):
        return key
    if isinstance(node, Scripted) and node.sub is not None:
        base = canonical(Scripted(span=node.span, base=node.base, primes=node.primes) if node.primes else node.base)
        declaration = None if base is None else elab.declaration(base)
        if declaration is not None and (declaration.family or declaration.shape):
            return base
    return key


def _inside_family(elab: Elaborator, declaration: Declaration, node: Node) -> Elaborator:
    """A reader in which the index written on a family is the family's own."""
    if not declaration.family or not isinstance(node, Scripted) or node.sub is None:
        return elab
    parts = node.sub.items if isinstance(node.sub, Listing) else (node.sub,)
    names = [canonical(p) for p in parts]
    bound = {n: f.index for n, f in zip(names, declaration.family, strict=False) if n is not None}
    return elab.with_indices(bound)


def _outcome_law(elab: Elaborator, key: str, right: Node) -> Scope:
    """`z \\sim q`, `o \\sim Q(\\cdot | c)`: the distribution is declared over the outcome variable."""
    declaration = declared(elab, outcome_distribution(elab, key, right), given=True)
    scope = replace(elab.scope, laws={**elab.scope.laws, key: declaration.name})
    for made in (declaration, *elab.session.declared.values()):
        scope = scope.declare(made)
    return scope


def outcome_distribution(elab: Elaborator, key: str, right: Node) -> Distribution:
    """The distribution on the right of `\\sim` with the outcome variable in its slot."""
    items = items_of(right)
    slot = Name(span=right.span, text=key)
    head = items[0][1]
    if len(items) == 1:
        group: Node = Group(span=right.span, open="(", close=")", body=slot)
    else:
        group = _with_dot(items[1][1], slot)
    found = distribution_at(elab, (("", head), ("", group)), 0)
    if found is None:
        elab.error("unreadable", "a distribution is expected after \\sim", right.span)
    return found


def _with_dot(node: Node, slot: Node) -> Node:
    """`(\\cdot | c)` with the outcome variable in place of the dot."""
    from dataclasses import fields

    from derivcheck.language.parsing.syntax import Symbol

    if isinstance(node, Symbol) and node.text == "\\cdot":
        return slot
    changes = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            changes[field.name] = _with_dot(value, slot)
        elif isinstance(value, tuple) and any(isinstance(v, Node) for v in value):
            changes[field.name] = tuple(_with_dot(v, slot) if isinstance(v, Node) else v for v in value)
    return replace(node, **changes) if changes else node


def declare_named(elab: Elaborator, items: Sequence[Item]) -> None:
    """A law that is only a name (`z \\sim q`): nothing more is known of it."""
    head = canonical(items[0][1])
    if head is None:
        elab.error("unreadable", "a law is expected after \\sim", items[0][1].span)


def law_of(elab: Elaborator, variable: str) -> Distribution:
    """The distribution that an outcome variable was said to follow."""
    from derivcheck.language.parsing.parser import parse

    items = items_of(parse(elab.scope.laws[variable]).node)
    found = distribution_at(elab, items, 0)
    if found is None:
        elab.error("unsupported", f"the law of {variable} has no meaning here", None)
    return found


def _head_text(node: Node) -> str:
    text = canonical(node) or ""
    return text.removeprefix("\\mathcal{").removesuffix("}").strip()


def _shape_of(arguments: Sequence[Tensor]) -> Shape:
    """The shape of a random symbol that nothing declares: that of its mean, or of the rows of its covariance."""
    for tensor in arguments:
        if tensor.axes:
            return tensor.shape[:1]
    return ()


# Independence -----------------------------------------------------------------------------------------------------


def independence_row(line: Line) -> Scope | None:
    """`q \\perp k` of symbols with a law."""
    node = line.node
    if set(node.relations) != {"\\perp"}:
        return None
    elab = line.elab()
    operands = [n for o in node.operands for n in (o.items if isinstance(o, Listing) else (o,))]
    names = [_plain_name(elab, n) for n in (*line.piece.names, *operands)]
    return independent(line.scope, [n for n in names if n is not None])


def independent(scope: Scope, names: Sequence[str]) -> Scope:
    """All of these random symbols independent of each other."""
    pairs = {frozenset(pair) for pair in combinations(dict.fromkeys(names), 2)}
    return replace(scope, model=replace(scope.model, independent=scope.model.independent | pairs))


# Moments ----------------------------------------------------------------------------------------------------------


def moment_row(line: Line) -> Scope | None:
    """`E[x] = m`, `Cov(x) = S`, `Var(x) = s` of a declared symbol that has no law yet: its moments alone."""
    node, elab = line.node, line.elab()
    if node.relations != ("=",):
        return None
    items = items_of(node.operands[0])
    if len(items) != 2 or not isinstance(items[0][1], Func) or not isinstance(items[1][1], Group):
        return None
    operator, inside = items[0][1].text, items[1][1].body
    if operator not in ("E", "Var", "Cov") or isinstance(inside, Listing):
        return None
    key = _plain_name(elab, inside) if isinstance(inside, Name | Scripted | Accent) else None
    declaration = None if key is None else elab.declaration(key) or _new_random(elab, inside, key)
    if declaration is None or declaration.definitions or len(declaration.shape) > 1:
        return None
    elab = _with_new_moment(elab, node.operands[1], declaration)
    law = declaration.law or Law("moments")
    if law.kind != "moments":
        return None
    value = _inside_family(elab, declaration, inside).tensor(node.operands[1])
    if operator == "E":
        law = replace(law, mean=spread_out(elab, value, declaration.shape))
    else:
        law = replace(law, covariance=covariance_of(elab, value, declaration.shape))
    return _with_covariance(elab.scope.declare(replace(declaration, law=law)), law.covariance)


def _new_random(elab: Elaborator, node: Node, key: str) -> Declaration | None:
    """`E[X] = \\mu` of a capital letter that nothing introduces: a random number."""
    new = isinstance(node, Name) and CUSTOMARY.fullmatch(key) and key.isupper() and not elab.knows(node)
    return Declaration(key, latex=key) if new else None


def _with_new_moment(elab: Elaborator, node: Node, declaration: Declaration) -> Elaborator:
    """The reader in which \\mu of `E[X] = \\mu`, \\sigma of `Var(X) = \\sigma^2` are numbers, if nothing says what."""
    base = node.base if isinstance(node, Scripted) and node.sub is None and canonical(node.sup or node) == "2" else node
    if not isinstance(base, Name) or elab.knows(base) or declaration.shape or declaration.family:
        return elab
    key = canonical(base) or ""
    return replace(elab, scope=elab.scope.declare(Declaration(key, latex=key)))


# Events -----------------------------------------------------------------------------------------------------------


def event_row(line: Line) -> Scope | None:
    """`P(d_i = 0) = p`: the law of a symbol with two values; `P(X = i, Y = j) = A_{ij}`: a table of a distribution."""
    node, elab = line.node, line.elab()
    if node.relations != ("=",):
        return None
    event = _event_parts(node.operands[0])
    if event is None:
        return None
    if len(event) == 1:
        key = _plain_name(elab, event[0].operands[0])
        declaration = None if key is None else elab.declaration(key)
        if declaration is not None and not declaration.definitions:
            return _two_valued(elab, declaration, event[0], node.operands[1])
    labels = [canonical(e.operands[0]) for e in event]
    if any(label is None or elab.declaration(label) is not None for label in labels):
        return None
    return elab.scope  # a table of undeclared labels: the table itself is what lines speak of


def _event_parts(node: Node) -> list[Relation] | None:
    items = items_of(node)
    if len(items) != 2 or not isinstance(items[1][1], Group):
        return None
    head = items[0][1]
    if not (isinstance(head, Func) and head.text == "Pr") and canonical(head) not in HEADS:
        return None
    body = items[1][1].body
    parts = list(body.items) if isinstance(body, Listing) else [body]
    relations = [p for p in parts if isinstance(p, Relation) and p.relations == ("=",)]
    return relations if len(relations) == len(parts) else None


def _two_valued(elab: Elaborator, declaration: Declaration, event: Relation, right: Node) -> Scope:
    """The weights so far with this one; of two values the other gets the rest."""
    value = elab.scalar(event.operands[1])
    weight = elab.scalar(right)
    values = declaration.domain.values
    law = declaration.law if declaration.law is not None and declaration.law.kind == "finite" else None
    if not values and isinstance(value, Number):
        values = (ZERO, ONE)
    if value not in values:
        elab.error("unreadable", "this value is not in the set that was declared", event.span)
    known = dict(zip(law.values, law.weights, strict=True)) if law is not None else {}
    known[value] = weight
    if len(values) == 2:
        (other,) = (v for v in values if v != value)
        known.setdefault(other, sub(ONE, weight))
    elif set(known) != set(values):
        elab.error("unsupported", "a law of more than two values that are not all given", event.span)
    weights = tuple(known[v] for v in values)
    domain = replace(declaration.domain, kind="finite", values=values)
    made = Law("finite", values=values, weights=weights)
    return elab.scope.declare(replace(declaration, law=made, domain=domain))


# Distributions by an equation -------------------------------------------------------------------------------------


def distribution_row(line: Line) -> Scope | None:
    """`P(o | c) = \\frac{P(c | o) P(o)}{P(c)}`: a distribution that is computed from others."""
    node, elab = line.node, line.elab()
    if node.relations[0] not in ("=", ":=") or len(node.operands) != 2 or line.piece.names:
        return None
    items = items_of(node.operands[0])
    found = distribution_at(elab, items, 0) if len(items) == 2 else None
    if found is None or any(canonical(s.position) != s.name for s in found.outcomes if s.position is not None):
        return None
    known = elab.declaration(found.name)
    if known is not None and any(d.where is None for d in known.definitions):
        return None
    params = {s.name: Index(fresh(s.name).name, s.outcome.index.dim) for s in found.outcomes if s.outcome is not None}
    reader = elab.with_indices(params)
    body = reader.session.settle(reader.tensor(node.operands[1]))
    if body.axes or body.body.free - set(params.values()) or found.name in body.body.symbols:
        return None
    made = replace(
        known or undefined(found),
        definitions=(Definition(tuple(params[s.name] for s in found.outcomes), body.body),),
    )
    scope = elab.scope
    for name, declaration in elab.session.declared.items():
        scope = scope if name == made.name else scope.declare(declaration)
    return scope.declare(made)


def introducing_row(line: Line) -> Scope | None:
    """Distributions that a given line mentions are introduced by it; then the line is read."""
    from derivcheck.language.givens.table import rows

    elab = line.elab()
    for found in mentioned(elab, line.node):
        declared(elab, found, given=True)
    new = [d for d in elab.session.declared.values() if line.scope.model.declarations.get(d.name) is not d]
    if not new:
        return None
    scope = line.scope
    for declaration in new:
        scope = scope.declare(declaration)
    readings = (row(replace(line, scope=scope)) for row in rows() if row is not introducing_row)
    return next((found for found in readings if found is not None), None)


GIVENS = (introducing_row, law_row, independence_row, moment_row, event_row, distribution_row)
