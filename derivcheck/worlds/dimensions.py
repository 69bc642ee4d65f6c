"""Assignments of numbers to the named dimensions: small, distinct, of different parity, later 1 and 2."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

Dims = dict[str, int]


def assignments(bounds: Mapping[str, int], least: Mapping[str, int], allowed: Callable[[Dims], bool]) -> Iterator[Dims]:
    """Dimensions for the worlds of a search, best first: distinct ones from 3 (from `least`) up, others of other
    parities and in the opposite order (a rank depends on which is the smallest), then small ones down to 1. `bounds`:
    what each is at least; `allowed`: the assumptions between them.

    With all dimensions 1 more than half of the wrong variants of an identity pass, and `\\det(-A) = -\\det A` passes
    at every odd dimension: hence this order."""
    names = list(bounds)
    if not names:
        yield {}
        return
    wide = [max(bounds[n], least.get(n, 3), 3) for n in names]
    pool = [d for d in _spread(names, wide, 4) if allowed(d)]
    pool.sort(key=lambda d: (_ties(d), sum(d.values()), _disorder(d)))
    seen: list[Dims] = []
    if pool:
        first = pool[0]
        yield first
        seen.append(first)
        for other in sorted(pool, key=lambda d: (-_parities(first, d), _ties(d), -_turned(first, d), sum(d.values()))):
            if other not in seen:
                yield other
                seen.append(other)
                break
    small = [d for d in _spread(names, [bounds[n] for n in names], 3) if allowed(d) and d not in seen]
    small.sort(key=lambda d: (_ties(d), abs(sum(d.values()) - 2 * len(names)), _disorder(d)))
    yield from small[:1]
    ones = [d for d in small if d == {n: bounds[n] for n in names}]
    yield from [d for d in ones if d not in small[:1]]
    if not pool:
        yield from small[1:3]


def smaller(dims: Mapping[str, int], bounds: Mapping[str, int], allowed: Callable[[Dims], bool]) -> list[Dims]:
    """Every allowed assignment below `dims`, smallest first, distinct dimensions before equal ones."""
    names = list(dims)
    ranges = [range(bounds.get(n, 1), dims[n] + 1) for n in names]
    if len(names) > 5:
        return []
    found = [dict(zip(names, values, strict=True)) for values in itertools.product(*ranges)]
    found = [d for d in found if allowed(d) and sum(d.values()) <= sum(dims.values())]
    found.sort(key=lambda d: (sum(d.values()) + _ties(d), _ties(d), _disorder(d)))
    return found


def _spread(names: list[str], lows: list[int], width: int) -> Iterator[Dims]:
    """All assignments from `lows` up; with many names neighbours only."""
    if len(names) <= 4:
        for values in itertools.product(*(range(low, low + width) for low in lows)):
            yield dict(zip(names, values, strict=True))
        return
    for shift in range(width):
        yield {n: low + (k + shift) % 3 for k, (n, low) in enumerate(zip(names, lows, strict=True))}
    for values in itertools.product((0, 1), repeat=min(len(names), 8)):
        rest = [0] * (len(names) - len(values))
        yield {n: low + v for n, low, v in zip(names, lows, (*values, *rest), strict=True)}


def _ties(d: Dims) -> int:
    return len(d) - len(set(d.values()))


def _parities(a: Dims, b: Dims) -> int:
    return sum((a[n] - b[n]) % 2 for n in a)


def _turned(a: Dims, b: Dims) -> int:
    """How many pairs of dimensions stand in another order in the one than in the other."""
    return sum((a[n] - a[m]) * (b[n] - b[m]) < 0 for n, m in itertools.combinations(a, 2))


def _disorder(d: Dims) -> tuple[int, ...]:
    return tuple(d.values())
