"""LaTeX as people type it, for a terminal: `\\operatorname{Var}(q^\\top k) = 2 d \\sigma^2` is Var(qᵀ k) = 2 d σ².

What has no short plain form (matrices, cases, a command that is not known here) stays LaTeX."""

from __future__ import annotations

import re

from derivcheck.language.parsing.notation_letters import GREEK

_TOKEN = re.compile(r"\\(?:left|right)\.\s?|\\[A-Za-z]+\s?|\\.|[{}^_]|[^\\{}^_]+")
_SIGNS = {
    "cdot": "·", "times": "×", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "sum": "Σ",
    "prod": "Π", "int": "∫", "partial": "∂", "nabla": "∇", "infty": "∞", "odot": "⊙", "otimes": "⊗", "circ": "∘",
    "in": "∈", "notin": "∉", "to": "→", "approx": "≈", "sim": "~", "top": "ᵀ", "dots": "…", "ldots": "…", "cdots": "…",
    "langle": "⟨", "rangle": "⟩", "mid": "|", "perp": "⊥", "pm": "±", "ell": "ℓ", "succ": "≻", "succeq": "⪰",
    "prec": "≺", "preceq": "⪯", "ll": "≪", "gg": "≫", "equiv": "≡", "propto": "∝", "prime": "'", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "vert": "|", "Vert": "‖", "forall": "∀", "quad": " ", "qquad": "  ",
    "star": "*", "ast": "*", "Rightarrow": "⇒", "subset": "⊂", "subseteq": "⊆", "left": "", "right": "",
    "left.": "", "right.": "",
}  # fmt: skip
_WORDS = frozenset((
    "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "max", "min", "sup",
    "inf", "lim", "det", "arg", "Pr", "ker", "dim", "gcd",
))  # fmt: skip
_WRAPPERS = frozenset(("operatorname", "mathrm", "text", "mathit", "mathsf", "texttt", "textbf", "mathcal", "mathscr"))
_LETTERS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "C": "ℂ", "Q": "ℚ", "1": "𝟙"}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7", "overline": "\u0304"}
_TIGHT = ("partial", "nabla", "left", "right", "left.", "right.")
_ESCAPES = {"|": "‖", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "{": "{", "}": "}", "_": "_", "%": "%", "$": "$"}
_HIGH = dict(zip("0123456789+-nitTᵀ'*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵗᵀᵀ'*", strict=True))
_BIG = ("Σ", "Π", "∫")  # their limits stay limits
_SIMPLE = re.compile(r"[^\s+\-·/×=<>≤≥,]*$")


class _NoPlainForm(Exception):
    pass


def plain(text: str) -> str:
    """LaTeX (or words with LaTeX between them) as plain text; as it stands where there is no short plain form."""
    if "\\" not in text and "{" not in text and "^" not in text:
        return text
    try:
        found, rest = _run(_TOKEN.findall(text), closing=False)
    except (_NoPlainForm, IndexError, RecursionError):
        return text
    return text if rest else re.sub(r"(?<=\S) {2,}", " ", found).rstrip()


def _run(tokens: list[str], closing: bool) -> tuple[str, list[str]]:
    """Tokens up to the end (or a closing brace) as text, and the tokens that are left."""
    tokens = list(reversed(tokens))
    out: list[str] = []
    while tokens:
        if tokens[-1] == "}":
            if not closing:
                raise _NoPlainForm
            tokens.pop()
            return "".join(out), tokens[::-1]
        out.append(_piece(tokens, out))
    if closing:
        raise _NoPlainForm
    return "".join(out), []


def _argument(tokens: list[str]) -> str:
    """The next group, command or character; `tokens` are a stack."""
    while tokens[-1].isspace():
        tokens.pop()
    token = tokens.pop()
    if token == "{":
        inner, rest = _run(tokens[::-1], closing=True)
        tokens[:] = rest[::-1]
        return inner
    if token.startswith("\\"):
        tokens.append(token)
        return _piece(tokens, [])
    if token in "}^_":
        raise _NoPlainForm
    if len(token) > 1:
        tokens.append(token[1:])
    return token[0]


def _piece(tokens: list[str], before: list[str]) -> str:
    token = tokens.pop()
    if token == "{":
        tokens.append(token)
        return _argument(tokens)
    if token in "^_":
        return _script(token, _argument(tokens), before)
    if not token.startswith("\\"):
        return token
    name = token[1:].strip()
    space = " " if token[-1:].isspace() else ""
    if name in GREEK or f"\\{name}" in GREEK:
        return _greek(name) + space
    if name in _SIGNS:
        return _SIGNS[name] + ("" if name in _TIGHT else space)
    if name in _WORDS:
        return name + space
    if name in ("frac", "tfrac", "dfrac"):
        above, below = _argument(tokens), _argument(tokens)
        return f"{_closed(above)}/{_closed(below)}"
    if name == "sqrt":
        return f"√{_closed(_argument(tokens))}"
    if name in _WRAPPERS or name in ("mathbf", "boldsymbol", "mathbb"):
        inner = _argument(tokens)
        return _LETTERS.get(inner, inner) if name == "mathbb" else inner
    if name in _ACCENTS:
        inner = _argument(tokens)
        if len(inner) != 1:
            raise _NoPlainForm
        return inner + _ACCENTS[name]
    if len(token) == 2 and token[1] in _ESCAPES:
        return _ESCAPES[token[1]]
    raise _NoPlainForm


def _greek(name: str) -> str:
    import unicodedata

    special = {"varepsilon": "ε", "epsilon": "ε", "varphi": "φ", "vartheta": "θ", "lambda": "λ", "Lambda": "Λ"}
    if name in special:
        return special[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        raise _NoPlainForm from None


def _closed(text: str) -> str:
    """In parentheses where it would not hold together by itself."""
    return text if _SIMPLE.match(re.sub(r"\{[^{}]*\}", "", text)) else f"({text})"


def _script(mark: str, inner: str, before: list[str]) -> str:
    inner = inner.strip()
    if mark == "_":
        return f"_{inner}" if _SIMPLE.match(inner) else f"_{{{inner}}}"
    if not (len(before) > 1 and before[-2].strip() in _BIG) and inner and all(c in _HIGH for c in inner):
        return "".join(_HIGH[c] for c in inner)
    return f"^{_closed(inner)}"
