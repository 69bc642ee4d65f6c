"""Products: items in reading order to one tensor.

Juxtaposition binds tightest, then the written operators from left to right. Functions, big operators, derivatives and
expectations take their argument from the items that follow them (contract: Precedence)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    BigOp,
    Dots,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
    Symbol,
)
from derivcheck.language.parsing.trees import children
from derivcheck.terms import algebra, functions
from derivcheck.terms.node import Cases, Compare, Term
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

Item = tuple[str, Node]
Part = tuple[str, Tensor, Span]
Combine = Callable[["Elaborator", Tensor, Tensor, Span], Tensor]

OPERATORS: dict[str, Combine] = {
    "": op.multiply,
    "\\cdot": op.dot,
    "\\times": op.times,
    "\\odot": op.hadamard,
    "\\circ": op.ring,
    "*": op.star,
    "/": op.divide,
    "\\div": op.divide,
    "\\oslash": op.divide,
    "\\otimes": op.kronecker,
}
_ENTRYWISE = frozenset({"\\odot", "\\circ"})


def core(node: Node) -> Node:
    """What carries the scripts."""
    return node.base if isinstance(node, Scripted) else node


def is_bracket(node: Node) -> bool:
    """A bracket that holds the argument of a function standing before it."""
    inner = core(node)
    return isinstance(inner, Group) and inner.open in ("(", "[", "{", "|", "‖")


def mentions_bare(node: Node, name: str) -> bool:
    """Whether a function stands without an argument in an expression: `\\sigma (1 - \\sigma)` is then a product."""
    if canonical(node) == name:
        return True
    if isinstance(node, Name | Accent):
        return False
    parts = [n for _, n in node.items] if isinstance(node, Product) else list(children(node))
    called = {k for k, part in enumerate(parts[:-1]) if canonical(core(part)) == name and is_bracket(parts[k + 1])}
    return any(mentions_bare(part, name) for k, part in enumerate(parts) if k not in called)


def takes_argument(node: Node) -> bool:
    return isinstance(core(node), Func | BigOp)


def reach(items: Sequence[Item], start: int, function: bool) -> int:
    """See Elaborator.reach."""
    if not function or start >= len(items):
        return len(items)
    first = items[start][1]
    if is_bracket(first):
        return start + 1
    if isinstance(core(first), BigOp):
        return len(items)
    if isinstance(core(first), Func):
        return reach(items, start + 1, True)
    end = start + 1
    while end < len(items) and items[end][0] == "" and not takes_argument(items[end][1]):
        end += 1
    return end


def short_reach(items: Sequence[Item], start: int, end: int) -> int:
    """The end of what a function without a bracket takes where it takes less than all that is juxtaposed: up to a
    bracket (`\\sin x (x + 1)`), else its first factor that is no written number (`\\cos 2x y`)."""
    bracket = next((k for k in range(start + 1, end) if is_bracket(items[k][1])), end)
    first = next((k for k in range(start, end) if not isinstance(core(items[k][1]), Num)), end)
    return bracket if bracket < end else min(first + 1, end)


_ANGLES = frozenset({"sin", "cos", "tan", "cot", "sec", "csc"})


def wide_reach(items: Sequence[Item], start: int, end: int) -> int:
    """The end of what a function of an angle takes where its bracket is one factor of the angle, as in
    `\\cos (n - m) \\theta`: up to the next function or bracket."""
    before = core(items[start - 1][1]) if start else None
    of_angle = isinstance(before, Func) and before.text in _ANGLES
    if not of_angle or end != start + 1 or not is_bracket(items[start][1]):
        return end
    while end < len(items) and items[end][0] == "" and isinstance(core(items[end][1]), Name | Symbol):
        end += 1
    return end


def product(elab: Elaborator, items: Sequence[Item]) -> Tensor:
    """The typed product of the items."""
    items = joined(elab, items)
    dots = next((k for k, (_, n) in enumerate(items) if isinstance(n, Dots)), None)
    if dots is not None:
        elab, items = _without_dots(elab, items, dots)
    parts: list[Part] = []
    k = 0
    while k < len(items):
        operator, node = items[k]
        tensor, end = factor(elab, items, k)
        tensor, end = _subscripted(elab, tensor, items, end)
        if end < len(items) and isinstance(mark := items[end][1], Symbol) and mark.text == "!":
            tensor, end = algebra.entrywise(functions.factorial, tensor), end + 1
        parts.append((operator, tensor, Span(node.span.start, items[end - 1][1].span.end)))
        k = end
    return _combined(elab, _quotients(elab, parts, items))


def _without_dots(elab: Elaborator, items: Sequence[Item], dots: int) -> tuple[Elaborator, Sequence[Item]]:
    """`A_T A_{T-1} \\cdots A_{i+1}`: the run with dots read as one product, bound to a name."""
    from derivcheck.language.elaboration.patterns import PRODUCT, run
    from derivcheck.language.elaboration.reductions import ordered_product

    found = run(elab, [n for _, n in items], dots)
    if found is None:
        elab.error("unreadable", "the factors around these dots do not show one pattern", items[dots][1].span)
    span = Span(items[found.start][1].span.start, items[found.end - 1][1].span.end)
    rising = ordered_product(elab, found.index, found.first, found.last, found.body, "right", span)
    falling = ordered_product(elab, found.index, found.last, found.first, found.body, "left", span)
    value = falling if found.falling else rising
    if found.falling is None:
        value = either(Compare("<=", found.first, found.last), rising, falling)
    name = Name(span=span, text=PRODUCT)
    before = items[found.start][0] if found.start else ""
    return elab.with_values({PRODUCT: value}), [*items[: found.start], (before, name), *items[found.end :]]


def either(condition: Term, yes: Tensor, no: Tensor) -> Tensor:
    """One of two tensors of one shape, by a condition on whole numbers."""
    return algebra.entrywise(lambda a, b: Cases(((condition, a),), b), yes, no)


def factor(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int]:
    """The factor that begins at items[k], and where the next one begins."""
    for handler in elab.handlers():
        found = handler(elab, items, k)
        if found is not None:
            return found
    return elab.direct(items[k][1]), k + 1


def _combined(elab: Elaborator, parts: Sequence[Part]) -> Tensor:
    """Runs of juxtaposition first, then the operators between them from left to right."""
    if _mixes_entrywise(parts):
        elab.session.ambiguities.add("entrywise or product")
        if elab.options.entrywise_first:
            parts = _entrywise_first(elab, parts)
    runs: list[tuple[str, Tensor, Span]] = []
    for operator, tensor, span in parts:
        if operator == "" and runs:
            before, left, place = runs[-1]
            whole = Span(place.start, span.end)
            runs[-1] = (before, op.multiply(elab, left, tensor, whole), whole)
        else:
            runs.append((operator, tensor, span))
    _, result, place = runs[0]
    for operator, tensor, span in runs[1:]:
        combine = OPERATORS.get(operator)
        if combine is None:
            elab.error("unreadable", f"the operator {operator} has no meaning here", span)
        place = Span(place.start, span.end)
        result = combine(elab, result, tensor, place)
    return result


def _mixes_entrywise(parts: Sequence[Part]) -> bool:
    """`A \\odot B x`, `A B \\odot C`: has a factor of an entrywise product a matrix or vector on its other side?"""
    return any(
        parts[k][0] in _ENTRYWISE
        and ((k + 1 < len(parts) and parts[k + 1][0] == "" and parts[k + 1][1].axes)
             or (k > 1 and parts[k - 1][0] == "" and parts[k - 2][1].axes))
        for k in range(1, len(parts))
    )  # fmt: skip


def _entrywise_first(elab: Elaborator, parts: Sequence[Part]) -> list[Part]:
    made: list[Part] = []
    for operator, tensor, span in parts:
        if operator in _ENTRYWISE and made:
            before, left, place = made[-1]
            whole = Span(place.start, span.end)
            made[-1] = (before, OPERATORS[operator](elab, left, tensor, whole), whole)
        else:
            made.append((operator, tensor, span))
    return made


def _quotients(elab: Elaborator, parts: list[Part], items: Sequence[Item]) -> list[Part]:
    """`1/2 x` of two written numbers is a fraction, then juxtaposition, and so is `1/n \\sum_i x_i`; else `/` takes
    what is juxtaposed after it."""
    slash = next((k for k, part in enumerate(parts) if part[0] == "/"), len(parts))
    if slash + 1 >= len(parts) or parts[slash + 1][0] != "":
        return parts
    by_start = {node.span.start: node for _, node in items}
    starts = [by_start[place.start] for *_, place in parts]
    stop = next((k for k in range(slash + 1, len(parts)) if takes_argument(starts[k]) or parts[k][0] != ""), len(parts))
    stop = stop if stop < len(parts) and parts[stop][0] == "" else 0
    if slash == 1 and isinstance(starts[0], Num) and isinstance(starts[1], Num):
        stop = 2
    elab.session.ambiguities.add("what the slash divides by")
    if elab.options.slash_first:
        stop = 0 if stop else slash + 1
    if not stop:
        return parts
    quotient = _combined(elab, parts[:stop])
    return [(parts[0][0], quotient, Span(parts[0][2].start, parts[stop - 1][2].end)), *parts[stop:]]


# entries in brackets -----------------------------------------------------------------------------------------


def _subscripted(elab: Elaborator, tensor: Tensor, items: Sequence[Item], k: int) -> tuple[Tensor, int]:
    """`h[i]`, `W[i,j]`, `\\frac{\\partial h}{\\partial w}[j]^2`: a bracket after something with axes is an entry (after
    numbers written out, a factor)."""
    from derivcheck.language.elaboration.scripts import decorate, entry

    if k and _written_out(core(items[k - 1][1])):
        return tensor, k
    while k < len(items) and items[k][0] == "" and tensor.axes:
        node = items[k][1]
        group = core(node)
        if not (
            isinstance(group, Group) and group.open == "[" and group.close == "]" and _indexing(elab, group, tensor)
        ):
            break
        tensor = entry(elab, tensor, group.body, group.span)
        if isinstance(node, Scripted):
            tensor = decorate(elab, tensor, node)
        k += 1
    return tensor, k


def _written_out(node: Node) -> bool:
    return isinstance(node, Grid) or (isinstance(node, Group) and isinstance(node.body, Grid | Listing))


def _indexing(elab: Elaborator, group: Group, tensor: Tensor) -> bool:
    """Whether a bracket holds as many index-like expressions as the tensor has axes."""
    nodes = group.body.items if isinstance(group.body, Listing) else (group.body,)
    from derivcheck.terms.algebra import is_row

    ranks = {len(tensor.axes)} | ({1} if is_row(tensor) else set())
    return len(nodes) in ranks and all(_index_like(elab, n) for n in nodes)


def _index_like(elab: Elaborator, node: Node) -> bool:
    """Made of numbers, index variables and letters that are not declared to be anything but a whole number."""
    match node:
        case Num(text=text):
            return text.isdigit()
        case Name() | Accent() | Scripted():
            key = canonical(node)
            if key is None:
                return False
            declaration = elab.declaration(key)
            if declaration is None:
                return key not in elab.scope.functions and not isinstance(node, Accent)
            return not declaration.shape and declaration.domain.kind in ("integer", "finite")
        case Product(items=items):
            return all(o in ("", "\\cdot") and _index_like(elab, n) for o, n in items)
        case Group(open="(", body=body):
            return _index_like(elab, body)
        case Symbol(text=text):
            return text in (":", "\\cdot")
        case Relation():
            return False
    items = getattr(node, "items", ())
    return bool(items) and all(_index_like(elab, n) for _, n in items)


# names of several letters ------------------------------------------------------------------------------------


def joined(elab: Elaborator, items: Sequence[Item]) -> Sequence[Item]:
    """`pos` is read as three letters: where that word is declared, they are one name."""
    words = elab.words
    if len(items) < 2:
        return items
    items = _called_word(elab, items)
    if not words:
        return items
    longest = max(len(w) for w in words)
    made: list[Item] = []
    k = 0
    while k < len(items):
        end = _word_end(items, k, words, longest)
        if end is None:
            made.append(items[k])
            k += 1
        else:
            made.append((items[k][0], _as_word(items[k:end])))
            k = end
    return made


def _called_word(elab: Elaborator, items: Sequence[Item]) -> Sequence[Item]:
    """`score(h, k)`: letters before a bracket that are rather a word than a product."""
    from derivcheck.language.elaboration.declaring import likely_word

    end = next((k for k, (_, n) in enumerate(items) if isinstance(n, Group) and n.open == "("), 0)
    if end < 3:
        return items
    span = Span(items[0][1].span.start, items[end - 1][1].span.end)
    letters = Product(span=span, items=(("", items[0][1]), *items[1:end]))
    word = likely_word(letters, lambda name: elab.knows(Name(span=span, text=name)) or name in elab.session.letters)
    return items if word is None else [(items[0][0], word), *items[end:]]


def _word_end(items: Sequence[Item], k: int, words: frozenset[str], longest: int) -> int | None:
    text, best = "", None
    for end in range(k, min(len(items), k + longest)):
        operator, node = items[end]
        letter = core(node)
        if (end > k and operator != "") or not isinstance(letter, Name) or letter.style or not letter.text.isalpha():
            break
        text += letter.text
        if end > k and text in words:
            best = end + 1
        if isinstance(node, Scripted):
            break
    return best


def _as_word(items: Sequence[Item]) -> Node:
    last = items[-1][1]
    letters = "".join(n.text for _, node in items if isinstance(n := core(node), Name))
    span = Span(items[0][1].span.start, last.span.end)
    word = Name(span=span, text=letters, style="word")
    if isinstance(last, Scripted):
        return Scripted(span=span, base=word, sub=last.sub, sup=last.sup, primes=last.primes)
    return word
