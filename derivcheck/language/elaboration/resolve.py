"""Names to tensors: what a letter with its scripts stands for in the scope.

A declared or defined full name wins; then members of families; then standard names; then entries, powers, primes
and transposes of what the base stands for (scripts.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.diagonals import diagonal_index, diagonal_key
from derivcheck.language.elaboration.scripts import TRANSPOSE, decorate, entry_indices, position
from derivcheck.language.elaboration.session import Use
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    BigOp,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Scripted,
    Span,
    Symbol,
)
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Constant, Delta, Entry, Index, Size, Term, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

_CONSTANTS = {"\\pi": "pi", "\\infty": "infinity", "e": "e"}


def lookup(elab: Elaborator, key: str) -> Tensor | None:
    """What a complete name stands for; None where nothing introduces it."""
    if key in elab.bound:
        return elab.bound[key]
    scope = elab.scope
    if key in scope.aliases:
        return _here(elab, scope.aliases[key])
    declaration = elab.declaration(key)
    if declaration is not None and declaration.family:
        declaration = elab.declaration(plain_key(key))
    if declaration is not None and not declaration.family:
        return member(declaration, ())
    if key in scope.indices:
        index = scope.indices[key].index
        if index.dim is None:
            elab.session.used(index, Use(scope.indices[key].lower, scope.indices[key].upper, None))
        return scalar(Var(index))
    dim = scope.dimension(key)
    return scalar(Size(dim)) if dim is not None else None


def _here(elab: Elaborator, alias: Tensor) -> Tensor:
    """An alias in this line: the bare indices that it mentions are those of the line."""
    values: dict[Index, Term] = {}
    for index in alias.body.free - set(alias.axes):
        if index.name in elab.bound and not elab.bound[index.name].axes:
            values[index] = elab.bound[index.name].body
        elif index.name not in elab.scope.indices:
            here = elab.session.free_index(index.name)
            values[index] = Var(here)
            if index.dim is not None:
                elab.session.used(here, Use(ONE, size(index.dim), index.dim))
    body = substitute(alias.body, values)
    declaration = elab.declaration(body.symbol) if isinstance(body, Entry) else None
    if declaration is not None and isinstance(body, Entry):
        for term, family in zip(body.indices, declaration.family, strict=False):
            if isinstance(term, Var):
                elab.session.used(term.index, Use(family.lower, family.upper, None))
    return Tensor(alias.axes, body)


def member(declaration: Declaration, family: Sequence[Term]) -> Tensor:
    """A declared symbol (one member of a family) with its entry axes."""
    axes = tuple(fresh("i", dim) for dim in declaration.shape)
    return Tensor(axes, Entry(declaration.name, (*family, *(Var(a) for a in axes))))


def name(elab: Elaborator, node: Name | Accent | Symbol | Func) -> Tensor:
    """A name without scripts."""
    bold = canonical(node, bold=True)
    key = canonical(node)
    if bold is not None and bold != key and bold in elab.scope.bold and (found := lookup(elab, bold)):
        return found
    if key is None:
        elab.error("unreadable", "this is not a name", node.span)
    found = lookup(elab, key)
    if found is None:
        found = standard(elab, node, None)
    return found if found is not None else unknown(elab, key, node.span)


def scripted(elab: Elaborator, node: Scripted) -> Tensor:
    """A name (or anything else) with scripts: the longest declared name first, what remains is entry, prime, power."""
    base = node.base
    if isinstance(base, Name | Accent | Func | Symbol):
        if (found := _on_diagonal(elab, node)) is not None:
            return decorate(elab, found, replace(node, sub=None))
        if (apart := _above_apart(elab, node)) is not None:
            return elab.tensor(apart)
        members = elab.declaration(members_key(canonical(base) or "")) if node.sub is not None else None
        beside = members is not None
        if members is not None and not members.family:
            return decorate(elab, member(members, ()), node)
        for key, rest in full_names(node):
            if beside and rest.sub is not None:
                break
            found = lookup(elab, key)
            # `k'` and `i_1` beside a number k or i are names of their own.
            if found is not None and (found.axes or not (rest.primes or rest.sub is not None)):
                return decorate(elab, found, rest)
        found = _family(elab, node) or _standard_scripted(elab, node)
        if found is not None:
            return found
        key = canonical(Scripted(span=node.span, base=base, sub=node.sub, primes=node.primes))
        if key is None:
            elab.error("unreadable", "this subscript was not understood", node.span)
        rest = Scripted(span=node.span, base=base, sup=node.sup)
        return decorate(elab, unknown(elab, key, node.span), rest)
    return decorate(elab, elab.tensor(base), node)


def _on_diagonal(elab: Elaborator, node: Scripted) -> Tensor | None:
    """`S_{ii}` of a matrix of which a line says only what stands on its diagonal."""
    base = canonical(replace(node, sub=None, sup=None)) if node.sub is not None else None
    vector = elab.declaration(diagonal_key(base)) if base is not None else None
    index = diagonal_index(replace(node, sup=None)) if vector is not None else None
    if vector is None or index is None or vector.shape[0] is None:
        return None
    return scalar(member(vector, ()).at([position(elab, index, vector.shape[0])]))


def full_names(node: Scripted) -> Iterator[tuple[str, Scripted]]:
    """Every name that a scripted letter may be, longest first, with the scripts that remain."""
    choices = [(1, 1, 1), (1, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
    seen: set[str] = set()
    for sub, sup, prime in choices:
        inside = Scripted(
            span=node.span,
            base=node.base,
            sub=node.sub if sub else None,
            sup=node.sup if sup else None,
            primes=node.primes if prime else 0,
        )
        for bold in (True, False):
            key = canonical(inside, bold)
            if key is not None and key not in seen:
                seen.add(key)
                rest = Scripted(
                    span=node.span,
                    base=node.base,
                    sub=None if sub else node.sub,
                    sup=None if sup else node.sup,
                    primes=0 if prime else node.primes,
                )
                yield key, rest
    yield from _listed_names(node)


def _listed_names(node: Scripted) -> Iterator[tuple[str, Scripted]]:
    """`p_{T,i}`: the entry i of a name `p_T`, `W_{hh,jk}` one of `W_{hh}`."""
    if not isinstance(node.sub, Listing):
        return
    items = node.sub.items
    for count in range(len(items) - 1, 0, -1):
        head, tail = (part[0] if len(part) == 1 else replace(node.sub, items=part)
                      for part in (items[:count], items[count:]))  # fmt: skip
        key = canonical(Scripted(span=node.span, base=node.base, sub=head, primes=node.primes))
        if key is not None:
            yield key, Scripted(span=node.span, base=node.base, sub=tail, sup=node.sup)


# families ----------------------------------------------------------------------------------------------------


def members_key(name: str) -> str:
    """The key of a family whose name a single value already has."""
    return f"{name}_{{}}"


def plain_key(name: str) -> str:
    """The key of a single value whose name a family already has."""
    return f"{{{name}}}"


def sup_family_key(base: str, sup: Node | None) -> str | None:
    """The name of a family whose index stands above: `x^{(i)}` is `x^{()}`, `a^{[l]}` is `a^{[]}`, `s^i` is `s^{}`."""
    if isinstance(sup, Group):
        return f"{base}^{{{sup.open}{sup.close}}}" if sup.open in ("(", "[") else None
    return f"{base}^{{}}" if sup is not None and canonical(sup) not in TRANSPOSE - {"t"} | {"+"} else None


def _above_apart(elab: Elaborator, node: Scripted) -> Scripted | None:
    """`x^{(i)\\top}`, `x_j^{(i)2}` of a family `x^{(i)}`: a script of the member."""
    items = node.sup.items if isinstance(node.sup, Product) else ()
    if len(items) != 2 or items[1][0] != "" or not isinstance(items[0][1], Group):
        return None
    (_, above), (_, rest) = items
    key = sup_family_key(canonical(node.base) or "", above)
    declaration = elab.declaration(key) if key else None
    if declaration is None or not declaration.family or not (isinstance(rest, Num) or canonical(rest) in TRANSPOSE):
        return None
    return Scripted(span=node.span, base=replace(node, sup=above), sup=rest)


def _family(elab: Elaborator, node: Scripted) -> Tensor | None:
    for primes in dict.fromkeys((node.primes, 0)):
        plain = Scripted(span=node.span, base=node.base, primes=primes) if primes else node.base
        for bold in (True, False):
            base = canonical(plain, bold)
            if base is None:
                continue
            above = sup_family_key(base, node.sup)
            both = elab.declaration(members_key(above)) if above and node.sub is not None else None
            if both is not None and both.family:
                return _member_between(elab, both, node, primes)
            declaration = elab.declaration(above) if above else None
            if declaration is not None and declaration.family:
                return _member_above(elab, declaration, node, primes)
            for key in (base, members_key(base)):
                declaration = elab.declaration(key)
                if declaration is not None and declaration.family and node.sub is not None:
                    return _member_below(elab, declaration, node, primes)
    return None


def _member_between(elab: Elaborator, declaration: Declaration, node: Scripted, primes: int) -> Tensor:
    """`h_i^t` with an index below and one above; `h_{i,k}^t` is an entry of it."""
    assert node.sub is not None and node.sup is not None
    inside = node.sup.body if isinstance(node.sup, Group) else node.sup
    parts = entry_indices(node.sub, 1 + len(declaration.shape))
    if len(parts) != 1 + len(declaration.shape):
        parts = [node.sub]
    found = member(declaration, _family_indices(elab, declaration, [parts[0], inside]))
    if len(parts) > 1:
        places = zip(parts[1:], declaration.shape, strict=True)
        found = scalar(found.at([position(elab, part, dim) for part, dim in places]))
    return decorate(elab, found, Scripted(span=node.span, base=node.base, primes=node.primes - primes))


def _member_above(elab: Elaborator, declaration: Declaration, node: Scripted, primes: int) -> Tensor:
    assert node.sup is not None
    inside = node.sup.body if isinstance(node.sup, Group) else node.sup
    found = member(declaration, _family_indices(elab, declaration, entry_indices(inside, 1)))
    return decorate(elab, found, Scripted(span=node.span, base=node.base, sub=node.sub, primes=node.primes - primes))


def _member_below(elab: Elaborator, declaration: Declaration, node: Scripted, primes: int) -> Tensor:
    """`h_t`, `h_{t,i}` (a member's entry; of a row or a column of one width too), `h_{t}^2`, `h_t'` (the transpose, if
    no name has the prime); `h_{10}` is the member number 10, not an entry of `h_1`."""
    assert node.sub is not None
    count, rank = len(declaration.family), len(declaration.shape)
    whole = rank and not isinstance(node.sub, Num)
    parts = entry_indices(node.sub, count + rank) if whole else entry_indices(node.sub, count)
    if len(parts) != count + rank:
        parts = entry_indices(node.sub, count)
    in_line = rank == 2 and len(parts) == count + 1 and Dim.of(1) in declaration.shape
    if len(parts) not in (count, count + rank) and not in_line:
        elab.error("unreadable", f"{declaration.latex or declaration.name} takes {count} index(es)", node.sub.span)
    found = member(declaration, _family_indices(elab, declaration, parts[:count]))
    if in_line:
        found = scalar(
            found.at([ONE if dim == Dim.of(1) else position(elab, parts[-1], dim) for dim in declaration.shape])
        )
    elif len(parts) > count:
        found = scalar(
            found.at([position(elab, part, dim) for part, dim in zip(parts[count:], declaration.shape, strict=True)])
        )
    return decorate(elab, found, Scripted(span=node.span, base=node.base, sup=node.sup, primes=node.primes - primes))


def _family_indices(elab: Elaborator, declaration: Declaration, nodes: Sequence[Node]) -> list[Term]:
    terms: list[Term] = []
    for part, family in zip(nodes, declaration.family, strict=True):
        dim = family.upper.dim if isinstance(family.upper, Size) and family.lower == ONE else None
        terms.append(elab.used_at(part, Use(family.lower, family.upper, dim)))
    return terms


# names that need no declaration ------------------------------------------------------------------------------


def needs_no_declaration(node: Node) -> bool:
    """`I`, `\\mathbf{1}`, `e_i`, `\\pi`, `\\delta_{ij}`, ...: has a name a meaning that nothing has to introduce?"""
    base = node.base if isinstance(node, Scripted) else node
    if not isinstance(base, Name):
        return False
    if base.text == "\\delta":  # Kronecker's, of two indices
        return isinstance(node, Scripted) and node.sub is not None and len(entry_indices(node.sub, 2)) == 2
    if base.text in ("0", "1"):
        return base.style == "bold" or (base.style == "bb" and base.text == "1")
    return base.text == "I" or (base.style == "" and base.text in _CONSTANTS)


def standard(elab: Elaborator, node: Node, sub: Node | None) -> Tensor | None:
    """`I`, `\\mathbf{1}`, `\\mathbf{0}`, `\\pi`, `e`, `\\infty`: their size is found from where they stand, unless a
    given or a subscript says it."""
    if isinstance(node, Accent) and node.kind in ("vec", "underline") and isinstance(node.body, Num) and sub is None:
        node = Name(span=node.span, text=node.body.text, style="bold")  # `\\vec{0}`
    if not isinstance(node, Name | Symbol):
        return None
    text = node.text
    style = node.style if isinstance(node, Name) else ""
    if text == "I" and not style and sub is None and (elab.indexing or _counts(elab, node)):
        return None  # `\\sum_{i=1}^I`: a number
    if text == "I" or (text == "1" and style in ("bold", "bb")) or (text == "0" and style == "bold"):
        dim = elab.dim(sub) if sub is not None else elab.scope.sized.get(text, (None,))[0]
        dim = dim if dim is not None else elab.session.unknown()
        if text == "I":
            return algebra.identity(dim)
        return algebra.ones(dim) if text == "1" else algebra.zeros(dim)
    if sub is None and style == "" and text in _CONSTANTS:
        return scalar(Constant(_CONSTANTS[text]))
    return None


def _counts(elab: Elaborator, name: Node) -> bool:
    """Whether the line sums or multiplies up to this name."""
    from derivcheck.language.parsing.trees import walk

    operators = (n for tree in elab.session.line for n in walk(tree) if isinstance(n, BigOp))
    return any(n.sup is not None and canonical(n.sup) == canonical(name) for n in operators)


def _standard_scripted(elab: Elaborator, node: Scripted) -> Tensor | None:
    """`e_i` (a basis vector), `\\delta_{ij}`, `I_n`, `\\mathbf{1}_n`, `e^x`."""
    base = node.base
    if not isinstance(base, Name):
        return None
    rest = Scripted(span=node.span, base=base, sup=node.sup, primes=node.primes)
    if base.text == "e" and node.sub is None and node.sup is not None and not node.primes:
        return elab.exponential(node.sup, node.span)
    if base.text == "e" and node.sub is not None:
        dim = elab.scope.sized.get("e", (None,))[0] or elab.session.unknown()
        where = elab.used_at(node.sub, Use(ONE, size(dim), dim))
        return decorate(elab, algebra.basis(where, dim), rest)
    if base.text == "\\delta" and node.sub is not None:
        parts = entry_indices(node.sub, 2)
        if len(parts) == 2:
            return decorate(elab, scalar(Delta(elab.integer(parts[0]), elab.integer(parts[1]))), rest)
    if base.text == "1" and base.style in ("bold", "bb") and node.sub is not None and not _is_size(elab, node.sub):
        elab.session.ambiguities.add("ones or one-hot")
        if elab.options.one_hot:
            return _standard_scripted(elab, replace(node, base=replace(base, text="e", style="")))
    found = standard(elab, base, node.sub)
    if found is None:
        return None
    return decorate(elab, found, rest)


def _is_size(elab: Elaborator, sub: Node) -> bool:
    """Whether what stands below `\\mathbf{1}_n` can only be its size."""
    key = canonical(sub)
    return key is None or (elab.scope.dimension(key) is not None and key not in elab.bound)


def unknown(elab: Elaborator, key: str, span: Span) -> Tensor:
    """A name that nothing introduces: in an index position (here or elsewhere in the line) a bare index, else it is
    noted as undeclared and read as a number."""
    if elab.indexing or key in elab.session.letters:
        return scalar(Var(elab.session.free_index(key)))
    macro = elab.scope.functions.get(key)
    if macro is not None and not mentioned(macro.node, key) and all(elab.declaration(p) for p in macro.parameters):
        return elab.tensor(macro.node)  # `\\nabla^2 J` of a `J(w) = ...` whose w was declared later
    elab.session.undeclared.setdefault(key, span)
    return scalar(Entry(key))


def mentioned(node: Node, name: str) -> bool:
    """Whether a name stands somewhere in a tree."""
    from derivcheck.language.parsing.trees import children

    return canonical(node) == name or any(mentioned(child, name) for child in children(node))
