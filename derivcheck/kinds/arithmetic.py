"""Exact arithmetic on a formula of named figures, from its syntax tree: sums, products, quotients, whole powers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Annotated, Frac, Group, Node, Num, Product, Scripted, Sum

LARGEST_POWER = 64


class NotArithmetic(Exception):
    """The formula is more than arithmetic on the figures, or divides by zero."""


def evaluate(latex: str, values: Mapping[str, Fraction]) -> Fraction:
    from derivcheck.language.parsing.parser import parse

    return _value(parse(latex).node, values)


def _value(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    name = canonical(node)
    if name is not None and name in values:
        return values[name]
    match node:
        case Num(text=text):
            return Fraction(text)
        case Group(open="(" | "[", body=body) | Annotated(body=body):
            return _value(body, values)
        case Frac(num=num, den=den):
            return _divide(_value(num, values), _value(den, values))
        case Sum(items=items):
            return sum((_signed(sign, _value(item, values)) for sign, item in items), Fraction(0))
        case Product(items=items):
            return _product(items, values)
        case Scripted(base=base, sub=None, sup=exponent, primes=0) if exponent is not None:
            power = _value(exponent, values)
            if power.denominator != 1 or abs(power) > LARGEST_POWER:
                raise NotArithmetic
            return _power(_value(base, values), int(power))
    raise NotArithmetic


def _signed(sign: str, value: Fraction) -> Fraction:
    if sign not in ("+", "-", ""):
        raise NotArithmetic
    return -value if sign == "-" else value


def _product(items: tuple[tuple[str, Node], ...], values: Mapping[str, Fraction]) -> Fraction:
    total = Fraction(1)
    for operator, item in items:
        value = _value(item, values)
        total = _divide(total, value) if operator in ("/", "\\div") else total * value
    return total


def _divide(top: Fraction, bottom: Fraction) -> Fraction:
    if not bottom:
        raise NotArithmetic
    return top / bottom


def _power(base: Fraction, exponent: int) -> Fraction:
    if exponent < 0 and not base:
        raise NotArithmetic
    return base**exponent
