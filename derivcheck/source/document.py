"""Files to documents: `read_document` takes a path, bytes or text, and never raises on what it finds there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from derivcheck.findings import Finding
from derivcheck.source import markdown, tex
from derivcheck.source.blocks import Leaf, Page, build_blocks, clean_markdown
from derivcheck.source.decoding import LARGEST, decode, format_of, problem
from derivcheck.source.macros import find_definitions
from derivcheck.source.maths import Region, find_maths
from derivcheck.source.origin import guess_source_kind
from derivcheck.source.values import Document, Segment, line_starts

__all__ = ["Document", "read_document"]

_INPUT = re.compile(
    r"\\(?:input|include|subfile)\s*\{\s*(?P<braced>[^{}\n]{1,200})\}|\\input\s+(?P<plain>[^\s\\{}]{1,200})"
)
MOST_INPUTS = 50
MOST_FORMULAS = 20_000


def read_document(source: Path | str | bytes, name: str = "") -> Document:
    """Read a file (`Path`), the bytes of one, or text as it stands (`str`).

    `name` says what to call it and, by its suffix, how it is written; it may be left out for a path. Whatever is
    wrong with the file is a finding of the document, which then has no blocks."""
    if isinstance(source, Path):
        return _read_path(source, name or str(source))
    name = name or "text.md"
    if isinstance(source, str):
        return _read_text(source.replace("\r\n", "\n").replace("\r", "\n"), name, None)
    text, finding = decode(source, name)
    return _failed(name, finding) if finding else _read_text(text, name, None)


def _read_path(path: Path, name: str) -> Document:
    try:
        if path.is_dir():
            return _failed(name, problem("unsupported-format", "this is a folder, not a file", name))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return _failed(name, problem("no-file", "there is no such file", name, _similar(path)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it could not be opened"
        return _failed(name, problem("unreadable-file", f"the file could not be read: {reason}", name))
    text, finding = decode(data, name)
    return _failed(name, finding) if finding else _read_text(text, name, path.parent)


def _similar(path: Path) -> str:
    from difflib import get_close_matches

    try:
        names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    close = get_close_matches(path.name, names, 1)
    return f"did you mean {close[0]}?" if close else ""


def _failed(name: str, *findings: Finding) -> Document:
    return Document(name, format_of(name) or "text", "", findings=findings)


def _read_text(text: str, name: str, folder: Path | None) -> Document:
    format_ = format_of(name)
    if format_ is None:
        suffix = Path(name).suffix
        advice = "derivcheck reads .md, .tex, .txt and .ipynb; rename the file if it is one of these"
        return _failed(name, problem("unsupported-format", f"files ending in {suffix} are not read", name, advice))
    if format_ == "notebook":
        return _read_notebook(text, name)
    if format_ == "tex" or (format_ == "text" and "\\begin{document}" in text):
        return _read_tex(text, name, folder)
    return _read_markdown(text, name, format_, (Segment(0, len(text), name),))


def _read_markdown(text: str, name: str, format_: str, segments: tuple[Segment, ...]) -> Document:
    """Markdown, text read off a page, and the Markdown cells of a notebook, one stretch after the other."""
    masked = _without_definitions(markdown.mask_markdown(text))
    regions = [region for segment in segments for region in find_maths(masked, segment.start, segment.end)]
    if len(regions) > MOST_FORMULAS:
        return _failed(name, _flood(len(regions), name))
    source_kind, reason = guess_source_kind(masked, regions, format_)
    page = Page(masked, regions, _starts(regions), clean_markdown, furniture=source_kind == "ocr")
    leaves = [leaf for part in segments for leaf in markdown.markdown_leaves(masked, regions, part.start, part.end)]
    return Document(
        name,
        format_,
        text,
        build_blocks(page, leaves),
        _nothing_found(masked, regions, name),
        _definitions(text),
        source_kind,
        reason,
        segments,
        line_starts(text),
    )


def _read_notebook(text: str, name: str) -> Document:
    try:
        cells = _markdown_cells(json.loads(text))
    except (ValueError, RecursionError):
        return _failed(name, problem("not-text", "this is not a notebook: it is not valid JSON", name))
    if not cells:
        advice = "write the answer in one"
        return _failed(name, problem("empty-file", "the notebook has no Markdown cell", name, advice))
    parts, segments, at = [], [], 0
    for index, source in cells:
        parts.append(source)
        segments.append(Segment(at, at + len(source) + 1, name, index))
        at += len(source) + 1
    return _read_markdown("\n".join(parts), name, "notebook", tuple(segments))


def _markdown_cells(notebook: Any) -> list[tuple[int, str]]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = []
    for index, cell in enumerate(cells if isinstance(cells, list) else []):
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            source = cell.get("source", "")
            lines = source if isinstance(source, list) else [source]
            joined = "".join(line for line in lines if isinstance(line, str))
            found.append((index, joined.replace("\r\n", "\n").replace("\r", "\n")))
    return found


def _read_tex(text: str, name: str, folder: Path | None) -> Document:
    findings: list[Finding] = []
    parts = _Inputs(name, folder, findings)
    ranges = list(parts.expand(text, name, 0))
    whole = "".join(parts.texts)
    masked = "".join(parts.masked)
    segments = tuple(parts.segments)
    first, last = tex.body(masked, 0, len(text))
    macros = _definitions(masked)
    masked = _without_definitions(masked)
    regions = sorted(
        (region for start, end in ranges for region in find_maths(masked, start, end)), key=lambda region: region.start
    )
    if len(regions) > MOST_FORMULAS:
        return _failed(name, _flood(len(regions), name))
    page = Page(masked, regions, _starts(regions), tex.clean_prose, bare=False)
    leaves: list[Leaf] = []
    scanner = tex.TexScanner(masked, regions)
    for start, end in ranges:
        in_main = start < len(text)
        start, end = (max(start, first), min(end, last)) if in_main else (start, end)
        if start < end:
            leaves += scanner.leaves(start, end)
    return Document(
        name,
        "tex",
        whole,
        build_blocks(page, leaves),
        (*findings, *_nothing_found(masked, regions, name)),
        macros,
        "typed",
        "a TeX file",
        segments,
        line_starts(whole),
    )


class _Inputs:
    """A main file and what it includes, one behind the other, and the order in which they are read."""

    def __init__(self, name: str, folder: Path | None, findings: list[Finding]) -> None:
        self.name, self.folder, self.findings = name, folder, findings
        self.texts: list[str] = []
        self.masked: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0

    def expand(self, text: str, file: str, depth: int) -> Iterator[tuple[int, int]]:
        start = self.length
        masked = tex.mask_tex(text)
        calls = [(match.start(), match.end(), match) for match in _INPUT.finditer(masked)]
        for begin, end, _ in calls:
            masked = masked[:begin] + " " * (end - begin) + masked[end:]
        self.texts.append(text + "\n")
        self.masked.append(masked + "\n")
        self.segments.append(Segment(start, start + len(text) + 1, file))
        self.length += len(text) + 1
        at = start
        for begin, end, match in calls:
            yield at, start + begin
            yield from self._included(match, text, file, depth)
            at = start + end
        yield at, start + len(text)

    def _included(self, match: re.Match[str], text: str, file: str, depth: int) -> Iterator[tuple[int, int]]:
        wanted = (match.group("braced") or match.group("plain") or "").strip().strip('"')
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        place = {"line": line, "column": column, "end_column": column + match.end() - match.start(), "file": file}
        found = self._locate(wanted)
        if isinstance(found, str):
            advice = "include only files that stand in the folder of the main file"
            self.findings.append(Finding(found, "warning", f"{wanted} was not included", help=advice, **place))
        elif depth >= 5 or len(self.segments) >= MOST_INPUTS:
            self.findings.append(Finding("too-large", "warning", f"{wanted} was not included: too many", **place))
        else:
            try:
                included, finding = decode(found.read_bytes()[: LARGEST + 1], wanted)
            except OSError:
                included, finding = "", problem("unreadable-file", f"{wanted} could not be read", file)
            if finding:
                self.findings.append(finding)
            else:
                yield from self.expand(included, wanted, depth + 1)

    def _locate(self, wanted: str) -> Path | str:
        """The file that `\\input` means, or the code of the finding: nothing outside the main file's folder."""
        if self.folder is None:
            return "input-outside-folder"
        try:
            folder = self.folder.resolve()
            for candidate in (folder / wanted, folder / f"{wanted}.tex"):
                path = candidate.resolve()
                if not path.is_relative_to(folder):
                    return "input-outside-folder"
                if path.is_file():
                    return path
        except (OSError, ValueError, RuntimeError):
            return "no-file"
        return "no-file"


def _flood(count: int, name: str) -> Finding:
    return problem("too-large", f"the file has {count} formulas, more than {MOST_FORMULAS}", name, "split it")


def _starts(regions: list[Region]) -> list[int]:
    return [region.start for region in regions]


def _definitions(text: str) -> str:
    return "\n".join(text[start:end] for start, end in find_definitions(text))


def _without_definitions(masked: str) -> str:
    """Definitions of commands are no content: blanked in place."""
    parts, at = [], 0
    for start, end in find_definitions(masked):
        parts += [masked[at:start], re.sub(r"[^\n]", " ", masked[start:end])]
        at = end
    return "".join((*parts, masked[at:]))


def _nothing_found(masked: str, regions: list[Region], name: str) -> tuple[Finding, ...]:
    findings = []
    for region in regions:
        if not region.closed:
            line = masked.count("\n", 0, region.start) + 1
            column = region.start - masked.rfind("\n", 0, region.start)
            message = "this formula is never closed; it was read to the end of its paragraph"
            findings.append(Finding("unclosed-formula", "warning", message, line, column, column + 2, file=name))
    return tuple(findings)
