"""Random typed expressions as LaTeX, over one set of givens: scalars, vectors and matrices of two named dimensions. The
start of right claims (an expression equals its rewrite; a gradient follows the rules of differentiation)."""

from __future__ import annotations

import random

GIVEN = (
    "a, b \\in \\mathbb{R}", "c > 0", "x, y \\in \\mathbb{R}^{n}", "u, v \\in \\mathbb{R}^{m}",
    "A, B \\in \\mathbb{R}^{n \\times n}", "M, N \\in \\mathbb{R}^{m \\times n}", "p \\in \\Delta^{n}",
    "\\sigma(t) = \\frac{1}{1 + e^{-t}}",
)  # fmt: skip
_LEAVES = {
    "": ("a", "b", "c"), "n": ("x", "y", "p"), "m": ("u", "v"), "n n": ("A", "B"), "m n": ("M", "N"),
}  # fmt: skip


class Grower:
    """Grows expressions of a shape ('', 'n', 'm n', ...), as text."""

    def __init__(self, seed: int | str) -> None:
        self.rng = random.Random(f"terms {seed}")

    def factor(self, shape: str, depth: int) -> str:
        text = self.of(shape, depth)
        plain = len(text) == 1 or (text[0] == "(" and text.endswith(")") and _closes_last(text))
        return text if plain else f"({text})"

    def leaf(self, shape: str) -> str:
        names = _LEAVES.get(shape)
        if names:
            return self.rng.choice(names)
        rows, _, cols = shape.partition(" ")
        if rows == "n" and cols == "m":
            return f"{self.rng.choice('MN')}^\\top"
        return f"{self.leaf(rows)} {self.leaf(cols)}^\\top"

    def of(self, shape: str, depth: int) -> str:
        if depth == 0:
            return self.leaf(shape)
        rows, _, cols = shape.partition(" ")
        makers = ["sum", "sum", "difference", "scaled"]
        makers += {0: ["inner", "trace", "function", "power", "norm", "quotient", "total", "double", "root", "hinge"],
                   1: ["product", "product", "hadamard", "entrywise", "softmax"],
                   2: ["product", "product", "hadamard", "transpose", "outer", "diag", "inverse"]}[len(shape.split())]
        kind = self.rng.choice(makers)
        return getattr(self, f"_{kind}")(shape, depth - 1, rows, cols)

    def _sum(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.of(shape, depth)} + {self._term(shape, depth)}"

    def _difference(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.of(shape, depth)} - {self._term(shape, depth)}"

    def _term(self, shape: str, depth: int) -> str:
        return self.factor(shape, depth)

    def _scaled(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.factor('', min(depth, 1))} {self.factor(shape, depth)}"

    def _product(self, shape: str, depth: int, rows: str, cols: str) -> str:
        inner = self.rng.choice("mn")
        second = self.factor(f"{inner} {cols}" if cols else inner, depth)
        return f"{self.factor(f'{rows} {inner}', depth)} {second}"

    def _inner(self, shape: str, depth: int, rows: str, cols: str) -> str:
        n = self.rng.choice("mn")
        return f"{self.factor(n, depth)}^\\top {self.factor(n, depth)}"

    def _trace(self, shape: str, depth: int, rows: str, cols: str) -> str:
        n = self.rng.choice("mn")
        return f"\\operatorname{{tr}}({self.of(f'{n} {n}', depth)})"

    def _total(self, shape: str, depth: int, rows: str, cols: str) -> str:
        n = self.rng.choice("mn")
        i = self.rng.choice("ij")
        return f"\\sum_{{{i}=1}}^{{{n}}} {self.leaf(n)}_{i} {self.factor('', min(depth, 1))}"

    def _function(self, shape: str, depth: int, rows: str, cols: str) -> str:
        name = self.rng.choice(("\\tanh", "\\exp", "\\sin", "\\cos"))
        return f"{name}({self.of('', min(depth, 1))})"

    def _power(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.factor('', min(depth, 1))}^{self.rng.choice('23')}"

    def _norm(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"\\|{self.of(self.rng.choice('mn'), depth)}\\|^2"

    def _quotient(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"\\frac{{{self.of('', depth)}}}{{{self.rng.choice(('c', '1 + a^2', '2', 'c + 1'))}}}"

    def _double(self, shape: str, depth: int, rows: str, cols: str) -> str:
        name, x, y = self.rng.choice((("A", "x", "y"), ("B", "y", "x"), ("M", "u", "x")))
        return f"\\sum_{{i}} \\sum_{{j}} {x}_i {name}_{{ij}}{self.rng.choice(('', '^2'))} {y}_j"

    def _root(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"\\sqrt{{1 + {self.factor('', min(depth, 1))}^2}}"

    def _hinge(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.rng.choice((chr(92) + 'max(0, ', chr(92) + 'sigma('))}{self.of('', min(depth, 1))})"

    def _inverse(self, shape: str, depth: int, rows: str, cols: str) -> str:
        half = self.leaf(f"{rows} {self.rng.choice('mn')}")
        if rows != cols or "top" in half:
            return self._product(shape, depth, rows, cols)
        return f"(I + {half} {half}^\\top)^{{-1}}"

    def _hadamard(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.factor(shape, depth)} \\odot {self.factor(shape, depth)}"

    def _entrywise(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.rng.choice((chr(92) + 'tanh', chr(92) + 'sin'))}({self.of(shape, depth)})"

    def _softmax(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"\\operatorname{{softmax}}({self.of(shape, min(depth, 1))})"

    def _transpose(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"({self.of(f'{cols} {rows}', depth)})^\\top"

    def _outer(self, shape: str, depth: int, rows: str, cols: str) -> str:
        return f"{self.factor(rows, depth)} {self.factor(cols, depth)}^\\top"

    def _diag(self, shape: str, depth: int, rows: str, cols: str) -> str:
        if rows != cols:
            return self._sum(shape, depth, rows, cols)
        return f"\\operatorname{{diag}}({self.of(rows, depth)})"


def _closes_last(text: str) -> bool:
    depth = 0
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return k == len(text) - 1
    return False


def claim(seed: int) -> str:
    """A right claim: an expression equals itself (rewrites make it worth asking), or a rule of differentiation."""
    grower = Grower(seed)
    if grower.rng.random() < 0.3:
        return _derivative(grower)
    text = grower.of(grower.rng.choice(("", "", "n", "m", "m n", "n n")), grower.rng.randint(1, 3))
    return f"{text} = {text}"


def _derivative(grower: Grower) -> str:
    f, g = (grower.factor("", 1) for _ in range(2))
    k, name = grower.rng.choice("bac"), grower.rng.choice(("x", "y", "u", "A", "M"))
    d = f"\\nabla_{name}"
    return grower.rng.choice((
        f"{d} ({f} {g}) = {g} {d} {f} + {f} {d} {g}",
        f"{d} ({f} + {k} {g}) = {d} {f} + {k} {d} {g}" if name != k else f"{d} ({f} + {g}) = {d} {f} + {d} {g}",
        f"{d} \\exp({f}) = \\exp({f}) {d} {f}",
        f"{d} \\tanh({f}) = (1 - \\tanh({f})^2) {d} {f}",
        f"{d} {f}^3 = 3 {f}^2 {d} {f}",
        f"{d} \\frac{{{f}}}{{1 + {g}^2}} = \\frac{{(1 + {g}^2) {d} {f} - 2 {f} {g} {d} {g}}}{{(1 + {g}^2)^2}}",
    ))  # fmt: skip
