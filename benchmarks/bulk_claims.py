"""What the bulk engine is measured with: claims that are traced to programs, the same programs in other forms, and
false bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from derivcheck.bulk.operations import NAMES, TABLE, jax_maths, numpy_maths
from derivcheck.bulk.program import Tape
from derivcheck.bulk.screening import Item
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement

SQUARE = r"A, B \in \mathbb{R}^{n \times n}"
VECTORS = r"x, y \in \mathbb{R}^{n}"
CLAIMS = (
    (r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", SQUARE),
    (r"(A B)^\top = B^\top A^\top", SQUARE),
    (r"\det(A B) = \det(A) \det(B)", SQUARE),
    (r"\|A\|_F^2 = \operatorname{tr}(A^\top A)", SQUARE),
    (r"(A + B)^2 = A^2 + A B + B A + B^2", SQUARE),
    (r"\sum_i \tanh(x_i) y_i = y^\top \tanh(x)", VECTORS),
    (r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = \operatorname{softmax}(x)", VECTORS),
    (r"|x^\top y| \le \|x\| \|y\|", VECTORS),
    (r"x^\top A y = \operatorname{tr}(y x^\top A)", SQUARE, VECTORS),
    (r"(A B)^{-1} = B^{-1} A^{-1}", SQUARE, r"\det A \ne 0", r"\det B \ne 0"),
)
M8 = r"A, B \in \mathbb{R}^{4 \times 4}"
V8 = r"x, y \in \mathbb{R}^{8}"
BOUNDS = (
    (r"|x^\top y| \le 0.98 \|x\| \|y\|", V8),
    (r"\|x\|_1 \le 0.985 \sqrt{8} \|x\|_2", V8),
    (r"\|x + y\|^2 \le 1.97 (\|x\|^2 + \|y\|^2)", V8),
    (r"\|A\|_F \le 0.95 \cdot 2 \|A\|_2", M8),
    (r"\|A B\|_F \le 0.95 \|A\|_F \|B\|_F", M8),
    (r"\operatorname{tr}(A)^2 \le 0.95 \cdot 4 \|A\|_F^2", M8),
    (r"\operatorname{tr}(A B) \le 0.95 \|A\|_F \|B\|_F", M8),
    (r"\sum_i x_i \le 0.97 \sqrt{8} \|x\|_2", V8),
    (r"x^\top A y \le 0.95 \|A\|_F \|x\| \|y\|", r"A \in \mathbb{R}^{4 \times 4}", r"x, y \in \mathbb{R}^{4}"),
    (r"\|A x\|_2 \le 0.95 \|A\|_F \|x\|_2", r"A \in \mathbb{R}^{4 \times 4}", r"x \in \mathbb{R}^{4}"),
    (r"\det(A)^2 \le 0.5 \left(\frac{\|A\|_F^2}{4}\right)^4", M8),
    (r"|\operatorname{tr}(A)| \le 0.95 \cdot 2 \|A\|_F", M8),
    (r"\operatorname{tr}(A^2) \le 0.97 \|A\|_F^2", M8),
    (r"\|A + B\|_F^2 \le 1.95 (\|A\|_F^2 + \|B\|_F^2)", M8),
    (r"-\sum_i p_i \log p_i \le 0.9995 \log 8", r"p \in \Delta^{8}"),
    (r"\sum_i p_i^2 \ge 0.1253", r"p \in \Delta^{8}"),
    (r"\|x\|_1 \le 0.97 \sqrt{12} \|x\|_2", r"x \in \mathbb{R}^{12}"),
    (r"(\sum_i x_i)^2 \le 0.95 \cdot 12 \|x\|^2", r"x \in \mathbb{R}^{12}"),
    (r"2 x^\top y \le 0.97 (\|x\|^2 + \|y\|^2)", V8),
    (r"\|A^\top A\|_F \le 0.97 \|A\|_F^2", M8),
)  # fmt: skip


def item(claim: str, *given: str) -> Item:
    link = read_statement(claim, read_givens(given)[0]).links[0]
    assert link.claim is not None
    return Item(link.claim, link.model)


def eager(tape: Tape, noise: Any) -> Any:
    """Every number of the program by a NumPy call of its own."""
    maths = numpy_maths()
    numbers = list(noise[: tape.noise])
    with np.errstate(all="ignore"):
        for op, left, right, number in zip(*(part.tolist() for part in tape.code), strict=True):
            if op == 0:
                numbers.append(np.full(noise.shape[1], number))
            else:
                numbers.append(TABLE[NAMES[op]](maths, numbers[left], numbers[right]))
    return numbers[tape.outputs[0]]


def as_function(tape: Tape) -> Callable[[Any], Any]:
    """The program as straight JAX code, for a jit of its own."""
    maths = jax_maths()

    def function(noise: Any) -> Any:
        numbers = [noise[k] for k in range(tape.noise)]
        for op, left, right, number in zip(*(part.tolist() for part in tape.code), strict=True):
            if op == 0:
                numbers.append(maths.xp.full(noise.shape[1], number))
            else:
                numbers.append(TABLE[NAMES[op]](maths, numbers[left], numbers[right]))
        return numbers[tape.outputs[0]]

    return function
