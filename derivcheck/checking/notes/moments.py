"""Moments said of a value in the sentence that introduces it: `the noise $\\epsilon$ has $\\mathbb{E}[\\epsilon] = 0$
and $\\operatorname{Var}(\\epsilon) = \\sigma^2$` is given, and is no claim."""

from __future__ import annotations

import re

from derivcheck.checking.notes.declarations import Notation, as_given, introduce_parameter, node_as_given, pieces_of
from derivcheck.checking.notes.inferring import guessed
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Func, Group, Name, Node, Product, Relation, Scripted
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.model import Declaration, Law
from derivcheck.terms.node import Entry
from derivcheck.terms.tensor import Tensor, scalar

_MOMENTS = ("E", "Var", "Cov")


def with_moments(text: str, scope: Scope, notation: Notation) -> Scope | None:
    """The scope with the moments that a line gives to free values; None where it says anything else, or what is known
    of them already."""
    node = notation.node(text)
    pieces = list(pieces_of(node)) if node is not None else []
    relations = [p.node for p in pieces if isinstance(p.node, Relation)]
    named = [(single, _of_what(single)) for relation in relations for single in _each(relation)]
    if not named or len(relations) < len(pieces):
        return None
    after = scope
    for relation, found in named:
        if found is None:
            return None
        operator, inside = found
        entered = _entered(inside, after, notation)
        if entered is None:
            return None
        after, name = entered
        declaration = after.model.declarations[name]
        law = declaration.law
        if declaration.definitions or (law is not None and law.kind != "moments"):
            return None
        if law is not None and (_said_mean(law, name) if operator == "E" else law.covariance) is not None:
            return None  # said before: a claim
        place = 0 if operator == "E" else 1
        after = introduce_parameter(relation.operands[1], after, declaration.shape, place)
        made = node_as_given(relation, after, notation)
        if made is None or made.model.declarations[name].law in (None, law):
            return None
        after = made if operator == "E" else _with_mean(made, name)
    return after


def _entered(inside: Name | Scripted, scope: Scope, notation: Notation) -> tuple[Scope, str] | None:
    """The scope in which what an average is taken of is a random number, and its name: of `X_i` that of the family X,
    where i is an index."""
    name = canonical(inside) or ""
    base, index = (canonical(inside.base) or "", inside.sub) if isinstance(inside, Scripted) else (name, None)
    family = scope.model.declarations.get(base)
    if name in scope.model.declarations:
        return scope, name
    if index is None or not isinstance(index, Name) or len(index.text) > 1:
        if name in scope.names or (family is not None and family.family):
            return None  # of one member alone the model knows no law
        return guessed(scope.declare(Declaration(name, latex=name)), [name]), name
    if base not in scope.names:
        member = rf"{base}_{{{index.text}}}"
        after = as_given(rf"{member} \in \mathbb{{R}} \text{{ for }} {index.text} \ge 1", scope, notation)
        return (guessed(after, [base]), base) if after is not None and base in after.model.declarations else None
    return (scope, base) if family is not None and family.family else None


def _with_mean(scope: Scope, name: str) -> Scope:
    """A number with a variance has a mean, although nothing says which."""
    declaration = scope.model.declarations[name]
    law = declaration.law
    if law is None or law.mean is not None or declaration.shape or declaration.family:
        return scope
    mean = _MEAN.format(name)
    scope = scope.declare(Declaration(mean, latex=rf"\mathbb{{E}}[{declaration.latex or name}]"))
    return scope.declare(replace(declaration, law=replace(law, mean=scalar(Entry(mean)))))


_MEAN = "mean of {}"


def _said_mean(law: Law, name: str) -> Tensor | None:
    """The mean that the notes say, not one that only has to be there."""
    hidden = law.mean is not None and law.mean.body == Entry(_MEAN.format(name))
    return None if hidden else law.mean


_CENTRED = re.compile(r"\\mathbb\{E\}\[\(?(?P<name>[^\[\]()]+)\)?\] = 0")


def of_columns(latex: str, scope: Scope) -> str:
    """A property in words as it is meant of a data matrix: that it is centred says that its columns sum to zero."""
    found = _CENTRED.fullmatch(latex)
    declaration = scope.model.declarations.get(found["name"]) if found else None
    if found is None or declaration is None or declaration.law is not None or len(declaration.shape) != 2:
        return latex
    return rf"\mathbf{{1}}^\top {found['name']} = 0"


def _each(relation: Relation) -> list[Relation]:
    """`\\operatorname{Var}(X) = \\operatorname{Var}(Y) = \\sigma^2` as what it says of each."""
    if any(sign != "=" for sign in relation.relations):
        return [relation]
    last = relation.operands[-1]
    spans = relation.relation_spans
    return [
        replace(relation, operands=(o, last), relations=("=",), relation_spans=(span,))
        for o, span in zip(relation.operands, spans, strict=False)
    ]


def _of_what(node: Node) -> tuple[str, Name | Scripted] | None:
    """("Var", x) of `\\operatorname{Var}(x) = ...`."""
    if not isinstance(node, Relation) or node.relations != ("=",) or not isinstance(node.operands[0], Product):
        return None
    items = [item for _, item in node.operands[0].items]
    if len(items) != 2 or not isinstance(items[0], Func) or not isinstance(items[1], Group):
        return None
    inside = items[1].body
    operator = items[0].text if items[0].text in _MOMENTS else ""
    if operator and (isinstance(inside, Name) or (isinstance(inside, Scripted) and _is_subscripted(inside))):
        return operator, inside
    return None


def _is_subscripted(node: Scripted) -> bool:
    """`x_t`, and no power or product of it (`X^2`, `(X - \\mu)^4`)."""
    return isinstance(node.base, Name) and node.sup is None and not node.primes
