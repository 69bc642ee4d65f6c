"""Maths that stands in running text without dollars: `h_{i-1}`, `\\mathbf{p}_T`, `O(MNk)`, `σ²`, `M > k`.

Text read off a page loses its dollars first. A stretch is maths when its tokens can be and at least one must be:
a script, a command, a Greek letter, a relation or a sum between two operands, a letter applied to letters.
Words never are, except next to a relation (`max_tokens = 8`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.record import dataclass
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
_LETTER = r"(?<![\w\\'’])[A-Za-z](?![A-Za-z’])"
_KNOWN = r"(?<![\w\\])(?:log|exp|sin|cos|tan|tanh|max|min|tr|Tr|det|diag|Var|Cov|KL|softmax|sigmoid|ReLU|rank|vec|ln)\b"
_TOKEN = lazy(
    rf"(?P<url>(?:https?://|www\.)\S+|\S+@\S+|`[^`\n]*`)"
    rf"|(?P<unit>(?:{_COMMAND}|[{_GREEK}]|{_KNOWN}|{_LETTER})['′]*(?:{_SCRIPT})*(?:{_INDEX})?(?P<call>{_CALL})?(?:{_SCRIPT})*(?:(?<=[0-9}}])[A-Za-z](?![A-Za-z])(?:{_SCRIPT})*)*(?![A-Za-z]))"
    rf"|(?P<number>(?<![\w.,])\d+(?:,\d{{3}})*(?:\.\d+)?(?:%|(?![\w]))(?:{_SCRIPT})*|(?<![\w.,])\d+(?=[A-Za-z{_GREEK}\\](?![A-Za-z])))"
    rf"|(?P<name>(?<![\w\\])[A-Za-z]+(?:\\?_[A-Za-z0-9]+)+)"
    rf"|(?P<relation>[=≠≤≥<>≈≡∈∼⊥≪≫∝])"
    rf"|(?P<operator>[+−·∘⊙×⊗/*]|(?<=\s)-(?=\s)|(?<=[A-Za-z0-9)\]}}])-(?=[A-Za-z0-9\\](?![A-Za-z]{{2}}))|(?<![\w])-(?=[A-Za-z0-9\\](?![A-Za-z])))"
    rf"|(?P<paren>{_CALL})"
    rf"|(?P<word>\w[\w'’.-]*)|(?P<space>\s+)|(?P<other>.)",
    re.S,
)
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
    spans = []
    for run in _runs(_tokens(prose)):
        if span := _accept(run):
            spans.append(Span(span.start + offset, span.end + offset))
    return spans


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
    yield _Token("other", "(", match.start(), match.start() + 1)
    for token in _tokens(" " + match.group()[1:-1] + " "):
        if token.kind != "space":
            yield _Token(token.kind, token.text, token.start + match.start(), token.end + match.start(), token.strong)
    yield _Token("other", ")", match.end() - 1, match.end())


def _mathlike(bracket: str) -> bool:
    return not _ENGLISH.search(re.sub(r"\\[A-Za-z]+", " ", bracket))


def _runs(tokens: Iterator[_Token]) -> Iterator[list[_Token]]:
    """Stretches of tokens that can be maths. Operands side by side need a sign that they are (`f_t C_{t-1}`)."""
    run: list[_Token] = []
    gap = False
    for token in tokens:
        if token.kind == "space":
            gap = gap or "\n" in token.text or bool(run)
            continue
        possible = token.kind in ("unit", "number", "relation", "operator", "paren", "name")
        if possible and run and gap and _operand(run[-1]) and _operand(token):
            possible_together = run[-1].strong and token.strong
            if not possible_together:
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
