"""`O(f)`: asymptotic classes as the sides of a line."""

from __future__ import annotations

from collections.abc import Container

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Product, Scripted, Sum
from derivcheck.record import replace


def order_argument(node: Node, names: Container[str | None] = ()) -> Node | None:
    """f of `O(f)`; of a sum of classes the sum of their arguments; None for anything else, and where O is one of the
    names that the text introduces (`O(A + B)` of matrices)."""
    if isinstance(node, Sum):
        parts = [order_argument(n, names) for s, n in node.items if s == "+"]
        if len(parts) == len(node.items) and all(p is not None for p in parts):
            return replace(node, items=tuple(("+", p) for p in parts if p is not None))
        return None
    if isinstance(node, Group) and node.open == "(":
        return order_argument(node.body, names)
    if not isinstance(node, Product) or len(node.items) != 2 or node.items[1][0] != "":
        return None
    head, group = node.items[0][1], node.items[1][1]
    if isinstance(head, Scripted):
        head = head.base
    big = isinstance(head, Name) and head.text in ("O", "\\Theta") and head.style in ("", "cal", "bold")
    if not big or canonical(head) in names or not isinstance(group, Group) or group.open != "(":
        return None
    return None if isinstance(group.body, Listing) else group.body
