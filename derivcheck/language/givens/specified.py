"""Rows of given lines that say more of a name than an equation does alone: what a declared function is (`f(x) = x^3`
after `f : \\mathbb{R} \\to \\mathbb{R}`), and eigenpairs (`A v = \\lambda v` of a number that nothing introduces)."""

from __future__ import annotations

from derivcheck.language.elaboration.declaring import Place, declare_name
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.assumptions import assumed, assumption
from derivcheck.language.givens.definitions import arguments_of, definable, mentions
from derivcheck.language.givens.line import Line
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Group, Name, Node, Product, Scripted
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Domain


def specified_function(line: Line) -> Scope | None:
    """`f(x) = x^\\top x` of a function of which only its sets were said: from here on it is that one."""
    from derivcheck.language.givens.equations import equation

    node = line.node
    left = node.operands[0]
    if node.relations[0] not in ("=", ":=") or not isinstance(left, Product) or len(left.items) != 2:
        return None
    head, group = left.items[0][1], left.items[1][1]
    name = canonical(head) or ""
    symbol = line.scope.function(name)
    if symbol is None or not isinstance(group, Group) or group.open != "(" or left.items[1][0] != "":
        return None
    arguments = arguments_of(group)
    right = node.operands[1]
    plain = all(isinstance(a, Name | Accent) and mentions(right, a) for a in arguments)
    shapes = _coordinates(symbol.arguments, len(arguments))
    if not plain or len(arguments) != len(shapes) or mentions(right, head):
        return None
    if any(name in c.left.body.symbols | c.right.body.symbols for c in line.scope.model.assumptions):
        return None
    functions = {k: f for k, f in line.scope.model.functions.items() if k != name}
    scope = replace(line.scope, model=replace(line.scope.model, functions=functions))
    elab = line.elab()
    for argument, shape in zip(arguments, shapes, strict=True):
        if shape and not elab.knows(argument):
            scope, _ = declare_name(scope, argument, Place(Domain(), shape), {})
    return equation(replace(line, scope=scope))


def _coordinates(shapes: tuple[Shape, ...], count: int) -> tuple[Shape, ...]:
    """The shapes of this many arguments: `f(x, y)` of an f on R^2 is a function of two numbers."""
    alone = shapes[0] if len(shapes) == 1 and count > 1 else ()
    return ((),) * count if len(alone) == 1 and alone[0].number == count else shapes


def eigenpair(line: Line) -> Scope | None:
    """`A v = \\lambda v`: the number is real, the vector is not zero."""
    node = line.node
    if node.relations != ("=",) or line.piece.names or line.ranges or line.conditions:
        return None
    left, right = node.operands
    if not isinstance(left, Product) or not isinstance(right, Product) or len(right.items) != 2:
        return None
    if any(op not in ("", "\\cdot") for op, _ in (*left.items, *right.items)):
        return None
    vector, number = left.items[-1][1], right.items[0][1]
    if canonical(vector) is None or canonical(vector) != canonical(right.items[1][1]):
        return None
    if not isinstance(number, Name | Scripted) or definable(line.elab(), number) is None:
        return None
    before = left.items[:-1]
    matrix = replace(left, items=before) if len(before) > 1 else next(n for _, n in before)
    scope = _with_vector(line, matrix, vector)
    if scope is None:
        return None
    scope, _ = declare_name(scope, number, Place(Domain(), ()), {})
    read = replace(line, scope=scope)
    scope = assumption(read)
    value = read.elab().tensor(vector)
    return scope and assumed(scope, Claim(value, "!=", algebra.zeros(*value.shape)))


def _with_vector(line: Line, matrix: Node, vector: Node) -> Scope | None:
    """The scope in which the vector is one, if the matrix is square; None where it is not an eigenpair."""
    elab = line.elab()
    try:
        shape = elab.session.settle(elab.tensor(matrix)).shape
    except (Unreadable, ShapeError):
        return None
    if len(shape) != 2 or shape[0] != shape[1] or has_unknown(shape[0]) or elab.session.undeclared:
        return None
    if elab.knows(vector):
        return line.scope if line.elab().tensor(vector).shape == shape[:1] else None
    if definable(elab, vector) is None:
        return None
    scope, _ = declare_name(line.scope, vector, Place(Domain(), shape[:1]), {})
    return scope
