"""Whether values lie in the domains that the givens state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derivcheck.terms.model import Declaration, Domain
from derivcheck.terms.node import Number
from derivcheck.worlds.world import Bounds


def domain_of(declaration: Declaration) -> Domain:
    """The stated domain; of a random name without one, where its law has its values."""
    law = declaration.law
    if declaration.domain == Domain() and law is not None:
        if law.kind == "finite" and all(isinstance(v, Number) for v in law.values):
            return Domain("finite", values=law.values)
        if law.kind == "uniform":
            return Domain("real", law.low, law.high)
    return declaration.domain


def block_inside(bounds: Bounds, entries: Mapping[tuple[int, ...], Any]) -> bool:
    """Whether the entries of a symbol lie in its domain."""
    if bounds.domain.kind == "simplex":
        sums: dict[tuple[int, ...], Any] = {}
        for at, value in entries.items():
            sums[at[:-1]] = sums.get(at[:-1], 0) + value
        if any(total != 1 for total in sums.values()):
            return False
    return all(_inside(bounds, v) for v in entries.values())


def is_empty(bounds: Bounds) -> bool:
    """Whether the limits of a domain leave nothing between them."""
    low, high, domain = bounds.low, bounds.high, bounds.domain
    if domain.kind == "finite":
        return not bounds.values
    if low is None or high is None:
        return False
    return bool(low > high or (low == high and (domain.low_strict or domain.high_strict)))


def _inside(bounds: Bounds, value: Any) -> bool:
    domain = bounds.domain
    if domain.kind == "finite":
        return value in bounds.values
    if domain.kind == "integer" and not isinstance(value, int):
        return False
    if domain.kind == "simplex" and not value > 0:
        return False
    if bounds.low is not None and (value < bounds.low or (domain.low_strict and value == bounds.low)):
        return False
    return not (bounds.high is not None and (value > bounds.high or (domain.high_strict and value == bounds.high)))
