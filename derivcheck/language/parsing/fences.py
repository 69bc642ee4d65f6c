"""Fences: parentheses, brackets, absolute values, norms, and the bars of conditions and divergences between them."""

from __future__ import annotations

from abc import abstractmethod

from derivcheck.language.parsing.cursor import Cursor
from derivcheck.language.parsing.notation import CLOSER
from derivcheck.language.parsing.syntax import Bar, Empty, Grid, Group, Listing, Node, Product, Span

FENCE_NAMES = {"(": "parenthesis", "[": "bracket", "{": "brace", "<": "angle bracket", "|": "bar", "‖": "double bar"}


class Fences(Cursor):
    """Reading what stands between two delimiters."""

    @abstractmethod
    def row(self) -> Node: ...

    @abstractmethod
    def at_end(self) -> bool: ...

    def fenced(self) -> Node:
        """`( ... )` and its like, with bars between parts; half-open intervals close with the other bracket."""
        opened = self.advance()
        closer = CLOSER[opened.key]
        with self.nested(closer, loose=True):
            body = self.barred()
        span_start = opened.start
        kind, key = self.token.kind, self.token.key
        if kind in ("close", "barclose") and (key == closer or self._matches(opened.key, key, body)):
            self.advance()
            return self._group(opened.key, key, body, span_start)
        if kind == "bar" and not opened.key:
            self.advance()
            return self._group("", key, body, span_start)
        group = Group(opened.key, closer, body, span=self.span(span_start))
        return self.unclosed(group, span_start, opened.end, opened.key)

    def _matches(self, opened: str, closed: str, body: Node) -> bool:
        """May `closed` end a fence begun by `opened`? Nothing (`\\left.`), or an interval."""
        if not opened or not closed:
            return True
        if closed in self.fences:
            return False
        return opened in "([" and closed in ")]" and isinstance(body, Listing) and len(body.items) == 2

    def _group(self, opened: str, closed: str, body: Node, start: int) -> Node:
        span = self.span(start)
        if isinstance(body, Grid) and not body.open and not body.close and body.kind != "cases":
            if (opened, closed) == ("{", ""):
                return Grid("cases", body.rows, "", "", span=span)
            return Grid("matrix", body.rows, opened, closed, span=span)
        return Group(opened, closed, body, span=span)

    def barred(self) -> Node:
        """Inside a fence: parts between bars of a condition or a divergence."""
        start = self.token.start
        node = Empty(span=Span(start, start)) if self.token.kind == "cond" else self.row()
        while self.at_condition():
            kind = "||" if self.advance().key == "‖" else "|"
            node = Bar(kind, node, self.row(), span=self.span(start))
        return node

    def at_condition(self) -> bool:
        """At a bar that separates (`\\mid`, or a plain bar that cannot be one side of an absolute value)?"""
        token = self.token
        return token.kind == "cond" or (token.kind == "bar" and self.bar_role() == "cond")

    def bar_role(self) -> str:
        """What a plain bar is where an atom has just been read: it closes an open `|`, carries the place of
        evaluation (`|_{x=0}`), opens the next absolute value, or separates."""
        token = self.token
        if self.fences and self.fences[-1] == token.key:
            return "close"
        if self.fences and self.fences[-1] == "|" and self._double_token():
            return "close"
        if self.ahead().kind == "sub" and abs(token.mate) % 2:
            return "evaluation"
        return "cond" if abs(token.mate) % 2 else "open"

    def _double_token(self) -> bool:
        token = self.token
        return token.key == "‖" and self.text[token.start : token.end] == "||"

    def _take_half(self) -> None:
        """Of `||`, take the first bar and leave the second."""
        token = self.token
        token.key, token.start, token.mate = "|", token.start + 1, 2
        self.last_end = token.start

    def absolute(self) -> Node:
        """`|x|`, `\\|x\\|`, `\\left| x \\right|`, `||A||`."""
        token = self.token
        start, end, key = token.start, token.end, token.key
        explicit = token.kind == "baropen"  # `\\left|`: only `\\right|` closes it
        if token.kind == "bar" and token.mate < 0 and self._double_token():
            self._take_half()
            key = "|"
        else:
            self.advance()
        with self.nested(key * (2 if explicit else 1), loose=True):
            body = self.barred()
        if self._at_bar(key) and (self.token.kind == "barclose" or not explicit):
            if key == "|" and self.token.key == "‖":
                self._take_half()
            else:
                self.advance()
            return self._group(key, key, body, start)
        return self.unclosed(Group(key, key, body, span=self.span(start)), start, end, key)

    def _at_bar(self, key: str) -> bool:
        if self.token.kind not in ("bar", "barclose"):
            return False
        return self.token.key == key or (key == "|" and self._double_token())

    def unclosed(self, body: Node, start: int, end: int, opened: str) -> Node:
        closer = CLOSER[opened]
        name = FENCE_NAMES.get(opened, "fence")
        if self.token.kind in ("close", "barclose", "rbrace", "finish") and self.token.kind != "end":
            shown = self.text[self.token.start : self.token.end]
            message = f"this {name} is not closed before `{shown}`"
        else:
            message = f"this {name} is never closed"
        broken = self.broken("unclosed", f"`{closer}`", message, Span(start, end), f"add the missing `{closer}`")
        return Product((("", body), ("", broken)), span=self.span(start))
