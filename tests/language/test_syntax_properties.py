"""Properties of the parser: trees come back from their LaTeX, nothing raises, nothing takes long."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivcheck.language.parsing.dump import dump
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import (
    Accent,
    Bar,
    BigOp,
    Binom,
    Dots,
    Empty,
    Frac,
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
    Sqrt,
    Sum,
    Symbol,
    Words,
)
from derivcheck.language.parsing.trees import same

SHARED = Path(__file__).parents[3] / "shared"
AT = Span(0, 0)

NAMES: list[Node] = [
    *(Name(letter, span=AT) for letter in "abcxyzhWPQ"),
    *(Name(letter, span=AT) for letter in ("\\mu", "\\sigma", "\\Delta", "\\ell")),
    *(Name("R", style, span=AT) for style in ("bold", "cal", "bb")),
    *(Name(word, "word", span=AT) for word in ("acc", "one-hot", "len_x", "RNN")),
]
NUMBERS: list[Node] = [Num(digits, span=AT) for digits in ("0", "2", "13", "0.5")]
KEYS = ("log", "tanh", "softmax", "tr", "E", "Var", "relu", "diag", "KL")
FUNCTIONS: list[Node] = [Func(key, span=AT) for key in KEYS]
SYMBOLS: list[Node] = [Symbol(text, span=AT) for text in ("\\partial", "\\nabla", "\\infty")]
LEAVES = [*NAMES, *NUMBERS, *FUNCTIONS, *SYMBOLS, Dots(span=AT)]

RELATIONS = ["=", "!=", "<", "<=", ">=", "\\approx", "\\sim", "\\in", "\\to", ":=", "\\succeq", "\\perp"]
OPERATORS = ["", "", "", "\\cdot", "\\odot", "\\circ", "*", "/", "\\otimes", "\\times"]
KINDS = ["leaf", "leaf", "leaf", "group", "big", "grid", "scripted", "scripted", "frac", "binom", "sqrt", "accent"]
FENCES = ["()", "()", "[]", "{}", "<>", "||", "‖‖", "⌊⌋"]


class Trees:
    """Random trees as the parser makes them. (A generator of our own: hypothesis draws the seed.)"""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.left = 60  # nodes still allowed

    def row(self, depth: int) -> Node:
        if self.rng.random() < 0.75:
            return self.relation(depth)
        items = [self.relation(depth) for _ in range(self.rng.randint(2, 3))]
        if self.rng.random() < 0.4:
            words = Words(self.rng.choice(["for", "if", "where"]), span=AT)
            return Listing((items[0], words, items[1]), ("", ""), span=AT)
        spaces = {True: [",", ";", "and"], False: [",", ";", "\\quad", "and"]}  # a wide space before `= b` is none
        seps = tuple(self.rng.choice(spaces[_begins_with_relation(item)]) for item in items[1:])
        return Listing(tuple(items), seps, span=AT)

    def relation(self, depth: int) -> Node:
        if self.rng.random() < 0.6:
            return self.sum(depth)
        names = tuple(self.rng.choice(RELATIONS) for _ in range(self.rng.randint(1, 2)))
        first = Empty(span=AT) if self.rng.random() < 0.2 else self.sum(depth)
        return Relation((first, *(self.sum(depth) for _ in names)), names, (AT,) * len(names), span=AT)

    def sum(self, depth: int) -> Node:
        roll = self.rng.random()
        if roll < 0.6:
            return self.product(depth)
        if roll < 0.7:
            return Sum((("-", self.product(depth)),), span=AT)
        signs = [self.rng.choice(["+", "-", "\\pm"]) for _ in range(self.rng.randint(2, 3))]
        return Sum(tuple((sign, self.product(depth)) for sign in signs), span=AT)

    def product(self, depth: int) -> Node:
        ops = ["", *(self.rng.choice(OPERATORS) for _ in range(self.rng.randint(0, 3)))]
        items = tuple((op, self.atom(depth)) for op in ops)
        if isinstance(items[-1][1], BigOp | Func):  # a minus behind it would be the sign of what it is taken of
            items = (*items, ("", self.rng.choice(NAMES)))
        return items[0][1] if len(items) == 1 else Product(items, span=AT)

    def maybe(self, depth: int) -> Node | None:
        return self.row(depth) if self.rng.random() < 0.6 else None

    def atom(self, depth: int) -> Node:
        self.left -= 1
        kind = self.rng.choice(KINDS) if depth and self.left > 0 else "leaf"
        rng, inner = self.rng, depth - 1
        match kind:
            case "group":
                return self.group(depth)
            case "big":
                key = rng.choice(["sum", "prod", "max", "argmin", "int", "lim"])
                return BigOp(key, self.maybe(inner), self.maybe(inner), span=AT)
            case "grid":
                cells = tuple((self.row(inner), self.row(inner)) for _ in range(rng.randint(1, 2)))
                return Grid(rng.choice(["matrix", "cases"]), cells, span=AT)
            case "scripted":
                base = rng.choice([*NAMES, *NUMBERS, *FUNCTIONS]) if rng.random() < 0.8 else self.group(depth)
                sub, sup, primes = self.maybe(inner), self.maybe(inner), rng.randint(0, 2)
                if isinstance(base, Grid) or (sub is None and sup is None and not primes):
                    return base
                return Scripted(base, sub, sup, primes, span=AT)
            case "frac":
                return Frac(self.row(inner), self.row(inner), span=AT)
            case "binom":
                return Binom(self.row(inner), self.row(inner), span=AT)
            case "sqrt":
                return Sqrt(self.row(inner), rng.choice([None, *NUMBERS]), span=AT)
            case "accent":
                body = self.row(inner)
                if isinstance(body, Scripted):  # `\\hat{y_i}` is `\\hat{y}_i`
                    body = body.base
                return Accent(rng.choice(["hat", "tilde", "bar"]), body, span=AT)
        return rng.choice(LEAVES)

    def group(self, depth: int) -> Node:
        fence = self.rng.choice(FENCES)
        body = self.row(depth - 1)
        if self.rng.random() < 0.2:
            body = Bar(self.rng.choice(["|", "||"]), body, self.row(depth - 1), span=AT)
        if isinstance(body, Grid) and body.kind != "cases":
            return body  # a matrix in a fence is one node
        return Group(fence[0], fence[1], body, span=AT)


def _begins_with_relation(node: Node) -> bool:
    return isinstance(node, Relation) and isinstance(node.operands[0], Empty)


def check(seed: int, depth: int) -> None:
    tree = Trees(seed).row(depth)
    shown = show(tree)
    back = parse(shown)
    assert back.findings == (), shown
    assert same(back.node, tree), f"{shown}\n{dump(tree)}\n{dump(back.node)}"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_a_tree_comes_back_from_its_latex(seed: int) -> None:
    check(seed, 1 + seed % 3)


@pytest.mark.long
def test_many_trees_come_back_from_their_latex() -> None:
    for seed in range(20_000):
        check(seed, 1 + seed % 3)


COMMANDS = r"""
\frac \sum \left \right \left( \right) \begin{cases} \end{cases} \\ \text{if} \mathbf \| || \hat \sqrt \over \not
\quad \foo \cdot \mid \stackrel \underset \begin{aligned} \end{aligned} \mathrm{ \text{ \bf \mathbb{E} \max \dv
\substack \norm \underbrace \{ \} D_{KL} \tag \color \xrightarrow \operatorname*{ \middle| \prime
"""
FRAGMENTS = [*"abx1230+-=<>()[]{}|/*^_'&,;:.!%$ ²ᵢ−é漢\n\\", *COMMANDS.split()]
fragments = st.sampled_from(FRAGMENTS)


@settings(max_examples=400, deadline=None)
@given(st.lists(fragments, max_size=25).map("".join))
def test_nothing_raises(text: str) -> None:
    parsed = parse(text)
    assert show(parsed.node) is not None
    assert dump(parsed.node)
    for finding in parsed.findings:
        assert finding.line >= 1 and finding.column >= 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 5000 + "x" + ")" * 5000, "too-deep"),
        ("{" * 5000 + "x" + "}" * 5000, None),
        ("(" * 9000, "too-deep"),
        ("x^{" * 3000 + "2" + "}" * 3000, "too-deep"),
        ("\\frac" * 3000, "too-deep"),
        ("\\hat" * 3000 + "x", "too-deep"),
        ("\\sqrt{" * 2500 + "x" + "}" * 2500, "too-deep"),
        ("\\left(" * 2500, "too-deep"),
        ("|" * 15000, "too-deep"),
        ("- " * 9000 + "x", "too-deep"),
        ("\\begin{pmatrix}" * 1000, "too-deep"),
        ("\\text{" * 3000, None),
        ("{\\bf " * 3000, None),
        ("x_1" * 200_000, "too-long"),
        ("x + " * 4000 + "x", None),
        ("a = " * 4000 + "x", None),
        ("x'" * 9000, None),
        ("\\mathbf{x}" * 1500, None),
        ("a & b \\\\ " * 2000, None),
        ("9" * 15_000, "too-large"),
    ],
)
def test_hostile_text_is_answered_at_once(text: str, code: str | None) -> None:
    start = time.process_time()
    parsed = parse(text)
    show(parsed.node)
    assert time.process_time() - start < 2
    if code is not None:
        assert parsed.findings[0].code == code


def test_a_shown_tree_built_by_hand_gets_the_parentheses_it_needs() -> None:
    x, y = Name("x", span=AT), Name("y", span=AT)
    total = Sum((("+", x), ("-", y)), span=AT)
    assert show(Product((("", total), ("", x)), span=AT)) == "(x - y) x"
    assert show(Scripted(total, sup=Num("2", span=AT), span=AT)) == "(x - y)^2"
    assert show(Sum((("-", total),), span=AT)) == "-(x - y)"


@pytest.mark.skipif(not SHARED.exists(), reason="the open examples are not beside this checkout")
def test_every_open_claim_is_read() -> None:
    for path in sorted((SHARED / "cases").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for latex in [*row["given"], row["claim"]]:
                parsed = parse(latex)
                assert parsed.findings == (), latex
                assert same(parse(show(parsed.node)).node, parsed.node), latex
