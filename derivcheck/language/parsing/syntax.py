"""The syntax tree: what stands on the page, before any name is known. Every node keeps its span.

Meaning depends on the scope (`|`, `'`, `[`, `d`, `T`, application or product), so the parser decides none
of it: a product is the list of its items in reading order, and functions, big operators and derivatives
stand in that list as items; elaboration decides how far each reaches.
"""

from __future__ import annotations

from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets [start, end) into the text that was parsed."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    span: Span


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A letter or a word: `x`, `\\mu`, `\\text{acc}`, `W`. `text` is canonical: a letter, a greek command
    (`\\mu`), or the plain word. `style`: '' or 'bold', 'cal', 'bb', 'frak', 'word' (\\text, \\mathrm,
    \\operatorname, a function-like command or several letters in one name)."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Num(Node):
    """A written number: digits as written, thousands commas removed (`821620`, `0.05`, `3.2`)."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """A symbol that is neither a name nor an operator between items: `\\infty`, `\\partial`, `\\nabla`,
    `\\cdot` as a placeholder (`P(\\cdot | c)`), `\\emptyset`, `\\top` alone, `!`, `\\%`."""

    text: str


@dataclass(frozen=True, slots=True)
class Scripted(Node):
    """A base with primes, subscript and superscript (each once; `x_i^2`, `f'`, `h_t^{+}`)."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Accent(Node):
    """`\\hat h`, `\\tilde{C}`, `\\bar x`, `\\dot x`, `\\overline{..}`, `\\vec v`: kind without backslash."""

    kind: str
    body: Node


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A fenced body. (open, close) is one of () [] {} || ‖‖ <> ⌈⌉ ⌊⌋ or a mixed interval such as (]. An invisible brace
    group `{...}` of TeX is not a Group, its body stands for itself."""

    open: str
    close: str
    body: Node


@dataclass(frozen=True, slots=True)
class Frac(Node):
    """`\\frac{a}{b}` and its like (also `\\partial y/\\partial x` written with a slash stays a Product with
    the operator '/': elaboration sees the partials)."""

    num: Node
    den: Node


@dataclass(frozen=True, slots=True)
class Sqrt(Node):
    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Binom(Node):
    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Func(Node):
    """A named function or operator of the notation table, as an item of a product: `\\log`, `\\sin`, `\\exp`,
    `\\operatorname{tr}`, `\\det`, `\\operatorname{Var}`, `\\mathbb{E}`, `\\operatorname{softmax}`, ...: `text` is the
    key of its row.
    Scripts stand around it as Scripted (`\\tanh^2`, `\\mathbb{E}_q`)."""

    text: str


@dataclass(frozen=True, slots=True)
class BigOp(Node):
    """`\\sum`, `\\prod`, `\\max`, `\\min`, `\\arg\\max`, `\\lim`, `\\int`, ... with its limits (from _ and ^)."""

    text: str
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Items in reading order, each with the operator before it ('' for juxtaposition and for the first):
    '' `\\cdot` `\\times` `\\odot` `\\circ` `*` `/` `\\otimes` `\\oplus` `\\div`."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms with their signs, '+' '-' or '\\pm'; a leading minus is the first term's sign."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Bar(Node):
    """`a \\mid b`, `a | b` (conditional) or `a \\| b` (divergence) inside a fence: kind '|' or '||'."""

    kind: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """Items between commas, semicolons, `\\quad`, `\\text{and}`: `seps[i]` stands before items[i + 1]."""

    items: tuple[Node, ...]
    seps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """`a = b \\le c`: operands and the relations between them (canonical: = != < <= > >= ~ \\approx \\sim \\in \\notin
    \\to \\mapsto \\Rightarrow \\iff \\propto \\perp \\succ \\succeq \\prec \\preceq \\subset \\subseteq \\equiv :=
    \\colon \\ll \\gg).
    A line that begins with a relation has `operands[0]` of type Empty; one that ends with it likewise."""

    operands: tuple[Node, ...]
    relations: tuple[str, ...]
    relation_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Grid(Node):
    """Rows of cells: 'matrix' (any matrix environment, with its fence in `open`, `close`), 'cases', 'array'."""

    kind: str
    rows: tuple[tuple[Node, ...], ...]
    open: str = ""
    close: str = ""


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Words inside maths: `\\text{ if }`, `\\text{for } t = 1` (the text, stripped)."""

    text: str


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """`\\dots`, `\\cdots`, `...`, `\\vdots`."""


@dataclass(frozen=True, slots=True)
class Annotated(Node):
    """`\\underbrace{a}_{note}`, `\\stackrel{(a)}{=}` on an operand, `\\cancel`, colour: the note is not maths."""

    body: Node
    note: str


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """Nothing: a missing operand, an empty cell."""


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """A part that could not be parsed: what was expected (a finding carries the same text)."""

    expected: str
