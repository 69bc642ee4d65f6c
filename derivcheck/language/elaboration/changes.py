r"""`\Delta w = -\eta g`, `W + \Delta W`: the change of something as one name, where \Delta alone means nothing here."""

from __future__ import annotations

from typing import Any

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Name, Node, Product, Scripted
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.record import fields, replace

_MARK = "\\Delta"


def with_changes(node: Node, scope: Scope) -> Node:
    """The tree with each `\\Delta x` as a name. Of a function `\\Delta f` is rather its Laplacian."""
    if _MARK in scope.names or not any(_is_mark(part) for part in walk(node)):
        return node
    return _joined(node, scope)


def _joined(node: Node, scope: Scope) -> Node:
    def visit(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(visit(item) for item in value)
        return _joined(value, scope) if isinstance(value, Node) else value

    node = type(node)(**{field.name: visit(getattr(node, field.name)) for field in fields(node)})
    if not isinstance(node, Product):
        return node
    items: list[tuple[str, Node]] = []
    for sign, item in node.items:
        name = _changed(item, scope) if items and sign == "" and _is_mark(items[-1][1]) else None
        items = [*items[:-1], (items[-1][0], name)] if name is not None else [*items, (sign, item)]
    return items[0][1] if len(items) == 1 else replace(node, items=tuple(items))


def _is_mark(node: Node) -> bool:
    return isinstance(node, Name) and node.text == _MARK


def _changed(node: Node, scope: Scope) -> Node | None:
    if isinstance(node, Scripted):
        base = _changed(node.base, scope)
        return None if base is None else replace(node, base=base)
    if not isinstance(node, Name) or _is_function(node, scope):
        return None
    return replace(node, text=f"{_MARK} {node.text}")


def _is_function(name: Name, scope: Scope) -> bool:
    key = canonical(name) or ""
    declaration = scope.model.declarations.get(key)
    computed = declaration is not None and not declaration.shape and bool(declaration.definitions)
    return key in scope.functions or key in scope.model.functions or key in scope.aliases or computed
