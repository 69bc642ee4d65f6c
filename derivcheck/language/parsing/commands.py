"""Commands with arguments: fractions, roots, accents, stacked notes, matrices and cases."""

from __future__ import annotations

from derivcheck.language.parsing.atoms import Atoms
from derivcheck.language.parsing.notation_commands import (
    ARRAYS,
    CASES,
    DERIVATIVES,
    DROPPED_WITH,
    FENCING,
    LINE_ENVIRONMENTS,
    MATRIX_FENCES,
    STACKED,
)
from derivcheck.language.parsing.syntax import (
    Accent,
    Annotated,
    BigOp,
    Binom,
    Broken,
    Empty,
    Frac,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Scripted,
    Span,
    Sqrt,
    Symbol,
)
from derivcheck.record import replace

_OVER_LETTERS = frozenset({"hat", "tilde", "bar", "dot", "ddot", "check", "breve"})
"""Accents that stand for another letter: over a letter with its index they are over the letter."""


class Commands(Atoms):
    """The handlers of commands; each reads the command and its arguments."""

    def fraction(self) -> Node:
        start = self.advance().start
        top = self.argument()
        bottom = self.argument()
        return Frac(top, bottom, span=self.span(start))

    def binomial(self) -> Node:
        start = self.advance().start
        top = self.argument()
        bottom = self.argument()
        return Binom(top, bottom, span=self.span(start))

    def root(self) -> Node:
        start = self.advance().start
        degree: Node | None = None
        if self.token.kind == "open" and self.token.key == "[":
            group = self.fenced()
            degree = group.body if isinstance(group, Group) else group
        return Sqrt(self.argument(), degree, span=self.span(start))

    def accent(self) -> Node:
        token = self.advance()
        body = self.argument()
        span = self.span(token.start)
        plain = isinstance(body, Scripted) and isinstance(body.base, Name) and not (body.sup or body.primes)
        if plain and isinstance(body, Scripted) and token.key in _OVER_LETTERS:  # `\\hat{y_i}` is `\\hat{y}_i`
            return replace(body, base=Accent(token.key, body.base, span=span), span=span)
        return Accent(token.key, body, span=span)

    def derivative(self) -> Node:
        """`\\dv{y}{x}`, `\\pdv{y}{x}`, `\\dv{x}` of the physics package."""
        token = self.advance()
        letter = DERIVATIVES[token.key]
        span = Span(token.start, token.end)
        mark: Node = Symbol(letter, span=span) if letter != "d" else Name(letter, span=span)
        first = self.argument()
        if self.token.kind == "lbrace":
            second = self.argument()
            top: Node = Product((("", mark), ("", first)), span=first.span)
        else:
            top, second = mark, first
        return Frac(top, Product((("", mark), ("", second)), span=second.span), span=self.span(token.start))

    def fencing(self) -> Node:
        """`\\norm{x}`, `\\abs{x}`: one argument in a fence."""
        token = self.advance()
        if self.token.kind in ("product", "sup"):  # `\norm*{x}`
            self.advance()
        opened, closed = FENCING[token.key]
        if self.token.kind == "open":
            return self.fenced()
        if self.token.kind == "lbrace" and self.token.mate > 0:
            self.advance()
            with self.nested("}", loose=True):
                body = self.barred()
            if self.token.kind == "rbrace":
                self.advance()
            return Group(opened, closed, body, span=self.span(token.start))
        return Group(opened, closed, self.argument(), span=self.span(token.start))

    def noted(self) -> Node:
        token = self.advance()
        return Annotated(self.argument(), token.key, span=self.span(token.start))

    def braced(self) -> Node:
        """`\\underbrace{a}_{note}`: the note is not mathematics."""
        token = self.advance()
        body = self.argument()
        note = ""
        while self.token.kind in ("sub", "sup"):
            self.advance()
            note = self._skip_argument() or note
        return Annotated(body, note, span=self.span(token.start))

    def stacked(self) -> Node:
        """`\\underset{y}{\\operatorname{argmax}}`, `\\overset{note}{a}`; stacked relations were read before."""
        token = self.advance()
        over = STACKED[token.key]
        place = self.token.start
        note = self.argument()
        note_text = self.text[place : self.last_end].strip("{} ")
        if token.key == "\\overunderset":
            self.argument()
        start = self.token.start
        base = self.argument()
        span = self.span(token.start)
        if isinstance(base, BigOp) and base.sub is None and not over:
            limits = self.limits(base.text, start)
            sup = limits.sup if isinstance(limits, BigOp) else None
            return BigOp(base.text, note, sup, span=span)
        if isinstance(base, Func) and not over:
            return Scripted(base, sub=note, span=span)
        return Annotated(base, note_text, span=span)

    def substack(self) -> Node:
        self.advance()
        return self.argument()

    def dropped(self) -> Node:
        """`\\tag{3}`, `\\label{x}`, `\\color{red}`: gone, with their arguments. Reached only before another atom."""
        self.skip_dropped()
        return self.bare_atom()

    def skip_dropped(self) -> None:
        token = self.advance()
        if self.token.key == "*":
            self.advance()
        for _ in range(DROPPED_WITH[token.key]):
            self._skip_argument()

    def _skip_argument(self) -> str:
        """Pass over an argument without reading it; its text."""
        token = self.token
        if token.kind == "lbrace" and token.mate > 0:
            end = self.tokens[token.mate]
            self.last_end = end.end
            self.back_to(token.mate + 1)
            return self.text[token.end : end.start].strip()
        if not self.at_end():
            self.advance()
        return self.text[token.start : token.end]

    # grids -------------------------------------------------------------------------------------------------

    def environment(self) -> Node:
        token = self.advance()
        name = token.key.rstrip("*")
        if name in ARRAYS or token.key.endswith("*"):
            if self.token.kind == "open" and self.token.key == "[":
                self.fenced()
            if name in ARRAYS:
                self._skip_argument()
        if token.key in LINE_ENVIRONMENTS:
            return self._lines(token.key, token.start, token.end)
        if name not in MATRIX_FENCES and name not in CASES and name not in ARRAYS:
            message = f"the environment `{token.key}` is not known here"
            self.report("unknown-environment", message, Span(token.start, token.end))
        rows = self._rows()
        broken = self._finish(token.key, token.start, token.end)
        kind = "cases" if name in CASES else "array" if name in ARRAYS else "matrix"
        opened, closed = MATRIX_FENCES.get(name, ("", ""))
        grid = Grid(kind, rows, opened, closed, span=self.span(token.start))
        return Product((("", grid), ("", broken)), span=grid.span) if broken else grid

    def _rows(self) -> tuple[tuple[Node, ...], ...]:
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while True:
            with self.nested("grid"):
                cells.append(self.row())
            if self.token.kind == "amp":
                self.advance()
                continue
            rows.append(tuple(cells))
            cells = []
            if self.token.kind != "row":
                break
            self.advance()
        if len(rows) > 1 and len(rows[-1]) == 1 and isinstance(rows[-1][0], Empty):
            rows.pop()
        return tuple(rows)

    def _lines(self, name: str, start: int, end: int) -> Node:
        """An environment of lines inside a cell: its rows are one formula."""
        with self.nested("grid"):
            body = self.row()
            while self.token.kind in ("amp", "row"):
                self.advance()
                more = self.row()
                body = Listing((body, more), ("\\\\",), span=self.span(start))
        self._finish(name, start, end)
        return body

    def _finish(self, name: str, start: int, end: int) -> Broken | None:
        if self.token.kind == "finish":
            if self.token.key != name:
                message = f"`\\begin{{{name}}}` is ended by `\\end{{{self.token.key}}}`"
                span = Span(self.token.start, self.token.end)
                self.report("unclosed", message, span, f"end it with `\\end{{{name}}}`")
            self.advance()
            return None
        ender = f"\\end{{{name}}}"
        message = f"this `{name}` is never ended"
        return self.broken("unclosed", f"`{ender}`", message, Span(start, end), f"add `{ender}`")


Commands.handlers = Atoms.handlers | {
    "frac": Commands.fraction,
    "binom": Commands.binomial,
    "sqrt": Commands.root,
    "accent": Commands.accent,
    "derivative": Commands.derivative,
    "fencing": Commands.fencing,
    "noted": Commands.noted,
    "braced": Commands.braced,
    "stacked": Commands.stacked,
    "substack": Commands.substack,
    "dropwith": Commands.dropped,
    "begin": Commands.environment,
}
