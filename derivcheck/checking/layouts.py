"""A gradient as a row where a column is expected (`\\nabla_w L = (p - y)^\\top X`): where no convention is stated, a
line that is right but for that is for a person, not wrong."""

from __future__ import annotations

import re

from derivcheck.deciding.verdict import Verdict
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link
from derivcheck.terms.dim import Shape
from derivcheck.terms.node import Derivative, walk

ONLY_LAYOUT = Verdict(
    "undecided",
    {"method": "none", "reason": "layout: equal up to a transpose, and no convention is stated"},
    code="layout-only",
)
ROW_OR_COLUMN = Verdict(
    "undecided",
    {"method": "none", "reason": "layout: right where a scalar's derivative is a row, and no convention is stated"},
    code="layout-only",
)
_DERIVATIVE = re.compile(r"\\partial|\\nabla|\\mathrm\s*\{?\s*d|\bd\s*[A-Za-z]")


def transposed_right(link: Link, text: str, scope: Scope) -> str | None:
    """A relation between a row and a column whose shapes do not conform, with its right side transposed, where a side
    is a gradient."""
    error = link.shape_error
    if error is None or link.relation != "=" or not _row_and_column(error.left, error.right):
        return None
    left, right = (text[span.start : span.end].strip() for span in (link.left_span, link.right_span))
    gradient = _is_gradient(left, scope) or _is_gradient(right, scope)
    return rf"{left} = \left({right}\right)^\top" if gradient else None


def _row_and_column(left: Shape | None, right: Shape | None) -> bool:
    short, long = sorted((left or (), right or ()), key=len)
    return len(short) == 1 and len(long) == 2 and any(
        one.number == 1 and other == short[0] for one, other in (long, long[::-1])
    )


def _is_gradient(latex: str, scope: Scope) -> bool:
    """A derivative, or a name that is defined as one."""
    if _DERIVATIVE.search(latex):
        return True
    declared = scope.declaration(canonical(parse(latex).node) or "")
    return declared is not None and any(
        isinstance(node, Derivative) for definition in declared.definitions for node in walk(definition.body)
    )
