"""What the parser must know about tokens before it starts: partners of braces, styles, bars, stacked relations.

One pass each, linear in the number of tokens. A token that is not to be seen again gets the kind 'skip'.
"""

from __future__ import annotations

from derivcheck.language.parsing.notation import WORD_OPERATORS
from derivcheck.record import dataclass


@dataclass(slots=True)
class Token:
    """kind and key as in the notation table; start and end are offsets into the text. mate: for a brace the position
    of its partner (-1: none); for a bar how many bars of its kind stand from it to the end of its fence,
    negative where the next bar of the fence is of the other kind. style: of a letter, set by `link`."""

    kind: str
    key: str
    start: int
    end: int
    mate: int = 0
    style: str = ""


_CONTINUES = frozenset({"relation", "sum", "product", "close", "barclose", "end"})
_JOINING = frozenset({"\\Rightarrow", "\\Leftarrow", "\\iff", "\\to", "\\gets", "\\mapsto", "\\colon"})
_STYLED = frozenset({"letter", "name", "number"})


def link(tokens: list[Token]) -> None:
    """Pair braces, apply styles, read stacked relations, count the bars of each fence, settle line breaks."""
    kinds = {token.kind for token in tokens}
    if kinds & {"lbrace", "rbrace"}:
        _pair(tokens)
    if kinds & {"style", "switch", "text"}:
        _apply_styles(tokens)
    if kinds & {"stacked", "xarrow"}:
        _stacked(tokens)
    if "bar" in kinds:
        _bars(tokens)
    if "line" in kinds:
        _breaks(tokens)
    if any(token.key == "\\quad" for token in tokens):
        _indents(tokens)


def _breaks(tokens: list[Token]) -> None:
    """A line break, with the indent after it, is nothing before or after an operator; elsewhere it separates."""
    before = ""
    for k, token in enumerate(tokens):
        if token.kind == "line":
            after = _past_indent(tokens, k + 1)
            first = tokens[after + 1] if tokens[after].kind == "lbrace" else tokens[after]
            goes_on = first.kind in _CONTINUES or before in ("relation", "sum", "product")
            token.kind = "skip" if goes_on else "sep"
            for space in tokens[k + 1 : after] if goes_on else ():
                space.kind = "skip"
        before = token.kind if token.kind != "skip" else before


def _past_indent(tokens: list[Token], at: int) -> int:
    """Where a line begins: behind wide spaces, `{}`, `\\hspace{1em}`, `\\phantom{=}`."""
    while True:
        token, inner = tokens[at], tokens[min(at + 1, len(tokens) - 1)]
        if token.key == "\\quad" or token.kind == "skip":
            at += 1
        elif token.kind == "dropwith" and inner.kind == "lbrace" and inner.mate > 0:
            at = inner.mate + 1
        elif token.kind == "lbrace" and token.mate > 0 and inner.kind in ("rbrace", "dropwith"):
            at = token.mate + 1
        else:
            return at


def _indents(tokens: list[Token]) -> None:
    """A wide space before `+` or a sign of multiplication separates nothing, as no line begins with one; nor does one
    beside a relation (`a \\quad = \\quad b`), which has no side without it. (An implication joins whole lines.)"""
    last = tokens[-1]
    for token in reversed(tokens):
        beside = last.kind == "product" or (last.kind, last.key) == ("sum", "+") or _relates(last)
        if token.key == "\\quad" and token.kind == "sep" and beside:
            token.kind = "skip"
        last = token if token.kind != "skip" else last
    for token in tokens:
        if token.key == "\\quad" and token.kind == "sep" and _relates(last):
            token.kind = "skip"
        last = token if token.kind != "skip" else last


def _relates(token: Token) -> bool:
    return token.kind == "relation" and token.key not in _JOINING


def _pair(tokens: list[Token]) -> None:
    open_braces: list[int] = []
    for k, token in enumerate(tokens):
        if token.kind == "lbrace":
            token.mate = -1
            open_braces.append(k)
        elif token.kind == "rbrace":
            token.mate = open_braces.pop() if open_braces else -1
            if token.mate >= 0:
                tokens[token.mate].mate = k
        elif token.kind == "infix" and open_braces:
            tokens[open_braces[-1]].key = "infix"


def _apply_styles(tokens: list[Token]) -> None:
    """`\\mathbf{x}`, `\\mathrm{W_h}`, `{\\bf x}`: the letters carry the style; the command goes, its braces stay."""
    stack = [""]
    pending: str | None = None
    for k, token in enumerate(tokens):
        kind = token.kind
        if kind == "style" or kind == "text":
            upright_t = kind == "text" and tokens[k + 1].key == "T" and k > 0 and tokens[k - 1].kind == "sup"
            if upright_t:
                tokens[k + 1].kind, tokens[k + 1].key = "symbol", "\\top"
            pending = token.key if kind == "style" else "rm"
            token.kind = "skip"
            continue
        if kind == "switch":
            stack[-1] = token.key
            token.kind = "skip"
            continue
        if kind == "lbrace":
            if pending is not None:
                token.key = "style"
                stack.append(pending)
                if token.mate > 0:
                    _whole_word(tokens, k, token.mate, pending)
            else:
                stack.append(stack[-1])
        elif kind == "rbrace":
            if len(stack) > 1:
                stack.pop()
        elif kind in _STYLED:
            style = pending if pending is not None else stack[-1]
            if style and (kind != "number" or _alone(tokens, k, pending)):
                token.style = style
        pending = None
    _join_upright(tokens)


def _alone(tokens: list[Token], k: int, pending: str | None) -> bool:
    """A number is styled (`\\mathbf{1}`) only where nothing else is."""
    return pending is not None or (tokens[k - 1].key == "style" and tokens[k + 1].kind == "rbrace")


def _whole_word(tokens: list[Token], start: int, end: int, style: str) -> None:
    """`\\mathbf{best}` is a word, `\\mathbf{Var}` a function; `\\mathbf{QK}` two letters."""
    inner = tokens[start + 1 : end]
    if style == "rm" or len(inner) < 2 or any(t.kind != "letter" for t in inner):
        return
    word = "".join(t.key for t in inner)
    if word in WORD_OPERATORS or (len(word) > 2 and word[1:].islower()):
        _merge(inner, word)


def _merge(run: list[Token], word: str) -> None:
    run[0].kind, run[0].key = WORD_OPERATORS.get(word, ("word", word))
    run[0].end = run[-1].end
    for token in run[1:]:
        token.kind = "skip"


def _join_upright(tokens: list[Token]) -> None:
    """Letters side by side in upright type are one word; alone, an upright letter is the letter."""
    run: list[Token] = []
    for token in tokens:
        if token.kind == "letter" and token.style == "rm":
            token.style = ""
            if run and run[-1].end == token.start:
                run.append(token)
                continue
            if len(run) > 1:
                _merge(run, "".join(t.key for t in run))
            run = [token]
        elif token.style == "rm":
            token.style = ""
    if len(run) > 1:
        _merge(run, "".join(t.key for t in run))


def _argument(tokens: list[Token], k: int) -> tuple[int, int, int]:
    """The argument at position k: where its content starts and ends, and the position after it."""
    while tokens[k].kind == "skip":
        k += 1
    if tokens[k].kind == "lbrace" and tokens[k].mate > 0:
        return k + 1, tokens[k].mate, tokens[k].mate + 1
    return k, k + 1, min(k + 1, len(tokens) - 1)


def _stacked(tokens: list[Token]) -> None:
    """`\\stackrel{(a)}{=}`, `\\overset{!}{=}`, `\\xrightarrow{p}`: the relation, whatever stands over it."""
    for k, token in enumerate(tokens):
        if token.kind == "xarrow":
            _, _, after = _argument(tokens, k + 1)
            _hide(tokens, k + 1, after)
            token.kind, token.end = "relation", tokens[after - 1].end
        elif token.kind == "stacked":
            _, _, middle = _argument(tokens, k + 1)
            start, end, after = _argument(tokens, middle)
            inner = [t for t in tokens[start:end] if t.kind != "skip"]
            if len(inner) == 1 and inner[0].kind in ("relation", "sum", "product"):
                over = "".join(t.key for t in tokens[k + 1 : middle] if t.kind != "skip")
                defined = inner[0].key == "=" and over in ("def", "Δ", "\\Delta", "\\triangle", "defn", "let")
                token.kind, token.key = inner[0].kind, ":=" if defined else inner[0].key
                token.end = tokens[after - 1].end
                _hide(tokens, k + 1, after)


def _hide(tokens: list[Token], start: int, end: int) -> None:
    for token in tokens[start:end]:
        token.kind = "skip"


def _bars(tokens: list[Token]) -> None:
    """Counts the bars of each fence; the braces of a script are one as well (`P_{t|t} = Q_{t|t}`)."""
    fences: list[list[Token]] = [[]]
    ends: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind == "lbrace" and token.mate > place and tokens[place - 1].kind in ("sub", "sup"):
            ends.add(token.mate)
            fences.append([])
        elif token.kind == "open":
            fences.append([])
        elif token.kind == "close" or place in ends:
            if len(fences) > 1:
                _count(fences.pop())
        elif token.kind == "bar":
            fences[-1].append(token)
    for bars in fences:
        _count(bars)


def _count(bars: list[Token]) -> None:
    left: dict[str, int] = {}
    following = ""
    for token in reversed(bars):
        left[token.key] = left.get(token.key, 0) + 1
        token.mate = left[token.key] * (-1 if following not in ("", token.key) else 1)
        following = token.key
