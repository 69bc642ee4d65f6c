"""Designs are judged by running the model: any that works is right, a wrong one is shown where it fails."""

from __future__ import annotations

import itertools

import pytest

from derivcheck.checking.answers import answer_checker
from derivcheck.problems.bank import Bank

CHECK = answer_checker(7)


def judged(id: str, answer: str):
    part, _ = Bank.of().find(id)
    assert part is not None
    return CHECK(answer, part)


def test_a_wrong_gate_is_shown_an_input():
    result = judged("threshold/and-or", "For AND $w = (1, 1)^\\top$, $b = -1$; for OR $w = (1,1)^\\top$, $b = -1$.")
    assert result.verdict == "wrong" and result.findings[0].code == "design-fails"
    assert "x = (0, 1)" in result.findings[0].message and result.earned == 0.5


@pytest.mark.parametrize("w, b", [(w, b) for w in ((1, 1), (2, 1), (1, -1)) for b in (-3, -2, -1, 0)])
def test_gates_against_their_tables(w, b):
    outputs = [int(w[0] * p + w[1] * q + b >= 0) for p, q in itertools.product((0, 1), repeat=2)]
    answer = f"w_{{AND}} = {w}^\\top, b_{{AND}} = {b}\nw_{{OR}} = (1, 1)^\\top, b_{{OR}} = -\\frac12"
    assert (judged("threshold/and-or", answer).verdict == "correct") == (outputs == [0, 0, 0, 1])


def test_the_word_and_is_no_gate():
    answer = "OR: $w = (1, 1)^\\top$ and $b = -\\frac12$. AND: $w = (1, 1)^\\top$ and $b = -\\frac32$."
    assert judged("threshold/and-or", answer).verdict == "correct"


def test_parity_with_two_hidden_units():
    answer = r"""
We use two cells; the first one holds the parity. $h_0 = 0$, $C_0 = 0$.
$$W_f = \begin{bmatrix} 0 & 0 & -1 \\ 0 & 0 & 0 \end{bmatrix}, \quad b_f = \begin{bmatrix} 1 \\ 0 \end{bmatrix}$$
$$W_i = \begin{bmatrix} -1 & 0 & 1 \\ 0 & 0 & 0 \end{bmatrix}, \quad b_i = \begin{bmatrix} 0 \\ 1 \end{bmatrix}$$
$$W_C = \begin{bmatrix} 0 & 0 & 1 \\ 0 & 0 & 1 \end{bmatrix}, \quad b_C = \begin{bmatrix} 0 \\ 0 \end{bmatrix}$$
$$W_o = \begin{bmatrix} 0 & 0 & 0 \\ 0 & 0 & 0 \end{bmatrix}, \quad b_o = \begin{bmatrix} 1 \\ 1 \end{bmatrix}$$
"""
    result = judged("lstm/parity", answer)
    assert result.verdict == "correct", result
    assert "8190" in result.notes[0] and "n = 2" in result.notes[0]


def test_a_gate_that_is_not_given_goes_to_a_person():
    assert judged("lstm/parity", "W_f = [0, -1], b_f = 0.5\nW_i = [-1, 1], b_i = -0.5").verdict == "review"


@pytest.mark.parametrize("seed", range(12))
def test_the_machine_agrees_with_every_string(seed):
    """Weights at random: going through states gives what going through all strings does."""
    import random

    rng = random.Random(seed)
    draw = {k: (rng.randint(-2, 2), rng.randint(-2, 2), rng.choice((-1, 0, 1))) for k in "fiCo"}
    if seed < 4:  # designs that nearly work
        draw = {"f": (0, -1, 1), "i": (-1, 1, 0), "C": (0, 1, 0), "o": (0, 0, 1)}
        draw["fiCo"[seed]] = (*draw["fiCo"[seed]][:2], draw["fiCo"[seed]][2] - seed % 2)
    step, sign = (lambda z: int(z > 0)), (lambda z: (z > 0) - (z < 0))

    def works(bits):
        h = c = parity = 0
        for x in bits:
            f, i, o = (step(draw[k][0] * h + draw[k][1] * x + draw[k][2]) for k in "fio")
            c = f * c + i * sign(draw["C"][0] * h + draw["C"][1] * x + draw["C"][2])
            h, parity = o * sign(c), parity ^ x
            if c != parity:
                return False
        return True

    expected = all(works(bits) for bits in itertools.product((0, 1), repeat=10))
    answer = "\n".join(f"W_{k} = [{a}, {b}], b_{k} = {d}" for k, (a, b, d) in draw.items())
    assert judged("lstm/parity", answer).verdict == ("correct" if expected else "wrong")
