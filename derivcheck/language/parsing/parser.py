"""LaTeX mathematics to a syntax tree: a hand-written parser by precedence, over tokens with offsets.

From loose to tight: a bar inside a fence (`P(a, b \\mid c)`), a row of items (commas, words), relations, a bar
outside fences, sums, products. Nothing is decided that depends on what a name is: see syntax.py. `parse` never
raises; what it cannot read is a finding and a Broken node, and the rest is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.findings import Finding
from derivcheck.language.parsing import parsing_codes as _reading_codes  # noqa: F401  (registers the codes used below)
from derivcheck.language.parsing.atoms import SCRIPTING
from derivcheck.language.parsing.commands import Commands
from derivcheck.language.parsing.cursor import MAX_DEPTH, TooDeep, finding_at
from derivcheck.language.parsing.linked import Token
from derivcheck.language.parsing.macros import Macro, expand
from derivcheck.language.parsing.notation import BIG_OF, NEGATED
from derivcheck.language.parsing.signed_arguments import signed_arguments
from derivcheck.language.parsing.syntax import (
    Annotated,
    Bar,
    BigOp,
    Binom,
    Broken,
    Empty,
    Frac,
    Group,
    Listing,
    Node,
    Product,
    Relation,
    Span,
    Sum,
    Symbol,
    Words,
)
from derivcheck.language.parsing.tokens import tokenize
from derivcheck.record import dataclass

MAX_LENGTH = 20_000

_CLOSERS = frozenset({"close", "rbrace", "end", "finish", "amp", "row", "barclose", "infix"})
_ENDS = _CLOSERS | {"relation", "not", "sum", "sep", "stop", "words", "cond"}
_FINAL = frozenset({("symbol", "\\square"), ("symbol", "\\checkmark")})
_STRENGTH = {"": 0, "\\quad": 1, ".": 2, "and": 3, "\\\\": 4, ",": 5, ";": 6}


@dataclass(frozen=True, slots=True)
class Parsed:
    node: Node
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)


def parse(text: str, macros: Mapping[str, Macro] | None = None) -> Parsed:
    """The syntax tree of one formula. Spans are offsets into `text`; parts that came from a macro of the student
    point at its use."""
    whole = Span(0, len(text))
    if len(text) > MAX_LENGTH:
        message = "this formula is too long to be read"
        return _refused(text, "too-long", f"at most {MAX_LENGTH} characters", message, whole)
    origin = None
    if macros:
        expanded = expand(text, macros)
        if expanded.problem:
            return _refused(text, "macro-loop", "macros that end", expanded.problem, whole)
        text_in, origin = expanded.text, expanded.origin
    else:
        text_in = text
    parser = Parser(text_in, tokenize(text_in))
    try:
        node = parser.formula()
        findings = parser.findings
    except TooDeep as deep:
        message = f"more than {MAX_DEPTH} levels of nesting"
        found = finding_at(text_in, "too-deep", message, deep.span, "split the formula into named parts")
        node, findings = Broken(f"at most {MAX_DEPTH} levels of nesting", span=deep.span), [found]
    if origin is not None:
        node, findings = _moved_home(node, findings, text, origin)
    return Parsed(node, tuple(findings))


def _refused(text: str, code: str, expected: str, message: str, span: Span) -> Parsed:
    return Parsed(Broken(expected, span=span), (finding_at(text, code, message, span),))


def _moved_home(
    node: Node, findings: list[Finding], text: str, origin: list[tuple[int, int]]
) -> tuple[Node, list[Finding]]:
    """Spans of the expanded text as spans of the text as written."""
    from derivcheck.language.parsing.trees import map_spans

    def home(span: Span) -> Span:
        if not origin:
            return Span(0, 0)
        last = len(origin) - 1
        start = origin[min(span.start, last)][0] if span.start <= last else len(text)
        end = origin[min(span.end - 1, last)][1] if span.end > span.start else start
        return Span(start, max(start, end))

    moved = []
    for finding in findings:
        span = home(Span(int(finding.details["start"]), int(finding.details["end"])))
        moved.append(finding_at(text, finding.code, finding.message, span, finding.help, finding.severity))
    return map_spans(node, home), moved


class Parser(Commands):
    """The levels above the atom."""

    def formula(self) -> Node:
        """The whole text: trailing punctuation and equation numbers are no part of it."""
        _trim(self.tokens)
        self.back_to(self.place)
        parts = [self.row()]
        while self.token.kind != "end":
            parts.append(self._stray())
            if self.token.kind != "end":
                parts.append(self.row())
        if len(parts) == 1:
            whole = parts[0]
            return whole.body if isinstance(whole, Annotated) and whole.note == "boxed" else whole
        return Listing(tuple(parts), ("",) * (len(parts) - 1), span=Span(0, len(self.text)))

    def _stray(self) -> Node:
        token = self.advance()
        shown = self.text[token.start : token.end] or token.key
        message = f"`{shown}` closes nothing that is open"
        if token.kind == "infix":
            message = f"`{shown}` needs braces around it"
        return self.broken("unmatched", "nothing to close", message, Span(token.start, token.end))

    # rows --------------------------------------------------------------------------------------------------

    def row(self) -> Node:
        """Items between commas, semicolons, wide spaces and words, up to what closes the fence."""
        start = self.token.start
        items: list[Node] = []
        seps: list[str] = []
        pending = ""
        self.unwrap()
        while True:
            kind = self.token.kind
            if kind in ("sep", "stop"):
                key = self.advance().key
                self.unwrap()
                if key == pending == "," or (key == "," and not items and self.loose):
                    place = Span(self.last_end - 1, self.last_end - 1)
                    if items:
                        seps.append(pending)
                    items.append(Empty(span=place))
                    pending = ","
                elif _STRENGTH.get(key, 0) > _STRENGTH[pending]:
                    pending = key
                continue
            if self._row_ends() or (items and not pending and self._bar_ends()):
                break
            if items and not pending and self.token.key in ("\\wedge", "\\vee"):  # between whole relations
                pending, spoken = self._connective()
                if spoken is not None:
                    seps.append("")
                    items.append(spoken)
                continue
            if items:
                seps.append(pending)
            pending = ""
            items.append(self._words() if kind == "words" else self.relation())
        if kind == "infix" and self.fences and self.fences[-1] == "}":
            return self._infix(self._listing(items, seps, start), start)
        return self._listing(items, seps, start)

    def _listing(self, items: list[Node], seps: list[str], start: int) -> Node:
        if not items:
            return Empty(span=Span(start, start))
        return items[0] if len(items) == 1 else Listing(tuple(items), tuple(seps), span=self.span(start))

    def _row_ends(self) -> bool:
        kind = self.token.kind
        return kind in _CLOSERS or (kind == "cond" and self.loose)

    def _bar_ends(self) -> bool:
        """After a whole item, a bar closes the fence or separates."""
        return self.token.kind == "bar" and self.bar_role() in ("close", "cond")

    def _connective(self) -> tuple[str, Node | None]:
        """`a = b \\land c = d`: a separator, or the word `or`."""
        token = self.advance()
        if token.key == "\\wedge":
            return "and", None
        return "", Words("or", span=Span(token.start, token.end))

    def _connects(self) -> bool:
        """Does this `\\land` or `\\lor` join two relations (rather than two truth values in one)?"""
        if not self.related or self.token.key not in ("\\wedge", "\\vee"):
            return False
        depth = 0
        for token in self.tokens[self.place + 1 : self.place + 300]:
            if token.kind in ("open", "lbrace", "begin"):
                depth += 1
            elif token.kind in ("close", "rbrace", "finish"):
                depth -= 1
            if depth < 0 or (depth == 0 and token.kind in ("sep", "end", "words", "row", "amp")):
                return False
            if depth == 0 and token.kind == "relation":
                return True
        return False

    def _words(self) -> Node:
        token = self.advance()
        return Words(token.key, span=Span(token.start, token.end))

    def _infix(self, top: Node, start: int) -> Node:
        """`{a \\over b}`, `{n \\choose k}`."""
        kind = Frac if self.advance().key == "\\over" else Binom
        bottom = self.row()
        return kind(top, bottom, span=self.span(start))

    # relations ---------------------------------------------------------------------------------------------

    def relation(self) -> Node:
        start = self.token.start
        operands: list[Node] = []
        names: list[str] = []
        spans: list[Span] = []
        self.unwrap()
        self.related = False
        if self.token.kind in ("relation", "not"):
            operands.append(Empty(span=Span(start, start)))
        else:
            operands.append(self.operand())
        while self.token.kind in ("relation", "not"):
            place = self.token.start
            names.append(self._relation_name())
            spans.append(self.span(place))
            self.related = True
            self.unwrap()
            if self._row_ends() or self.token.kind in ("sep", "stop", "words", "relation", "not"):
                if self.token.kind in ("relation", "not") and names[-1] != "\\colon" and self.token.key != "\\colon":
                    self.report("missing-operand", "two relations without a term between them", self.span(place))
                operands.append(Empty(span=Span(self.last_end, self.last_end)))
            else:
                operands.append(self.operand())
        if not names:
            return operands[0]
        return Relation(tuple(operands), tuple(names), tuple(spans), span=self.span(start))

    def _relation_name(self) -> str:
        token = self.advance()
        if token.kind == "relation":
            return token.key
        if self.token.kind == "relation":
            key = self.advance().key
            return NEGATED.get(key, f"\\not{key}")
        self.broken("unexpected", "a relation", "`\\not` without a relation after it", Span(token.start, token.end))
        return "!="

    def operand(self) -> Node:
        """A sum; outside fences a bar may stand between sums (`w \\mid z \\sim ...`)."""
        start = self.token.start
        node = self.sum()
        while not self.loose and self.at_condition():
            kind = "||" if self.advance().key == "‖" else "|"
            place = self.token.start
            right = self.sum() if not self.at_end() or self.token.kind == "sum" else Empty(span=Span(place, place))
            node = Bar(kind, node, right, span=self.span(start))
        return node

    # sums --------------------------------------------------------------------------------------------------

    def sum(self) -> Node:
        start = self.token.start
        items: list[tuple[str, Node]] = []
        self.unwrap()
        sign = self._sign() if self.token.kind == "sum" else ""
        signed = bool(sign)
        while True:
            place = self.last_end
            if sign and self._nothing_follows():
                lone = self._lone(sign, place, bool(items))
                if self.script and isinstance(lone, Symbol):
                    if not items:
                        return lone
                    last_sign, last = items[-1]
                    items[-1] = (last_sign, Product((("", last), ("", lone)), span=self.span(start)))
                else:
                    items.append((sign, lone))
            else:
                items.append((sign or "+", self._signed() if self.token.kind == "sum" else self.product()))
            self.unwrap()
            if self.token.kind != "sum" or self._connects():
                break
            sign = self._sign()
        if len(items) == 1 and not signed:
            return items[0][1]
        return signed_arguments(Sum(tuple(items), span=self.span(start)))

    def _sign(self) -> str:
        """The sign; '' where the operator stands as a big one (`\\cup_j B_j`) and is read as that."""
        if self.token.key in BIG_OF and self.ahead().kind == "sub":
            self.token.kind, self.token.key = "bigop", BIG_OF[self.token.key]
            return ""
        return self.advance().key

    def _nothing_follows(self) -> bool:
        kind = self.token.kind
        return (kind in _ENDS and kind != "sum") or (kind == "product" and not self._placeholder())

    def _lone(self, sign: str, place: int, after_term: bool) -> Node:
        """A sign with nothing after it: a mark in a script (`h^+`, `0^{+}`), else something is missing."""
        span = Span(place - 1, place)
        if self.script:
            return Symbol(sign, span=span)
        return self.broken("missing-operand", "a term", f"nothing follows `{sign}`", span)

    def _signed(self) -> Node:
        """`- - x` and `a + -b`: signs one after another, without recursion."""
        start = self.token.start
        signs: list[str] = []
        while self.token.kind == "sum":
            signs.append(self.advance().key)
        node = self.product() if not self._nothing_follows() else self._lone(signs[-1], self.last_end, True)
        if len(signs) > MAX_DEPTH:
            raise TooDeep(self.span(start))
        for sign in reversed(signs):
            node = Sum(((sign, node),), span=self.span(start))
        return node

    # products ----------------------------------------------------------------------------------------------

    def product(self) -> Node:
        """Atoms in reading order with the operators between them."""
        start = self.token.start
        items: list[tuple[str, Node]] = []
        op = ""
        if self.token.kind == "product":
            op = self._leading(items)
        while True:
            token = self.token
            kind = token.kind
            if kind == "product":
                if items and not op and self._connects():
                    break
                if op:
                    items.append((op, self._missing(op)))
                if token.key in BIG_OF and self.ahead().kind == "sub":
                    token.kind, token.key = "bigop", BIG_OF[token.key]
                    continue
                op = self.advance().key
                if self.script and self.at_end():
                    items.append(("", Symbol(op, span=Span(token.start, token.end))))
                    op = ""
                continue
            if kind == "lbrace":
                node = self.braces()
                if node is None:
                    continue
                if self.token.kind in SCRIPTING:
                    node = self.scripts(node, token.start)
                items.append((op, node))
                op = ""
                continue
            if kind == "dropwith":
                self.skip_dropped()
                continue
            if kind == "bar" and items and not op:
                role = self.bar_role()
                if role == "evaluation":
                    items = [("", self._evaluated(items, start))]
                    continue
                if role != "open":
                    break
            if kind == "barclose" and items and not op and self._closes_nothing():
                items = [("", self._evaluated(items, start))]
                continue
            if kind == "sum" and op:
                items.append((op, self._negative()))
                op = ""
                continue
            if kind == "sum" and token.key == "-" and items and _waits(items[-1][1]) and self.ahead().kind not in _ENDS:
                self.advance()
                items.append(("", Sum((("-", self.product()),), span=self.span(token.start))))
                continue
            if kind in _ENDS:
                break
            if kind in SCRIPTING:
                items.append((op, self._scripted_nothing(bool(items))))
            else:
                items.append((op, self.atom()))
            op = ""
        if op:
            items.append((op, self._missing(op)))
        if not items:
            return Empty(span=Span(start, start)) if kind != "end" or start == 0 else self.unexpected()
        if len(items) == 1:
            return items[0][1]
        return Product(tuple(items), span=self.span(start))

    def _placeholder(self) -> bool:
        """`\\cdot` where an argument is left open, or an operator alone in a script."""
        after = self.ahead().kind
        return after in _ENDS or after == "bar" or self.script

    def _leading(self, items: list[tuple[str, Node]]) -> str:
        """A product that begins with its operator: a placeholder, a mark, or a line that goes on."""
        token = self.token
        if token.key in BIG_OF and self.ahead().kind == "sub":
            token.kind, token.key = "bigop", BIG_OF[token.key]
            return ""
        if self._placeholder():
            self.advance()
            items.append(("", Symbol(token.key, span=Span(token.start, token.end))))
            return ""
        items.append(("", Empty(span=Span(token.start, token.start))))
        return self.advance().key

    def _missing(self, op: str) -> Node:
        span = Span(max(0, self.last_end - len(op)), self.last_end)
        return self.broken("missing-operand", "a factor", f"nothing follows `{op}`", span)

    def _negative(self) -> Node:
        """`a \\cdot -b`."""
        start = self.token.start
        sign = self.advance().key
        if self._nothing_follows() or self.token.kind == "sum":
            return self.broken("missing-operand", "a factor", f"nothing follows `{sign}`", self.span(start))
        return Sum(((sign, self.atom()),), span=self.span(start))

    def _scripted_nothing(self, after_items: bool) -> Node:
        """A script with nothing before it."""
        token = self.token
        if not self.script:
            self.report("missing-operand", "a script stands on nothing", Span(token.start, token.end))
        return self.scripts(Empty(span=Span(token.start, token.start)), token.start)

    def _evaluated(self, items: list[tuple[str, Node]], start: int) -> Node:
        """`f(x)|_{x = 0}`: a bar on the right of everything multiplied so far."""
        body = items[0][1] if len(items) == 1 else Product(tuple(items), span=self.span(start))
        self.advance()
        group = Group("", "|", body, span=self.span(start))
        return self.scripts(group, start)

    def _closes_nothing(self) -> bool:
        """`\\Bigr|_{x = 0}`, with no bar open for it: a place of evaluation."""
        waiting = self.fences[-1] if self.fences else ""
        return not waiting.startswith(self.token.key) and "" not in self.fences[-1:] and self.ahead().kind == "sub"

    def at_end(self) -> bool:
        token = self.token
        return token.kind in _ENDS or (token.kind == "bar" and self.fences != [] and self._bar_ends())


def _waits(node: Node) -> bool:
    """Does an operator stand without what it is taken of? A minus behind it is a sign (`\\sum_i -y_i \\log p_i`)."""
    return isinstance(node, BigOp) and node.sub is not None and node.text != "int"


def _trim(tokens: list[Token]) -> None:
    """Drop what ends a sentence rather than a formula: commas, full stops, `\\quad (3)`, a closing box."""
    seen = [token for token in tokens if token.kind != "skip"][:-1]
    while seen:
        last = seen[-1]
        punctuation = last.kind in ("sep", "stop") or (last.kind, last.key) in _FINAL
        colon = (last.kind, last.key) == ("relation", "\\colon") and len(seen) > 1 and seen[-2].kind != "open"
        count = 1 if punctuation or colon else 3 if _is_label(seen[-4:]) else 0
        if not count:
            return
        for token in seen[-count:]:
            token.kind = "skip"
        del seen[-count:]


def _is_label(four: list[Token]) -> bool:
    """A wide space and a number in parentheses."""
    if len(four) < 4:
        return False
    gap, opened, number, closed = four
    return (
        gap.kind == "sep"
        and gap.key == "\\quad"
        and (opened.kind, opened.key, closed.kind, closed.key) == ("open", "(", "close", ")")
        and number.kind == "number"
    )


