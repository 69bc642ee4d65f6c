"""Records behave as the standard dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from derivcheck import record


@record.dataclass(frozen=True, slots=True)
class Kept:
    """At the top of the module, so that it can be pickled."""

    x: int
    y: tuple[int, ...] = ()


def _classes(dataclass: Any) -> dict[str, Any]:
    @dataclass(frozen=True, slots=True)
    class Base:
        x: int
        y: tuple[int, ...] = ()
        z: dict[int, int] = dataclasses.field(default_factory=dict, compare=False)
        w: int = dataclasses.field(default=3, repr=False)

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        v: str = "q"

    @dataclass(slots=True)
    class Open:
        a: int
        b: list[int] = dataclasses.field(default_factory=list)
        c: int = dataclasses.field(default=5, init=False)

        def __post_init__(self) -> None:
            self.a += 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        a: int
        b: int = 2

    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        a: int
        b: int = 2

    @dataclass(frozen=True, eq=False)
    class Alone:
        a: int = 1

    @dataclass
    class Plain:
        a: int

        def __repr__(self) -> str:
            return "own"

    return {c.__name__: c for c in (Base, Derived, Open, Named, Ordered, Alone, Plain)}


CASES: tuple[Callable[[dict[str, Any]], Any], ...] = (
    lambda c: c["Derived"](1),
    lambda c: c["Derived"](1) == c["Base"](1),
    lambda c: c["Base"](1) == c["Base"](1, z={1: 2}),
    lambda c: hash(c["Base"](1)) == hash(c["Base"](1, z={1: 2})),
    lambda c: setattr(c["Base"](1), "x", 2),
    lambda c: delattr(c["Base"](1), "x"),
    lambda c: setattr(c["Open"](1), "unknown", 2),
    lambda c: dataclasses.replace(c["Derived"](1), v="z", x=5),
    lambda c: [f.name for f in dataclasses.fields(c["Derived"])],
    lambda c: (c["Base"].__slots__, c["Derived"].__slots__, c["Base"].__match_args__, c["Named"].__match_args__),
    lambda c: c["Open"](1, [2]),
    lambda c: c["Open"](1, c=2),
    lambda c: hash(c["Open"](1)),
    lambda c: c["Open"](1) == c["Open"](1),
    lambda c: (c["Named"](a=1), c["Plain"](1), c["Alone"]().a, c["Alone"].a),
    lambda c: c["Named"](1),
    lambda c: c["Base"](),
    lambda c: c["Base"](1, 2, 3, 4, 5),
    lambda c: sorted([c["Ordered"](2), c["Ordered"](1, 3), c["Ordered"](1)]),
    lambda c: c["Ordered"](1) < c["Plain"](1),
    lambda c: c["Alone"]() == c["Alone"](),
    lambda c: copy.deepcopy(c["Derived"](1)),
    lambda c: dataclasses.asdict(c["Derived"](1, (1,))),
    lambda c: c["Derived"].__init__.__qualname__,
)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_as_the_standard_one(case: int) -> None:
    assert _outcome(CASES[case], record.dataclass) == _outcome(CASES[case], dataclasses.dataclass)


def _outcome(case: Callable[[dict[str, Any]], Any], dataclass: Any) -> str:
    try:
        return repr(case(_classes(dataclass)))
    except Exception as error:
        return type(error).__name__


def test_matched_by_position() -> None:
    match Kept(1, (2,)):
        case Kept(x, y):
            assert (x, y) == (1, (2,))


def test_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_a_shared_default_is_refused() -> None:
    with pytest.raises(ValueError, match="default_factory"):
        record.dataclass(type("Shared", (), {"__annotations__": {"l": list}, "l": []}))
