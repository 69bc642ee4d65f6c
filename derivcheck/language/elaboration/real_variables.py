"""Variables that a limit, an integral or an extremum binds: real numbers of which only the formula knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Node
from derivcheck.terms.model import Model
from derivcheck.terms.node import Entry, Term, fresh, replace_entries
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends, unfold

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

_MOST_UNFOLDINGS = 20


def real_variable(elab: Elaborator, node: Node) -> tuple[str, Tensor]:
    """A bound real variable: an Entry that no declaration knows."""
    name = canonical(node)
    if name is None:
        elab.error("unreadable", "a variable is expected here", node.span)
    return name, scalar(Entry(fresh(name).name))


def bound_in(elab: Elaborator, name: str, variable: Term, body: Tensor) -> Tensor:
    """The body where what is computed from the variable's name (`f` of `\\int f dx` with f = x^2) is written out, so
    that it varies as well."""
    from derivcheck.language.derivatives.operators import model_of

    model = model_of(elab)
    term = written_out(elab, model, body.body, name)
    return Tensor(body.axes, replace_entries(term, lambda e: variable if e.symbol == name and not e.indices else None))


def written_out(elab: Elaborator, model: Model, term: Term, name: str) -> Term:
    """The term with all names that depend on this one unfolded."""
    for _ in range(_MOST_UNFOLDINGS):
        hidden = {s for s in term.symbols if s != name and name in depends(model, s)}
        if not hidden:
            return term
        term = replace_entries(term, lambda e, h=hidden: unfold(e, model) if e.symbol in h else None)
    elab.error("unsupported", f"how this depends on {name} is not read", None)
    return term
