"""Definitions: what an equation with a name on its left adds to the scope.

A definition of a value is never inlined: the name becomes a declaration with a Definition and stays opaque. A
function of the givens is a macro. A name whose value mentions a bare index that the name does not carry (`a = W h_i`)
is a family over that index, and the name an alias of its member; a name of an entry (`w = W_{jk}`) is an alias of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.elaboration.closing import Bare, bare_indices, closed, implied_conditions, parameters_of
from derivcheck.language.elaboration.declaring import likely_word, without
from derivcheck.language.elaboration.diagonals import diagonal_index, diagonal_key, with_whole
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.functions import ENTRYWISE, MARKED, STEPS, quantity_key
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.ranges import difference, offset, tidied
from derivcheck.language.elaboration.resolve import full_names, lookup, members_key, sup_family_key
from derivcheck.language.elaboration.scripts import TRANSPOSE, entry_indices
from derivcheck.language.elaboration.session import Session
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.refolding import refolded
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Scripted,
    Symbol,
    Words,
)
from derivcheck.language.parsing.trees import children
from derivcheck.language.scope import FunctionMacro, Scope
from derivcheck.record import dataclass, replace
from derivcheck.terms.algebra import as_column, is_row
from derivcheck.terms.build import ONE, add, number
from derivcheck.terms.model import Declaration, Definition, Domain, Family
from derivcheck.terms.node import Cases, Entry, Index, Number, Reduce, Term, Var, fresh, substitute, walk
from derivcheck.terms.tensor import Tensor

STANDARD = frozenset({"e", "I", "0", "1", "\\pi"})


@dataclass(frozen=True, slots=True)
class Left:
    """The left side of an equation as something that may be defined. kind: 'name', 'application', 'beside' (what
    stands beside the diagonal of `key`)."""

    kind: str
    name: Node
    key: str
    group: Group | None = None


def definable(elab: Elaborator, node: Node, given: bool = False) -> Left | None:
    """The left side, where it is a name (or a name with arguments) that nothing introduces yet. In a given line
    (`given`) a name with a prime is a new name although the letter is declared: `x' = W x + b`."""
    node = _whole_word(elab, node)
    if isinstance(node, Product):
        from derivcheck.language.probability.events import is_event
        from derivcheck.language.probability.happenings import is_happening
        from derivcheck.language.probability.operators import is_plain_expectation

        expected = is_plain_expectation(elab, node.items, 0) or _of_chance(node)
        expected = expected or is_event(elab, node) or is_happening(elab, node)
        return None if expected else _application(elab, node, given)
    if isinstance(node, Name | Accent | Scripted) and isinstance(core(node), Name | Accent):
        key = canonical(node)
        marked = isinstance(node, Scripted) and (_marked(elab, node) or (given and _is_pseudo_inverse(node)))
        if marked and key is not None and not _introduced(elab, key):
            return Left("name", node, key)
        if (
            isinstance(node, Scripted)
            and node.sup is not None
            and not isinstance(node.sup, Group)
            and not _label(elab, node)
        ):
            return None
        primed = given and isinstance(node, Scripted) and node.primes > 0
        if key is None or _standard(node, given) or (_introduced(elab, key) if primed else known(elab, node)):
            return None
        return Left("name", node, key)
    return None


def _of_chance(node: Product) -> bool:
    """`E[X]` is an expectation, whatever the law of X: no line defines what an expectation is."""
    letter, group = (node.items[0][1], node.items[1][1]) if len(node.items) > 1 else (node, node)
    return isinstance(letter, Name) and letter.text == "E" and isinstance(group, Group) and group.open == "["


def _marked(elab: Elaborator, node: Scripted) -> bool:
    """`w^*`, `w_{\\text{opt}}` beside a vector or a number w: a certain value of it, and a name of its own."""
    starred = isinstance(node.sup, Symbol | Name) and node.sup.text == "*" and node.sub is None
    worded = isinstance(node.sub, Name) and node.sub.style == "word" and len(node.sub.text) > 1 and node.sup is None
    worded = worded or (isinstance(node.sub, Words) and node.sup is None)
    base = canonical(node.base) if (starred or worded) and not node.primes else None
    declaration = elab.declaration(base) if base is not None else None
    return declaration is not None and not declaration.family and len(declaration.shape) < 2


def _is_pseudo_inverse(node: Scripted) -> bool:
    """`A^+ = (A^\\top A)^{-1} A^\\top` as a given says what is written A^+."""
    return canonical(node.sup) in ("+", "\\dagger") if node.sup is not None and node.sub is None else False


def _label(elab: Elaborator, node: Scripted) -> bool:
    """`h_1^{t+1}` of a letter that nothing introduces: what stands above is a label, unless it is a plain number."""
    base = core(node)
    if isinstance(base, Name) and base.text in STANDARD:
        return False
    above = canonical(node.sup) if node.sup is not None else None
    return above is not None and not above.lstrip("-").isdigit() and above not in TRANSPOSE and not known(elab, node)


def _whole_word(elab: Elaborator, node: Node) -> Node:
    word = likely_word(node, lambda letter: _introduced(elab, letter))
    return word if word is not None else node


def known(elab: Elaborator, node: Node) -> bool:
    """Whether something introduces this name, or (for a scripted one) the family or array that it is an entry of. A
    number is no array: `d_i` beside a number `d` is a name of its own."""
    if isinstance(node, Scripted):
        base = canonical(node.base) or ""
        above = sup_family_key(base, node.sup)
        names = (members_key(base), *((above, members_key(above)) if above is not None else ()))
        if any(_introduced(elab, name) for name in names):
            return True
        return any(_introduced(elab, key) and not _only_number(elab, key, rest) for key, rest in full_names(node))
    key = canonical(node)
    return key is not None and _introduced(elab, key)


def _only_number(elab: Elaborator, key: str, rest: Scripted) -> bool:
    """A name that stands for one number, where scripts below or primes remain: primes on a function are its
    derivative (`f'` of an f that is also short for its value at x)."""
    if rest.sub is None and (not rest.primes or key in elab.scope.functions):
        return False
    found = lookup(elab, key)
    return found is not None and not found.axes


def _introduced(elab: Elaborator, key: str) -> bool:
    scope = elab.scope
    if key in scope.names or key in scope.bold or diagonal_key(key) in scope.model.declarations:
        return True
    return elab.declaration(key) is not None or key in elab.bound


def _standard(node: Node, given: bool) -> bool:
    """A name with a meaning of its own, which only a given line may take from it (a policy `\\pi`)."""
    base = core(node)
    if not isinstance(base, Name):
        return False
    bare = not isinstance(node, Scripted)
    return base.text in ("1", "0") or (base.text in ("\\pi", "I") and bare and not given)


def taken_over(elab: Elaborator, node: Node) -> Left | None:
    """A name with a meaning of its own (`\\pi`, `I`) on the left, where nothing has given it another one yet."""
    free = isinstance(node, Name) and _standard(node, False) and not known(elab, node)
    return definable(elab, node, given=True) if free else None


def _application(elab: Elaborator, node: Product, given: bool) -> Left | None:
    """`f(x)`, `H(X)`, `s[i]` of a name that is neither a tensor nor yet a function."""
    if len(node.items) > 2:
        letters = replace(node, items=node.items[:-1])
        node = replace(node, items=(("", _whole_word(elab, letters)), node.items[-1]))
    if len(node.items) != 2 or node.items[1][0] != "":
        return None
    head, group = node.items[0][1], node.items[1][1]
    if not isinstance(group, Group):
        return None
    if given and _smooth(elab, head, group):
        return Left("application", head, quantity_key(head, group) or "", group)
    if not isinstance(core(head), Name | Accent):
        return None
    key = quantity_key(head, group)
    if key is None or group.open not in ("(", "["):
        return None
    again = given and (canonical(head) in elab.scope.functions or canonical(head) in elab.scope.aliases)
    if (known(elab, head) and not again) or _introduced(elab, key):
        return None
    if not given and group.open == "(" and not all(_is_name(n) for n in arguments_of(group)):
        return None
    if not given and canonical(head) in MARKED and _of_matrix(elab, group):
        return None
    if group.open == "[":
        return Left("name", Scripted(span=node.span, base=head, sub=group.body), canonical(head) or "")
    return Left("application", head, key, group)


def renewed(elab: Elaborator, left: Node, right: Node, names: frozenset[str]) -> Left | None:
    """`f(x) = x^3` of a function f that may be given another meaning. Of an a that is declared, and is not the
    argument by which f was defined, `f(a) = a` says something of a."""
    head = canonical(left.items[0][1]) if isinstance(left, Product) else None
    macro = elab.scope.functions.get(head or "")
    target = _application(elab, left, True) if isinstance(left, Product) and macro and head in names else None
    if target is None or target.group is None or macro is None:
        return None
    arguments = [canonical(n) if _is_name(n) else None for n in arguments_of(target.group)]
    own = all(n in macro.parameters or (n is not None and not _introduced(elab, n)) for n in arguments)
    return target if own and all(n is not None and _mentions(right, n) for n in arguments) else None


def _smooth(elab: Elaborator, head: Node, group: Group) -> bool:
    """`\\tanh(z)` of a name that nothing introduces."""
    return (
        isinstance(head, Func) and head.text in ENTRYWISE.keys() - STEPS and _is_name(group.body)
        and not known(elab, group.body)
    )  # fmt: skip


def _of_matrix(elab: Elaborator, group: Group) -> bool:
    """`\\lambda_{\\max}(A)` of a matrix has its usual meaning."""
    tensor = _try(elab, {}, group.body)
    return tensor is not None and len(tensor.axes) == 2


def arguments_of(group: Group) -> tuple[Node, ...]:
    return group.body.items if isinstance(group.body, Listing) else (group.body,)


def _is_name(node: Node) -> bool:
    return isinstance(node, Name | Accent) or (isinstance(node, Scripted) and node.sup is None and _is_name(node.base))


# functions ---------------------------------------------------------------------------------------------------


def define_application(elab: Elaborator, left: Left, body: Node) -> Scope | None:
    """`f(x) = ...` as a function; None where it is a quantity whose arguments its body does not mention."""
    assert left.group is not None
    arguments = arguments_of(left.group)
    names = [canonical(a) if isinstance(a, Name | Accent | Scripted) else None for a in arguments]
    used = [n for n in names if n is not None and _mentions(body, n)]
    if None in names or (len(used) < len(names) and all(_stands(elab, n) for n in used)):
        return None
    parameters = tuple(n or "" for n in names)
    macro = function_macro(elab, canonical(left.name) or "", parameters, body)
    name = macro.name
    if isinstance(left.name, Func) and not _by_cases(macro):
        return elab.scope  # a formula for a named function says what it is anyway
    earlier = elab.scope.functions.get(name)
    if earlier is not None:
        kept = tuple(f for f in (earlier, *earlier.others) if len(f.parameters) != len(parameters))
        macro = replace(macro, others=kept)
    scope = without(elab.scope, name)
    scope = replace(scope, functions={**scope.functions, name: macro})
    value = _value_at_declared(elab, parameters, body)
    return scope if value is None else replace(scope, aliases={**scope.aliases, name: value})


def _by_cases(macro: FunctionMacro) -> bool:
    """Another function than the smooth one whose name it has."""
    return macro.body is not None and any(isinstance(node, Cases) for node in walk(macro.body.body))


def function_macro(elab: Elaborator, name: str, parameters: tuple[str, ...], body: Node) -> FunctionMacro:
    """A macro; over placeholders where its parameters can be numbers (unless they are declared as tensors and the body
    treats them as such)."""
    if any(_as_vector(body, p) for p in parameters):
        return FunctionMacro(name, parameters, body)
    placeholders = tuple(Entry(f"{name}({p})") for p in parameters)
    values = {p: Tensor((), place) for p, place in zip(parameters, placeholders, strict=True)}
    shapes = [d.shape for p in parameters if (d := elab.scope.declaration(p)) is not None and not d.family]
    over_tensors = _try(elab, {}, body) if any(shapes) else None
    if over_tensors is not None and all(over_tensors.shape != s for s in shapes if s):
        return FunctionMacro(name, parameters, body)
    over_numbers = _try(elab, values, body) if all(_mentions(body, p) for p in parameters) else None
    if over_numbers is None or over_numbers.axes:
        return FunctionMacro(name, parameters, body)
    return FunctionMacro(name, parameters, body, placeholders, over_numbers)


def _as_vector(node: Node, name: str) -> bool:
    """Whether a norm or a transpose is taken of this parameter (`\\exp(-\\|u - v\\|^2)`): then it is no number, and the
    function is none of each entry."""
    if isinstance(node, Group) and node.open == "‖":
        return _mentions(node, name)
    if isinstance(node, Scripted) and node.sup is not None and canonical(node.sup) in TRANSPOSE:
        return _mentions(node.base, name)
    return any(_as_vector(child, name) for child in children(node))


def _try(elab: Elaborator, values: dict[str, Tensor], body: Node) -> Tensor | None:
    inner = replace(elab, session=Session(letters=elab.session.letters)).with_values(values)
    try:
        tensor = inner.tensor(body)
        return closed(inner, tensor, bare_indices(inner)) if not inner.session.undeclared else None
    except (Unreadable, ShapeError):
        return None


def _value_at_declared(elab: Elaborator, parameters: Sequence[str], body: Node) -> Tensor | None:
    """The value of the function at the variables of the givens that its parameters name."""
    declarations = [elab.scope.declaration(p) for p in parameters]
    if not all(d is not None for d in declarations):
        return None
    return _try(elab, {}, body)


def _stands(elab: Elaborator, name: str) -> bool:
    """Whether a name stands for a value by itself (not as a family of which only the members do)."""
    declaration = elab.declaration(name)
    return _introduced(elab, name) if declaration is None else not declaration.family


def mentions(node: Node, name: Node) -> bool:
    """Whether a name occurs in an expression."""
    key = canonical(name)
    return key is not None and _mentions(node, key)


def _mentions(node: Node, name: str) -> bool:
    if isinstance(node, Scripted) and node.sup is not None and canonical(replace(node, sup=None)) == name:
        return True  # `x_1^2` mentions x_1
    return canonical(node) == name or any(_mentions(child, name) for child in children(node))


# values ------------------------------------------------------------------------------------------------------


def define_value(elab: Elaborator, left: Left, value: Tensor) -> Scope:
    """The scope in which the left side is defined to be `value` (not yet closed)."""
    if "row or column" in elab.session.ambiguities and is_row(value):  # `x_i = X_{i,:}^\top` turns a row into a column
        value = as_column(value)
    elif "row or column" in elab.session.ambiguities and len(value.axes) == 1:
        named = elab.scope.slices | {canonical(core(left.name)) or left.key}
        elab = replace(elab, scope=replace(elab.scope, slices=named))
    key = left.key
    parts: list[Node] = []
    if left.kind == "name" and isinstance(left.name, Scripted) and left.name.sub is not None:
        parts = _carried(elab, left.name, value)
    if parts and isinstance(left.name, Scripted):
        base = (
            Scripted(span=left.name.span, base=left.name.base, primes=left.name.primes)
            if left.name.primes
            else left.name.base
        )
        return _define_members(elab, canonical(base) or key, parts, value)
    made = _define_diagonal(elab, left.name, value) if isinstance(left.name, Scripted) else None
    if made is not None:
        return made
    bare = bare_indices(elab)
    value = closed(elab, value, bare).renamed()
    scope = without(elab.scope, key)
    free = sorted(value.body.free - set(value.axes), key=lambda i: i.name)
    if free and isinstance(value.body, Entry):
        return replace(scope, aliases={**scope.aliases, key: value})
    parameters = [fresh(i.name, i.dim) for i in free]
    values: dict[Index, Term] = {i: Var(p) for i, p in zip(free, parameters, strict=True)}
    definition = Definition((*parameters, *value.axes), substitute(value.body, values))
    ranges = {p.index: p for p in parameters_of(elab, [value], bare)}
    families = tuple(Family(i, ranges[i].lower, ranges[i].upper) for i in free)
    declaration = Declaration(key, value.shape, families, _place_of(value), definitions=(definition,), latex=key)
    scope = _declared(scope, declaration)
    if not free:
        return scope
    member = Tensor(value.axes, Entry(key, (*(Var(i) for i in free), *(Var(a) for a in value.axes))))
    return replace(scope, aliases={**scope.aliases, key: member})


def _place_of(value: Tensor) -> Domain:
    """Where a maximum is attained is a place: it may stand as an index."""
    body = value.body
    if isinstance(body, Reduce) and body.kind in ("argmax", "argmin") and not value.axes:
        return Domain("integer", body.lower, body.upper)
    return Domain()


def _declared(scope: Scope, declaration: Declaration) -> Scope:
    """One more defined name; what the definitions before compute on the way goes through it."""
    scope = scope.declare(declaration)
    return replace(scope, model=refolded(scope.model, declaration.name))


def _define_diagonal(elab: Elaborator, left: Scripted, value: Tensor) -> Scope | None:
    """`S_{ii} = v_i` over a whole axis: the vector on the diagonal of S; S itself only where the rest is known."""
    index = diagonal_index(left)
    if index is None or value.axes or not _carried(elab, replace(left, sub=index), value):
        return None
    base = canonical(replace(left, sub=None)) or ""
    made = _define_members(elab, diagonal_key(base), [index], value)
    vector = made.declaration(diagonal_key(base))
    return with_whole(made, base) if vector is not None and not vector.family else None


def _carried(elab: Elaborator, left: Scripted, value: Tensor) -> list[Node]:
    """The subscripts of the left side, where each is a bare index (plus a number) of the right side."""
    assert left.sub is not None
    free = {i for i in value.body.free if i not in value.axes}
    for count in (1, 2, 3):
        parts = entry_indices(left.sub, count)
        if len(parts) != count:
            continue
        found = [offset(_index(elab, p)) for p in parts]
        names = [f[0] for f in found if f is not None and (f[0] in free or f[0].name in elab.session.ranges)]
        if len(names) == count:  # else it is a name for the value at all its indices: of `S_{ii}` the diagonal alone
            return parts if free <= {*names} and len({*names}) == count else []
    return []


def _index(elab: Elaborator, node: Node) -> Term:
    try:
        return elab.integer(node)
    except (Unreadable, ShapeError):
        return ONE


def _define_members(elab: Elaborator, base: str, parts: Sequence[Node], value: Tensor) -> Scope:
    """`a_i = ...`: a vector where the indices run over whole axes and the value is a number, else a family."""
    bare = bare_indices(elab)
    found = [offset(elab.integer(p)) for p in parts]
    value = closed(elab, value, bare).renamed()
    finals: list[tuple[Index, int, Term | None, Term | None]] = []
    for item in found:
        assert item is not None
        index, shift, low, high = _member_index(elab, item, bare)
        finals.append((index, shift, low if low is not None else _least(elab, value, index), high))
    whole = all(i.dim is not None and shift == 0 for i, shift, _, _ in finals) and not value.axes
    parameters = [fresh(i.name, i.dim) for i, _, _, _ in finals]
    values: dict[Index, Term] = {
        i: add(Var(p), number(-shift)) for p, (i, shift, _, _) in zip(parameters, finals, strict=True)
    }
    body = tidied(substitute(value.body, values))
    if elab.scope.dimension(base) is not None:
        base = members_key(base)
    scope = without(elab.scope, base)
    if whole:
        shape = tuple(p.dim for p in parameters if p.dim is not None)
        definitions = (Definition(tuple(parameters), body),)
        return _declared(scope, Declaration(base, shape, definitions=definitions, latex=base.removesuffix("_{}")))
    families = tuple(Family(Index(i.name), _moved(low, shift), _moved(high, shift)) for i, shift, low, high in finals)
    definition = Definition((*parameters, *value.axes), body)
    return _declared(scope, Declaration(base, value.shape, families, definitions=(definition,), latex=base))


def _least(elab: Elaborator, value: Tensor, index: Index) -> Term | None:
    """The least index at which the value means something as it is written: of a sum up to t - 1, from 0 on, t is 0."""
    bounds = [
        least.value - gap.value
        for given in implied_conditions(elab, value)
        if isinstance(least := given.left.body, Number)
        and isinstance(gap := difference(given.right.body, Var(index)), Number)
    ]
    return Number(max(bounds)) if bounds else None


def _member_index(
    elab: Elaborator, item: tuple[Index, int], bare: dict[Index, Bare]
) -> tuple[Index, int, Term | None, Term | None]:
    index, shift = item
    if index in bare:
        parameter = bare[index].parameter
        return parameter.index, shift, parameter.lower, parameter.upper
    declared = next((p for p in elab.scope.indices.values() if p.index == index), None)
    return index, shift, declared.lower if declared else None, declared.upper if declared else None


def _moved(term: Term | None, shift: int) -> Term | None:
    return None if term is None else add(term, number(shift))
