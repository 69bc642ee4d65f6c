"""YAML as nodes with places. Composed, never constructed: every scalar stays the text that was written, so
`answer: true` and `answer: 12` are text like any other, and every leaf knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from derivcheck.findings import Finding
from derivcheck.problems.schema import Line, Text
from derivcheck.record import dataclass, field

DEEPEST = 12
# In double quotes YAML reads \t, \b, \n, \r, \f, \v, \a, \e, \N, ... itself: "\top" would be a tab and "op".
_ESCAPE = re.compile(r'\\(?:\\|"|(?P<eaten>[A-Za-z]))')

_REMEDY = "write the text without quotes, in single quotes, or as a block after |"


# What YAML says, whether it is said of where the thing begins, and how to put it.
_SYNTAX = (
    ("character '\\t'", False, "a tab: YAML indents with spaces", "indent with spaces"),
    ("mapping values", False, "a colon with a space behind it makes a key of what stands before it",
     "put the text in single quotes, or in a block after |"),
    ("quoted scalar", True, "this quote is never closed", _REMEDY),
    ("block sequence", False, "this does not stand below the `-` that it belongs to", "indent all items alike"),
    ("sequence entries", False, "`-` begins an item of a list, which has a line of its own", _REMEDY),
    ("chomping", False, "`|` at the beginning of a text begins a block", "put the text in single quotes: '|v|^2'"),
    ("flow mapping", True, "`{` begins a mapping of YAML, which is not closed here", _REMEDY),
    ("flow sequence", True, "`[` begins a list of YAML, which is not closed here", _REMEDY),
    ("block mapping", False, "a key is expected here, in the column of the keys before it", _REMEDY),
    ("simple key", False, "a key and a colon are expected here", _REMEDY),
)  # fmt: skip


@dataclass(slots=True)
class Source:
    """One file being loaded: its lines, and the findings so far."""

    file: str
    rows: list[str]
    findings: list[Finding] = field(default_factory=list)

    def report(self, node: Node, code: str, message: str, help: str = "", severity: str = "error") -> None:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.add(code, message, line, column, _end_column(node, column), help, severity)

    def add(
        self, code: str, message: str, line: int, column: int, end: int = 0, help: str = "", severity: str = "error"
    ) -> None:
        self.findings.append(
            Finding(code, severity, message, line, column, max(end, column + 1), help=help, file=self.file)
        )


def _end_column(node: Node, column: int) -> int:
    same_line = node.end_mark.line == node.start_mark.line
    return node.end_mark.column + 1 if same_line else column + 1


def compose(text: str, source: Source) -> MappingNode | None:
    """The file's top mapping, or None with a finding."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        _report_syntax(error, source)
        return None
    except (YAMLError, RecursionError) as error:
        source.add("yaml-syntax", f"this is not YAML: {str(error).splitlines()[0]}", 1, 1)
        return None
    if not isinstance(root, MappingNode):
        source.add("yaml-syntax", "a problem file is a mapping of keys to values", 1, 1, help="begin with `title: ...`")
        return None
    if (alias := _alias(root)) is not None:  # a tree of aliases can be exponentially larger than its text
        source.report(alias, "yaml-syntax", "anchors and aliases are not used here", help="write the text out")
        return None
    if _depth(root) > DEEPEST:
        source.add("yaml-syntax", f"more than {DEEPEST} levels deep", 1, 1)
        return None
    return root


def _report_syntax(error: MarkedYAMLError, source: Source) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(error.problem or error.context or "this is not YAML")
    if "escape character" in problem:
        message = "a backslash in double quotes is YAML's, not LaTeX's"
        source.add("swallowed-escape", message, line, column, help=_REMEDY)
        return
    for said, at_start, message, help in _SYNTAX:
        if said not in f"{problem} {error.context}":
            continue
        if at_start and error.context_mark is not None:
            line, column = error.context_mark.line + 1, error.context_mark.column + 1
        source.add("yaml-syntax", message, line, column, help=help)
        return
    source.add("yaml-syntax", problem, line, column, help=_REMEDY)


def _children(node: Node) -> list[Node]:
    if isinstance(node, ScalarNode):
        return []
    return [child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))]


def _alias(root: Node) -> Node | None:
    """A node that stands at more than one place."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return node
        seen.add(id(node))
        waiting += _children(node)
    return None


def _depth(node: Node, level: int = 0) -> int:
    if level > DEEPEST:
        return level
    return max((_depth(child, level + 1) for child in _children(node)), default=level)


def pairs(node: MappingNode, source: Source) -> Iterator[tuple[str, ScalarNode, Node]]:
    """(key, its node, value) in order; a repeated or unreadable key is a finding and left out."""
    seen: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            source.report(key, "wrong-type", "a key is a word")
        elif key.value in seen:
            source.report(key, "duplicate-key", f"`{key.value}` stands twice: the first is on line {seen[key.value]}")
        else:
            seen[key.value] = key.start_mark.line + 1
            yield key.value, key, value


def suggestion(word: str, known: list[str]) -> str:
    """`did you mean ...?` for the nearest known word, or nothing."""
    close = get_close_matches(word, known, 3, 0.5)
    return f"did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else ""


def unknown_key(key: str, node: Node, known: list[str], source: Source, what: str) -> None:
    close = get_close_matches(key, known, 1, 0.6)
    help = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(known)}"
    source.report(node, "unknown-key", f"`{key}` is no key of {what}", help)


def leaf(node: Node, source: Source, what: str) -> Text | None:
    """A scalar as lines with places; anything else is a finding."""
    if not isinstance(node, ScalarNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
        source.report(node, "wrong-type", f"`{what}` is text, but here stands {kind}", _REMEDY)
        return None
    if node.style == '"':
        _check_escapes(node, source)
    if node.style == "|":
        return Text(tuple(_block_lines(node, source)), True)
    row, column = node.start_mark.line + 1, node.start_mark.column + 1
    quoted = 1 if node.style in ("'", '"') else 0
    return Text((Line(" ".join(node.value.split("\n")).strip(), row, column + quoted),))


def _block_lines(node: ScalarNode, source: Source) -> Iterator[Line]:
    first = node.start_mark.line + 1  # 0-based row of the first content line
    for offset, text in enumerate(node.value.rstrip("\n").split("\n")):
        row = source.rows[first + offset] if first + offset < len(source.rows) else ""
        indent = len(row) - len(row.lstrip(" "))
        stripped = text.lstrip(" ")
        yield Line(stripped, first + offset + 1, indent + 1)


def _check_escapes(node: ScalarNode, source: Source) -> None:
    start, end = node.start_mark, node.end_mark
    for number in range(start.line, min(end.line, len(source.rows) - 1) + 1):
        row = source.rows[number]
        low = start.column if number == start.line else 0
        high = end.column if number == end.line else len(row)
        for match in _ESCAPE.finditer(row, low, high):
            if match["eaten"]:
                message = f"in double quotes YAML swallows `{match[0]}`"
                source.add("swallowed-escape", message, number + 1, match.start() + 1, match.end() + 1, _REMEDY)
                return
