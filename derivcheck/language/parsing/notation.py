"""The one table of notation: how each thing may be spelled, and what the parser makes of it.

A row is a value: `kind` says what the parser does, `key` is the name that the syntax tree carries, `spellings`
are the tokens that mean it (commands with their backslash, words of \\operatorname or \\text without, Unicode
characters). A new notation is a new row. The documentation's table of notation is generated from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derivcheck.language.parsing import notation_commands as commands
from derivcheck.language.parsing.notation_commands import every
from derivcheck.language.parsing.notation_letters import GREEK, UNICODE_LETTERS
from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """kind: one of the groups below. meaning and example are for the documentation."""

    kind: str
    key: str
    spellings: tuple[str, ...]
    meaning: str = ""
    example: str = ""


def _rows(kind: str, lines: str) -> tuple[Row, ...]:
    """Rows from lines `key | spellings | meaning | example`."""
    made = []
    for line in lines.strip().splitlines():
        key, spellings, *rest = (cell.strip() for cell in line.split(" | "))
        meaning, example = (*rest, "", "")[:2]
        made.append(Row(kind, key, tuple(spellings.split()), meaning, example))
    return tuple(made)


# Functions and operators that stand before what they apply to (Func). A spelling without backslash is the word
# inside \operatorname, \mathrm, \text, \mathsf, or a run of bare letters directly before a bracket.
FUNCTIONS = _rows("function", r"""
log | \log log | natural logarithm (a subscript gives another base) | \log x, \log_2 x
ln | \ln ln | natural logarithm | \ln x
lg | \lg lg | logarithm to base 10 | \lg x
exp | \exp exp | exponential | \exp(-x)
sin | \sin sin | sine | \sin x
cos | \cos cos | cosine | \cos x
tan | \tan tan | tangent | \tan x
cot | \cot cot | cotangent | \cot x
sec | \sec sec | secant | \sec x
csc | \csc csc | cosecant | \csc x
arcsin | \arcsin arcsin asin | inverse sine | \arcsin x
arccos | \arccos arccos acos | inverse cosine | \arccos x
arctan | \arctan arctan atan | inverse tangent | \arctan x
sinh | \sinh sinh | hyperbolic sine | \sinh x
cosh | \cosh cosh | hyperbolic cosine | \cosh x
tanh | \tanh tanh | hyperbolic tangent | \tanh^2 x
coth | \coth coth | hyperbolic cotangent | \coth x
sech | \sech sech | hyperbolic secant | \operatorname{sech} x
csch | \csch csch | hyperbolic cosecant | \operatorname{csch} x
arctanh | \arctanh \artanh \atanh arctanh artanh atanh | inverse hyperbolic tangent | \operatorname{artanh} x
sigmoid | \sigmoid \logistic sigmoid logistic Sigmoid | logistic function | \operatorname{sigmoid}(x)
softmax | \softmax softmax Softmax SoftMax | softmax along the last axis | \operatorname{softmax}(z)
logsoftmax | \logsoftmax logsoftmax LogSoftmax log_softmax | logarithm of softmax | \operatorname{logsoftmax}(z)
logsumexp | \logsumexp \LSE logsumexp LogSumExp LSE lse | \log \sum_i e^{x_i} | \operatorname{logsumexp}(z)
softplus | \softplus softplus Softplus | \log(1 + e^x) | \operatorname{softplus}(x)
relu | \relu \ReLU relu ReLU RELU Relu | \max(0, x) | \operatorname{ReLU}(x)
erf | \erf erf | error function | \operatorname{erf}(x)
sign | \sign \sgn \signum sign sgn Sign | sign: -1, 0 or 1 | \operatorname{sign}(x)
diag | \diag \Diag diag Diag | diagonal matrix of a vector, diagonal of a matrix | \operatorname{diag}(v)
blockdiag | \blkdiag \blockdiag blkdiag blockdiag | block-diagonal matrix | \operatorname{blkdiag}(A, B)
tr | \tr \Tr \trace tr Tr trace Trace TR | trace | \operatorname{tr}(A)
det | \det det Det | determinant | \det A
adj | \adj \adjugate adj Adj adjugate | adjugate, the transposed matrix of cofactors | \operatorname{adj}(A)
rank | \rank \rk rank rk Rank | rank | \operatorname{rank}(A)
vec | \vect \vecop \Vec vec Vec | stacks the columns | \operatorname{vec}(A)
null | \Null null Null | null space | \operatorname{null}(A)
span | \Span \spn span Span | linear span | \operatorname{span}(a, b)
ker | \ker ker Ker | kernel | \ker A
im | \Img im | image | \operatorname{im}(A)
dim | \dim dim | dimension | \dim V
concat | \concat concat Concat | concatenation | \operatorname{concat}(a, b)
E | \E \EE \Expect \expect \expectation E Expect | expectation | \mathbb{E}_{z \sim q}[f(z)]
Var | \Var \var \variance Var var Variance | variance | \operatorname{Var}(x)
Cov | \Cov \cov \covariance Cov cov | covariance | \operatorname{Cov}(x, y)
Corr | \Corr \corr Corr corr | correlation | \operatorname{Corr}(x, y)
Std | \Std \std Std std SD | standard deviation | \operatorname{Std}(x)
Pr | \Pr \Prob \prob Pr Prob ℙ | probability of an event | \Pr(X = 1)
KL | \KL \DKL \kl KL kl | Kullback-Leibler divergence | D_{KL}(Q \| P)
Ent | \Ent \entropy Ent Entropy entropy | entropy | \operatorname{Ent}(p)
gcd | \gcd gcd | greatest common divisor | \gcd(a, b)
lcm | \lcm lcm | least common multiple | \operatorname{lcm}(a, b)
mod | mod | remainder | \operatorname{mod}(a, b)
arg | \arg arg | before \max or \min: where it is attained | \arg\max_x f(x)
div | \divergence div | divergence | \operatorname{div} F
grad | \grad grad | gradient | \operatorname{grad} f
Re | \Re \real Re | real part | \Re z
Im | \Im Im | imaginary part | \Im z
Hess | \Hess \Hessian Hess Hessian | matrix of second derivatives | \operatorname{Hess} f
""")

# Operators over an index or a condition, with limits (BigOp).
BIG_OPERATORS = _rows("bigop", r"""
sum | \sum ∑ | sum; without limits over the whole axis | \sum_{i=1}^n x_i
prod | \prod ∏ | product, ordered for matrices | \prod_{k=i+1}^T W_k
coprod | \coprod ∐ | coproduct
max | \max max Max | maximum | \max_j |x_j|, \max(0, x)
min | \min min Min | minimum | \min_j x_j
sup | \sup sup | supremum | \sup_x f(x)
inf | \inf inf | infimum | \inf_x f(x)
argmax | \argmax argmax Argmax ArgMax | where the maximum is attained | \arg\max_y f(y)
argmin | \argmin argmin Argmin ArgMin | where the minimum is attained | \operatorname*{argmin}_y f(y)
lim | \lim lim | limit | \lim_{x \to 0} f(x)
limsup | \limsup limsup | limit superior | \limsup_{n \to \infty} a_n
liminf | \liminf liminf | limit inferior | \liminf_{n \to \infty} a_n
int | \int \intop ∫ | integral | \int_0^1 f(x) \, dx
iint | \iint ∬ | double integral | \iint f \, dx \, dy
iiint | \iiint ∭ | triple integral
oint | \oint ∮ | integral around a closed curve
bigcup | \bigcup ⋃ | union | \bigcup_i A_i
bigcap | \bigcap ⋂ | intersection | \bigcap_i A_i
bigoplus | \bigoplus ⨁ | direct sum
bigotimes | \bigotimes ⨂ | tensor product
bigodot | \bigodot ⨀ | entrywise product
bigwedge | \bigwedge ⋀ | conjunction
bigvee | \bigvee ⋁ | disjunction
""")

RELATIONS = _rows("relation", r"""
= | = == ＝ | equal | a = b
!= | \ne \neq ≠ | not equal; between expressions: not identically | h_t \ne h_{t-1}
< | < \lt ＜ ﹤ | less than | x < 1
<= | \le \leq \leqslant \leqq <= ≤ ⩽ ≦ | at most | x \le 1
> | > \gt ＞ | greater than | x > 0
>= | \ge \geq \geqslant \geqq >= ≥ ⩾ ≧ | at least | x \ge 0
\approx | \approx \simeq \cong \approxeq \thickapprox ≈ ≃ ≅ | approximately, in the limit in force | z_t \approx 0
\sim | \sim \thicksim ∼ ～ | has the law | x \sim \mathcal{N}(0, 1)
\in | \in \isin ∈ ∊ | is in | x \in \mathbb{R}
\ni | \ni ∋ | contains
\notin | \notin ∉ | is not in
\to | \to \rightarrow \longrightarrow \tendsto -> → ⟶ | maps to, tends to | f : \mathbb{R}^n \to \mathbb{R}
\gets | \gets \leftarrow \longleftarrow ← | becomes | w \gets w - g
\mapsto | \mapsto \longmapsto ↦ | maps to | x \mapsto x^2
\Rightarrow | \Rightarrow \implies \Longrightarrow => ⇒ ⟹ | implies | a = b \Rightarrow b = a
\Leftarrow | \Leftarrow \impliedby \Longleftarrow ⇐ | follows from
\iff | \iff \Leftrightarrow \Longleftrightarrow \leftrightarrow <=> ⇔ ⟺ ↔ | if and only if | a \iff b
\propto | \propto \varpropto ∝ | proportional to | p(x) \propto e^{-x}
\perp | \perp \indep \independent \Perp ⊥ ⫫ | independent of, orthogonal to | q \perp k
\succ | \succ ≻ | positive definite when compared with 0 | A \succ 0
\succeq | \succeq \succcurlyeq ⪰ ≽ | positive semidefinite when compared with 0 | A \succeq 0
\prec | \prec ≺ | Loewner order
\preceq | \preceq \preccurlyeq ⪯ ≼ | Loewner order
\subset | \subset \subsetneq ⊂ | subset
\subseteq | \subseteq ⊆ | subset or equal
\supset | \supset ⊃ | superset
\supseteq | \supseteq ⊇ | superset or equal
\equiv | \equiv ≡ | identically equal | f \equiv 0
:= | := \coloneqq \coloneq \defeq \eqdef \triangleq \doteq \vcentcolon= ≜ ≔ ≝ | is defined as | a := b
=: | =: \eqqcolon ≕ | defines
\colon | : \colon ∶ | of a function: from; of a slice: to | f : X \to Y
\ll | \ll ≪ | much less than
\gg | \gg ≫ | much greater than | t \gg 0
\lesssim | \lesssim ≲ | at most, up to a constant
\gtrsim | \gtrsim ≳ | at least, up to a constant
\asymp | \asymp ≍ | of the same order
\models | \models ⊨ | satisfies
\vdash | \vdash ⊢ | proves
""")

NEGATED = {"=": "!=", "\\in": "\\notin", "<": ">=", ">": "<=", "<=": ">", ">=": "<", "\\equiv": "!="}

PRODUCTS = _rows("product", r"""
\cdot | \cdot \cdotp \bullet · ⋅ • ∙ | product | a \cdot b
\times | \times × ✕ | product, of two vectors of three numbers the cross product; in shapes: by | a \times b
\odot | \odot ⊙ | entrywise product | a \odot b
\circ | \circ ∘ ○ | entrywise product, or composition of functions | z \circ h
* | * \ast \star ∗ ⋆ ＊ | entrywise product | f * c
/ | / \slash ∕ ⁄ | quotient; takes what is juxtaposed after it | 1/n
\otimes | \otimes ⊗ | Kronecker product of matrices, outer product of vectors | A \otimes B
\oplus | \oplus ⊕ | direct sum, or XOR | a \oplus b
\div | \div ÷ | quotient | a \div b
\bmod | \bmod \mod \pmod | remainder | a \bmod n
\wedge | \wedge \land ∧ | and | a \wedge b
\cap | \cap ∩ | intersection | A \cap B
\ominus | \ominus ⊖ | entrywise difference
\oslash | \oslash ⊘ | entrywise quotient | a \oslash b
""")

SUMS = _rows("sum", r"""
+ | + ＋ | plus | a + b
- | - − – — ﹣ － ‐ ‑ | minus | a - b
\pm | \pm ± | plus or minus | a \pm b
\mp | \mp ∓ | minus or plus
\vee | \vee \lor ∨ | or | a \vee b
\cup | \cup ∪ | union | A \cup B
\setminus | \setminus \smallsetminus \backslash ∖ | without | A \setminus B
""")

# An operator between items that stands before an index is the big one: `\cup_{j} B_j`.
BIG_OF = {f"\\{name}": f"big{name}" for name in ("cup", "cap", "oplus", "otimes", "odot", "wedge", "vee")}

SYMBOLS = _rows("symbol", r"""
\infty | \infty \infin ∞ | infinity | \sum_{k=0}^\infty x^k
\partial | \partial ∂ | partial derivative; with ^+ immediate | \frac{\partial^+ h}{\partial w}
\nabla | \nabla ∇ | gradient | \nabla_x f
\emptyset | \emptyset \varnothing ∅ | empty set | A = \emptyset
\top | \top \intercal \transpose \trans \tran ⊤ ⊺ ᵀ | transpose, as a superscript | A^\top
\bot | \bot | false, or orthogonal
\dagger | \dagger \dag † | adjoint or pseudo-inverse, as a superscript | A^\dagger
\ddagger | \ddagger \ddag ‡ | a mark
\prime | \prime ′ | derivative, or part of a name | f^\prime
! | ! | factorial of what stands before it | k!
\% | \% | per cent | 50\%
\neg | \neg \lnot ¬ | not | \neg a
\square | \square \Box \blacksquare \qed \QED □ ■ ∎ | end of a proof
\checkmark | \checkmark ✓ | a mark
\degree | \degree ° | degree
\$ | \$ | a sign of money
\# | \# | number of
\angle | \angle ∠ | angle
\triangle | \triangle \bigtriangleup | triangle
\diamond | \diamond \Diamond | a mark
\aleph | \aleph ℵ | aleph
\lightning | \lightning \contradiction ↯ | contradiction
""")

# Symbols that are words of the language: read as Words.
WORDS = {
    "\\forall": "for all", "∀": "for all", "\\exists": "there exists", "∃": "there exists", "\\nexists": "there is no",
    "\\therefore": "therefore", "∴": "therefore", "\\because": "because", "∵": "because",
}

ACCENTS = _rows("accent", r"""
hat | \hat \widehat ̂ | hat | \hat h
tilde | \tilde \widetilde ̃ | tilde | \tilde C
bar | \bar \overline ̄ ̅ | bar | \bar x
dot | \dot ̇ | derivative by time | \dot x
ddot | \ddot ̈ | second derivative by time | \ddot x
vec | \vec \overrightarrow ⃗ | arrow of a vector | \vec v
check | \check \widecheck ̌ | check
breve | \breve ̆ | breve
acute | \acute ́ | acute accent
grave | \grave ̀ | grave accent
mathring | \mathring ̊ | ring
underline | \underline \underbar ̲ | underline of a vector | \underline{x}
""")

FENCES = _rows("fence", r"""
( | ( ) \lparen \rparen （ ） | parentheses; application or product | f(x)
[ | [ ] \lbrack \rbrack 【 】 | brackets; entries, intervals, arguments | h[i]
{ | \{ \} \lbrace \rbrace | braces; sets | \{0, 1\}
< | \langle \rangle ⟨ ⟩ 〈 〉 | inner product | \langle a, b \rangle
⌈ | \lceil \rceil ⌈ ⌉ | rounded up | \lceil x \rceil
⌊ | \lfloor \rfloor ⌊ ⌋ | rounded down | \lfloor x \rfloor
""")

BARS = _rows("bar", r"""
| | \vert ∣ ｜ \lvert \rvert \mid \middle | absolute value, or the bar of a condition | |x|, P(a \mid b)
‖ | \| \Vert \lVert \rVert || ‖ ∥ \parallel | norm, or the bar of a divergence | \|x\|, D(q \| p)
""")

ROWS: tuple[Row, ...] = (
    *FUNCTIONS, *BIG_OPERATORS, *RELATIONS, *PRODUCTS, *SUMS, *SYMBOLS, *ACCENTS, *FENCES, *BARS,
    *(Row("name", name, spellings, "letter", name) for name, spellings in GREEK.items()),
    *(Row("dots", "dots", (spelling,), "and so on", "1, \\dots, n") for spelling in sorted(commands.DOTS)),
)  # fmt: skip

_OPENING = {
    **every("(", r"( \lparen （"), **every("[", r"[ \lbrack 【"), **every("{", r"\{ \lbrace"),
    **every("<", r"\langle ⟨ 〈"), **every("⌈", r"\lceil ⌈"), **every("⌊", r"\lfloor ⌊"),
}  # fmt: skip
_CLOSING = {
    **every(")", r") \rparen ）"), **every("]", r"] \rbrack 】"), **every("}", r"\} \rbrace"),
    **every(">", r"\rangle ⟩ 〉"), **every("⌉", r"\rceil ⌉"), **every("⌋", r"\rfloor ⌋"),
}  # fmt: skip
CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">", "⌈": "⌉", "⌊": "⌋", "|": "|", "‖": "‖", "": ""}


def _of(kind: str, keys: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {spelling: (kind, key) for spelling, key in keys.items()}


def _each(kind: str, spellings: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each spelling is its own key."""
    return {spelling: (kind, spelling) for spelling in spellings}


def _spellings() -> dict[str, tuple[str, str]]:
    """Every token of the table with the (kind, key) it means."""
    table: dict[str, tuple[str, str]] = {}
    for row in ROWS:
        if row.kind not in ("fence", "bar", "accent"):
            for spelling in row.spellings:
                # A word (no backslash, several ASCII letters) is looked up apart: bare letters are names.
                if not (spelling.isascii() and spelling[0].isalpha()):
                    table[spelling] = (row.kind, row.key)
    table |= {s: ("accent", row.key) for row in ACCENTS for s in row.spellings}
    return {**table, **_SINGLE, **_of("open", _OPENING), **_of("close", _CLOSING), **_of("sep", commands.SEPARATORS)}


_SINGLE: dict[str, tuple[str, str]] = {
    **_of("bar", every("|", r"| \vert ∣ ｜")), **_of("bar", every("‖", r"\| \Vert || ‖ ∥")),
    **_of("baropen", {"\\lvert": "|", "\\lVert": "‖"}), **_of("barclose", {"\\rvert": "|", "\\rVert": "‖"}),
    **_of("cond", {"\\mid": "|", "\\given": "|", "\\parallel": "‖"}),
    **_each("drop", commands.DROPPED), **_each("dropwith", commands.DROPPED_WITH), **_of("words", WORDS),
    **_of("style", commands.STYLES), **_of("switch", commands.SWITCHES), **_each("text", commands.TEXTS),
    **_each("fencing", commands.FENCING), **_each("frac", commands.FRACTIONS), **_each("binom", commands.BINOMIALS),
    **_each("derivative", commands.DERIVATIVES), **_of("noted", commands.NOTED), **_each("braced", commands.BRACED),
    **_each("stacked", commands.STACKED), **_of("xarrow", commands.LABELLED_ARROWS),
    **_of("blackboard", commands.NUMBER_SETS), **_of("letter", UNICODE_LETTERS),
    **_each("infix", (r"\over", r"\choose")), **_of("sqrt", every("", r"\sqrt √")),
    **_of("substack", {r"\substack": ""}),
    **_of("begin", {r"\begin": ""}), **_of("finish", {r"\end": ""}), **_of("not", {r"\not": ""}),
    **_of("row", every("\\\\", r"\\ \cr \tabularnewline")), **_of("sub", {"_": ""}), **_of("sup", {"^": ""}),
    **_of("amp", {"&": ""}), **_of("lbrace", {"{": ""}), **_of("rbrace", {"}": ""}),
}  # fmt: skip

SPELLINGS: dict[str, tuple[str, str]] = _spellings()

# Words (of \operatorname, \text, or bare letters before a bracket) that are functions or big operators.
WORD_OPERATORS: dict[str, tuple[str, str]] = {
    spelling: (row.kind, row.key)
    for row in (*FUNCTIONS, *BIG_OPERATORS)
    for spelling in row.spellings
    if spelling.isascii() and spelling[0].isalpha()
}
BLACKBOARD_FUNCTIONS = {"E": "E", "V": "Var", "P": "Pr"}

_SHOWN = {
    "E": r"\mathbb{E}", "KL": r"D_{\mathrm{KL}}", "relu": r"\operatorname{ReLU}", "argmax": r"\operatorname*{argmax}",
    "argmin": r"\operatorname*{argmin}",
}  # fmt: skip


def shown_operator(key: str) -> str:
    """A function or big operator of the table in canonical LaTeX."""
    if key in commands.LATEX_OPERATORS:
        return f"\\{key}"
    return _SHOWN.get(key) or f"\\operatorname{{{key}}}"
