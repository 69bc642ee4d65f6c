"""`x, y \\in \\mathbb{R}^n` and its like: names, where they live, and for which members."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derivcheck.language.elaboration.dims import read_shape
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.resolve import members_key, plain_key, sup_family_key
from derivcheck.language.elaboration.scripts import entry_indices
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.parsing.names import canonical, is_number_set
from derivcheck.language.parsing.syntax import (
    Accent,
    Dots,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Scripted,
    Sum,
    Symbol,
)
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import ONE, ZERO
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration, Domain, Family, Parameter
from derivcheck.terms.node import Index, Term

Limits = tuple[Term | None, Term | None, Dim | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A set as written on the right of `\\in`. `index`: a range of whole numbers (`\\{1, \\dots, d\\}`) with its
    dimension. `symmetric`: of a set of symmetric matrices, 'symmetric', 'succeq' or 'succ'."""

    domain: Domain
    shape: Shape = ()
    index: Limits | None = None
    symmetric: str = ""


def read_place(elab: Elaborator, node: Node) -> Place:
    """The set that a declaration names."""
    base, sub, sup = (node.base, node.sub, node.sup) if isinstance(node, Scripted) else (node, None, None)
    match base:
        case Name(text=text) if text in ("R", "N", "Z", "S") and is_number_set(base):
            return _number_set(text, sub, sup)
        case Symbol(text="\\Delta") | Name(text="\\Delta"):
            return Place(Domain("simplex"), (_simplex_dim(sup or sub, node),))
        case Group(body=Listing(items=items), open=opened, close=closed) if opened in ("(", "[") and closed in (
            ")",
            "]",
        ):
            if len(items) == 2:
                low, high = _bound(elab, items[0]), _bound(elab, items[1])
                domain = Domain(
                    "real", low, high, opened == "(" and low is not None, closed == ")" and high is not None
                )
                return Place(domain, read_shape(sup))
        case Group(open="{", body=Listing(items=items)) if any(isinstance(i, Dots) for i in items):
            limits = elab.integer_range(base)
            domain = Domain("integer", limits[0], limits[1])
            return Place(domain, (), limits) if sup is None else Place(domain, read_shape(sup))
        case Group(open="{", body=body):
            values = body.items if isinstance(body, Listing) else (body,)
            return Place(Domain("finite", values=tuple(elab.scalar(v) for v in values)), read_shape(sup))
    raise Unreadable(
        "unknown-set", "this set is not known: \\mathbb{R}^{n}, \\mathbb{N}, (0,1), \\{0,1\\}^k, ...", node.span
    )


def _number_set(text: str, sub: Node | None, sup: Node | None) -> Place:
    mark = canonical(sub) if sub is not None else None
    above = canonical(sup) if sup is not None else None
    shape: Shape = ()
    if above in ("+", "*", "++"):
        mark = mark or above
    elif sup is not None:
        shape = read_shape(sup)
    positive = mark in ("+", ">0", "++")
    if text == "S":
        return Place(Domain(), shape * 2, symmetric={"++": "succ", "+": "succeq"}.get(mark or "", "symmetric"))
    if text == "R":
        if positive:
            return Place(Domain(low=ZERO, low_strict=True), shape)
        return Place(Domain(low=ZERO) if mark in (">=0", "\\ge0", "0+") else Domain(), shape)
    low = {"N": ZERO if mark in ("0", "\\ge0", ">=0") else ONE, "Z": ONE if positive else None}[text]
    return Place(Domain("integer", low=low), shape)


def _simplex_dim(node: Node | None, whole: Node) -> Dim:
    """`\\Delta^k` has k entries; `\\Delta^{k-1}` is the usual name of the same set."""
    if node is None:
        raise Unreadable("bad-shape", "the simplex needs its number of entries: \\Delta^{k}", whole.span)
    if isinstance(node, Sum) and node.items[-1][0] == "-" and canonical(node.items[-1][1]) == "1":
        rest = node.items[:-1]
        return read_shape(rest[0][1] if len(rest) == 1 else replace(node, items=rest))[0]
    return read_shape(node)[0]


def _bound(elab: Elaborator, node: Node) -> Term | None:
    return None if canonical(node) in ("\\infty", "-\\infty", "+\\infty") else elab.scalar(node)


# names -------------------------------------------------------------------------------------------------------


def as_name(node: Node) -> Node:
    """The name that a declaration lists: plain letters side by side are one word there."""
    word = word_of(node)
    return word if word is not None else node


def word_of(node: Node) -> Name | Scripted | None:
    """Plain letters side by side (the last perhaps with a bracket below: `PE_{(pos, 2i)}`) as one name."""
    if not isinstance(node, Product) or len(node.items) < 2:
        return None
    last = node.items[-1][1]
    stem = last.base if isinstance(last, Scripted) and isinstance(last.sub, Group) else last
    nodes = [*(n for _, n in node.items[:-1]), stem]
    letters = [n.text for n in nodes if isinstance(n, Name) and n.text.isalpha() and len(n.text) == 1 and not n.style]
    if len(letters) != len(nodes) or any(o != "" for o, _ in node.items):
        return None
    word = Name(span=node.span, text="".join(letters), style="word")
    return word if stem is last or not isinstance(last, Scripted) else replace(last, base=word)


def likely_word(node: Node, introduced: Callable[[str], bool]) -> Name | Scripted | None:
    """Letters side by side that are rather a word than a product: none of them is known (and there are three, or a
    bracket below), or there are five small letters and more."""
    word = word_of(node)
    if word is None:
        return None
    text = word.text if isinstance(word, Name) else word.base.text if isinstance(word.base, Name) else ""
    if len(text) >= 5 and text[1:].islower():
        return word
    unknown = not any(introduced(letter) for letter in text)
    return word if unknown and (len(text) >= 3 or isinstance(word, Scripted)) else None


def declare_name(scope: Scope, node: Node, place: Place, ranges: Mapping[str, Limits]) -> tuple[Scope, str]:
    """The scope with one more name; the name."""
    node = as_name(node)
    sized = standard_name(scope, node)
    if sized is not None and place.shape:
        return replace(scope, sized={**scope.sized, sized: place.shape}), sized
    if place.index is not None and not _family_parts(node, ranges):
        return _declare_index(scope, node, place)
    name, families = _family(node, ranges)
    if name is None or not isinstance(node, Name | Accent | Scripted):
        raise Unreadable("bad-name", "a name is expected here", node.span)
    scope, name = _bold_aware(scope, node.base if families and isinstance(node, Scripted) else node, name)
    if name in scope.model.dims and place.domain.kind == "integer" and not place.shape and not families:
        return scope, name  # a dimension is a whole number already
    latex = (canonical(node.base) if families and isinstance(node, Scripted) else None) or name
    name = _beside(scope, name, bool(families))
    declaration = Declaration(name, place.shape, families, place.domain, latex=latex)
    return without(scope, name).declare(declaration), name


def _beside(scope: Scope, name: str, family: bool) -> str:
    """A vector `q` and a family `q_j` may stand side by side: the second to be declared gets a mark on its key."""
    other = scope.model.declarations.get(name)
    if other is None or bool(other.family) == family:
        return name
    return members_key(name) if family else plain_key(name)


def _bold_aware(scope: Scope, node: Node, name: str) -> tuple[Scope, str]:
    """Bold and plain are one letter unless both are declared: then the bold one keeps its mark."""
    bold = canonical(node, bold=True)
    if bold is None or bold == name or canonical(node) != name:
        return scope, name
    if bold in scope.bold:
        return scope, bold
    if name in scope.model.declarations and name not in scope.bold_first:
        return replace(scope, bold=scope.bold | {bold}), bold
    return replace(scope, bold_first=scope.bold_first | {name}), name


def without(scope: Scope, name: str) -> Scope:
    """A new declaration shadows whatever the name meant."""
    if not any(name in table for table in (scope.aliases, scope.functions, scope.indices)):
        return scope
    return replace(
        scope,
        aliases={k: v for k, v in scope.aliases.items() if k != name},
        functions={k: v for k, v in scope.functions.items() if k != name},
        indices={k: v for k, v in scope.indices.items() if k != name},
    )


def standard_name(scope: Scope, node: Node) -> str | None:
    """`\\mathbf{1} \\in \\mathbb{R}^n`, `I \\in \\mathbb{R}^{n \\times n}`: a standard name whose size is said."""
    match node:
        case Name(text="1", style="bold" | "bb") | Name(text="0", style="bold"):
            return node.text
        case Name(text="I", style="" | "bold"):
            return "I"
        case Scripted(base=Name(text="e"), sub=sub, sup=None, primes=0) if (
            sub is not None and canonical(sub) in scope.indices
        ):
            return "e"
    return None


def _declare_index(scope: Scope, node: Node, place: Place) -> tuple[Scope, str]:
    name = canonical(node)
    if name is None or place.index is None:
        raise Unreadable("bad-name", "a name is expected here", node.span)
    lower, upper, dim = place.index
    scope = without(scope, name)
    model = replace(scope.model, declarations={k: v for k, v in scope.model.declarations.items() if k != name})
    return replace(scope, model=model, indices={**scope.indices, name: Parameter(Index(name, dim), lower, upper)}), name


def _family_parts(node: Node, ranges: Mapping[str, Limits]) -> list[Node] | None:
    """The subscripts of a name that are indices with a range in this line."""
    if not isinstance(node, Scripted) or not ranges:
        return None
    above = node.sup.body if isinstance(node.sup, Group) else node.sup
    if node.sub is not None and above is not None and {canonical(node.sub), canonical(above)} == ranges.keys():
        return [node.sub, above]  # `h_i^t`
    for script in (node.sub, above):
        if script is None:
            continue
        for count in (len(ranges), 1):
            parts = entry_indices(script, count)
            if all(canonical(p) in ranges for p in parts):
                return parts
    return None


def _family(node: Node, ranges: Mapping[str, Limits]) -> tuple[str | None, tuple[Family, ...]]:
    parts = _family_parts(node, ranges)
    if parts is None or not isinstance(node, Scripted):
        return canonical(node), ()
    families = []
    for part in parts:
        name = canonical(part) or ""
        lower, upper, _ = ranges[name]
        families.append(Family(Index(name), lower, upper))
    base = canonical(Scripted(span=node.span, base=node.base, primes=node.primes) if node.primes else node.base)
    above = sup_family_key(base or "", node.sup) if node.sup is not None else None
    if above is not None and (node.sub is None or (len(parts) == 2 and parts[0] is node.sub)):
        return above if node.sub is None else members_key(above), tuple(families)
    return base, tuple(families)


def natural(name: str) -> Declaration:
    """A whole number that a range mentions (`t = 1, \\dots, T`) and nothing declares."""
    return Declaration(name, (), (), Domain("integer", low=ONE), latex=name)


def implicit_integers(scope: Scope, node: Node | None) -> Scope:
    """Declare the names of a limit that nothing introduces."""
    match node:
        case Name() | Accent() | Scripted():
            name = canonical(node)
            known = (
                name is None
                or name in scope.names
                or (isinstance(node, Scripted) and canonical(node.base) in scope.names)
            )
            return scope if known or name is None else scope.declare(natural(name))
        case Sum(items=items) | Product(items=items):
            for _, child in items:
                scope = implicit_integers(scope, child)
        case Num() | None | _:
            pass
    return scope


def with_dims(scope: Scope, names: Sequence[str]) -> Scope:
    """The scope where these names are dimensions; a name declared as a whole number before becomes one."""
    new = [n for n in names if n not in scope.model.dims]
    if not new:
        return scope
    kept = {k: v for k, v in scope.model.declarations.items() if k not in new}
    return replace(
        scope, model=replace(scope.model, dims={**scope.model.dims, **dict.fromkeys(new, 1)}, declarations=kept)
    )


def dims_of(place: Place) -> list[str]:
    names = {n for d in place.shape for n in d.names}
    if place.index is not None and place.index[2] is not None:
        names |= place.index[2].names
    return sorted(names)
