"""What names that nothing introduces must be, by their use: in `z = W x + b` with W in R^{h x d}, x is in R^d and b in
R^h, and so on from line to line. Students' notes leave out much of this.

Such a reading helps lines to be proved; nothing that depends on it is ever refuted (Model.inferred)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from derivcheck.checking.notes.declarations import Notation, as_given, names_in
from derivcheck.checking.notes.subscripts import MEMBER, indexed
from derivcheck.language.elaboration.declaring import with_dims
from derivcheck.language.elaboration.scripts import TRANSPOSE
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, BigOp, Group, Name, Node, Num, Product, Relation, Scripted, Sum
from derivcheck.language.parsing.trees import walk
from derivcheck.language.probability.unknown_laws import CUSTOMARY
from derivcheck.language.reading import elaborator, letters_of
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Statement, read_statement
from derivcheck.record import replace
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration

_MOST = 64
"""Combinations of shapes that are tried."""
_NAMES = 4
_CAPITAL = re.compile(r"(?:\\[a-z]+\{)*[A-Z](?![a-z])")
_LOWER = re.compile(r"(?:\\[a-z]+\{)*[a-z](?![a-z])")
_LETTER = re.compile(r"[A-Za-z]|\\[A-Za-z]+")
_STANDARD = frozenset({"e", "I", "\\pi", "\\infty", "\\partial", "\\nabla"})
_SQUARE = re.compile(r"\^\\top|\\succ|\\det|\\odot I")
_SIZE = "|matrix|"
_DOUBTFUL = frozenset({"\\prime", "t", "\\t"})
"""Marks of a transpose that may as well be a derivative or a power."""
_AVERAGE = re.compile(r"\\mathbb\s*\{?E|\\E\b|\b(?:Var|Cov)\b|\bE\s*[\[(]")
_MEMBER = re.compile(r"_\{?[A-Za-z]\b(?![A-Za-z])|_\{?[A-Za-z][+-]")


def inferred(names: Iterable[str], text: str, scope: Scope, previous: Statement | None, notation: Notation
             ) -> Scope | None:  # fmt: skip
    """The scope in which these names have the shapes under which the line means something; None where none is found,
    or nothing else in the line has a shape and it defines nothing."""
    node = notation.node(text)
    if node is None:
        return None
    indices = letters_of(scope, [node]) - _variables(node)
    heads = names_in(node) & scope.functions.keys()
    bodies = [scope.functions[head].node for head in heads]
    names = {*(set(names) - heads or _unintroduced([node], scope)), *_numbered(node, scope)}
    names |= set(_unintroduced([node, *bodies], scope)) if bodies and not _applied(node, heads) else set()
    wanted = sorted(n for n in names if not _MEMBER.search(n) and n not in indices)
    if not wanted or len(wanted) > _NAMES:
        return None
    dims = _dimensions(node, scope)
    if _of_vectors(node):
        dims += [Dim.named(f"|{wanted[0]}|_{k}") for k in range(1, 3 - min(len(dims), 2))]
    if not dims and not _defines(node, scope):
        return None
    scope, wanted = _with_functions(node, wanted, scope, notation)
    if not wanted:
        return scope
    best: tuple[int, Scope] | None = None
    for shapes in itertools.islice(itertools.product(*(_shapes(n, dims) for n in wanted)), _MOST):
        tried = with_dims(scope, sorted({n for shape in shapes for dim in shape for n in dim.names}))
        for name, shape in zip(wanted, shapes, strict=True):
            tried = tried.declare(Declaration(name, shape, latex=name))
        if not _reads(text, tried, previous, notation):
            continue
        cost = _mixed_sums(node, tried, notation) + _transposed_numbers(node, tried)
        if best is None or cost < best[0]:
            best = cost, tried
        if cost == 0:
            break
    return None if best is None else guessed(best[1], wanted)


def _variables(node: Node) -> frozenset[str]:
    """What stands below a nabla."""
    scripted = (p for p in walk(node) if isinstance(p, Scripted) and canonical(p.base) == "\\nabla")
    below = (p.sub for p in scripted if p.sub is not None)
    return frozenset[str]().union(*map(names_in, below))


def _unintroduced(nodes: Sequence[Node], scope: Scope) -> list[str]:
    """The letters of some trees that nothing introduces."""
    parts = [part for node in nodes for part in walk(node)]
    letters = {n.text for n in parts if isinstance(n, Name) and _LETTER.fullmatch(n.text)}
    letters -= {name.removesuffix(MEMBER) for part in parts if (name := indexed(part) or "").endswith(MEMBER)}
    operators = (op for op in parts if isinstance(op, BigOp) and op.text != "nabla")
    below = [n for op in operators if op.sub is not None for n in walk(op.sub)]
    bound = {n.text for n in below if isinstance(n, Name)}
    return sorted(letters - scope.names - scope.functions.keys() - bound - TRANSPOSE - _STANDARD)


def _applied(node: Node, heads: frozenset[str]) -> bool:
    """Whether the functions of a line stand before their arguments: `f(x)`, and not `\\nabla f`."""
    return sum(canonical(head) in heads for head, _ in _calls(node)) >= sum(canonical(p) in heads for p in walk(node))


def _numbered(node: Node, scope: Scope) -> Iterator[str]:
    """`G_1` beside G: matrices of their own, and no rows of G."""
    for part in walk(node):
        if isinstance(part, Scripted) and isinstance(part.sub, Num) and isinstance(part.base, Name):
            name = canonical(replace(part, sup=None, primes=0))
            if name and _CAPITAL.match(name) and not {name, part.base.text} & scope.names:
                yield name


def _of_vectors(node: Node) -> bool:
    """Whether a line surely speaks of vectors: it transposes, or takes a norm."""
    return any(
        (isinstance(part, Scripted) and part.sup is not None and canonical(part.sup) in TRANSPOSE - _DOUBTFUL)
        or (isinstance(part, Group) and part.open == "‖")
        for part in walk(node)
    )


def with_random_numbers(text: str, scope: Scope, notation: Notation) -> Scope:
    """The scope in which letters such as X, of which a line takes an expectation and nothing is said, are numbers."""
    node = notation.node(text) if _AVERAGE.search(text) else None
    names = names_in(node) - scope.names if node is not None else frozenset()
    new = sorted(n for n in names if CUSTOMARY.fullmatch(n) and not _MEMBER.search(n))
    for name in new:
        scope = scope.declare(Declaration(name, latex=name))
    return guessed(scope, new) if new else scope


def said_in_words(latex: str, words: str, scope: Scope, notation: Notation) -> Scope:
    """The scope in which the A of `a symmetric matrix $A$`, of which no size is said, is square, and the u of `a unit
    vector $u$` a vector. That all of them have one size is a guess."""
    node = notation.node(latex)
    squared, normed = _SQUARE.search(latex) is not None, latex.startswith("\\|")
    if node is None or not (squared or normed) or "column" in words or "row" in words:
        return scope
    names = {n.text for n in walk(node) if isinstance(n, Name) and _LETTER.fullmatch(n.text)}
    new = sorted(names - scope.names - TRANSPOSE - _STANDARD)
    if len(new) != 1:
        return scope
    scope = with_dims(scope, [_SIZE])
    side = Dim.named(_SIZE)
    return guessed(scope.declare(Declaration(new[0], (side, side) if squared else (side,), latex=new[0])), new)


def forgotten(names: frozenset[str], scope: Scope) -> Scope:
    """The scope without what was only inferred of these names, which the notes declare now."""
    gone = names & scope.model.inferred
    if not gone:
        return scope
    kept = {n: d for n, d in scope.model.declarations.items() if n not in gone}
    model = replace(scope.model, declarations=kept, inferred=scope.model.inferred - gone)
    return replace(scope, model=model)


def guessed(scope: Scope, names: Iterable[str]) -> Scope:
    """The scope in which what these names are is a guess."""
    return replace(scope, model=replace(scope.model, inferred=scope.model.inferred | set(names)))


def _with_functions(node: Node, names: list[str], scope: Scope, notation: Notation) -> tuple[Scope, list[str]]:
    """Names that stand before a bracket with one letter or more, and nowhere else, are functions of a number."""
    called = {canonical(a) for a, group in _calls(node) if isinstance(group, Group) and group.open == "("}
    rest = []
    for name in names:
        alone = sum(1 for part in walk(node) if canonical(part) == name)
        after = None
        if name in called and alone == sum(1 for a, _ in _calls(node) if canonical(a) == name):
            after = as_given(f"{name} : \\mathbb{{R}} \\to \\mathbb{{R}}", scope, notation)
        if after is None:
            rest.append(name)
        else:
            scope = guessed(after, [name])
    return scope, rest


def _calls(node: Node) -> Iterator[tuple[Node, Node]]:
    for part in walk(node):
        if isinstance(part, Product):
            for (_, head), (operator, group) in itertools.pairwise(part.items):
                if operator == "":
                    yield head, group


def _defines(node: Node, scope: Scope) -> bool:
    """Whether a line says what a new name is by others, one of them known: `L = \\frac12 (\\hat y - y)^2`."""
    left = node.operands[0] if isinstance(node, Relation) and node.relations[0] in ("=", ":=") else None
    if not isinstance(left, Name | Accent | Scripted) or canonical(left) in scope.names:
        return False
    return any(name in scope.model.declarations for name in names_in(node))


def _dimensions(node: Node, scope: Scope) -> list[Dim]:
    """The dimensions of what else the line speaks of."""
    found: dict[Dim, None] = {}
    for name in sorted(names_in(node) | {n for part in walk(node) if (n := indexed(part))}):
        declaration = scope.model.declarations.get(name)
        for dim in declaration.shape if declaration is not None else ():
            found[dim] = None
    return list(found)[:3]


def _shapes(name: str, dims: Sequence[Dim]) -> list[Shape]:
    """The shapes that a name may have, by custom the likeliest first: capital letters are matrices, small Latin ones
    vectors, others numbers."""
    vectors: list[Shape] = [(d,) for d in dims]
    if _CAPITAL.match(name):
        return [*itertools.product(dims, repeat=2), (), *vectors]
    return [*vectors, ()] if _LOWER.match(name) else [(), *vectors]


def _reads(text: str, scope: Scope, previous: Statement | None, notation: Notation) -> bool:
    statement = read_statement(text, scope, previous, notation.options)
    links = statement.links
    unread = (link.kind == "claim" and link.claim is None for link in links)
    wrong = (link.undeclared or any(f.severity == "error" for f in link.findings) for link in links)
    return bool(links) and not any(unread) and not any(wrong)


def _transposed_numbers(node: Node, scope: Scope) -> int:
    """How many numbers are transposed, which is not meant either."""
    marked = (p for p in walk(node) if isinstance(p, Scripted) and p.sup is not None and canonical(p.sup) in TRANSPOSE)
    bases = (scope.model.declarations.get(canonical(replace(p, sup=None)) or "") for p in marked)
    return sum(1 for d in bases if d is not None and not d.shape)


def _mixed_sums(node: Node, scope: Scope, notation: Notation) -> int:
    """In how many sums a number is added to something larger, which is rarely meant."""
    count = 0
    for part in walk(node):
        if isinstance(part, Sum):
            shapes = set()
            for _, item in part.items:
                try:
                    shapes.add(len(elaborator(scope, notation.options, (node,)).tensor(item).axes))
                except (Unreadable, ShapeError):
                    continue
            count += len(shapes) > 1
    return count
