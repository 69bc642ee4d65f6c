"""Elaboration: a syntax tree to a typed tensor, in a scope.

How the other modules of the reader plug in: a *handler* looks at the items of a product from position k and
either passes (None) or reads some of them:

    Handler = Callable[[Elaborator, Sequence[Item], int], tuple[Tensor, int] | None]

with Item = (operator before it, node); it returns the tensor and the position of the next item. `derivatives.HANDLERS`
and `probability.HANDLERS` are tuples of such functions, asked in order before anything else, also for a node that
stands alone. A handler for an operator that takes the product following it reads
`elab.product(items[k + 1 : elab.reach(items, k + 1)])`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NoReturn

from derivcheck.language.elaboration.ranges import offset, tidy
from derivcheck.language.elaboration.session import Session, Use
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.options import Options
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Bar, Group, Listing, Node, Product, Relation, Scripted, Span, Words
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, field, replace
from derivcheck.terms import algebra
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Index, Term, Var
from derivcheck.terms.tensor import Tensor, scalar

Item = tuple[str, Node]
BARS = {"|": "|", "||": "\\|"}


@dataclass(frozen=True, slots=True)
class Elaborator:
    """Reads syntax in a scope. `bound`: names bound inside the formula (sum indices, parameters of a function,
    integration variables). `session` collects what is found on the way for the whole line (undeclared
    names, free indices, unknown dimensions, implicit declarations); it is shared by all derived elaborators.
    `indexing`: a subscript is being read, where a letter that nothing declares is a bare index."""

    scope: Scope
    options: Options = field(default_factory=Options)
    bound: Mapping[str, Tensor] = field(default_factory=dict)
    session: Session = field(default_factory=Session)
    indexing: bool = False

    # reading -----------------------------------------------------------------------------------------------

    def tensor(self, node: Node) -> Tensor:
        """The meaning of an expression."""
        return self._tensor(node) if self.session.parts is None else self._once(node, Elaborator._tensor, True)

    def _tensor(self, node: Node) -> Tensor:
        if not isinstance(node, Product):
            for handler in self.handlers():
                found = handler(self, (("", node),), 0)
                if found is not None:
                    return found[0]
        return self.direct(node)

    def direct(self, node: Node) -> Tensor:
        """The meaning of a node by its own kind, without asking the handlers for it."""
        return self._direct(node) if self.session.parts is None else self._once(node, Elaborator._direct, False)

    def _once(self, node: Node, read: Callable[[Elaborator, Node], Tensor], asked: bool) -> Tensor:
        """The meaning of a part of the line, read once for all edits of the line."""
        session, parts = self.session, self.session.parts
        alike = parts is not None and self.scope is parts.scope and self.options is parts.options
        if parts is None or not alike or self.bound or self.indexing or not session.plain:
            return read(self, node)
        found = parts.known.get((id(node), asked))
        if found is None:
            before = session.counts
            found = node, read(self, node)
            if session.silent and session.plain and session.counts == before:
                parts.known[id(node), asked] = found
        return found[1]

    def _direct(self, node: Node) -> Tensor:
        rule = _rules().get(type(node))
        if rule is None:
            bar = f"the other `{BARS[node.kind]}` is missing here" if isinstance(node, Bar) else ""
            self.error("unreadable", bar or "an expression is expected here", node.span)
        return rule(self, node)

    def scalar(self, node: Node) -> Term:
        """The meaning of an expression that must be one number."""
        tensor = algebra.single(self.session.settle(self.tensor(node)))
        if tensor.axes:
            self.mismatch("a single number is expected here", tensor.shape, (), node.span)
        return tensor.body

    def integer(self, node: Node) -> Term:
        """The meaning of a subscript or a limit: one number; a letter that nothing declares is a bare index."""
        reader = self if self.indexing else replace(self, indexing=True)
        return tidy(reader.scalar(node))

    def used_at(self, node: Node, use: Use) -> Term:
        """The meaning of a subscript at a position with this range: a bare index learns its range from it."""
        term = self.integer(node)
        found = offset(term)
        if found is not None:
            self.session.used(found[0], replace(use, shift=found[1]))
        return term

    def condition(self, node: Node) -> Term:
        """The meaning of a condition (Compare, Logic): `h > 0`, `j \\ne j'`, `i < j \\le n`."""
        from derivcheck.language.elaboration.fences import condition_tensor

        tensor = condition_tensor(self, node)
        if tensor.axes:
            self.mismatch("a condition on numbers is expected here", tensor.shape, (), node.span)
        return tensor.body

    def product(self, items: Sequence[Item]) -> Tensor:
        """The typed product of some items of a Product, in order."""
        from derivcheck.language.elaboration.products import product

        if not items:
            self.error("missing-argument", "something to take this of is expected here", None)
        return product(self, items)

    def reach(self, items: Sequence[Item], start: int, function: bool = False) -> int:
        """The end (exclusive) of what an operator standing before items[start] takes: the product that follows, to
        its end. A function (function=True) takes the bracket that follows it directly, else what is juxtaposed up to
        the next function."""
        from derivcheck.language.derivatives.differentials import is_differential
        from derivcheck.language.elaboration.products import reach, short_reach, wide_reach

        end = reach(items, start, function)
        if function and (wide := wide_reach(items, start, end)) != end:
            self.session.ambiguities.add("what follows the bracket")
            return wide if self.options.wide_arguments else end
        if function:  # `\\cos x\\, dx`
            end = next((k for k in range(start + 1, end) if is_differential(self, items, k)), end)
        if not function or end <= start + 1 or (short := short_reach(items, start, end)) == end:
            return end
        self.session.ambiguities.add("how far the function reaches")
        return short if self.options.short_arguments else end

    def exponential(self, exponent: Node, span: Span) -> Tensor:
        """`e^x`: of a square matrix the matrix exponential."""
        from derivcheck.language.elaboration import operations as op

        tensor = self.session.settle(self.tensor(exponent))
        if len(tensor.axes) == 2 and not algebra.is_row(tensor):
            op.square(self, tensor)
        return op.apply(self, algebra.matrix_exponential, tensor, span=span)

    def dim(self, node: Node) -> Dim:
        """The meaning of an expression as a dimension."""
        from derivcheck.language.elaboration.dims import read_dim

        return read_dim(node)

    def integer_range(self, node: Node) -> tuple[Term, Term, Dim | None]:
        """`\\{1, \\dots, d\\}`: least and greatest value, and the dimension where it is a whole axis."""
        body = node.body if isinstance(node, Group) else None
        from derivcheck.language.parsing.syntax import Dots

        if isinstance(body, Listing) and len(body.items) >= 3 and isinstance(body.items[-2], Dots):
            lower, upper = self.integer(body.items[0]), self.integer(body.items[-1])
            from derivcheck.language.elaboration.ranges import whole_axis

            return lower, upper, whole_axis(lower, upper)
        whole = self.scope.dimension(canonical(node) or "")
        if whole is not None and not isinstance(node, Group):  # `w \\in V` of a set that is as large as an axis
            from derivcheck.terms.build import ONE, size

            return ONE, size(whole), whole
        self.error("unreadable", "a range such as \\{1, \\dots, n\\} is expected here", node.span)
        return None

    def column(self, nodes: Sequence[Node], span: Span) -> Tensor:
        from derivcheck.language.elaboration.fences import column

        return column(self, nodes, span)

    def generalised(self, first: Node, last: Node) -> tuple[Index, Tensor] | None:
        """The items between `first, \\dots, last` over their index."""
        from derivcheck.language.elaboration.patterns import columns

        return columns(self, first, last)

    def without_words(self, nodes: Sequence[Node]) -> Node | None:
        """A condition in the second cell of `cases`, without its `if`; None for `otherwise`."""
        from derivcheck.language.parsing.wording import without_words

        return without_words(nodes)

    def handlers(self) -> tuple[Handler, ...]:
        return _handlers()

    # binding -----------------------------------------------------------------------------------------------

    def with_indices(self, indices: Mapping[str, Index]) -> Elaborator:
        """The same reader where these names are these (bound) indices."""
        return self.with_values({name: scalar(Var(index)) for name, index in indices.items()})

    def with_values(self, values: Mapping[str, Tensor]) -> Elaborator:
        """The same reader where these names stand for these tensors."""
        return replace(self, bound={**self.bound, **values})

    # names -------------------------------------------------------------------------------------------------

    def declaration(self, name: str) -> Declaration | None:
        """The declaration of a canonical name: in the scope, or made while reading this line."""
        return self.session.declared.get(name) or self.scope.declaration(name)

    def declare(self, declaration: Declaration) -> None:
        """Introduce a symbol that the line uses without a declaration of its own (`p(x \\mid z)`): the scope after
        the line includes it."""
        self.session.declared[declaration.name] = declaration

    @property
    def words(self) -> frozenset[str]:
        """Declared names of several letters."""
        if self.session.words is None:
            stems = {name.split("_")[0].split("(")[0].split("^")[0].rstrip("'") for name in self.scope.names}
            self.session.words = frozenset(s for s in stems if len(s) > 1 and s.isalpha())
        return self.session.words

    def knows(self, node: Node) -> bool:
        """Whether something introduces this name (with or without its scripts)."""
        from derivcheck.language.elaboration.resolve import full_names, lookup, sup_family_key

        keys = [k for k, _ in full_names(node)] if isinstance(node, Scripted) else [canonical(node)]
        if isinstance(node, Scripted) and (base := canonical(node.base)) is not None:
            keys = [*keys, sup_family_key(base, node.sup)]  # `y^{(i)}(x + b)`: a factor
        return any(
            k is not None
            and (
                lookup(self, k) is not None
                or self.declaration(k) is not None
                or k in self.scope.functions
                or self.scope.function(k) is not None
            )
            for k in keys
        )

    def knows_whole(self, key: str) -> bool:
        """Whether something introduces just this name."""
        from derivcheck.language.elaboration.resolve import lookup

        return lookup(self, key) is not None or key in self.scope.functions or self.scope.function(key) is not None

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
Rule = Callable[[Elaborator, Node], Tensor]


@cache
def _rules() -> dict[type[Node], Rule]:
    """One rule for each kind of node; imported late, since they all import this module's types."""
    from derivcheck.language.elaboration.atoms import RULES

    return RULES  # type: ignore[return-value]


@cache
def _handlers() -> tuple[Handler, ...]:
    from derivcheck.language.derivatives import operators as derivatives
    from derivcheck.language.derivatives.differentials import differential_handler
    from derivcheck.language.derivatives.subscript_derivatives import partial_handler
    from derivcheck.language.elaboration.fences import indicator_handler
    from derivcheck.language.elaboration.function_sums import HANDLERS as OF_COMBINED
    from derivcheck.language.elaboration.functions import application_handler, function_handler, undeclared_application
    from derivcheck.language.elaboration.plain_ones import plain_ones_handler
    from derivcheck.language.elaboration.reductions import bigop_handler
    from derivcheck.language.probability import operators as probability

    first = (*derivatives.HANDLERS, *probability.HANDLERS, differential_handler)
    of_functions = (function_handler, *OF_COMBINED, partial_handler, application_handler, undeclared_application)
    return (*first, indicator_handler, plain_ones_handler, bigop_handler, *of_functions)


__all__ = ["Elaborator", "Handler", "Item", "Relation", "Words"]
