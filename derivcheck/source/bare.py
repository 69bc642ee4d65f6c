"""Maths that stands in running text without dollars: `h_{i-1}`, `\\mathbf{p}_T`, `O(MNk)`, `σ²`, `M > k`.

Text read off a page loses its dollars first. A stretch is maths when its tokens can be and at least one must be:
a script, a command, a Greek letter, a relation or a sum between two operands, a letter applied to letters.
Words never are, except next to a relation (`max_tokens = 8`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.record import dataclass, replace
from derivcheck.regex import lazy
from derivcheck.source.values import Span

_GROUP = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]{0,80}\}){0,80}\}){0,120}\}"
_GREEK = "α-ωϑϕϱϵΓΔΘΛΞΠΣΦΨΩℓ∂∇∞𝔼ℝℕ"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀᵗⁱ₀₁₂₃₄₅₆₇₈₉₊₋ₙₜᵢⱼₖ"
_TEXT_COMMANDS = (
    r"text(?:bf|it|tt|rm|sc|sf|normal)|emph|underline|item|section|subsection|begin|end|label|ref|eqref|cite"
)
_COMMAND = rf"\\(?!(?:{_TEXT_COMMANDS})\b)[A-Za-z]+(?:{_GROUP}){{0,3}}"
_SCRIPT = rf"(?:[_^](?:{_GROUP}|\\[A-Za-z]+(?:{_GROUP})?|[A-Za-z0-9*+⊤∘'])|[{_SUPERSCRIPTS}]+)"
_INDEX = r"(?:\[[A-Za-z0-9',:+\- ]{1,12}\])"
_CALL = r"\((?:[^()\n]|\([^()\n]{0,60}\)){1,80}\)"
_LETTER = rf"(?:(?<![\w\\'’])|(?<=[{_GREEK}]))[A-Za-z](?![A-Za-z’])"
_END = rf"(?:(?<=[{_GREEK}])(?![A-Za-z]{{2}})|(?![A-Za-z]))"
_KNOWN = (
    r"(?<![\w\\])(?:log|exp|sin|cos|tan|tanh|max|min|tr|Tr|det|diag|Var|Cov|KL|softmax|sigmoid|ReLU|rank|vec|ln)"
    r"(?![A-Za-z0-9]|_[A-Za-z])"
)
_TOKEN = lazy(
    rf"(?P<url>(?:https?://|www\.)\S+|\S+@\S+|`[^`\n]*`)"
    rf"|(?P<unit>(?:{_COMMAND}|[{_GREEK}]|{_KNOWN}|{_LETTER})['′]*(?:{_SCRIPT})*(?:{_INDEX})?(?P<call>{_CALL})?(?:{_SCRIPT})*(?:(?<=[0-9}}])[A-Za-z](?![A-Za-z])(?:{_SCRIPT})*)*{_END})"
    rf"|(?P<number>(?<![\w.,])\d+(?:,\d{{3}})*(?:\.\d+)?(?:%|(?![\w]))(?:{_SCRIPT})*|(?<![\w.,])\d+(?=[A-Za-z\\](?![A-Za-z])|[{_GREEK}](?![A-Za-z]{{2}})))"
    rf"|(?P<name>(?<![\w\\])[A-Za-z]+(?:\\?_[A-Za-z0-9]+)+)"
    rf"|(?P<relation>[=≠≤≥<>≈≡∈∼⊥≪≫∝])"
    rf"|(?P<operator>[+−·∘⊙×⊗/*]|(?<=\s)-(?=\s)|(?<=[A-Za-z0-9)\]}}])-(?=[A-Za-z0-9\\](?![A-Za-z]{{2}}))|(?<![\w])-(?=[A-Za-z0-9\\](?![A-Za-z]))|(?<=[=(\[·*/]\s)-(?=[(\[])|(?<=[=(\[·*/])-(?=[(\[]))"
    rf"|(?P<paren>{_CALL}(?:{_SCRIPT})*)"
    rf"|(?P<word>\w[\w'’.-]*)|(?P<space>\s+)|(?P<other>.)",
    re.S,
)
_BRACKET = lazy(_CALL)
# What no stretch of maths can do without; looked for first, as most prose has none.
_SIGNAL = lazy(
    rf"[_^\\=<>≠≤≥≈≡∈∼⊥≪≫∝+·∘⊙×⊗{_SUPERSCRIPTS}{_GREEK}]|\b[A-Za-z]\(|[A-Za-z0-9]\s?[*/−-]\s?[A-Za-z0-9]|\s-[A-Za-z]\b"
)
LONGEST = 20_000
_STRONG = lazy(rf"[_^\\{_SUPERSCRIPTS}{_GREEK}]")
_ENGLISH = lazy(r"[A-Za-z]{4,}|(?<![\w\\])(?:i\.e|e\.g|see|the|and|for|pts?|or|not|are|is)\b")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    strong: bool = False


def find_bare(prose: str, offset: int = 0) -> list[Span]:
    """Spans of maths in running text; `offset` is where the text begins in the file. A flood of text has none."""
    if len(prose) > LONGEST or not _SIGNAL.search(prose):
        return []
    tokens = list(_tokens(prose))
    lines = list(_whole_lines(tokens))
    spans = [Span(line[0].start + offset, line[-1].end + offset) for line in lines]
    taken = {token.start for line in lines for token in line}
    rest = [replace(token, kind="other") if token.start in taken else token for token in tokens]
    for run in _runs(rest):
        span = _accept(run)
        if span is not None and not _is_cut(prose, span):
            spans.append(Span(span.start + offset, span.end + offset))
    return sorted(spans, key=lambda span: span.start)


def _tokens(prose: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(prose):
        kind, text = match.lastgroup or "other", match.group()
        if match.group("unit"):
            yield from _unit(match, text)
        elif kind == "paren" and not _mathlike(text):
            # Only the bracket is given up: there may be maths inside.
            yield from _inside(match)
        else:
            kind = "number" if match.group("number") else kind
            yield _Token(kind, text, match.start(), match.end(), kind == "number" and bool(_STRONG.search(text)))


def _unit(match: re.Match[str], text: str) -> Iterator[_Token]:
    """A letter or command with its scripts; an argument in brackets belongs to it when it reads like maths."""
    call, start, end = match.group("call"), match.start(), match.end()
    if call and not _mathlike(call):
        cut = match.start("call")
        yield _Token("unit", text[: cut - start], start, cut, bool(_STRONG.search(text[: cut - start])))
        for token in _tokens(" " + text[cut - start + 1 :]):
            yield _Token(token.kind, token.text, token.start + cut, token.end + cut, token.strong)
        return
    yield _Token("unit", text, start, end, bool(_STRONG.search(text)) or bool(call))


def _inside(match: re.Match[str]) -> Iterator[_Token]:
    call = _BRACKET.match(match.group())
    end = match.start() + (call.end() if call is not None else len(match.group())) - 1
    yield _Token("other", "(", match.start(), match.start() + 1)
    for token in _tokens(" " + match.group()[1 : end - match.start()] + " "):
        if token.kind != "space":
            yield _Token(token.kind, token.text, token.start + match.start(), token.end + match.start(), token.strong)
    yield _Token("other", match.group()[end - match.start() :], end, match.end())


def _mathlike(bracket: str) -> bool:
    return not _ENGLISH.search(re.sub(r"\\[A-Za-z]+", " ", bracket))


def _is_cut(prose: str, span: Span) -> bool:
    """Whether a relation ends in the middle of something: what is left of it says another thing (`∇²L(w) = 2Xᵀ...`)."""
    before, after = prose[max(span.start - 1, 0) : span.start], prose[span.end : span.end + 1]
    related = any(char in prose[span.start : span.end] for char in "=<>≤≥≈≡∈")
    return related and any(char.isalnum() or char in _SUPERSCRIPTS + "|‖_^" for char in (before, after) if char)


def _whole_lines(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """The lines that are one relation without a word of prose: in them letters stand side by side as factors, and
    nothing is left out (`f(x) = 2ab + |c| x`)."""
    line: list[_Token] = []
    for token in (*tokens, _Token("space", "\n", -1, -1)):
        if token.kind == "space" and "\n" in token.text:
            while line and line[-1].text in (".", ",", ";", ":"):
                line.pop()
            if line and line[-1].text.endswith("."):
                line[-1] = replace(line[-1], text=line[-1].text[:-1], end=line[-1].end - 1)
            if _is_line(line):
                yield line
            line = []
        elif token.kind != "space":
            line.append(token)


def _is_line(line: Sequence[_Token]) -> bool:
    related = any(token.kind == "relation" for token in line)
    said = any(token.kind == "unit" or _FACTORS.fullmatch(token.text) for token in line)
    fences = "".join(token.text for token in line if token.kind == "other")
    closed = all(fences.count(a) == fences.count(b) for a, b in ("()", "[]", "{}"))
    ended = bool(line) and line[-1].kind not in ("operator", "relation")
    return related and said and closed and ended and all(_in_line(token) for token in line)


def _in_line(token: _Token) -> bool:
    if token.kind == "word":
        return _FACTORS.fullmatch(token.text) is not None and not _SMALL.fullmatch(token.text)
    return token.kind in ("unit", "number", "relation", "operator", "paren") or token.text in _FENCES


_FACTORS = lazy(rf"(?!.*[A-Za-z]{{4}})\d*[A-Za-z{_GREEK}{_SUPERSCRIPTS}']{{1,9}}")
_SMALL = lazy(
    r"(?:the|and|for|nor|or|is|of|to|in|we|so|if|at|by|on|as|an?|be|let|get|has|are|not|but|can|all|any|set|now|use|see|"
    r"due|iff|it|its|then|this|that|with|when|from|have|gives?|also|here|thus|since|where|case|step|note|hence|which|i|"
    r"pts?|was|our|you|may|via|let's|true|false|yes|no|max|min|one|two)",
    re.I,
)
_FENCES = frozenset("()[]{}|‖!,")


def _runs(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """Stretches of tokens that can be maths. Operands side by side need a sign that they are (`f_t C_{t-1}`)."""
    run: list[_Token] = []
    gap, word_ends = False, -1
    for token in tokens:
        if token.kind == "word":
            word_ends = token.end
        if token.kind == "paren" and token.start == word_ends:  # `XOR(1,0) = 1`: the call of a word, no vector
            token = replace(token, kind="other")
        if token.kind == "space":
            gap = gap or "\n" in token.text or bool(run)
            continue
        possible = token.kind in ("unit", "number", "relation", "operator", "paren", "name")
        if possible and run and gap and _operand(run[-1]) and _operand(token) and not _together(run[-1], token):
            yield run
            run = []
        if possible:
            run.append(token)
        elif run:
            yield run
            run = []
        gap = False
    if run:
        yield run


def _together(before: _Token, token: _Token) -> bool:
    """Whether two operands side by side are a product."""
    return _marked(token) and (_marked(before) or token.kind == "paren")


def _marked(token: _Token) -> bool:
    """Whether a token shows that it is maths: `h_t`, and a bracket of such (`A (A^T A)^{-1} (A^T A)`)."""
    inside = token.kind == "paren" and not any(char in token.text for char in "=<>≤≥≠≈,")
    return token.strong or (inside and bool(_STRONG.search(token.text)))


def _operand(token: _Token) -> bool:
    return token.kind in ("unit", "number", "paren", "name")


def _accept(run: list[_Token]) -> Span | None:
    first, last = 0, len(run)
    related = any(token.kind == "relation" for token in run)
    while first < last and (
        run[last - 1].kind in ("operator", "relation") or (run[last - 1].kind == "name" and not related)
    ):
        last -= 1
    while first < last and (
        run[first].kind == "relation" or (run[first].kind == "operator" and not _signs(run, first))
    ):
        first += 1
    run = run[first:last]
    if not run:
        return None
    if len(run) == 1 and run[0].kind == "paren" and not run[0].strong:
        # `(a+b=c)` in running text: the bracket is the sentence's.
        inner = find_bare(run[0].text[1:-1], run[0].start + 1)
        return inner[0] if len(inner) == 1 else None
    if not _is_maths(run):
        return None
    return Span(run[0].start, run[-1].end)


def _signs(run: list[_Token], at: int) -> bool:
    """Whether a run begins with a sign, not with the dash of a list or a sentence."""
    return run[at].text in "-−" and len(run) > at + 1 and run[at + 1].start == run[at].end


def _is_maths(run: list[_Token]) -> bool:
    operands = [token for token in run if _operand(token)]
    relations = [token for token in run if token.kind == "relation"]
    if relations and len(operands) >= 2:
        return True
    if any(token.strong for token in operands if token.kind in ("unit", "number")):
        return True
    operators = [token for token in run if token.kind == "operator"]
    letters = [token for token in operands if token.kind == "unit"]
    if operators and len(operands) >= 2:
        plain = {token.text for token in operators} <= {"/", "-"}
        return bool(letters) if plain and len(letters) == len(operands) else not plain
    # A minus sign before a lone letter: `substituting -x`.
    return len(run) == 2 and run[0].text in "-−" and bool(letters)
