"""The keys of a problem file: for each what it is filled with, as a table. A new key is a row here and a
field of `schema.Part`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from derivcheck.problems.schema import Alternative, Credit, Entry, Line, Mark, Part, Text, Use
from derivcheck.problems.yaml_nodes import Source, leaf, pairs, suggestion, unknown_key
from derivcheck.record import dataclass

Reader = Callable[[Node, Source, str], Any]

ENTRY_VERDICTS = ("correct", "partial", "wrong", "review")
KINDS = (
    "expression", "chain", "bound", "value", "truth", "asymptotic", "property", "consistency", "manual",
    "shape", "design", "proof",
)  # fmt: skip
RELATIONS = {
    r"\le": "<=", r"\leq": "<=", "<=": "<=", "≤": "<=", "<": "<",
    r"\ge": ">=", r"\geq": ">=", ">=": ">=", "≥": ">=", ">": ">",
}  # fmt: skip

_MARK = re.compile(r"\s*(?<!\\)%\s*wrong(?:\s*:\s*([\w-]+))?\s*$")
_NUMBER = re.compile(r"\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Field:
    """One key: the attribute of Part that it fills, how it is read, whether the head may hold it for all parts."""

    attribute: str
    read: Reader
    shared: bool = False


def read_lines(node: Node, source: Source, key: str) -> tuple[Line, ...]:
    """A block, one LaTeX line each (or one line, or a list of lines)."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    if isinstance(node, ScalarNode) and node.style is None and node.end_mark.line > node.start_mark.line:
        message = f"without a bar behind `{key}:` YAML makes one line of these"
        source.report(node, "joined-lines", message, f"write `{key}: |`, then one formula a line")
        return ()
    texts = [leaf(item, source, key) for item in nodes]
    return tuple(line for text in texts if text for line in text if line.text.strip())


def read_word(node: Node, source: Source, key: str) -> str:
    text = leaf(node, source, key)
    return text.text.strip() if text else ""


def read_number(node: Node, source: Source, key: str) -> float:
    word = read_word(node, source, key)
    if _NUMBER.match(word):
        return float(word) if "." in word else int(word)
    if isinstance(node, ScalarNode):
        source.report(node, "wrong-type", f"`{key}` is a number such as 4 or 2.5, but here stands `{word}`")
    return 0


def read_yes(node: Node, source: Source, key: str) -> bool:
    word = read_word(node, source, key)
    if word not in ("true", "false"):
        source.report(node, "wrong-type", f"`{key}` is true or false, but here stands `{word}`")
    return word == "true"


def one_of(words: tuple[str, ...]) -> Reader:
    def read(node: Node, source: Source, key: str) -> str:
        word = read_word(node, source, key)
        if word not in words:
            message = f"`{key}` is one of {', '.join(words)}, but here stands `{word}`"
            source.report(node, "wrong-type", message, suggestion(word, list(words)))
            return ""
        return word

    return read


def read_relation(node: Node, source: Source, key: str) -> str:
    return RELATIONS.get(one_of(tuple(RELATIONS))(node, source, key), "")


def read_names(node: Node, source: Source, key: str) -> tuple[str, ...]:
    """Names between commas outside braces and brackets, or a list."""
    if isinstance(node, SequenceNode):
        return tuple(word for item in node.value if (word := read_word(item, source, key)))
    return tuple(split_names(read_word(node, source, key)))


def split_names(text: str) -> list[str]:
    names, depth, current = [], 0, ""
    for character in text:
        depth += (character in "{[(") - (character in "}])")
        if character in ",\n" and depth <= 0:
            names.append(current.strip())
            current = ""
        else:
            current += character
    return [name for name in [*names, current.strip()] if name]


def read_entries(node: Node, source: Source, key: str) -> tuple[Entry, ...]:
    """A list of answers, each text or a mapping with answer, points and hint."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    made = [_entry(item, source, key) for item in nodes]
    return tuple(entry for entry in made if entry is not None)


def _entry(node: Node, source: Source, verdict: str) -> Entry | None:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    values: dict[str, Any] = {"answer": None, "points": None, "hint": None}
    if isinstance(node, MappingNode):
        for key, key_node, value in pairs(node, source):
            if key not in values:
                unknown_key(key, key_node, list(values), source, "an answer")
            else:
                values[key] = (read_number if key == "points" else leaf)(value, source, key)
        if values["answer"] is None:
            source.report(node, "missing-key", "an answer with points or a hint needs `answer:`")
            return None
    else:
        values["answer"] = leaf(node, source, verdict)
    text = values["answer"]
    if not text:
        return None
    cleaned, marks = strip_marks(text)
    return Entry(verdict, cleaned, values["points"], values["hint"], marks, line, column)


def strip_marks(text: Text) -> tuple[Text, tuple[Mark, ...]]:
    """The text without `% wrong` and `% wrong: code`, and where they stood."""
    lines: list[Line] = []
    marks: list[Mark] = []
    for number, line in enumerate(text, 1):
        found = _MARK.search(line.text)
        if found:
            marks.append(Mark(number, found[1] or ""))
        lines.append(Line(line.text[: found.start()] if found else line.text, line.line, line.column))
    return Text(tuple(lines), text.block), tuple(marks)


def _records(
    node: Node, source: Source, key: str, keys: dict[str, Reader], optional: dict[str, Reader] | None = None
) -> list[dict[str, Any]]:
    """A list of mappings that each must have `keys` and may have `optional` ones."""
    rows, readers = [], {**keys, **(optional or {})}
    for item in node.value if isinstance(node, SequenceNode) else [node]:
        if not isinstance(item, MappingNode):
            source.report(item, "wrong-type", f"`{key}` is a list of mappings with {' and '.join(keys)}")
            continue
        row: dict[str, Any] = {}
        for name, name_node, value in pairs(item, source):
            if name in readers:
                row[name] = readers[name](value, source, name)
            else:
                unknown_key(name, name_node, list(readers), source, f"`{key}`")
        lacking = [name for name in keys if not row.get(name)]
        if lacking:
            source.report(item, "missing-key", f"an item of `{key}` needs {' and '.join(f'`{n}:`' for n in lacking)}")
        else:
            rows.append(row)
    return rows


def read_credit(node: Node, source: Source, key: str) -> tuple[Credit, ...]:
    rows = _records(node, source, key, {"for": leaf, "points": read_number})
    return tuple(Credit(row["for"], row["points"]) for row in rows)


def read_alternatives(node: Node, source: Source, key: str) -> tuple[Alternative, ...]:
    items = node.value if isinstance(node, SequenceNode) else [node]
    plain = [text for item in items if isinstance(item, ScalarNode) and (text := leaf(item, source, key))]
    mappings = [item for item in items if not isinstance(item, ScalarNode)]
    rows = [row for item in mappings for row in _records(item, source, key, {"answer": leaf}, {"when": leaf})]
    return (*map(Alternative, plain), *(Alternative(row["answer"], row.get("when")) for row in rows))


def read_uses(node: Node, source: Source, key: str) -> tuple[Use, ...]:
    rows = _records(node, source, key, {"part": read_word, "as": read_word, "answer": leaf})
    return tuple(Use(row["part"], row["as"], row["answer"]) for row in rows)


FIELDS: dict[str, Field] = {
    "title": Field("title", read_word, shared=True),
    "kind": Field("kind", one_of(KINDS), shared=True),
    "given": Field("given", read_lines, shared=True),
    "ask": Field("ask", leaf),
    "find": Field("find", leaf),
    "in": Field("terms", leaf, shared=True),
    "answer": Field("answer", leaf),
    "where": Field("where", read_lines, shared=True),
    "points": Field("points", read_number, shared=True),
    "credit": Field("credit", read_credit),
    "layout": Field("layout", one_of(("numerator", "denominator")), shared=True),
    "shorthand": Field("shorthand", one_of(("diagonal",)), shared=True),
    "products": Field("products", one_of(("latest-first", "earliest-first")), shared=True),
    "source": Field("source", read_word, shared=True),
    "show": Field("show", leaf),
    "relation": Field("relation", read_relation),
    "when": Field("when", leaf),
    "or": Field("alternatives", read_alternatives),
    "from": Field("uses", read_uses),
    "requires": Field("requires", read_lines),
    "suppose": Field("suppose", read_lines),
    "formula": Field("formula", leaf),
    "figures": Field("figures", read_names),
    "sums": Field("sums", read_yes),
    "digits": Field("digits", read_number),
    "choice": Field("choice", read_names, shared=True),
    "length": Field("length", read_number),
    **{verdict: Field("entries", read_entries) for verdict in ENTRY_VERDICTS},
}


def read_fields(node: MappingNode, source: Source, skip: tuple[str, ...] = (), *, head: bool = False) -> dict[str, Any]:
    """The values of a mapping's keys by attribute. `head`: of a file with parts, where only shared keys belong."""
    values: dict[str, Any] = {}
    for key, key_node, value in pairs(node, source):
        if key in skip:
            continue
        row = FIELDS.get(key)
        if row is None:
            unknown_key(key, key_node, [*FIELDS, *skip], source, "a problem")
        elif head and not row.shared:
            source.report(key_node, "misplaced-key", f"`{key}` belongs to one part", "move it under one of `parts:`")
        elif row.attribute == "entries":
            values["entries"] = values.get("entries", ()) + row.read(value, source, key)
        else:
            made = row.read(value, source, key)
            if made is not None and made != "":
                values[row.attribute] = made
    return values


def infer_kind(part: Part) -> str:
    """The kind that the fields show, for a part that does not name one."""
    answer = part.answer.text.strip() if part.answer else ""
    rows = (
        ("proof", part.suppose),
        ("chain", part.show),
        ("property", part.requires),
        ("consistency", part.formula or part.sums),
        ("bound", part.relation),
        ("truth", answer.lower() in ("true", "false", "yes", "no")),
        ("asymptotic", re.match(r"(\\mathcal\{)?O\}?\s*(\\left)?\(", answer)),
        ("expression", part.find),
        ("value", answer),
    )
    return next((kind for kind, shown in rows if shown), "manual")
