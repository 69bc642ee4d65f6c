"""Elaboration: a syntax tree to a typed tensor, in a scope.

How the other modules of the reader plug in: a *handler* looks at the items of a product from position k and
either passes (None) or reads some of them:

    Handler = Callable[[Elaborator, Sequence[Item], int], tuple[Tensor, int] | None]

with Item = (operator before it, node). `derivatives.HANDLERS` and `probability.HANDLERS` are tuples of such
functions, asked in order before anything else. A handler for an operator that takes the product following it
reads `elab.product(items[k + 1 : elab.reach(items, k + 1)])`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from derivcheck.language.options import Options
from derivcheck.language.scope import Scope
from derivcheck.language.session import Session
from derivcheck.language.syntax import Node, Span
from derivcheck.language.unreadable import ShapeError, Unreadable
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Index, Term, Var
from derivcheck.terms.tensor import Tensor, scalar

Item = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Elaborator:
    """Reads syntax in a scope. `bound`: names bound inside the formula (sum indices, parameters of a function,
    integration variables). `session` collects what is found on the way for the whole line (undeclared
    names, free indices, unknown dimensions, implicit declarations); it is shared by all derived elaborators."""

    scope: Scope
    options: Options = field(default_factory=Options)
    bound: Mapping[str, Tensor] = field(default_factory=dict)
    session: Session = field(default_factory=Session)

    # reading -----------------------------------------------------------------------------------------------

    def tensor(self, node: Node) -> Tensor:
        """The meaning of an expression."""
        raise NotImplementedError

    def scalar(self, node: Node) -> Term:
        """The meaning of an expression that must be one number."""
        raise NotImplementedError

    def integer(self, node: Node) -> Term:
        """The meaning of a subscript or a limit: one number; a letter that nothing declares is a free index."""
        raise NotImplementedError

    def condition(self, node: Node) -> Term:
        """The meaning of a condition (Compare, Logic): `h > 0`, `j \\ne j'`, `i < j \\le n`."""
        raise NotImplementedError

    def product(self, items: Sequence[Item]) -> Tensor:
        """The typed product of some items of a Product, in order."""
        raise NotImplementedError

    def reach(self, items: Sequence[Item], start: int, function: bool = False) -> int:
        """The end (exclusive) of what an operator standing before items[start] takes without brackets: the product
        that follows; a function (function=True) stops at the next function, and either takes just the
        bracket that follows it directly."""
        raise NotImplementedError

    # binding -----------------------------------------------------------------------------------------------

    def with_indices(self, indices: Mapping[str, Index]) -> Elaborator:
        """The same reader where these names are these (bound) indices."""
        return self.with_values({name: scalar(Var(index)) for name, index in indices.items()})

    def with_values(self, values: Mapping[str, Tensor]) -> Elaborator:
        """The same reader where these names stand for these tensors."""
        return replace(self, bound={**self.bound, **values})

    def with_options(self, options: Options) -> Elaborator:
        return replace(self, options=options)

    # names -------------------------------------------------------------------------------------------------

    def declaration(self, name: str) -> Declaration | None:
        """The declaration of a canonical name: in the scope, or made while reading this line."""
        return self.session.declared.get(name) or self.scope.declaration(name)

    def declare(self, declaration: Declaration) -> None:
        """Introduce a symbol that the line uses without a declaration of its own (`p(x \\mid z)`): the scope after
        the line includes it."""
        self.session.declared[declaration.name] = declaration

    # saying no ---------------------------------------------------------------------------------------------

    def error(self, code: str, message: str, span: Span | None, help: str = "") -> NoReturn:
        raise Unreadable(code, message, span, help)

    def mismatch(self, message: str, left: Shape | None, right: Shape | None, span: Span | None) -> NoReturn:
        raise ShapeError(message, left, right, span)

    def note(self, text: str) -> None:
        """A fact about how the line was read, shown with its verdict."""
        if text not in self.session.notes:
            self.session.notes.append(text)


Handler = Callable[[Elaborator, Sequence[Item], int], tuple[Tensor, int] | None]
