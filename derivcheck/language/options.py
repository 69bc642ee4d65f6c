"""How a text is to be read where homework is ambiguous: set by the problem, the command line or the line itself."""

from __future__ import annotations

from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """layout: 'default' (Jacobian rows are outputs, a scalar's gradient has the shape of its variable), 'numerator'
    (gradients are rows), 'denominator' (Jacobians transposed). shorthand: '' or 'diagonal' (a vector stands for
    the diagonal Jacobian it abbreviates). product_order: of `\\prod` of matrices, 'right' (least index leftmost),
    'left' (latest leftmost) or None (not stated: 'right' is used and noted). log_base: None is the natural logarithm.
    immediate: every derivative of this line is immediate (`\\partial^+`). matrix_norm: what `\\|A\\|` of a matrix
    is, '2' or 'F'. long_vectors: `u \\otimes v` of vectors is the long vector of Kronecker's product instead of the
    matrix `uv^\\top`. row_lists: `[a, b]` of numbers is a row instead of a column. row_slices: `A_{i,:}` is a row.
    one_hot: `\\mathbf{1}_a` is the basis vector e_a. call_products: `v(i)` of a vector and an index is a product.
    entrywise_first: `A \\odot B x` is `(A \\odot B) x`, and `A B \\odot C` is `A (B \\odot C)`.
    short_arguments: `\\sin x (x + 1)` is `(\\sin x) (x + 1)`. wide_arguments: `\\cos (n - m) \\theta` is
    that of the product.
    wide_operators: `\\frac{d}{dx} x + 1` is `\\frac{d}{dx} (x + 1)`. slash_first: `a/b c` is `(a/b) c` (and `a/n
    \\sum` is not `(a/n) \\sum`). reciprocals: `\\sin^{-1} x` is `1 / \\sin x`. lengths: `|v|` of a vector is its norm.
    falling_ranges: `\\prod_{k=t}^{1}` runs from t down to 1.
    no_inverse: `\\partial z/\\partial x` where x is computed from z is 0, not that of the inverse function.
    whole_exponential: `\\exp(A)` of a square matrix is `e^{A}` instead of entrywise. few_random: in
    `\\mathbb{E}[xY]` of names without a law, those that are not surely random are numbers.
    beside_sizes: an identity whose size nothing determines has that of what stands beside it, instead of any.
    inside_laws: a distribution function is undefined where its law has no mass, instead of 0 or 1.
    null_events: events that no given introduces have the probability 0: whether a line could be right of them.
    antiderivatives: `\\int f dx` beside other integrals alone is one too, instead of that over the whole line.
    student_names: names (canonical)
    that a line may define again although the problem gives them. premises: a line that begins with an implication has
    the line before among its conditions. other_chain: where a line holds several chains and it is not clear which one a
    next line continues, it is the other one. customs: what is read by another custom than the usual (customs.py)."""

    layout: str = "default"
    shorthand: str = ""
    product_order: str | None = None
    log_base: str | None = None
    immediate: bool = False
    matrix_norm: str = "2"
    long_vectors: bool = False
    row_lists: bool = False
    row_slices: bool = False
    one_hot: bool = False
    call_products: bool = False
    entrywise_first: bool = False
    short_arguments: bool = False
    wide_arguments: bool = False
    wide_operators: bool = False
    slash_first: bool = False
    reciprocals: bool = False
    lengths: bool = False
    falling_ranges: bool = False
    no_inverse: bool = False
    whole_exponential: bool = False
    few_random: bool = False
    beside_sizes: bool = False
    inside_laws: bool = False
    null_events: bool = False
    antiderivatives: bool = False
    student_names: frozenset[str] = frozenset()
    premises: bool = False
    other_chain: bool = False
    customs: frozenset[str] = frozenset()
