"""Atoms: what a product is made of. Names, numbers, operators, braces, and the scripts that follow them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from derivcheck.language.parsing.fences import Fences
from derivcheck.language.parsing.linked import Token
from derivcheck.language.parsing.notation import BLACKBOARD_FUNCTIONS
from derivcheck.language.parsing.syntax import (
    Accent,
    Bar,
    BigOp,
    Broken,
    Dots,
    Empty,
    Func,
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
from derivcheck.language.parsing.tokens import accent_of

MAX_DIGITS = 60
COMPOUND = (Sum, Product, Relation, Listing, Bar)
SCRIPTING = frozenset({"sub", "sup", "primes"})


class Atoms(Fences):
    """Reading one atom and its scripts. The levels above (row, sum, product) are in parser.py."""

    handlers: ClassVar[dict[str, Callable[[Any], Node]]] = {}

    # atoms -------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        """One atom with its scripts."""
        start = self.token.start
        base = self.bare_atom()
        while self._script_in_braces():
            self._hide_braces()
        return self.scripts(base, start) if self.token.kind in SCRIPTING else base

    def _script_in_braces(self) -> bool:
        """Whether what follows is `{_k}` or `{_{ij}}`: TeX sets it as a script of what stands before."""
        if self.token.kind != "lbrace" or self.token.mate < 0 or self.ahead().kind not in ("sub", "sup"):
            return False
        mark = self.tokens.index(self.ahead(), self.place)
        argument = self._after_place(mark)
        end = self.tokens[argument].mate if self.tokens[argument].kind == "lbrace" else argument
        return end > 0 and self._after_place(end) == self.token.mate

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
        from derivcheck.language.parsing.suggestions import nearest_command

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
        return self.tokens[self._after_place(place)]

    def _after_place(self, place: int) -> int:
        place += 1
        while place < len(self.tokens) - 1 and self.tokens[place].kind == "skip":
            place += 1
        return place

    def group(self, script: bool = False) -> Node:
        """The content of braces, read as a row of its own."""
        opened = self.advance()
        with self.nested("}", script=script):
            body = self.row()
        if self.token.kind == "rbrace":
            self.advance()
        else:
            body = self.unclosed(body, opened.start, opened.end, "{")
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
