"""Markdown, and text read off a page: the structure by markdown-it, the maths found before it.

Maths is replaced by letters of the same length before markdown-it sees the text, so that nothing inside a formula
can be structure and every line keeps its number. Indented code, raw HTML and link definitions are switched off:
in homework they are displays, tags and stray brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from derivcheck.source.blocks import Leaf
from derivcheck.source.maths import Region

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FENCE = re.compile(r"(?ms)^[ \t]{0,8}(?P<mark>`{3,}|~{3,})[^\n`]*\n.*?(?:^[ \t]{0,8}(?P=mark)[`~]*[ \t]*$|\Z)")
_CODE_SPAN = re.compile(r"(?<!`)(?P<mark>`{1,2})(?!`)(?P<code>[^`\n]{1,200})(?P=mark)(?!`)")
_MATH_FENCE = re.compile(
    r"(?ms)^[ \t]{0,8}(?P<mark>`{3,}|~{3,})[ ]*(?P<display>math|latex|tex|katex)[ \t]*\n"
    r"(?P<body>.*?)^[ \t]{0,8}(?P=mark)[ \t]*$"
)
_MATH_SCRIPT = re.compile(
    r"(?is)<script\s+type=[\"']math/tex(?P<display>;\s*mode=display)?[\"']\s*>(?P<body>.*?)</script>"
)
_MATH_CODE = re.compile(r"(?<![\\$])\$`(?P<display>)(?P<body>(?:[^`\n]|\n(?![ \t]*\n)){1,1000}?)`\$(?!\$)")
_VISIBLE = re.compile(r"[^\n]")


def mask_markdown(text: str) -> str:
    """The text with comments, code fences' contents and code spans blanked; same length, same lines. Maths that is
    fenced otherwise (```` ```math ````, `` $`x`$ ``, `<script type="math/tex">`) stands between dollars."""
    text = _without_comments(text)
    for pattern in (_MATH_FENCE, _MATH_SCRIPT, _MATH_CODE):
        text = pattern.sub(_between_dollars, text)
    text = _FENCE.sub(_blank_inside, text)
    return _CODE_SPAN.sub(_blank_code, text)


def markdown_leaves(masked: str, regions: Sequence[Region], start: int, end: int) -> list[Leaf]:
    """Paragraphs, headings, items, rows between two offsets of the masked text."""
    text = _cover(masked, regions, start, end)
    lines = text.split("\n")
    offsets = [start]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    return list(_walk(_parser().parse(text), lines, offsets))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable(["code", "html_block", "reference"])
    parser.core.ruler.enableOnly(["normalize", "block"])  # formulas and words are read from the text itself
    return parser


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += [text[at:start], _VISIBLE.sub(" ", text[start : end + 3])]
        at = end + 3
    return "".join((*parts, text[at:]))


def _between_dollars(match: re.Match[str]) -> str:
    """The same text with dollars for its fences, padded with spaces to the same length and lines."""
    mark = "$$" if match["display"] else "$"
    text, (start, end) = match.string, match.span("body")
    before, after = (_VISIBLE.sub(" ", part) for part in (text[match.start() : start], text[end : match.end()]))
    return mark + before[len(mark) :] + text[start:end] + mark + after[len(mark) :]


def _blank_inside(match: re.Match[str]) -> str:
    lines = match.group().split("\n")
    closed = len(lines) > 1 and lines[-1].strip().startswith(match.group("mark"))
    body = lines[1:-1] if closed else lines[1:]
    return "\n".join([lines[0], *(" " * len(line) for line in body), *(lines[-1:] if closed else ())])


def _blank_code(match: re.Match[str]) -> str:
    mark, code = match.group("mark"), match.group("code")
    return f"{mark}{code.replace('$', ' ').replace(chr(92), ' ').replace('_', '-')}{mark}"


def _cover(masked: str, regions: Sequence[Region], start: int, end: int) -> str:
    parts, at = [], start
    for region in regions:
        if region.start < start or region.end > end:
            continue
        parts += [masked[at : region.start], _VISIBLE.sub("M", masked[region.start : region.end])]
        at = region.end
    parts.append(masked[at:end])
    return "".join(parts)


def _walk(tokens: list[Token], lines: list[str], offsets: list[int]) -> Iterator[Leaf]:
    depth, quotes, label, fresh = 0, 0, "", False
    heading, table, first = 0, False, 0
    for token in tokens:
        match token.type:
            case "list_item_open":
                outer = f"{label} " if fresh and label else ""  # an item that begins with a list of its own
                depth, fresh = depth + 1, True
                label = f"{outer}{token.info}{token.markup}" if token.info else ""
                first = token.map[0] if token.map else 0
            case "list_item_close":
                if fresh and label:  # `2)` on a line of its own: a label, and the answer after it
                    yield Leaf("item", offsets[first], offsets[first] + len(lines[first]), label, depth)
                depth, fresh = depth - 1, False
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "table_open" | "table_close":
                table = token.type == "table_open"  # a row is taken whole, its cells are skipped
            case "tr_open" if token.map:
                yield Leaf("table", offsets[token.map[0]], offsets[token.map[1]] - 1, "", depth)
            case "fence" if token.map:
                yield Leaf("code", offsets[token.map[0]], offsets[token.map[1]] - 1, "", depth)
            case "inline" if token.map and token.content and not table:
                start, end = _range(token, lines, offsets)
                if heading:
                    yield Leaf("heading", start, end, "", heading)
                elif fresh:
                    yield Leaf("item", start, end, label, depth)
                else:
                    yield Leaf("quote" if quotes else "paragraph", start, end, "", depth)
                fresh = False


def _range(token: Token, lines: list[str], offsets: list[int]) -> tuple[int, int]:
    """Where a paragraph's content begins (after the markers of its containers) and ends."""
    assert token.map is not None
    first, count = token.map[0], token.content.count("\n") + 1
    head = token.content.split("\n", 1)[0]
    at = max(lines[first].find(head), 0)
    last = min(first + count, token.map[1]) - 1
    return offsets[first] + at, offsets[last] + len(lines[last])
