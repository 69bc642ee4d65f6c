"""The one table of notation: how each thing may be spelled, and what the parser makes of it.

A row is a value: `kind` says what the parser does, `key` is the name that the syntax tree carries, `spellings`
are the tokens that mean it (commands with their backslash, words of \\operatorname or \\text without, Unicode
characters). A new notation is a new row. The documentation's table of notation is generated from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.language.notation_letters import GREEK, UNICODE_LETTERS


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
arctanh | \arctanh \artanh \atanh arctanh artanh atanh | inverse hyperbolic tangent | \operatorname{artanh} x
sigmoid | \sigmoid \logistic sigmoid logistic Sigmoid | logistic function | \operatorname{sigmoid}(x)
softmax | \softmax softmax Softmax SoftMax | softmax along the last axis | \operatorname{softmax}(z)
logsoftmax | \logsoftmax logsoftmax LogSoftmax log_softmax | logarithm of softmax | \operatorname{logsoftmax}(z)
logsumexp | \logsumexp \LSE logsumexp LogSumExp LSE lse | \log \sum_i e^{x_i} | \operatorname{logsumexp}(z)
softplus | \softplus softplus Softplus | \log(1 + e^x) | \operatorname{softplus}(x)
relu | \relu \ReLU relu ReLU RELU Relu | \max(0, x) | \operatorname{ReLU}(x)
erf | \erf erf | error function | \operatorname{erf}(x)
Gamma | \GammaFunction | gamma function (only where written in full) | \GammaFunction(x)
sign | \sign \sgn \signum sign sgn Sign | sign: -1, 0 or 1 | \operatorname{sign}(x)
diag | \diag \Diag diag Diag | diagonal matrix of a vector, diagonal of a matrix | \operatorname{diag}(v)
blockdiag | \blkdiag \blockdiag blkdiag blockdiag | block-diagonal matrix | \operatorname{blkdiag}(A, B)
tr | \tr \Tr \trace tr Tr trace Trace TR | trace | \operatorname{tr}(A)
det | \det det Det | determinant | \det A
rank | \rank \rk rank rk Rank | rank | \operatorname{rank}(A)
vec | \vect \vecop \Vec vec Vec | stacks the columns | \operatorname{vec}(A)
null | \Null null Null | null space | \operatorname{null}(A)
span | \Span \spn span Span | linear span | \operatorname{span}(a, b)
ker | \ker ker Ker | kernel | \ker A
im | \Img im Im | image | \operatorname{im}(A)
dim | \dim dim | dimension | \dim V
concat | \concat concat Concat | concatenation | \operatorname{concat}(a, b)
E | \E \EE \Expect \expect \expectation E Expect \mathbbE 𝔼 | expectation | \mathbb{E}_{z \sim q}[f(z)]
Var | \Var \var \variance Var var Variance \mathbbV 𝕍 | variance | \operatorname{Var}(x)
Cov | \Cov \cov \covariance Cov cov | covariance | \operatorname{Cov}(x, y)
Corr | \Corr \corr Corr corr | correlation | \operatorname{Corr}(x, y)
Std | \Std \std Std std SD | standard deviation | \operatorname{Std}(x)
Pr | \Pr \Prob \prob Pr Prob \mathbbP ℙ | probability of an event | \Pr(X = 1)
KL | \KL \DKL \kl KL kl | Kullback-Leibler divergence | D_{KL}(Q \| P)
Ent | \Ent \entropy Ent Entropy entropy | entropy | \operatorname{Ent}(p)
gcd | \gcd gcd | greatest common divisor | \gcd(a, b)
lcm | \lcm lcm | least common multiple | \operatorname{lcm}(a, b)
mod | mod | remainder | \operatorname{mod}(a, b)
arg | \arg arg | before \max or \min: where it is attained | \arg\max_x f(x)
div | \divergence | divergence | \divergence F
grad | \grad grad | gradient | \operatorname{grad} f
Re | \Re \real Re | real part | \Re z
Im | \Im | imaginary part | \Im z
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
\times | \times × ✕ | product; in shapes: by | m \times n
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
BIG_OF = {
    "\\cup": "bigcup", "\\cap": "bigcap", "\\oplus": "bigoplus", "\\otimes": "bigotimes", "\\odot": "bigodot",
    "\\wedge": "bigwedge", "\\vee": "bigvee",
}

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

DOTS = ("\\dots", "\\ldots", "\\cdots", "\\dotsc", "\\dotsb", "\\dotsm", "\\dotsi", "\\dotso", "\\vdots", "\\ddots",
        "\\iddots", "\\hdots", "\\mathellipsis", "...", "…", "⋯", "⋮", "⋱")

# Commands that change nothing: size, spacing, position of limits, numbering.
DROPPED = frozenset(r"""
\left \right \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm \Bigm \biggm \Biggm
\displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \displaylimits \nonumber \notag \noindent
\, \; \: \! \> \/ \  \- \@ \thinspace \medspace \thickspace \negthinspace \negmedspace \negthickspace \enspace
\space \nobreakspace \allowbreak \nobreak \break \linebreak \newline \strut \mathstrut \null \relax \protect
\centering \small \normalsize \large \Large \tiny \footnotesize \scriptsize \hfill \hfil \medskip \smallskip \bigskip
\boldmath \unboldmath \hline \toprule \midrule \bottomrule \par \upshape \normalfont \expandafter \nolinebreak
\endgroup \begingroup \bgroup \egroup \mathpunct \ensuremath \mathopen \mathclose \mathinner \mathrel \mathbin
\mathord \mathop \smash \mathsmaller \mathlarger \mathclap \mathllap \mathrlap \llap \rlap \clap \hbox
""".split()) | {"\\ ", "~"}

# Commands whose braced argument (n of them) goes with them.
DROPPED_WITH = {
    "\\tag": 1, "\\label": 1, "\\hspace": 1, "\\vspace": 1, "\\phantom": 1, "\\hphantom": 1, "\\vphantom": 1, "\\color": 1,
    "\\ref": 1, "\\eqref": 1, "\\cite": 1, "\\footnote": 1, "\\kern": 0, "\\mkern": 0, "\\hskip": 0, "\\mskip": 0,
    "\\rule": 2, "\\qedhere": 0, "\\intertext": 1, "\\shortintertext": 1, "\\cline": 1, "\\hypertarget": 1,
    "\\footnotemark": 0, "\\footnotetext": 1, "\\definecolor": 3, "\\setlength": 2, "\\renewcommand": 0, "\\arraystretch": 0,
}

SEPARATORS = {
    ",": ",", ";": ";", "\\quad": "\\quad", "\\qquad": "\\quad", "\\enskip": "\\quad", "，": ",", "；": ";", "、": ",",
    "\\tab": "\\quad", "\u2003": "\\quad", "\\&": "and",
}

# Styles of letters. 'switch' forms ({\bf x}) hold to the end of the group.
STYLES = {
    "\\mathbf": "bold", "\\boldsymbol": "bold", "\\bm": "bold", "\\mathbfit": "bold", "\\symbf": "bold", "\\pmb": "bold",
    "\\vb": "bold", "\\mathbfup": "bold", "\\mathcal": "cal", "\\mathscr": "cal", "\\mathbb": "bb", "\\Bbb": "bb",
    "\\mathds": "bb", "\\mathbbm": "bb", "\\mathfrak": "frak", "\\mathnormal": "",
}
SWITCHES = {
    "\\bf": "bold", "\\bfseries": "bold", "\\cal": "cal", "\\rm": "rm", "\\it": "rm", "\\sf": "rm", "\\tt": "rm", "\\em": "rm",
    "\\frak": "frak", "\\mit": "",
}
# Commands whose argument is words: a function of the table, a name of several letters, or prose.
TEXTS = frozenset(r"""
\text \mathrm \operatorname \operatorname* \operatornamewithlimits \mathit \mathsf \mathtt \textrm \textit \textbf \textsf
\texttt \textnormal \textup \textsc \mbox \emph \mathup \textmd \symrm \DeclareMathOperator
""".split())

# One mathematical argument, made a fenced group.
FENCING = {
    "\\norm": ("‖", "‖"), "\\abs": ("|", "|"), "\\inner": ("<", ">"), "\\innerp": ("<", ">"), "\\set": ("{", "}"),
    "\\ceil": ("⌈", "⌉"), "\\floor": ("⌊", "⌋"), "\\paren": ("(", ")"), "\\pqty": ("(", ")"), "\\bqty": ("[", "]"),
    "\\brackets": ("[", "]"), "\\braces": ("{", "}"), "\\card": ("|", "|"),
}

# Commands with arguments: the parser's handler for each is in parser_commands.py.
FRACTIONS = frozenset({"\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\nicefrac", "\\sfrac", "\\flatfrac"})
BINOMIALS = frozenset({"\\binom", "\\tbinom", "\\dbinom"})
DERIVATIVES = {
    "\\dv": ("d", False), "\\odv": ("d", False), "\\derivative": ("d", False),
    "\\pdv": ("\\partial", True), "\\pd": ("\\partial", True), "\\partialderivative": ("\\partial", True),
}
NOTED = {"\\cancel": "cancel", "\\bcancel": "cancel", "\\xcancel": "cancel", "\\boxed": "boxed", "\\fbox": "boxed",
         "\\fcolorbox": "boxed", "\\underbracket": "", "\\overbracket": ""}
BRACED = frozenset({"\\underbrace", "\\overbrace", "\\underbracket", "\\overbracket"})
STACKED = {"\\stackrel": True, "\\overset": True, "\\underset": False, "\\overunderset": True}
LABELLED_ARROWS = {"\\xrightarrow": "\\to", "\\xleftarrow": "\\gets", "\\xlongequal": "=", "\\xRightarrow": "\\Rightarrow",
                   "\\xmapsto": "\\mapsto"}
COLOURED = frozenset({"\\textcolor", "\\colorbox", "\\mathcolor"})

# Environments whose rows are lines of a derivation; their `&` is only alignment.
LINE_ENVIRONMENTS = frozenset(
    "aligned align align* alignat alignat* alignedat gather gather* gathered split multline multline* eqnarray eqnarray* "
    "equation equation* displaymath math flalign flalign* dmath dmath* subequations".split()
)
MATRIX_FENCES = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "psmallmatrix": ("(", ")"), "bsmallmatrix": ("[", "]"),
}
CASES = frozenset({"cases", "dcases", "rcases", "drcases", "numcases"})
ARRAYS = frozenset({"array", "tabular", "subarray"})

# Words of \text{...} that are prose, never a name: a text with one of them is read as Words.
PROSE = frozenset("""
a all also an and any are as assume assuming at be because both but by case cases chain each else every find for from
given gives has have hence holds if iff implies in is it let likewise not note now of on only or otherwise over recall rule
s.t. set similarly since so some subject such suppose that the then there therefore this thus to true/false unless using
we when whenever where which while with within
""".split())

ROWS: tuple[Row, ...] = (
    *FUNCTIONS, *BIG_OPERATORS, *RELATIONS, *PRODUCTS, *SUMS, *SYMBOLS, *ACCENTS, *FENCES, *BARS,
    *(Row("name", name, spellings, "letter", name) for name, spellings in GREEK.items()),
    *(Row("dots", "dots", (spelling,), "and so on", "1, \\dots, n") for spelling in DOTS),
)  # fmt: skip

OPENING = {"(": "(", "[": "[", "\\{": "{", "\\langle": "<", "\\lceil": "⌈", "\\lfloor": "⌊", "\\lparen": "(",
           "\\lbrack": "[", "\\lbrace": "{", "⟨": "<", "〈": "<", "⌈": "⌈", "⌊": "⌊", "（": "(", "【": "["}
CLOSING = {")": ")", "]": "]", "\\}": "}", "\\rangle": ">", "\\rceil": "⌉", "\\rfloor": "⌋", "\\rparen": ")",
           "\\rbrack": "]", "\\rbrace": "}", "⟩": ">", "〉": ">", "⌉": "⌉", "⌋": "⌋", "）": ")", "】": "]"}
CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">", "⌈": "⌉", "⌊": "⌋", "|": "|", "‖": "‖", "": ""}


def _spellings() -> dict[str, tuple[str, str]]:
    """Every token of the table with the (kind, key) it means."""
    table: dict[str, tuple[str, str]] = {}
    for row in ROWS:
        if row.kind not in ("fence", "bar", "accent"):
            for spelling in row.spellings:
                # A word (no backslash, several ASCII letters) is looked up apart: bare letters are names.
                if spelling.startswith("\\mathbb") or (spelling.isascii() and spelling[0].isalpha()):
                    continue
                table[spelling] = (row.kind, row.key)
    table |= {s: ("accent", row.key) for row in ACCENTS for s in row.spellings}
    table |= {s: ("open", key) for s, key in OPENING.items()} | {s: ("close", key) for s, key in CLOSING.items()}
    table |= {s: ("bar", "|") for s in ("|", "\\vert", "∣", "｜")} | {s: ("bar", "‖") for s in ("\\|", "\\Vert", "||", "‖", "∥")}
    table |= {"\\lvert": ("baropen", "|"), "\\rvert": ("barclose", "|")}
    table |= {"\\lVert": ("baropen", "‖"), "\\rVert": ("barclose", "‖")}
    table |= {"\\mid": ("cond", "|"), "\\parallel": ("cond", "‖"), "\\given": ("cond", "|")}
    table |= {s: ("drop", s) for s in DROPPED} | {s: ("dropwith", s) for s in DROPPED_WITH}
    table |= {s: ("sep", key) for s, key in SEPARATORS.items()} | {s: ("words", w) for s, w in WORDS.items()}
    table |= {s: ("style", key) for s, key in STYLES.items()} | {s: ("switch", key) for s, key in SWITCHES.items()}
    table |= {s: ("text", s) for s in TEXTS} | {s: ("fencing", s) for s in FENCING}
    table |= {s: ("frac", s) for s in FRACTIONS} | {s: ("binom", s) for s in BINOMIALS}
    table |= {s: ("derivative", s) for s in DERIVATIVES} | {s: ("noted", key) for s, key in NOTED.items()}
    table |= {s: ("braced", s) for s in BRACED} | {s: ("stacked", s) for s in STACKED} | {s: ("coloured", s) for s in COLOURED}
    table |= {"\\sqrt": ("sqrt", ""), "√": ("sqrt", ""), "\\begin": ("begin", ""), "\\end": ("end", ""), "\\not": ("not", "")}
    table |= {"\\substack": ("substack", ""), "\\over": ("infix", "\\over"), "\\choose": ("infix", "\\choose")}
    table |= {s: ("blackboard", key) for s, key in SHORT_SETS.items()}
    table |= {s: ("letter", value) for s, value in UNICODE_LETTERS.items()}
    table |= {s: ("xarrow", key) for s, key in LABELLED_ARROWS.items()}
    table |= {"_": ("sub", ""), "^": ("sup", ""), "&": ("amp", ""), "\\\\": ("row", ""), "\\cr": ("row", ""),
              "\\tabularnewline": ("row", ""), "{": ("lbrace", ""), "}": ("rbrace", "")}
    return table


# Short commands that many preambles define for number sets.
SHORT_SETS = {"\\R": "R", "\\RR": "R", "\\N": "N", "\\NN": "N", "\\Z": "Z", "\\ZZ": "Z", "\\C": "C", "\\CC": "C", "\\Q": "Q",
              "\\QQ": "Q", "\\reals": "R", "\\Reals": "R", "ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℂ": "C", "ℚ": "Q", "𝟙": "1"}

SPELLINGS: dict[str, tuple[str, str]] = _spellings()

# Words (of \operatorname, \text, or bare letters before a bracket) that are functions or big operators.
WORD_OPERATORS: dict[str, tuple[str, str]] = {
    spelling: (row.kind, row.key)
    for row in (*FUNCTIONS, *BIG_OPERATORS)
    for spelling in row.spellings
    if spelling.isascii() and spelling[0].isalpha()
}
BLACKBOARD_FUNCTIONS = {"E": "E", "V": "Var", "P": "Pr"}

# How a function or big operator is written in canonical LaTeX (show.py).
CANONICAL: dict[str, str] = {
    row.key: next((s for s in row.spellings if s in ("\\" + row.key,) and s not in ("\\E", "\\Var")), "")
    for row in (*FUNCTIONS, *BIG_OPERATORS)
}
