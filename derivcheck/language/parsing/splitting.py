"""A text of several formulas to its lines: at `\\\\` and line breaks that belong to no environment or open fence."""

from __future__ import annotations

import re

from derivcheck.language.parsing.notation_commands import LINE_ENVIRONMENTS
from derivcheck.record import dataclass

_MARK = re.compile(
    r"""(?P<comment>(?<!\\)%[^\n]*)
      | (?P<row>\\\\\*?(?:[ \t]*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|px)\s*\])?)
      | (?P<env>\\(?:begin|end)\s*\{\s*[A-Za-z]+\*?\s*\})
      | (?P<size>\\(?:left|right|[bB]igg?[lrm]?)\s*(?:\\[{}|]|[()\[\]|/.<>]))
      | (?P<command>\\(?:[A-Za-z]+|.))
      | (?P<break>\n)
      | (?P<open>[{(\[])
      | (?P<close>[})\]])""",
    re.VERBOSE | re.DOTALL,
)
_UNFINISHED = re.compile(
    r"""(?:(?<![\^_])[-+=<>*/,]|[\^_]|\\(?:le|ge|leq|geq|ne|neq|approx|equiv|sim|in|to|cdot|times|odot|circ|otimes|pm|mid|quad|left
        |propto|leqslant|geqslant|triangleq|frac|sqrt|log|ln|exp|sum|prod|int|max|min|mathbb\{E\})
        |\\(?:sum|prod|int|max|min)(?:\\limits)?(?:_(?:\{[^{}]*\}|\w))?(?:\^(?:\{[^{}]*\}|\w))?)\s*$""",
    re.VERBOSE,
)
_PHANTOM = r"\\[hv]?phantom\s*\{(?:[^{}]|\{[^{}]*\})*\}"
_INDENT = rf"""(?:[\s&~]|\{{\s*\}}|\\(?:qquad|quad|enspace|enskip)(?![A-Za-z])|\\[,;:!>\ ]|\\hspace\*?\s*\{{[^{{}}]*\}}
    |{_PHANTOM}|\\math(?:rel|bin|op|ord)\s*\{{\s*{_PHANTOM}\s*\}})*(?:\\math(?:bin|rel)\s*)?\{{?\s*"""
_GOES_ON = re.compile(
    rf"{_INDENT}(?:\\left\s*\.|\+|\*|/|\\(?:cdot|times|odot|circ|otimes|pm)(?![A-Za-z]))", re.VERBOSE
)
_MINUS = re.compile(rf"{_INDENT}[-−]", re.VERBOSE)
_ROW = re.compile(r"(?:\\\\\*?(?:\[[^\[\]]*\])?[ \t\r\n&]*)+$")
_RELATION = re.compile(
    r"=|<|>|[≤≥≠≈]|\\(?:le|leq|leqslant|ge|geq|geqslant|ne|neq|approx|equiv|sim|in|to|propto|triangleq|succ|prec|perp)(?![A-Za-z])"
)
_ENVIRONMENT = re.compile(r"\\(?P<word>begin|end)\s*\{\s*(?P<name>[A-Za-z]+\*?)\s*\}")
_ALIGNED = re.compile(rf"&[\s{{}}]*(?:{_RELATION.pattern})|(?:{_RELATION.pattern})[\s{{}}]*&")
_MATRIX = re.compile(r"[ \t]*\\begin\s*\{\s*(?:[pbvBV]|small)?matrix\*?\s*\}")
_EDGE = " \t\r\n&"
_RULES = re.compile(r"(?:[ \t\r\n&]|\\hline(?![A-Za-z]))*")  # what may stand before a line in a table
_NO_LINE = re.compile(  # space, a full stop, the mark of the end of a proof
    r"\\(?:(?:black)?square|Box|qed(?:symbol|here)?|q?quad|hfill)(?![A-Za-z])|[□■∎]|\\[,;:! ]|[ \t\r\n.,;]"
)
_NEAR = 500  # characters around a break that are looked at


@dataclass(frozen=True, slots=True)
class Piece:
    """One line: its text and the offset of its first character in the text that was split."""

    text: str
    offset: int


def split_lines(text: str) -> list[Piece]:
    """The lines of a text, without the environments around them. Empty lines are left out, and a mark of
    the end (`\\qed`) by itself."""
    cuts = _cuts(text, fences=True)
    if cuts is None:  # fences do not pair up (an interval `]0, 1[`, a slip): only braces and environments count
        cuts = _cuts(text, fences=False) or []
    pieces: list[Piece] = []
    start = 0
    for cut_start, cut_end, forced in [*cuts, (len(text), len(text), True)]:
        before, after = text[max(start, cut_start - _NEAR) : cut_start], text[cut_end : cut_end + _NEAR]
        if not forced and (_goes_on(before, after) or (text[cut_start] == "\n" and _is_factor(before, after))):
            continue
        _add(pieces, text, start, cut_start)
        start = cut_end
    return pieces


def _add(pieces: list[Piece], text: str, start: int, end: int) -> None:
    start = max(start, _RULES.match(text, start, end).end())  # type: ignore[union-attr]
    while end > start and text[end - 1] in _EDGE and text[end - 2 : end] != "\\ ":
        end -= 1
    body = re.sub(r"(?<!\\)%[^\n]*", "", text[start:end])
    if _NO_LINE.sub("", body):
        pieces.append(Piece(text[start:end], start))


def _cuts(text: str, fences: bool) -> list[tuple[int, int, bool]] | None:
    """Where a line ends: (start, end of what stands between, whether it is certain). None where fences do not
    pair up."""
    cuts: list[tuple[int, int, bool]] = []
    depth = 0
    environments: list[bool] = []
    arrays = _line_arrays(text)
    for match in _MARK.finditer(text):
        kind, raw = match.lastgroup, match.group()
        free = depth <= 0 and not any(environments)
        if kind == "env":
            name = raw[raw.index("{") + 1 : -1].strip()
            if (name in LINE_ENVIRONMENTS and not any(environments)) or (match.start() in arrays and free):
                end = _after_options(text, match.end(), name) if raw.startswith("\\begin") else match.end()
                cuts.append((match.start(), end, depth <= 0 and _alone(text, match.start(), match.end(), raw)))
            elif raw.startswith("\\begin"):
                environments.append(True)
            elif environments:
                environments.pop()
        elif (kind == "row" and free) or (kind == "break" and free):
            cuts.append((match.start(), match.end(), False))
        elif kind == "size" and fences:
            depth += {"\\left": 1, "\\right": -1}.get(re.sub(r"[^A-Za-z\\].*", "", raw), 0)
        elif kind == "open" and (raw == "{" or fences):
            depth += 1
        elif kind == "close" and (raw == "}" or fences):
            depth -= 1
            if depth < 0:
                if fences:
                    return None
                depth = 0
    return None if fences and depth else cuts


def _line_arrays(text: str) -> set[int]:
    """Where arrays begin and end whose rows are lines (relations under each other, or one column), not entries."""
    found: set[int] = set()
    opened: list[re.Match[str]] = []
    for match in _ENVIRONMENT.finditer(text) if "array" in text else ():
        if match.group("word") == "begin":
            opened.append(match)
        elif opened:
            begin = opened.pop()
            body = text[begin.end() : match.start()]
            column = "&" not in body and _RELATION.search(body)
            if match.group("name") == "array" and (column or _ALIGNED.search(body)):
                found |= {begin.start(), match.start()}
    return found


def _alone(text: str, start: int, end: int, raw: str) -> bool:
    """Does the environment begin or end a line of its own (rather than stand inside one)?"""
    if raw.startswith("\\begin"):
        before = text[max(0, start - _NEAR) : start]
        return not before.strip(_EDGE) or before.rstrip(" \t").endswith(("\n", "\\\\"))
    return True


def _after_options(text: str, end: int, name: str) -> int:
    """`\\begin{aligned}[t]`, `\\begin{alignat}{2}`."""
    counted = name.startswith("alignat") or name == "alignedat"
    pattern = r"\s*\{\d+\}" if counted else r"\s*(?:\[[tbc]\])?\s*\{[^{}]*\}" if name == "array" else r"\[[tbc]\]"
    found = re.compile(pattern).match(text, end)
    return found.end() if found else end


def _is_factor(before: str, after: str) -> bool:
    """A matrix at the beginning of a line of the source, where no line of the text ends: a factor of what stands
    before it."""
    ended = before.rstrip(" \t&")
    return _MATRIX.match(after) is not None and ended.endswith("}") and not _ROW.search(ended)


def _goes_on(before: str, after: str) -> bool:
    """Is the break inside something unfinished: an operator at its end, or one at the start of what follows?"""
    line = re.split(r"\n|\\\\", re.sub(r"(?<!\\)%[^\n]*", "", after).lstrip(" \t\r\n&"), maxsplit=1)[0]
    ended = _ROW.sub("", re.sub(r"(?<!\\)%[^\n]*", "", before).rstrip(" \t\r\n&")).rstrip(" \t\r\n&")
    if not ended:
        return False
    if _UNFINISHED.search(ended) and not ended.endswith(("\\ ", "\\,", "\\;")):
        return not (ended.endswith((",", "\\quad")) and _RELATION.search(line) is not None)
    if _GOES_ON.match(line):
        return True
    minus = _MINUS.match(line)
    return minus is not None and not _RELATION.search(line, minus.end()) and _RELATION.search(ended) is not None
