"""An index in a result that nothing introduces (`-\\log p[c]`): it is read as the class that a one-hot vector of the
givens marks, and never as `for every c`, which would make a right answer false."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.kinds.interface import JudgedAnswer, Oracle
from derivcheck.terms.build import mul, number, sum_over
from derivcheck.terms.node import Entry, Index, Number, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor

_CLASS = re.compile(
    r"\b(?:true|correct|right|target|actual|gold|observed)\s+(?:class|label|index|category|word|token|one)\b"
    r"|\b(?:class|label|index|category|position)\b[^.;]{0,40}?(?:=\s*1\b|\bone\b|\btrue\b|\bcorrect\b|\bright\b)"
    r"|\bhot\b|=\s*1\b"
)


def loose_indices(tensor: Tensor, reference: Tensor) -> tuple[Index, ...]:
    """Free indices of a result that neither its axes nor the reference have."""
    known = set(tensor.axes) | set(reference.axes) | reference.body.free
    return tuple(sorted(tensor.body.free - known, key=lambda index: index.name))


def at_the_class(tensor: Tensor, reference: Tensor, answer: JudgedAnswer, oracle: Oracle) -> str:
    """'right', 'wrong' or 'unknown' of a result with one loose index, at the entry that a one-hot vector marks. Only
    where the words of the answer speak of that class is it more than one reading of several."""
    loose = loose_indices(tensor, reference)
    if len(loose) != 1:
        return "unknown"
    said = _CLASS.search(answer.words) is not None
    words = {oracle.relate(at, "=", reference).word for at in _read_at(tensor, loose[0], oracle)}
    if "proved" in words:
        return "right" if said else "unknown"
    return "wrong" if said and words == {"refuted"} else "unknown"


def _read_at(tensor: Tensor, index: Index, oracle: Oracle) -> Iterator[Tensor]:
    """The result at the entry marked by each one-hot vector of that length: the sum over it of the two."""
    for name, declaration in oracle.givens().declarations.items():
        values = {v.value for v in declaration.domain.values if isinstance(v, Number)}
        if declaration.shape != (index.dim,) or declaration.family or values != {0, 1}:
            continue
        at = fresh(index.name, index.dim)
        mark = Entry(name, (Var(at),))
        if oracle.relate(Tensor((), sum_over(at, mark)), "=", Tensor((), number(1))).word == "proved":
            yield Tensor(tensor.axes, sum_over(at, mul(mark, substitute(tensor.body, {index: Var(at)}))))
