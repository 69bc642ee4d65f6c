"""Functions applied: named ones of the notation table, those the givens define, unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.entry_calls import entry_called
from derivcheck.language.elaboration.products import core, mentions_bare
from derivcheck.language.elaboration.scripts import decorate, entry, entry_indices
from derivcheck.language.elaboration.unreadable import ShapeError
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Bar,
    BigOp,
    Dots,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Scripted,
    Span,
    Sum,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import FunctionMacro
from derivcheck.record import replace
from derivcheck.terms import algebra, functions
from derivcheck.terms.adjugate import adjugate
from derivcheck.terms.build import ZERO, div, number
from derivcheck.terms.model import FunctionSymbol
from derivcheck.terms.node import Apply, Entry, Function, Lambda, Number, Power, Term, Var, fresh, replace_entries
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

MINUS_ONE = number(-1)
MOST_APPLICATIONS = 1_000


def _call(name: str) -> Callable[[Term], Term]:
    return lambda x: Function(name, (x,))


# One number to one number; on tensors entry by entry.
ENTRYWISE: dict[str, Callable[[Term], Term]] = {
    **{n: _call(n) for n in ("exp", "log", "tanh", "sinh", "cosh", "sin", "cos", "tan", "erf", "sign")},
    "ln": _call("log"), "arcsin": _call("asin"), "arccos": _call("acos"), "arctan": _call("atan"),
    "arctanh": _call("atanh"), "Gamma": _call("gamma"), "sigmoid": functions.sigmoid, "softplus": functions.softplus,
    "relu": functions.relu,
    "lg": lambda x: div(Function("log", (x,)), Function("log", (number(10),))),
    "cot": lambda x: div(Function("cos", (x,)), Function("sin", (x,))),
    "sec": lambda x: Power(Function("cos", (x,)), MINUS_ONE),
    "csc": lambda x: Power(Function("sin", (x,)), MINUS_ONE),
    "coth": lambda x: Power(Function("tanh", (x,)), MINUS_ONE),
    "sech": lambda x: Power(Function("cosh", (x,)), MINUS_ONE),
    "csch": lambda x: Power(Function("sinh", (x,)), MINUS_ONE),
}  # fmt: skip
STEPS = frozenset({"relu", "sign"})
"""Those that are defined by cases in any book."""

INVERSES = {
    "sin": "arcsin",
    "cos": "arccos",
    "tan": "arctan",
    "tanh": "arctanh",
    "exp": "log",
    "log": "exp",
    "ln": "exp",
}


def _square(operation: Callable[[Tensor], Tensor]) -> Callable[[Elaborator, Tensor, Span], Tensor]:
    def read(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
        op.square(elab, tensor)
        return op.apply(elab, operation, tensor, span=span)

    return read


def _any(operation: Callable[[Tensor], Tensor]) -> Callable[[Elaborator, Tensor, Span], Tensor]:
    return lambda elab, tensor, span: op.apply(elab, operation, tensor, span=span)


def _eigenvalue(name: str) -> Callable[[Tensor], Tensor]:
    return lambda tensor: algebra.matrix_number(name, tensor)


def _log_softmax(tensor: Tensor) -> Tensor:
    return algebra.apply_function("log", algebra.softmax(tensor))


def _adjugate(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
    """What it is at singular matrices follows by continuity, of which a rank knows nothing."""
    parts = (part for tree in elab.session.line for part in walk(tree))
    if any(isinstance(part, Func) and part.text == "rank" for part in parts):
        elab.error("unsupported", "the rank of an adjugate is not decided", span)
    return _square(adjugate)(elab, tensor, span)


# One tensor to one tensor.
OF_TENSOR: dict[str, Callable[[Elaborator, Tensor, Span], Tensor]] = {
    "tr": _square(algebra.trace), "det": _square(algebra.det), "diag": _any(algebra.diag), "rank": _any(algebra.rank),
    "vec": _any(algebra.vec), "softmax": _any(algebra.softmax), "logsoftmax": _any(_log_softmax),
    "logsumexp": _any(algebra.log_sum_exp), "adj": _adjugate,
}  # fmt: skip

# Numbers of a matrix that are written as a letter with a mark below, and the gamma function; used where nothing
# declares that name.
MARKED: dict[str, Callable[[Tensor], Tensor]] = {
    **dict.fromkeys(("s_{max}", "\\sigma_{max}", "s_{\\max}"), _eigenvalue("norm2")),
    **dict.fromkeys(("\\lambda_{max}", "\\lambda_{\\max}"), _eigenvalue("eigmax")),
    **dict.fromkeys(("\\lambda_{min}", "\\lambda_{\\min}"), _eigenvalue("eigmin")),
    "\\rho": _eigenvalue("radius"), "\\kappa": _eigenvalue("cond"),
    "\\Gamma": lambda tensor: algebra.apply_function("gamma", tensor),
}  # fmt: skip


def function_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\log x`, `\\tanh^2(x)`, `\\operatorname{tr}(A)^2`: a named function with what it takes."""
    node = items[k][1]
    func = core(node)
    if not isinstance(func, Func):
        return None
    end = elab.reach(items, k + 1, function=True)
    if end == k + 1 or k + 1 >= len(items):
        elab.error("missing-argument", f"{func.text} stands without an argument", node.span)
    span = Span(node.span.start, items[end - 1][1].span.end)
    taken, trailing = _argument(items[k + 1 : end])
    if func.text in LOGARITHMS and trailing is not None and trailing.sup is not None:
        if not _plain_number(trailing.sup):  # `\\log\\bigl(...\\bigr)^{1/N}`: the root is what the logarithm is of
            taken, trailing = items[k + 1 : end], None
        else:
            elab.session.ambiguities.add("what the exponent behind the bracket belongs to")
    scripts = node if isinstance(node, Scripted) else Scripted(span=func.span, base=func)
    result = named(elab, func.text, scripts, taken, span)
    return (decorate(elab, result, trailing) if trailing is not None else result), end


LOGARITHMS = frozenset({"log", "ln", "lg"})


def _plain_number(node: Node) -> bool:
    key = canonical(node)
    return key is not None and (key.lstrip("-").isdigit() or key in ("+", "*", "T", "\\top"))


def _argument(items: Sequence[Item]) -> tuple[Sequence[Item], Scripted | None]:
    """The items of an argument; scripts on its bracket belong to the value: `f(x)^2`."""
    if len(items) == 1 and isinstance(items[0][1], Scripted) and isinstance(items[0][1].base, Group):
        scripted = items[0][1]
        if isinstance(scripted.base, Group) and scripted.base.open in ("(", "[", "{"):
            return (("", scripted.base),), scripted
    return items, None


def argument_nodes(items: Sequence[Item]) -> list[Node] | None:
    """The arguments in a bracket: `f(a, b)`; None where the argument is not in one bracket."""
    if len(items) == 1 and isinstance(items[0][1], Group) and items[0][1].open in ("(", "[", "{"):
        body = items[0][1].body
        return list(body.items) if isinstance(body, Listing) else [body]
    return None


def named(elab: Elaborator, name: str, scripts: Scripted, items: Sequence[Item], span: Span) -> Tensor:
    """A function of the notation table at its argument, with the scripts that stand on its name."""
    nodes = argument_nodes(items)
    if name in ("diag", "concat", "blockdiag") and nodes is not None and len(nodes) > 1:
        return _several(elab, name, nodes, items, span)
    tensor = elab.tensor(nodes[0]) if nodes is not None and len(nodes) == 1 else elab.product(items)
    if name in SOFT and scripts.sub is not None and not elab.session.settle(tensor).axes:
        return _over_index(elab, name, scripts.sub, tensor, items, span)
    sup = canonical(scripts.sup) if scripts.sup is not None else None
    if sup == "-1":
        if name not in INVERSES:
            elab.error("unreadable", f"the inverse of {name} has no meaning here", span)
        elab.session.ambiguities.add("inverse or reciprocal")
        if not elab.options.reciprocals:
            name, sup = INVERSES[name], None
    own = elab.scope.functions.get(name)  # the givens may make another function of it: a step, a sign
    result = apply_macro(elab, own, [tensor], span) if own is not None else _value(elab, name, tensor, scripts, span)
    for _ in range(scripts.primes):
        elab.error("unreadable", "a derivative of this function by a prime is not read", span)
    if sup is not None and scripts.sup is not None:
        result = op.apply(elab, algebra.entrywise_power, result, elab.tensor(scripts.sup), span=span)
    return result


SOFT = frozenset({"softmax", "logsoftmax"})


def _over_index(
    elab: Elaborator, name: str, index: Node, score: Tensor, items: Sequence[Item], span: Span
) -> Tensor:
    """`\\operatorname{softmax}_j(s_{ij})` of numbers: normalised over the index that stands below."""
    from derivcheck.language.elaboration.reductions import reduction

    argument = items[0][1] if len(items) == 1 else Product(span=span, items=tuple(items))
    inside = Group(span=span, open="(", close=")", body=argument)
    exponentials = [("", Func(span=span, text="exp")), ("", inside)]
    total = reduction(elab, BigOp(span=span, text="sum", sub=index), exponentials, span)
    if name == "logsoftmax":
        return op.add(elab, score, algebra.negate(algebra.apply_function("log", total)), span=span)
    return op.divide(elab, elab.product(exponentials), total, span)


def _value(elab: Elaborator, name: str, tensor: Tensor, scripts: Scripted, span: Span) -> Tensor:
    if name in ENTRYWISE:
        if name == "exp" and scripts.sub is None and algebra.is_square(elab.session.settle(tensor)):
            elab.session.ambiguities.add("exp entrywise or of the matrix")
            if elab.options.whole_exponential:
                return op.apply(elab, algebra.matrix_exponential, tensor, span=span)
        if name in ("log", "ln") and _is_definite(elab, tensor):
            elab.session.ambiguities.add("whether the logarithm is of the matrix or of each entry")
        result = op.apply(elab, lambda t: algebra.entrywise(ENTRYWISE[name], t), tensor, span=span)
        if name == "log":
            return _with_base(elab, result, scripts.sub, span)
        return entry(elab, result, scripts.sub, span) if scripts.sub is not None else result
    if name not in OF_TENSOR:
        elab.error("unsupported", f"{name} has no meaning here yet", span)
    result = OF_TENSOR[name](elab, tensor, span)
    if scripts.sub is not None and result.axes:
        return entry(elab, result, scripts.sub, span)
    return result


def _is_definite(elab: Elaborator, tensor: Tensor) -> bool:
    """A matrix that is made of one which is said to be positive definite: its logarithm is one of matrices."""
    if not algebra.is_square(elab.session.settle(tensor)):
        return False
    from derivcheck.deciding.order.givens import definite_symbols

    return bool(tensor.body.symbols & definite_symbols(elab.scope.model.assumptions, strict=True))


def _with_base(elab: Elaborator, logarithm: Tensor, sub: Node | None, span: Span) -> Tensor:
    base = elab.options.log_base or elab.scope.log_base
    if sub is not None:
        scale = elab.scalar(sub)
    elif base is not None and base != "e":
        scale = number(int(base))
    elif base is None and (other := _other_base(elab, logarithm)) is not None:
        scale = other
    else:
        return logarithm
    return op.divide(elab, logarithm, scalar(Function("log", (scale,))), span)


_BASES = {"logarithm to base 2": number(2), "logarithm to base 10": number(10)}


def _other_base(elab: Elaborator, logarithm: Tensor) -> Term | None:
    """`\\log 8 = 3`, `\\log 10^x = x`: of written numbers and of powers of the base, it may be the one of the field."""
    taken = [base for custom, base in _BASES.items() if custom in elab.options.customs]
    if taken:
        return taken[0]
    for custom, base in _BASES.items():
        inside = logarithm.body.args[0] if isinstance(logarithm.body, Function) else None
        if isinstance(inside, Number) or (isinstance(inside, Power) and inside.base == base):
            takes(elab, custom)
    return None


def _several(elab: Elaborator, name: str, nodes: Sequence[Node], items: Sequence[Item], span: Span) -> Tensor:
    """`\\operatorname{diag}(a, b, c)` of numbers; vectors and numbers one below the other."""
    if name == "blockdiag":
        elab.error("unsupported", "block-diagonal matrices of listed blocks have no meaning here yet", span)
    if any(isinstance(node, Dots) for node in nodes):
        stacked = elab.session.settle(elab.product(items))
        if len(stacked.axes) != 1 and not algebra.is_row(stacked):
            elab.error("unsupported", "dots between vectors or matrices have no meaning here yet", span)
    else:
        stacked = elab.column(nodes, span)
    return op.apply(elab, algebra.diag, stacked, span=span) if name == "diag" else stacked


# functions by name -------------------------------------------------------------------------------------------


def application_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`f(x)`: a name followed by a bracket, where the name is a function or the whole is a defined quantity."""
    node = items[k][1]
    if k + 1 >= len(items) or items[k + 1][0] != "" or not isinstance(core(node), Name | Accent):
        return None
    following = items[k + 1][1]
    group = core(following)
    if not isinstance(group, Group) or group.open not in ("(", "[") or (group.open, group.close) == ("[", ")"):
        return None
    span = Span(node.span.start, following.span.end)
    value = (
        _quantity(elab, node, group) or _applied(elab, node, group, span) or entry_called(elab, node, group, span)
    )
    if value is None:
        return None
    if isinstance(following, Scripted):
        value = decorate(elab, value, following)
    return value, k + 2


def quantity_key(node: Node, group: Group) -> str | None:
    """The canonical name of a quantity with arguments: `H(X)`, `I(X;Y)`."""
    head, inside = canonical(node), canonical(group)
    return None if head is None or inside is None else head + inside


def _quantity(elab: Elaborator, node: Node, group: Group) -> Tensor | None:
    from derivcheck.language.elaboration.resolve import lookup

    key = quantity_key(node, group)
    found = lookup(elab, key) if key is not None else None
    return found if found is not None else _value_of(elab, node, group)


def _value_of(elab: Elaborator, node: Node, group: Group) -> Tensor | None:
    """`\\ell(y, p)`, `L(W)` of a defined value whose definition depends on what the bracket lists: the value."""
    from derivcheck.language.derivatives.operators import model_of
    from derivcheck.language.elaboration.resolve import lookup

    key = canonical(node)
    declaration = elab.declaration(key) if key is not None else None
    if declaration is None or declaration.family or not declaration.definitions or key is None:
        return None
    listed = group.body.items if isinstance(group.body, Listing) else (group.body,)
    names = [canonical(item) for item in listed]
    below = depends(model_of(elab), key)
    if all(n is not None and n in below for n in names):
        return lookup(elab, key)
    return None


def _applied(elab: Elaborator, node: Node, group: Group, span: Span) -> Tensor | None:
    """The value of a declared or defined function, with scripts on its name: `f_1(x)`, `\\sigma^2(x)`, `f^{-1}(x)`."""
    nodes = list(group.body.items) if isinstance(group.body, Listing) else [group.body]
    if isinstance(group.body, Bar):
        return None
    for name, rest in _function_names(node):
        macro, symbol = elab.scope.functions.get(name), elab.scope.function(name)
        if name in elab.bound or (macro is None and symbol is None and name not in MARKED):
            continue
        if rest.primes or mentions_bare(group.body, name):
            return None
        arguments = [elab.tensor(n) for n in nodes]
        if macro is not None:
            value = apply_macro(elab, macro, arguments, span)
        elif symbol is not None:
            leading = _leading(elab, symbol, rest, len(arguments))
            rest = replace(rest, sub=None) if leading else rest
            value = apply_symbol(elab, symbol, [*leading, *arguments], span)
        elif elab.declaration(name) is None and len(arguments) == 1:
            op.square(elab, arguments[0]) if name.startswith(("\\lambda", "\\rho")) else None
            value = op.apply(elab, MARKED[name], arguments[0], span=span)
        else:
            return None
        if rest.sup is not None and canonical(rest.sup) == "-1":
            elab.error("unsupported", "the inverse of a function by its name has no meaning here yet", span)
        return decorate(elab, value, rest)
    return None


def _leading(elab: Elaborator, symbol: FunctionSymbol, rest: Scripted, given: int) -> list[Tensor]:
    """`f_{ji}(x)` for `f(j, i, x)`: numbers that a function takes first may stand below its name."""
    count = len(symbol.arguments) - given
    if rest.sub is None or count < 1 or any(symbol.arguments[:count]):
        return []
    nodes = entry_indices(rest.sub, count)
    return [elab.tensor(n) for n in nodes] if len(nodes) == count else []


def _function_names(node: Node) -> list[tuple[str, Scripted]]:
    """Names that a scripted function name may be, with the scripts that remain."""
    from derivcheck.language.elaboration.resolve import full_names

    if isinstance(node, Scripted):
        return list(full_names(node))
    key = canonical(node)
    return [] if key is None else [(key, Scripted(span=node.span, base=node))]


def apply_macro(elab: Elaborator, macro: FunctionMacro, arguments: Sequence[Tensor], span: Span) -> Tensor:
    """A function of the givens at tensors: of numbers entry by entry, else its body read with the arguments bound."""
    macro = macro.of(len(arguments))
    if len(arguments) != len(macro.parameters):
        elab.error("unreadable", f"{macro.name} takes {len(macro.parameters)} argument(s)", span)
    if macro.body is not None and not macro.body.axes:
        body, places = macro.body.body, macro.placeholders

        def entry_by_entry(*tensors: Tensor) -> Tensor:
            return algebra.entrywise(lambda *values: placed(body, places, values), *tensors, operation=macro.name)

        return op.entrywise(elab, entry_by_entry, *arguments, span=span)
    with _applying(elab, macro, span):
        try:
            return elab.with_values(dict(zip(macro.parameters, arguments, strict=True))).tensor(macro.node)
        except ShapeError:
            if all(a.axes or a.body != ZERO for a in arguments):
                raise
        # `f(0)` of an f of vectors: the zero vector
        columns = [a if a.axes or a.body != ZERO else algebra.zeros(elab.session.unknown()) for a in arguments]
        return elab.with_values(dict(zip(macro.parameters, columns, strict=True))).tensor(macro.node)


@contextmanager
def _applying(elab: Elaborator, macro: FunctionMacro, span: Span) -> Iterator[None]:
    """While a body is read with arguments. A body that comes back to its own function would be read for ever."""
    session = elab.session
    session.applied += 1
    if macro.name in session.applying or session.applied > MOST_APPLICATIONS:
        elab.error("unsupported", f"{macro.name} is defined by itself, or by too many others", span)
    session.applying.append(macro.name)
    try:
        yield
    finally:
        session.applying.pop()


def placed(body: Term, placeholders: Sequence[Entry], values: Sequence[Term]) -> Term:
    """A macro's body with its placeholders replaced."""
    table = dict(zip(placeholders, values, strict=True))
    return replace_entries(body, table.get)


def apply_symbol(elab: Elaborator, symbol: FunctionSymbol, arguments: Sequence[Tensor], span: Span) -> Tensor:
    """An unknown function at tensors; one of numbers acts entry by entry."""
    if len(arguments) != len(symbol.arguments):
        elab.error("unreadable", f"{symbol.name} takes {len(symbol.arguments)} argument(s)", span)
    settled = [elab.session.settle(a) for a in arguments]
    of_numbers = not symbol.value and all(not shape for shape in symbol.arguments)
    if of_numbers and any(a.axes for a in settled):
        return op.entrywise(
            elab,
            lambda *tensors: algebra.entrywise(
                lambda *bodies: Apply(symbol.name, tuple(Lambda((), b) for b in bodies)),
                *tensors,
                operation=symbol.name,
            ),
            *settled,
            span=span,
        )
    for argument, shape in zip(settled, symbol.arguments, strict=True):
        if argument.shape != shape:
            elab.mismatch(f"the argument of {symbol.name}", argument.shape, shape, span)
    axes = tuple(fresh("i", dim) for dim in symbol.value)
    lambdas = tuple(Lambda(a.axes, a.body) for a in (t.renamed() for t in settled))
    return Tensor(axes, Apply(symbol.name, lambdas, tuple(Var(a) for a in axes)))


def undeclared_application(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`g(z)` where nothing introduces g: one undeclared number, so that the line is never refuted."""
    node = items[k][1]
    if k + 1 >= len(items) or items[k + 1][0] != "" or not isinstance(core(node), Name | Accent):
        return None
    group = items[k + 1][1]
    key = canonical(core(node))
    if not isinstance(group, Group) or group.open != "(" or key is None or elab.knows(node):
        return None
    if _times(node, group):
        return None
    whole = quantity_key(node, group)
    if whole is None or key in elab.session.letters:
        return None
    elab.session.undeclared.setdefault(key, node.span)
    return scalar(Entry(whole)), k + 2


def _times(node: Node, group: Group) -> bool:
    """`\\mathbf{1}^\\top(A + B)`, `e_i^\\top(A - B)`, `I(A + B)`: a name with a meaning of its own before a bracket
    is a factor, not a function (but `I(X)` and `\\pi(a)` may be quantities)."""
    from derivcheck.language.elaboration.resolve import needs_no_declaration

    if not needs_no_declaration(node) or isinstance(group.body, Listing):
        return False
    return isinstance(node, Scripted) or isinstance(group.body, Sum | Product)
