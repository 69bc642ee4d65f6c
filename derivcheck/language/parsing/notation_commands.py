"""Commands that are not rows of their own: what is dropped, styles, words of prose, environments, short forms."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def pairs(text: str) -> dict[str, str]:
    """`key value  key value ...`"""
    cells = text.split()
    return dict(zip(cells[::2], cells[1::2], strict=True))


def every(value: str, text: str) -> dict[str, str]:
    """The same value for each word."""
    return dict.fromkeys(text.split(), value)


DOTS = words(r"""
\dots \ldots \cdots \dotsc \dotsb \dotsm \dotsi \dotso \vdots \ddots \iddots \hdots \mathellipsis ... … ⋯ ⋮ ⋱
""")

# Commands that change nothing: size, spacing, position of limits, numbering.
DROPPED = words(r"""
\left \right \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm \Bigm \biggm \Biggm
\displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \displaylimits \nonumber \notag \noindent
\, \; \: \! \> \/ \- \@ ~ \thinspace \medspace \thickspace \negthinspace \negmedspace \negthickspace \enspace
\space \nobreakspace \allowbreak \nobreak \break \linebreak \newline \strut \mathstrut \null \relax \protect
\centering \small \normalsize \large \Large \tiny \footnotesize \scriptsize \hfill \hfil \medskip \smallskip \bigskip
\boldmath \unboldmath \hline \toprule \midrule \bottomrule \par \upshape \normalfont \expandafter \nolinebreak
\endgroup \begingroup \bgroup \egroup \mathpunct \ensuremath \mathopen \mathclose \mathinner \mathrel \mathbin
\mathord \mathop \smash \mathsmaller \mathlarger \mathclap \mathllap \mathrlap \llap \rlap \clap \hbox
\qedhere \kern \mkern \hskip \mskip \footnotemark \noalign
""") | {"\\ "}

# Commands that go together with so many braced arguments.
DROPPED_WITH = {
    name: int(count)
    for name, count in pairs(r"""
\tag 1  \label 1  \hspace 1  \vspace 1  \phantom 1  \hphantom 1  \vphantom 1  \color 1  \textcolor 1  \colorbox 1
\mathcolor 1  \ref 1  \eqref 1  \cite 1  \footnote 1  \rule 2  \intertext 1  \shortintertext 1  \cline 1
\hypertarget 1  \footnotetext 1  \definecolor 3  \setlength 2
""").items()
}

SEPARATORS = {
    ",": ",", "，": ",", "、": ",", ";": ";", "；": ";", "\\&": "and",
    "\\quad": "\\quad", "\\qquad": "\\quad", "\\enskip": "\\quad", "\\tab": "\\quad",
}  # fmt: skip

# Styles of letters; the switch forms ({\bf x}) hold to the end of the group.
STYLES = {
    **every("bold", r"\mathbf \boldsymbol \bm \mathbfit \symbf \pmb \vb \mathbfup"),
    **every("cal", r"\mathcal \mathscr"),
    **every("bb", r"\mathbb \Bbb \mathds \mathbbm"),
    **every("frak", r"\mathfrak"),
    "\\mathnormal": "",
}
SWITCHES = {
    **every("bold", r"\bf \bfseries"),
    **every("cal", r"\cal"),
    **every("rm", r"\rm \it \sf \tt \em"),
    **every("frak", r"\frak"),
    "\\mit": "",
}

# Commands whose argument is words: a function of the table, a name of several letters, or prose.
TEXTS = words(r"""
\text \mathrm \operatorname \operatorname* \operatornamewithlimits \mathit \mathsf \mathtt \textrm \textit \textbf
\textsf \texttt \textnormal \textup \textsc \mbox \emph \mathup \textmd \symrm
""")

# One mathematical argument, made a fenced group.
FENCING = {
    "\\norm": ("‖", "‖"), "\\abs": ("|", "|"), "\\card": ("|", "|"), "\\inner": ("<", ">"), "\\innerp": ("<", ">"),
    "\\set": ("{", "}"), "\\braces": ("{", "}"), "\\ceil": ("⌈", "⌉"), "\\floor": ("⌊", "⌋"), "\\paren": ("(", ")"),
    "\\pqty": ("(", ")"), "\\bqty": ("[", "]"), "\\brackets": ("[", "]"),
}  # fmt: skip

# Commands with arguments: the parser's handler for each is in commands.py.
FRACTIONS = words(r"\frac \dfrac \tfrac \cfrac \nicefrac \sfrac \flatfrac")
BINOMIALS = words(r"\binom \tbinom \dbinom")
DERIVATIVES = {
    **every("d", r"\dv \odv \derivative"),
    **every("\\partial", r"\pdv \pd \partialderivative"),
}
NOTED = {**every("cancel", r"\cancel \bcancel \xcancel"), **every("boxed", r"\boxed \fbox")}
BRACED = words(r"\underbrace \overbrace \underbracket \overbracket")
STACKED = {"\\stackrel": True, "\\overset": True, "\\underset": False, "\\overunderset": True}
LABELLED_ARROWS = pairs(r"""
\xrightarrow \to  \xleftarrow \gets  \xlongequal =  \xRightarrow \Rightarrow  \xmapsto \mapsto
""")

# Environments whose rows are lines of a derivation; their `&` is only alignment.
LINE_ENVIRONMENTS = words("""
aligned align align* alignat alignat* alignedat gather gather* gathered split multline multline* eqnarray eqnarray*
equation equation* displaymath math flalign flalign* dmath dmath* subequations
""")
MATRIX_FENCES = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "psmallmatrix": ("(", ")"), "bsmallmatrix": ("[", "]"),
}  # fmt: skip
CASES = words("cases dcases rcases drcases numcases")
ARRAYS = words("array tabular subarray")

# Words of \text{...} that are prose, never a name: a text with one of them is read as Words.
PROSE = words("""
a all also an and any are as assume assuming at be because both but by case cases chain each else every find for from
given gives has have hence holds if iff implies in is it let likewise not note now of on only or otherwise over recall
rule set similarly since so some subject such suppose that the then there therefore this thus to unless using we when
whenever where which while with within
""")
ABBREVIATIONS = words("s.t. i.i.d. w.r.t. i.e. e.g. a.s. w.p. resp. cf.")

# Short commands that many preambles define for sets of numbers, and the letters of Unicode.
NUMBER_SETS = {
    **every("R", r"\R \RR \reals \Reals ℝ"),
    **every("N", r"\N \NN ℕ"),
    **every("Z", r"\Z \ZZ ℤ"),
    **every("C", r"\C \CC ℂ"),
    **every("Q", r"\Q \QQ ℚ"),
    **every("1", "𝟙 \\1"),
}

# Operators whose name LaTeX has as a command; the others are written with \operatorname.
LATEX_OPERATORS = words("""
log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth det ker dim gcd arg Pr sum prod coprod
max min sup inf lim limsup liminf int iint iiint oint bigcup bigcap bigoplus bigotimes bigodot bigwedge bigvee Re Im
""")
