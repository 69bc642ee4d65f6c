"""How far conditions reach, conditions and conventions in words."""

from __future__ import annotations

import pytest

from derivcheck.source.discourse import Move, moves
from derivcheck.source.document import read_document


def under(text: str, formula: str, *, possibly: bool = False) -> list[str]:
    """The conditions that hold for a formula."""
    found = moves(read_document(text, "a.md").blocks)
    place = [move for move in found if move.formula is not None and move.formula.latex == formula][-1].span.start
    conditions: list[Move] = [move for move in found if move.role in ("condition", "unread-condition", "supposition")]
    stretch = [(move, move.reach if possibly else move.extent) for move in conditions]
    return [
        move.formula.latex if move.formula else move.cue
        for move, span in stretch
        if span is not None and place in span and move.span.start != place
    ]


CASES = """\
Start: $a = 0$.

If $z = 0$, the update is

$$b = 0$$

which means that

$$c = 0$$

Another paragraph says $d = 0$.

- one item: $e = 0$

# Next

And $f = 0$.
"""


@pytest.mark.parametrize(
    ("formula", "surely", "possibly"),
    [
        ("a = 0", [], []),
        ("b = 0", ["z = 0"], ["z = 0"]),
        ("c = 0", ["z = 0"], ["z = 0"]),
        ("d = 0", [], ["z = 0"]),
        ("e = 0", [], []),
        ("f = 0", [], []),
    ],
)
def test_a_condition_holds_for_what_it_introduces(formula: str, surely: list[str], possibly: list[str]) -> None:
    assert under(CASES, formula) == surely
    assert under(CASES, formula, possibly=True) == possibly


def test_an_assumption_stands_until_a_heading() -> None:
    text = "Assume $m > n$.\n\nThen $a = 0$.\n\nA new paragraph has $b = 0$.\n\n# More\n\nNow $c = 0$."
    assert under(text, "a = 0") == under(text, "b = 0") == ["m > n"]
    assert under(text, "c = 0") == []


def test_cases_end_each_other() -> None:
    text = "Case 1: $x > 0$. Then $a = 0$.\n\nCase 2: $x < 0$. Then $b = 0$.\n\nOtherwise, $c = 0$."
    assert under(text, "a = 0") == ["x > 0"]
    assert under(text, "b = 0") == ["x < 0"]
    assert under(text, "c = 0") == []


def test_items_under_an_assumption() -> None:
    text = "If $x = 1$:\n\n- $a = 0$\n- $b = 0$\n\nThe end: $c = 0$."
    assert under(text, "b = 0") == ["x = 1"]
    assert under(text, "c = 0") == []


def test_a_condition_said_after_its_line() -> None:
    text = (
        "The total is\n\n$$O(n^2 k + n k^2) = O(n^2 k)$$\n\nThe first term wins because typically $n > k$.\n\n$$a = b$$"
    )
    assert under(text, "O(n^2 k + n k^2) = O(n^2 k)") == ["n > k"]
    assert under(text, "a = b") == []
    words = "The total is\n\n$$O(n^2 + n) = O(n^2)$$\n\nThe first term wins since n is usually larger than one."
    assert len(under(words, "O(n^2 + n) = O(n^2)")) == 1


def test_conditions_in_words() -> None:
    assert under("If $A$ is symmetric, then $A^\\top x = A x$.", "A^\\top x = A x") == ["A^\\top = A"]
    assert under("Suppose $u$ and $v$ are independent. Then $E = 0$.", "E = 0") == ["u \\perp v"]
    assert under("Let $Q$ be orthogonal. Then $a = 0$.", "a = 0") == ["Q^\\top Q = I"]
    assert under("When $g_t$ is close to zero, $h = c$.", "h = c") == ["g_t \\approx 0"]
    assert len(under("For zero-mean inputs, $V = d$.", "V = d")) == 1
    assert len(under("If $f$ is Lipschitz and convex, $V = d$.", "V = d")) == 1
    assert under("For each pair we compute $V = d$.", "V = d") == []


def test_a_supposition_ends_nothing_before_it() -> None:
    text = "We have $a = 0$. Suppose, for contradiction, that $b > 0$. Then $c = 0$."
    assert under(text, "a = 0") == []
    assert under(text, "c = 0") == ["b > 0"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I use denominator layout.", "layout-denominator"),
        ("All vectors are rows here, i.e. row vectors.", "row-vectors"),
        ("Logs are to base 2.", "log-base-2"),
        ("The product runs from right to left.", "product-latest-left"),
        ("Self-loops count as edges.", "self-loops-count"),
        ("We exclude self-loops.", "self-loops-excluded"),
    ],
)
def test_conventions_in_words(text: str, name: str) -> None:
    found = [move.note for move in moves(read_document(text, "a.md").blocks) if move.role == "convention"]
    assert name in found


def test_notes() -> None:
    def note(text: str) -> str:
        return next(move.note for move in moves(read_document(text, "a.md").blocks) if move.formula)

    assert note("(a) False $-x \\neq y$ for all inputs.") == "leading-dash"
    assert note("So $x \\neq y$ in general.") == "not-always"
    assert note("Options are:\n\nDot: $s = q^\\top k$") == "alternative"
    assert note("For $i = 1, \\dots, n$ we get $a = b$.") == "range"


def test_where_something_happens_is_a_condition() -> None:
    found = moves(read_document("It vanishes for $|a| < 1$ and explodes for $|a| > 1$.", "a.md").blocks)
    assert [move.role for move in found if move.formula] == ["condition", "condition"]
