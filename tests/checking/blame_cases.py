"""Right lines with one slip each: givens, the line (a chain may precede it), the code, what the caret marks, and the
right form of what is marked (which no message may show)."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    given: tuple[str, ...]
    claim: str
    code: str
    blamed: str
    mended: str


VECTORS = (r"u, v, w \in \mathbb{R}^{n}",)
SQUARE = (r"A, B, C \in \mathbb{R}^{n \times n}",)
LINEAR = (r"M \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^{n}", r"b \in \mathbb{R}^{m}")
SCALARS = (r"x, y, a \in \mathbb{R}",)
NORMAL = (
    r"\mu \in \mathbb{R}^{n}",
    r"g, r \in \mathbb{R}^{n}",
    r"g, r \sim \mathcal{N}(\mu, \tau^2 I)",
    r"\tau > 0",
    r"g \perp r",
)
STATES = (
    r"s_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T",
    r"x_t \in \mathbb{R}^{p} \text{ for } t = 1, \dots, T",
    r"U \in \mathbb{R}^{n \times n}",
    r"V \in \mathbb{R}^{n \times p}",
    r"s_t = \tanh(U s_{t-1} + V x_t)",
)

CASES = [
    # factors
    Case(VECTORS, r"\|u + v\|^2 - \|u - v\|^2 = 4 n u^\top v", "unequal-sides", "n", "4 u"),
    Case(VECTORS, r"u^\top (v + w) = u^\top v + 2 u^\top w", "unequal-sides", "2", "v + u"),
    Case(LINEAR, r"\frac{\partial}{\partial x} \|M x\|^2 = M^\top M x", "unequal-sides", r"M^\top M x", "2 M"),
    Case(SCALARS, r"\frac{d}{dx} \sin(a x) = \cos(a x)", "lost-chain-factor", r"\cos(a x)", r"a \cos"),
    Case(SCALARS, r"\frac{d}{dx} e^{x^2} = e^{x^2}", "lost-chain-factor", "e^{x^2}", "2 x"),
    Case(SQUARE, r"(A + B) C = A C + B", "unequal-sides", "B", "B C"),
    Case(SQUARE, r"\operatorname{tr}(A + I) = \operatorname{tr}(A) + 1", "wrong-coefficient", "1", "n"),
    # order
    Case(SQUARE, r"(A B)^\top = A^\top B^\top", "wrong-order", r"A^\top B^\top", r"B^\top A^\top"),
    Case(SQUARE, r"A (B + C) = B A + A C", "wrong-order", "B A", "A B"),
    Case(SQUARE, r"\operatorname{tr}(A B C) = \operatorname{tr}(B A C)", "wrong-order", "B A", "B C A"),
    Case(
        (r"M, N \in \mathbb{R}^{n \times n}", r"\det M \ne 0", r"\det N \ne 0"),
        r"(M N)^{-1} = M^{-1} N^{-1}",
        "wrong-order",
        "M^{-1} N^{-1}",
        "N^{-1} M^{-1}",
    ),
    Case(
        STATES,
        r"\frac{\partial s_t}{\partial s_{t-1}} = U \operatorname{diag}(1 - s_t^2)",
        "wrong-order",
        r"U \operatorname{diag}(1 - s_t^2)",
        r"s_t^2) U",
    ),
    # signs
    Case(VECTORS, r"\|u - v\|^2 = u^\top u + 2 u^\top v + v^\top v", "wrong-sign", "+", "-"),
    Case(VECTORS, r"(u - v)^\top w = u^\top w + v^\top w", "wrong-sign", "+", "-"),
    Case(SCALARS, r"\frac{d}{dx} \cos(x) = \sin(x)", "lost-sign", r"\sin(x)", r"-\sin"),
    Case(SCALARS, r"\frac{d}{dx} e^{-x} = e^{-x}", "lost-sign", "e^{-x}", "-e"),
    Case(SCALARS, r"(x - y)^3 = x^3 - 3 x^2 y + 3 x y^2 + y^3", "wrong-sign", "+", "-"),
    Case((r"p \in (0, 1)",), r"\frac{d}{dp} \log(1 - p) = \frac{1}{1 - p}", "lost-sign", r"\frac{1}{1 - p}", "-"),
    Case(
        (r"p, y \in \mathbb{R}^{k}",),
        r"\frac{\partial}{\partial p} \|p - y\|^2 = 2 (y - p)",
        "wrong-sign",
        "y - p",
        "p - y",
    ),
    # transposes
    Case(SQUARE, r"\operatorname{tr}(A^\top B) = \operatorname{tr}(A B)", "transposed", "A", r"A^\top"),
    Case(
        (r"A \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^{n}"),
        r"\frac{\partial}{\partial x} x^\top A x = A x + A x",
        "transposed",
        "A",
        r"A^\top",
    ),
    Case(
        (r"W \in \mathbb{R}^{n \times n}", r"x, y \in \mathbb{R}^{n}"),
        r"\frac{\partial}{\partial x} \|W x - y\|^2 = 2 W (W x - y)",
        "transposed",
        "W",
        r"W^\top",
    ),
    Case(
        (r"W \in \mathbb{R}^{n \times n}", r"x, y \in \mathbb{R}^{n}"),
        r"y^\top (W x) = (W y)^\top x",
        "transposed",
        "W",
        r"W^\top",
    ),
    # exponents
    Case(SCALARS, r"\frac{d}{dx} x^4 = 4 x^4", "wrong-exponent", "4", "x^3"),
    Case(
        (r"A \in \mathbb{R}^{n \times n}", r"a \in \mathbb{R}"), r"\det(a A) = a \det(A)", "wrong-exponent", "a", "a^n"
    ),
    Case(VECTORS, r"\|3 u\|^2 = 9 \|u\|", "wrong-exponent", r"\|u\|", r"\|u\|^2"),
    Case(SCALARS, r"\frac{d}{dx} \tan(x) = 1 + \tan(x)", "wrong-exponent", r"\tan(x)", r"\tan^2"),
    Case(
        STATES,
        r"\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}(1 - s_t) U",
        "wrong-exponent",
        "s_t",
        "s_t^2",
    ),
    # indices and limits
    Case(SQUARE, r"(A B)_{ij} = \sum_k A_{ik} B_{jk}", "wrong-index", "jk", "kj"),
    Case(VECTORS, r"u^\top v = \sum_i u_i v_i \\ = \sum_{i=2}^n u_i v_i", "wrong-limit", "2", "1"),
    Case(
        STATES,
        r"\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}(1 - s_{t-1}^2) U",
        "wrong-index",
        "t-1",
        "t}",
    ),
    Case((r"n \in \mathbb{N}",), r"\sum_{i=1}^{n} i = \sum_{i=1}^{n-1} i", "wrong-limit", "n-1", "n}"),
    Case(SQUARE, r"(A^\top)_{ij} = A_{ij}", "wrong-index", "ij", "ji"),
    # numbers, terms
    Case(VECTORS, r"\|u + v\|^2 = \|u\|^2 + 3 u^\top v + \|v\|^2", "wrong-coefficient", "3", "2 u"),
    Case(VECTORS, r"\|u + v\|^2 = \|u\|^2 + \|v\|^2", "lost-term", r"\|u\|^2 + \|v\|^2", "2 u"),
    Case(SQUARE, r"(A + B)^2 = A^2 + B^2", "lost-term", "A^2 + B^2", "A B"),
    Case(VECTORS, r"(u + v)^\top w = u^\top w + v^\top w + u^\top v", "extra-term", r"+ u^\top v", "zz"),
    Case(NORMAL, r"\mathbb{E}[g^\top r] = \mu^\top \mu + n \tau^2", "extra-term", r"+ n \tau^2", "zz"),
    Case(NORMAL, r"\mathbb{E}[g^\top g] = \mu^\top \mu + \tau^2", "unequal-sides", r"\tau^2", r"n \tau"),
    Case(NORMAL, r"\operatorname{Var}(g^\top r) = 2 n \tau^2 \mu^\top \mu + n \tau^4", "unequal-sides", "n", "zz"),
    # functions and arguments
    Case(
        (r"f : \mathbb{R} \to \mathbb{R}", r"x \in \mathbb{R}"),
        r"\frac{d}{dx} f(x^2) = 2 x f'(x)",
        "wrong-argument",
        "x",
        "x^2",
    ),
    Case(
        (r"f : \mathbb{R} \to \mathbb{R}", r"x \in \mathbb{R}"),
        r"\frac{d}{dx} x f(x) = f(x) + x f(x)",
        "wrong-function",
        "f",
        "f'",
    ),
    Case(
        (r"f : \mathbb{R} \to \mathbb{R}", r"g : \mathbb{R} \to \mathbb{R}", r"x \in \mathbb{R}"),
        r"\frac{d}{dx} f(g(x)) = f'(x) g'(x)",
        "wrong-argument",
        "x",
        "g(x)",
    ),
    Case(VECTORS, r"\frac{\partial}{\partial u} u^\top v = u", "wrong-name", "u", "v"),
    Case(SQUARE, r"A \odot B = A B", "wrong-product", "A B", r"\odot"),
    # operations
    Case((r"x, y > 0",), r"\log(x y) = \log(x) \log(y)", "wrong-operation", r"\log(x) \log(y)", "+"),
    Case(SCALARS, r"e^{x + y} = e^x + e^y", "wrong-operation", "+", "e^x e^y"),
    Case(SCALARS, r"\frac{x + y}{2} = \frac{2}{x + y}", "upside-down", r"\frac{2}{x + y}", "zz"),
    Case(("p, q > 0",), r"\log(p^3) = \log(p)", "wrong-argument", "p", "p^3"),
    Case(
        (r"A, M \in \mathbb{R}^{n \times n}", r"t \in \mathbb{R}", r"\det(A + t M) \ne 0"),
        r"\frac{d}{dt} (A + t M)^{-1} = -(A + t M)^{-2} M",
        "wrong-order",
        "(A + t M)^{-2} M",
        "{-1}",
    ),
    Case(
        NORMAL,
        r"\mathbb{E}[(g^\top r)^2] = (\mu^\top \mu)^2 + \tau^2 \mu^\top \mu + n \tau^4",
        "unequal-sides",
        r"\tau^2 \mu^\top \mu",
        r"2",
    ),
    Case(
        (r"x \in \mathbb{R}^{n}", r"S \in \mathbb{R}^{n \times n}", r"S^\top = S"),
        r"\frac{\partial}{\partial x} e^{-\frac12 x^\top S x} = -\frac12 S x e^{-\frac12 x^\top S x}",
        "unequal-sides",
        r"\frac12",
        "zz",
    ),
    Case(
        (r"z \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)"),
        r"\frac{\partial p_i}{\partial z_j} = p_i \delta_{ij} - p_i^2",
        "wrong-index",
        "p_i^2",
        "p_j",
    ),
    Case(
        (r"z \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)"),
        r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) + p p^\top",
        "wrong-sign",
        "+",
        "-",
    ),
    Case(
        (r"X \in \mathbb{R}^{m \times n}", r"y \in \mathbb{R}^{m}", r"w \in \mathbb{R}^{n}", r"\lambda > 0"),
        r"\frac{\partial}{\partial w} (\|X w - y\|^2 + \lambda \|w\|^2) = 2 X^\top (X w - y) + \lambda w",
        "unequal-sides",
        r"\lambda w",
        "2",
    ),
    Case(
        (r"X \in \mathbb{R}^{m \times n}", r"y \in \mathbb{R}^{m}", r"w \in \mathbb{R}^{n}"),
        r"\frac{\partial}{\partial w} \|X w - y\|^2 = 2 X^\top (X w + y)",
        "wrong-sign",
        "+",
        "-",
    ),
    # chains: the line goes on from the one before
    Case(
        VECTORS,
        r"(u + v)^\top (u - v) = u^\top u - u^\top v + v^\top u - v^\top v \\ = u^\top u + v^\top v",
        "wrong-sign",
        "+",
        "-",
    ),
    Case(
        SQUARE,
        r"\operatorname{tr}(A B C) = \operatorname{tr}(C A B) \\ = \operatorname{tr}(C B A)",
        "wrong-order",
        "B A",
        "zz",
    ),
    Case(
        VECTORS,
        r"\sum_i (u_i + v_i)^2 = \sum_i (u_i^2 + 2 u_i v_i + v_i^2) \\ = \|u\|^2 + u^\top v + \|v\|^2",
        "unequal-step",
        r"u^\top v",
        "2 u",
    ),
    # relations
    Case(VECTORS, r"\|u + v\| \ge \|u\| + \|v\|", "reversed-inequality", r"\ge", r"\le"),
    Case(VECTORS, r"|u^\top v| < \|u\| \|v\|", "strictness", "<", r"\le"),
    Case((r"x > 0",), r"\log(x) \ge x - 1", "reversed-inequality", r"\ge", r"\le"),
]
