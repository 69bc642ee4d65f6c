"""Register programs: what a trace of a claim writes down (`Builder`), and its schedule in bundles (`Tape`).

A program is a list of numbers computed from *noise* (standard normal numbers, the only input) by the operations of
operations.py. Equal computations are written once. Computations that do not wait for each other and share their
operation stand together in bundles of at most `WIDTH`: small tensors, which a step of an interpreter does at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from flint import fmpq

from derivcheck.bulk.operations import COMMUTES, NUMBER, UNARY
from derivcheck.record import dataclass

WIDTH = 16
_MOST = 400_000  # nodes of one program


class TooLong(Exception):
    """The trace became longer than a program may be."""


class Traced:
    """A number that the program computes: a position in the builder's list."""

    __slots__ = ("at", "builder")

    def __init__(self, builder: Builder, at: int) -> None:
        self.builder = builder
        self.at = at

    def __add__(self, other: Any) -> Any:
        return _meet(self, other, "add")

    def __sub__(self, other: Any) -> Any:
        return _meet(self, other, "sub")

    def __rsub__(self, other: Any) -> Any:
        return self.builder.op("sub", other, self)

    def __mul__(self, other: Any) -> Any:
        return _meet(self, other, "mul")

    def __truediv__(self, other: Any) -> Any:
        return _meet(self, other, "div")

    def __rtruediv__(self, other: Any) -> Any:
        return self.builder.op("div", other, self)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self.builder.op("sub", 0, self)

    def __abs__(self) -> Any:
        return self.builder.op("abs", self)


def _meet(x: Traced, y: Any, name: str) -> Any:
    """A layered number (dual, polynomial) takes the operation over by its own reflected method."""
    if isinstance(y, Traced | int | float | fmpq):
        return x.builder.op(name, x, y)
    return NotImplemented


@dataclass(frozen=True, slots=True)
class Tape:
    """A scheduled program. Registers: first `noise` inputs, then one for each node. Node k applies operation `op[k]` to
    the registers `left[k]` and `right[k]` (a constant is `number[k]`); bundle s is the nodes from `bundles[s]` to
    `bundles[s + 1]`, of one operation. `register` says where the number at each position of the builder went."""

    noise: int
    op: Any
    left: Any
    right: Any
    number: Any
    bundles: Any
    outputs: tuple[int, ...]
    register: Any

    @property
    def nodes(self) -> int:
        return len(self.op)

    @property
    def registers(self) -> int:
        return self.noise + self.nodes

    @property
    def code(self) -> tuple[Any, Any, Any, Any]:
        return self.op, self.left, self.right, self.number


class Builder:
    """Writes a program down. Constants stay exact numbers as long as nothing computed meets them."""

    def __init__(self, most: int = _MOST) -> None:
        self.rows: list[tuple[int, int, int, float]] = []  # operation (-1: noise), operands, immediate number
        self.noise: list[int] = []
        self.most = most
        self._known: dict[Any, int] = {}

    def _append(self, row: tuple[int, int, int, float]) -> int:
        if len(self.rows) >= self.most:
            raise TooLong(f"a program of more than {self.most} nodes")
        self.rows.append(row)
        return len(self.rows) - 1

    def draw(self) -> Traced:
        """A new input."""
        at = self._append((-1, 0, 0, 0.0))
        self.noise.append(at)
        return Traced(self, at)

    def constant(self, x: Any) -> Traced:
        value = int(x.p) / int(x.q) if isinstance(x, fmpq) else float(x)
        return self._row(NUMBER["const"], -1, -1, value)

    def place(self, x: Any) -> int:
        return x.at if isinstance(x, Traced) else self.constant(x).at

    def _row(self, op: int, left: int, right: int, number: float) -> Traced:
        key = (op, left, right, number)
        at = self._known.get(key)
        if at is None:
            at = self._known[key] = self._append((op, max(left, 0), max(right, 0), number))
        return Traced(self, at)

    def mark(self, x: Any) -> Traced:
        """The same number at a position of its own, which no other computation shares."""
        return Traced(self, self._append((NUMBER["copy"], self.place(x), self.place(x), 0.0)))

    def op(self, name: str, x: Any, y: Any = None) -> Any:
        folded = _folded(name, x, y)
        if folded is not None:
            return folded
        left = self.place(x)
        right = left if y is None or name in UNARY else self.place(y)
        if name in COMMUTES and right < left:
            left, right = right, left
        return self._row(NUMBER[name], left, right, 0.0)

    def tape(self, outputs: Iterable[Any]) -> Tape:
        return schedule(self, [self.place(x) for x in outputs])


def _exact(x: Any) -> bool:
    return isinstance(x, int | fmpq)


def _folded(name: str, x: Any, y: Any) -> Any:
    """What needs no computing: exact constants, neutral and absorbing numbers."""
    exact_x, exact_y = _exact(x), _exact(y)
    if name in ("add", "sub"):
        if exact_x and exact_y:
            return x + y if name == "add" else x - y
        if exact_y and y == 0:
            return x
        if name == "add" and exact_x and x == 0:
            return y
    if name == "mul":
        if exact_x and exact_y:
            return x * y
        for one, other in ((x, y), (y, x)):
            if _exact(one) and one == 0:
                return 0
            if _exact(one) and one == 1:
                return other
    if name == "div" and exact_y and y == 1:
        return x
    return None


def schedule(builder: Builder, outputs: list[int]) -> Tape:
    """Bundles of what is ready, the operation with most waiting first."""
    import numpy as np

    rows = builder.rows
    needed = _needed(rows, outputs)
    register = np.full(len(rows), -1, dtype=np.int64)
    for k, at in enumerate(builder.noise):
        register[at] = k
    waiting, users, ready = _queues(rows, needed)
    order: list[int] = []
    bundles = [0]
    base = len(builder.noise)
    while ready:
        op = max(ready, key=lambda name: len(ready[name]))
        queue = ready[op]
        bundle = [queue.popleft() for _ in range(min(WIDTH, len(queue)))]
        if not queue:
            del ready[op]
        for at in bundle:
            register[at] = base + len(order)
            order.append(at)
            _release(at, rows, waiting, users, ready)
        bundles.append(len(order))
    return _assembled(builder, order, bundles, register, outputs)


def _needed(rows: list[tuple[int, int, int, float]], outputs: list[int]) -> bytearray:
    needed = bytearray(len(rows))
    for at in outputs:
        needed[at] = 1
    for at in range(len(rows) - 1, -1, -1):
        op, left, right, _ = rows[at]
        if needed[at] and op > 0:  # neither noise (-1) nor a constant (0)
            needed[left] = needed[right] = 1
    return needed


def _queues(rows: list[tuple[int, int, int, float]], needed: bytearray) -> tuple[Any, Any, Any]:
    waiting = [0] * len(rows)
    users: dict[int, list[int]] = {}
    ready: dict[int, deque[int]] = {}
    for at, (op, left, right, _) in enumerate(rows):
        if not needed[at] or op < 0:
            continue
        operands = {left, right} if op > 0 else set()
        for operand in operands:
            if rows[operand][0] >= 0:
                waiting[at] += 1
                users.setdefault(operand, []).append(at)
        if not waiting[at]:
            ready.setdefault(op, deque()).append(at)
    return waiting, users, ready


def _release(at: int, rows: Any, waiting: list[int], users: dict[int, list[int]], ready: dict[int, deque[int]]) -> None:
    for user in users.get(at, ()):
        waiting[user] -= 1
        if not waiting[user]:
            ready.setdefault(rows[user][0], deque()).append(user)


def _assembled(builder: Builder, order: list[int], bundles: list[int], register: Any, outputs: list[int]) -> Tape:
    import numpy as np

    table = np.array([builder.rows[at] for at in order], dtype=float).reshape(-1, 4)
    op, left, right = (table[:, k].astype(np.int32) for k in range(3))
    left, right = (np.where(op == 0, 0, register[side]).astype(np.int32) for side in (left, right))
    where = tuple(int(register[at]) for at in outputs)
    return Tape(len(builder.noise), op, left, right, table[:, 3], np.array(bundles, np.int32), where, register)
