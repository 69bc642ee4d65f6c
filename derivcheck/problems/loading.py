"""Problem and assignment files to frozen values. Nothing raises on what stands in a file: it becomes findings
with line, column, what was expected and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from derivcheck.findings import Finding
from derivcheck.problems.checks import check_part
from derivcheck.problems.fields import infer_kind, read_fields, read_names, read_number, read_word
from derivcheck.problems.schema import Assignment, Item, Part, Problem
from derivcheck.problems.yaml_nodes import Source, compose, leaf, pairs, unknown_key
from derivcheck.record import replace

LARGEST = 1_000_000

Findings = tuple[Finding, ...]


def load_problem(path: Path | str, id: str = "") -> tuple[Problem | None, Findings]:
    """The problem in a file; its id is `<folder>/<name>` unless given. None where nothing could be made of it."""
    path = Path(path)
    text, source = _open(path)
    if text is None:
        return None, tuple(source.findings)
    return read_problem(text, id or f"{path.resolve().parent.name}/{path.stem}", str(path))


def load_assignment(path: Path | str, id: str = "") -> tuple[Assignment | None, Findings]:
    """The paper in a file; its id is the file's name unless given."""
    path = Path(path)
    text, source = _open(path)
    if text is None:
        return None, tuple(source.findings)
    return read_assignment(text, id or path.stem, str(path))


def _open(path: Path) -> tuple[str | None, Source]:
    source = Source(str(path), [])
    try:
        if path.stat().st_size > LARGEST:
            source.add("too-large", f"more than {LARGEST} bytes", 1, 1)
            return None, source
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        source.add("no-file", f"this file cannot be read: {error.strerror or error}", 0, 0)
        return None, source
    except UnicodeDecodeError:
        source.add("not-text", "this file is not UTF-8 text", 1, 1)
        return None, source
    return text, source


def read_problem(text: str, id: str, file: str = "") -> tuple[Problem | None, Findings]:
    """A problem from its YAML text."""
    source = Source(file, text.split("\n"))
    root = compose(text, source)
    if root is None:
        return None, tuple(source.findings)
    parts = tuple(_parts(root, id, source))
    titles = (value.value for key, _, value in _quiet(root, source) if key == "title" and isinstance(value, ScalarNode))
    title = next(titles, parts[0].title if parts else "")
    return Problem(id, title, parts, file), tuple(source.findings)


def _quiet(root: MappingNode, source: Source) -> Iterator[tuple[str, Node, Node]]:
    """The pairs of a mapping whose keys were already reported on."""
    yield from pairs(root, Source(source.file, source.rows))


def _parts(root: MappingNode, id: str, source: Source) -> Iterator[Part]:
    inner = next((value for key, _, value in _quiet(root, source) if key == "parts"), None)
    if inner is None:
        yield _part(id, {}, read_fields(root, source, ("parts",)), root, source)
        return
    head = read_fields(root, source, ("parts",), head=True)
    if not isinstance(inner, MappingNode) or not inner.value:
        source.report(inner, "wrong-type", "`parts` maps a short name to the fields of each part")
        return
    for name, key_node, value in pairs(inner, source):
        if not isinstance(value, MappingNode):
            source.report(key_node, "wrong-type", f"part `{name}` is a mapping of fields")
            continue
        yield _part(f"{id}-{name}", head, read_fields(value, source), key_node, source)


def _part(id: str, head: dict[str, Any], own: dict[str, Any], node: Node, source: Source) -> Part:
    """A part's own fields over those of the file's head; givens and `where` add up."""
    values = {**head, **own}
    for attribute in ("given", "where", "choice"):
        values[attribute] = head.get(attribute, ()) + own.get(attribute, ())
    if own.get("title") is None and head.get("title"):
        values["title"] = head["title"]
    kind = values.pop("kind", "")
    part = Part(id=id, kind=kind or "manual", file=source.file, line=node.start_mark.line + 1, **values)
    part = part if kind else replace(part, kind=infer_kind(part))
    check_part(part, source)
    return part


def read_assignment(text: str, id: str, file: str = "") -> tuple[Assignment | None, Findings]:
    """A paper from its YAML text."""
    source = Source(file, text.split("\n"))
    root = compose(text, source)
    if root is None:
        return None, tuple(source.findings)
    title, items = "", ()
    for key, key_node, value in pairs(root, source):
        if key == "title":
            title = read_word(value, source, key)
        elif key == "parts" and isinstance(value, MappingNode):
            items = tuple(_items(value, source))
        elif key == "parts":
            source.report(value, "wrong-type", "`parts` maps the label on the sheet to a problem's id")
        else:
            unknown_key(key, key_node, ["title", "parts"], source, "an assignment")
    if not items and not source.findings:
        source.add("missing-key", "an assignment needs `parts:`", 1, 1)
    return Assignment(id, title, items, file), tuple(source.findings)


_ITEM_KEYS = ["problem", "points", "also"]


def _items(node: MappingNode, source: Source, section: str = "") -> Iterator[Item]:
    """label: id, label: [ids], label: {problem, points}, or a section's name over more of the same."""
    for label, key_node, value in pairs(node, source):
        if isinstance(value, MappingNode) and not section and not _is_item(value):
            yield from _items(value, source, label)
            continue
        for one in value.value if isinstance(value, SequenceNode) else [value]:
            item = _item(label, one, section, source)
            if item is not None:
                yield item
            elif not source.findings:
                source.report(key_node, "wrong-type", f"`{label}` names no problem")


def _is_item(node: MappingNode) -> bool:
    return any(isinstance(key, ScalarNode) and key.value == "problem" for key, _ in node.value)


def _item(label: str, node: Node, section: str, source: Source) -> Item | None:
    problem, points, also = "", None, ()
    if isinstance(node, MappingNode):
        for key, key_node, value in pairs(node, source):
            if key == "problem":
                problem = read_word(value, source, key)
            elif key == "points":
                points = read_number(value, source, key)
            elif key == "also":
                also = read_names(value, source, key)
            else:
                unknown_key(key, key_node, _ITEM_KEYS, source, "a part of an assignment")
    else:
        text = leaf(node, source, label)
        problem = text.text.strip() if text else ""
    if not problem:
        return None
    return Item(label, problem, points, section, also, node.start_mark.line + 1, node.start_mark.column + 1)
