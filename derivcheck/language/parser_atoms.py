"""Atoms: what a product is made of. Names, numbers, fences, bars, braces, and the scripts that follow them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from derivcheck.language.notation import BLACKBOARD_FUNCTIONS, CLOSER
from derivcheck.language.parser_cursor import Cursor
from derivcheck.language.syntax import (
    Accent,
    Bar,
    BigOp,
    Broken,
    Dots,
    Empty,
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
    Sum,
    Symbol,
    Words,
)
from derivcheck.language.tokens import accent_of
from derivcheck.language.tokens_linked import Token

MAX_DIGITS = 60
COMPOUND = (Sum, Product, Relation, Listing, Bar)
SCRIPTING = frozenset({"sub", "sup", "primes"})
FENCE_NAMES = {"(": "parenthesis", "[": "bracket", "{": "brace", "<": "angle bracket", "|": "bar", "‖": "double bar"}


class Atoms(Cursor):
    """Reading one atom and its scripts. The levels above (row, sum, product) are in parser.py."""

    handlers: ClassVar[dict[str, Callable[[Any], Node]]] = {}

    @abstractmethod
    def row(self) -> Node: ...

    @abstractmethod
    def at_end(self) -> bool: ...

    # atoms -------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        """One atom with its scripts."""
        start = self.token.start
        base = self.bare_atom()
        return self.scripts(base, start) if self.token.kind in SCRIPTING else base

    def bare_atom(self) -> Node:
        if self.token.kind == "lbrace":
            found = self.braces()
            return found if found is not None else self.bare_atom()
        handler = self.handlers.get(self.token.kind)
        if handler is not None:
            return handler(self)
        return self.unexpected()

    def unexpected(self) -> Broken:
        """A token that cannot begin an atom: reported, and passed over unless something outside waits for it."""
        token = self.token
        shown = self.text[token.start : token.end].strip() or token.key
        if token.kind == "end":
            return self.broken("missing-operand", "a term", "the formula ends where a term is expected")
        found = self.broken("unexpected", "a term", f"`{shown}` stands where a term is expected")
        if not self.at_end():
            self.advance()
        return found

    def letter(self) -> Node:
        token = self.advance()
        text, style = token.key, token.style
        if ":" in text:
            style, text = text.split(":", 1)
        span = Span(token.start, token.end)
        if style == "bb" and text in BLACKBOARD_FUNCTIONS:
            return Func(BLACKBOARD_FUNCTIONS[text], span=span)
        if text == "E" and style == "bold" and self._takes_bracket():
            return Func("E", span=span)
        return Name(text, style, span=span)

    def _takes_bracket(self) -> bool:
        """A bracket follows, perhaps after a subscript: `\\mathbf{E}_{x}[...]`."""
        place = self.place
        if self.tokens[place].kind == "sub":
            opened = self.tokens[min(place + 1, len(self.tokens) - 1)]
            place = opened.mate + 1 if opened.kind == "lbrace" and opened.mate > 0 else place + 2
        while place < len(self.tokens) - 1 and self.tokens[place].kind in ("skip", "rbrace"):
            place += 1
        token = self.tokens[min(place, len(self.tokens) - 1)]
        return token.kind == "open" and token.key == "["

    def name(self) -> Node:
        token = self.advance()
        return Name(token.key, token.style, span=Span(token.start, token.end))

    def word(self) -> Node:
        token = self.advance()
        return Name(token.key, "word", span=Span(token.start, token.end))

    def number(self) -> Node:
        token = self.advance()
        span = Span(token.start, token.end)
        if len(token.key) > MAX_DIGITS or ("e" in token.key and len(token.key.split("e")[1]) > 3):
            return self.broken("too-large", f"at most {MAX_DIGITS} digits", "this number has too many digits", span)
        if token.style and token.key in ("0", "1"):
            return Name(token.key, token.style, span=span)
        return Num(token.key, span=span)

    def symbol(self) -> Node:
        token = self.advance()
        return Symbol(token.key, span=Span(token.start, token.end))

    def function(self) -> Node:
        token = self.advance()
        if token.key == "arg" and self.token.kind == "bigop" and self.token.key in ("max", "min"):
            inner = self.advance()
            return self.limits(f"arg{inner.key}", token.start)
        return Func(token.key, span=Span(token.start, token.end))

    def bigop(self) -> Node:
        token = self.advance()
        return self.limits(token.key, token.start)

    def limits(self, key: str, start: int) -> Node:
        """A big operator with what stands below and above it."""
        sub: Node | None = None
        sup: Node | None = None
        while self.token.kind in ("sub", "sup"):
            kind = self.token.kind
            if (sub if kind == "sub" else sup) is not None:
                self._double(kind)
            self.advance()
            if kind == "sub":
                sub = self.script_argument()
            else:
                sup = self.script_argument()
        return BigOp(key, sub, sup, span=self.span(start))

    def dots(self) -> Node:
        token = self.advance()
        return Dots(span=Span(token.start, token.end))

    def accented(self) -> Node:
        """A letter with a combining mark, as Unicode writes it."""
        token = self.advance()
        span = Span(token.start, token.end)
        body: Node = Name(token.key[0], token.style, span=span)
        for mark in token.key[1:]:
            body = Accent(accent_of(mark), body, span=span)
        return body

    def blackboard(self) -> Node:
        token = self.advance()
        return Name(token.key, "bb", span=Span(token.start, token.end))

    def foreign(self) -> Node:
        """Letters of a script that formulas do not use: words."""
        start = self.token.start
        while self.token.kind == "foreign":
            self.advance()
        span = self.span(start)
        return Words(self.text[span.start : span.end], span=span)

    def unknown(self) -> Node:
        """An unknown command stays a name, so that the rest is read."""
        from derivcheck.language.suggestions import nearest_command

        token = self.advance()
        span = Span(token.start, token.end)
        near = nearest_command(token.key)
        help = f"did you mean `{near}`?" if near else "define it with \\newcommand, or write it out"
        self.report("unknown-command", f"`{token.key}` is not a command that is known here", span, help)
        return Name(token.key, "", span=span)

    # braces ------------------------------------------------------------------------------------------------

    def unwrap(self) -> None:
        """Pass over braces around an operator, a comma or nothing (`{=}`, `{-}x`, `{,}`)."""
        while self.token.kind == "lbrace" and self.token.mate > 0 and self.token.key != "infix":
            inner = self.ahead().kind
            if inner not in ("relation", "sum", "product", "sep", "rbrace", "words", "lbrace"):
                return
            if self._after(self.token.mate).kind in SCRIPTING:
                return
            self._hide_braces()

    def _hide_braces(self) -> None:
        self.tokens[self.token.mate].kind = "skip"
        self.token.kind = "skip"
        self.back_to(self.place)

    def braces(self) -> Node | None:
        """Braces between atoms are invisible: None says that what they hold is to be read as if they were not
        there. A single atom before a script (`{A^{-1}}^\\top`) is kept together, and so is `{a \\over b}`."""
        opened = self.token
        if opened.mate < 0:
            self.advance()
            return self.broken("unclosed", "`}`", "this brace is never closed", Span(opened.start, opened.end),
                               "add the missing `}`")  # fmt: skip
        if opened.key == "infix":
            return self.group()
        if self._after(opened.mate).kind in SCRIPTING:
            place, before = self.place, len(self.findings)
            node = self.group()
            if not isinstance(node, COMPOUND):
                return node
            del self.findings[before:]
            self.back_to(place)
        self._hide_braces()
        return None

    def _after(self, place: int) -> Token:
        place += 1
        while self.tokens[place].kind == "skip":
            place += 1
        return self.tokens[place]

    def group(self, script: bool = False) -> Node:
        """The content of braces, read as a row of its own."""
        opened = self.advance()
        with self.nested("}", script=script):
            body = self.row()
        if self.token.kind == "rbrace":
            self.advance()
        else:
            body = self._unclosed(body, opened.start, opened.end, "{")
        return body

    def argument(self) -> Node:
        """The argument of a command: braces, or one token (TeX: one digit)."""
        kind = self.token.kind
        if kind == "lbrace":
            return self.group()
        if kind == "number":
            return self._digit()
        if self.at_end() or kind in SCRIPTING:
            return self.broken("missing-argument", "an argument", "an argument in braces is expected here")
        self.deeper()
        node = self.bare_atom()
        self.depth -= 1
        return node

    def _digit(self) -> Node:
        """The first digit of a number; the rest stays where it is."""
        token = self.token
        if len(token.key) == 1 or token.end - token.start != len(token.key):
            return self.number()
        digit = Num(token.key[0], span=Span(token.start, token.start + 1))
        token.key, token.start = token.key[1:], token.start + 1
        self.last_end = token.start
        return digit

    # scripts -----------------------------------------------------------------------------------------------

    def scripts(self, base: Node, start: int) -> Node:
        """Subscripts, superscripts and primes after an atom, each once."""
        if isinstance(base, BigOp) and (limited := self._outer_limits(base, start)) is not None:
            return limited
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        if isinstance(base, Scripted):  # `{x_i}^2`: the braces add nothing while the place is free
            free = base.sub is None if self.token.kind == "sub" else base.sup is None
            if free or self.token.kind == "primes":
                base, sub, sup, primes = base.base, base.sub, base.sup, base.primes
        while True:
            kind = self.token.kind
            if kind == "primes":
                primes += len(self.advance().key)
            elif kind == "sub":
                if sub is not None:
                    self._double(kind)
                    base, sub, sup, primes = Scripted(base, sub, sup, primes, span=self.span(start)), None, None, 0
                self.advance()
                sub = self.script_argument()
            elif kind == "sup":
                mark = self.advance()
                above = self.script_argument()
                count, rest = _primes_of(above)
                primes += count
                if rest is not None:
                    if sup is not None:
                        self._double(kind, mark)
                        base, sub, sup, primes = Scripted(base, sub, sup, primes, span=self.span(start)), None, None, 0
                    sup = rest
            else:
                break
        if isinstance(base, Name) and base.text == "D" and sub is not None and _letters_of(sub) == "KL":
            base, sub = Func("KL", span=self.span(start)), None
            if sup is None and not primes:
                return base
        return Scripted(base, sub, sup, primes, span=self.span(start))

    def _outer_limits(self, base: BigOp, start: int) -> Node | None:
        """`\\mathop{\\sum}_{i}`: limits that follow the braces."""
        taken = {"primes": True, "sub": base.sub is not None, "sup": base.sup is not None}
        if taken[self.token.kind]:
            return None
        more = self.limits(base.text, start)
        assert isinstance(more, BigOp)
        return BigOp(base.text, base.sub or more.sub, base.sup or more.sup, span=self.span(start))

    def _double(self, kind: str, mark: Token | None = None) -> None:
        what = "subscript" if kind == "sub" else "superscript"
        mark = mark or self.token
        self.report(
            "double-script",
            f"a second {what} on the same symbol",
            Span(mark.start, mark.end),
            "group the scripts with braces",
        )

    def script_argument(self) -> Node:
        """What `_` or `^` applies to: braces or one token."""
        token = self.token
        if token.kind == "lbrace":
            return self.group(script=True)
        if token.kind in ("sum", "product"):
            self.advance()
            if self.token.kind in ("number", "letter") and self.token.start == token.end and token.kind == "sum":
                self._one_token(token.start, self.token.end)
            return Symbol(token.key, span=Span(token.start, token.end))
        if token.kind == "number":
            digit = self._digit()
            if self.token is token and token.kind == "number":
                self._one_token(token.start - 1, token.end)
            return digit
        if token.kind == "primes":
            self.advance()
            return Symbol("\\prime", span=Span(token.start, token.end))
        if token.kind == "open" and token.key in ("(", "["):
            self._one_token(token.start, token.end)
            return self.fenced()
        if self.at_end():
            return self.broken("missing-argument", "a script", "a subscript or superscript is expected here")
        return self.argument()

    def _one_token(self, start: int, end: int) -> None:
        self.report(
            "script-takes-one",
            "without braces only the first character is raised or lowered",
            Span(start, end),
            "put the whole script in braces",
            severity="warning",
        )

    # fences ------------------------------------------------------------------------------------------------

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
        return self._unclosed(group, span_start, opened.end, opened.key)

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
        return self._unclosed(Group(key, key, body, span=self.span(start)), start, end, key)

    def _at_bar(self, key: str) -> bool:
        if self.token.kind not in ("bar", "barclose"):
            return False
        return self.token.key == key or (key == "|" and self._double_token())

    def _unclosed(self, body: Node, start: int, end: int, opened: str) -> Node:
        closer = CLOSER[opened]
        name = FENCE_NAMES.get(opened, "fence")
        if self.token.kind in ("close", "barclose", "rbrace", "finish") and self.token.kind != "end":
            shown = self.text[self.token.start : self.token.end]
            message = f"this {name} is not closed before `{shown}`"
        else:
            message = f"this {name} is never closed"
        broken = self.broken("unclosed", f"`{closer}`", message, Span(start, end), f"add the missing `{closer}`")
        return Product((("", body), ("", broken)), span=self.span(start))


def _letters_of(node: Node) -> str:
    """`KL` for the ways to write it in a subscript."""
    if isinstance(node, Name | Func):
        return node.text
    if isinstance(node, Product) and all(not op and isinstance(item, Name) for op, item in node.items):
        return "".join(_letters_of(item) for _, item in node.items)
    return ""


def _primes_of(node: Node) -> tuple[int, Node | None]:
    """The primes at the front of a superscript (`^{\\prime\\prime}`, `^{\\prime 2}`) and what is left of it."""
    if isinstance(node, Symbol) and node.text == "\\prime":
        return 1, None
    if isinstance(node, Scripted) and isinstance(node.base, Empty) and node.sup is None and node.sub is None:
        return node.primes, None
    if isinstance(node, Product):
        items = list(node.items)
        count = 0
        while items and isinstance(items[0][1], Symbol) and items[0][1].text == "\\prime":
            items.pop(0)
            count += 1
        if count:
            if not items:
                return count, None
            rest = items[0][1] if len(items) == 1 else Product((("", items[0][1]), *items[1:]), span=node.span)
            return count, rest
    return 0, node


Atoms.handlers = {
    "letter": Atoms.letter,
    "name": Atoms.name,
    "word": Atoms.word,
    "number": Atoms.number,
    "symbol": Atoms.symbol,
    "function": Atoms.function,
    "bigop": Atoms.bigop,
    "dots": Atoms.dots,
    "accented": Atoms.accented,
    "blackboard": Atoms.blackboard,
    "foreign": Atoms.foreign,
    "unknown": Atoms.unknown,
    "open": Atoms.fenced,
    "bar": Atoms.absolute,
    "baropen": Atoms.absolute,
}
