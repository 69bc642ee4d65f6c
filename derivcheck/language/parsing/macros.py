"""The student's own commands: `\\newcommand`, `\\renewcommand`, `\\def`, `\\DeclareMathOperator`.

Expansion is by text, as TeX does it, with a cap; every character of the expanded text remembers where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from derivcheck.record import dataclass

MAX_EXPANSIONS = 2_000
MAX_EXPANDED = 40_000


@dataclass(frozen=True, slots=True)
class Macro:
    """`body` with `#1`, `#2`, ... for its arguments; the first is optional where `default` is given."""

    arguments: int
    body: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Expanded:
    """origin[k]: the span in the text as written that character k of `text` stands for. problem: why it was
    given up, or ''."""

    text: str
    origin: list[tuple[int, int]]
    problem: str = ""


_DEFINITION = re.compile(
    r"""\\(?:(?P<new>(?:re|provide)?newcommand|providecommand)\*?\s*(?:\{\s*(?P<a>\\[A-Za-z]+)\s*\}|(?P<b>\\[A-Za-z]+))
          \s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?
      | DeclareMathOperator(?P<star>\*?)\s*(?:\{\s*(?P<c>\\[A-Za-z]+)\s*\}|(?P<d>\\[A-Za-z]+))
      | def\s*(?P<e>\\[A-Za-z]+)(?P<pattern>(?:\#\d)*)
      )\s*(?=\{)""",
    re.VERBOSE,
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+\Z")


def read_macros(text: str) -> dict[str, Macro]:
    """The definitions that stand in a text (a preamble, or anywhere), by command with its backslash."""
    found: dict[str, Macro] = {}
    for match in _DEFINITION.finditer(text):
        body_end = _group_end(text, match.end())
        if body_end < 0:
            continue
        body = text[match.end() + 1 : body_end - 1]
        name = match["a"] or match["b"] or match["c"] or match["d"] or match["e"]
        if match["c"] or match["d"]:
            found[name] = Macro(0, rf"\operatorname{match['star']}{{{body}}}")
        else:
            count = int(match["count"] or 0) if match["new"] else len(match["pattern"]) // 2
            found[name] = Macro(count, body, match["default"])
    return found


def strip_definitions(text: str) -> str:
    """`text` with its definitions blanked out by spaces, so that offsets stay."""
    out = text
    for match in _DEFINITION.finditer(text):
        end = _group_end(text, match.end())
        if end > 0:
            blank = re.sub(r"[^\n]", " ", text[match.start() : end])
            out = out[: match.start()] + blank + out[end:]
    return out


def _group_end(text: str, start: int, limit: int = 10_000) -> int:
    """The offset after the brace group that starts at `start`, or -1."""
    depth = 0
    k = start
    while k < len(text) and k - start < limit:
        char = text[k]
        if char == "\\":
            k += 2
            continue
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return k + 1
        k += 1
    return -1


def expand(text: str, macros: Mapping[str, Macro]) -> Expanded:
    """`text` with the macros replaced until none is left."""
    origin = [(k, k + 1) for k in range(len(text))]
    used = 0
    position = 0
    while (match := _COMMAND.search(text, position)) is not None:
        macro = macros.get(match.group())
        if macro is None:
            position = match.end()
            continue
        used += 1
        if used > MAX_EXPANSIONS or len(text) > MAX_EXPANDED:
            return Expanded(text, origin, f"`{match.group()}` and the macros in it never end")
        arguments, end = _arguments(text, match.end(), macro)
        place = (origin[match.start()][0], origin[end - 1][1])
        new_text, new_origin = _substituted(macro.body, arguments, text, origin, place)
        if re.search(r"\\[A-Za-z]+$", new_text) and text[end : end + 1].isalpha():
            new_text, new_origin = new_text + " ", [*new_origin, place]
        text = text[: match.start()] + new_text + text[end:]
        origin[match.start() : end] = new_origin
        position = match.start()
    return Expanded(text, origin)


def _arguments(text: str, position: int, macro: Macro) -> tuple[list[tuple[int, int] | str], int]:
    """The arguments (as ranges of `text`, or the default) and the place after them."""
    found: list[tuple[int, int] | str] = []
    wanted = macro.arguments
    if macro.default is not None and wanted:
        wanted -= 1
        optional = re.compile(r"\s*\[([^\]]*)\]").match(text, position)
        if optional:
            found.append(optional.span(1))
            position = optional.end()
        else:
            found.append(macro.default)
    for _ in range(wanted):
        start = position
        while start < len(text) and text[start].isspace():
            start += 1
        if start >= len(text):
            found.append("")
            continue
        if text[start] == "{" and (end := _group_end(text, start)) > 0:
            found.append((start + 1, end - 1))
            position = end
        else:
            command = _COMMAND.match(text, start)
            position = command.end() if command else start + 1
            found.append((start, position))
    return found, position


def _substituted(
    body: str,
    arguments: list[tuple[int, int] | str],
    text: str,
    origin: list[tuple[int, int]],
    place: tuple[int, int],
) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for piece in re.split(r"(#\d)", body):
        number = int(piece[1]) if re.fullmatch(r"#\d", piece) else 0
        if number and number <= len(arguments):
            argument = arguments[number - 1]
            inside = argument if isinstance(argument, str) else text[argument[0] : argument[1]]
            if parts and inside[:1].isalpha() and _COMMAND_AT_END.search(parts[-1]):  # `\lVert#1` of `x`
                parts.append(" ")
                places.append(place)
            if isinstance(argument, str):
                parts.append(argument)
                places += [place] * len(argument)
            else:
                parts.append(text[argument[0] : argument[1]])
                places += origin[argument[0] : argument[1]]
        else:
            parts.append(piece)
            places += [place] * len(piece)
    return "".join(parts), places
