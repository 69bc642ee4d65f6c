"""What `problems show` says of one part, as plain values and as text. The bank is public, its references too."""

from __future__ import annotations

from typing import Any

from derivcheck.problems.schema import Entry, Part, Text


def part_json(part: Part) -> dict[str, Any]:
    """A part as the contract's words; empty fields are left out."""
    out: dict[str, Any] = {
        "problem": part.id,
        "title": part.title,
        "kind": part.kind,
        "points": part.points,
        "given": [line.text for line in part.given],
        "ask": _text(part.ask),
        "find": _text(part.find),
        "in": _text(part.terms),
        "show": _text(part.show),
        "where": [line.text for line in part.where],
        "relation": part.relation,
        "answer": _text(part.answer),
        "when": _text(part.when),
        "requires": [line.text for line in part.requires],
        "suppose": [line.text for line in part.suppose],
        "formula": _text(part.formula),
        "figures": list(part.figures),
        "layout": part.layout,
        "shorthand": part.shorthand,
        "products": part.products,
        "source": part.source,
        **{verdict: [_entry(e) for e in part.of(verdict)] for verdict in ("correct", "partial", "wrong", "review")},
    }
    return {key: value for key, value in out.items() if value not in ("", [], None)}


def _text(text: Text | None) -> str:
    return text.text if text else ""


def _entry(entry: Entry) -> dict[str, Any]:
    out: dict[str, Any] = {"answer": entry.text.text}
    if entry.points is not None:
        out["points"] = entry.points
    if entry.hint is not None:
        out["hint"] = entry.hint.text
    return out


_ROWS = ("find", "show", "in", "relation", "answer", "when", "formula")


def part_text(part: Part) -> str:
    """A part for the terminal."""
    data = part_json(part)
    points = f"{part.points:g} point{'s' if part.points != 1 else ''}"
    rows = [f"{part.id}  {part.title}".rstrip(), f"kind {part.kind}, {points}", ""]
    if part.ask:
        rows += [*part.ask.text.splitlines(), ""]
    for key in ("given", "where", "suppose", "requires"):
        if data.get(key):
            rows += [f"{key}:", *(f"  {line}" for line in data[key]), ""]
    rows += [f"{key + ':':10} {data[key]}" for key in _ROWS if data.get(key)]
    for verdict in ("correct", "partial", "wrong", "review"):
        for entry in data.get(verdict, []):
            worth = f" ({entry['points']:g})" if "points" in entry else ""
            answer = entry["answer"].replace("\n", "\n" + " " * 11)
            rows.append(f"{verdict + worth:10} {answer}")
            if "hint" in entry:
                rows.append(f"{'':10} hint: {entry['hint']}")
    return "\n".join(rows).rstrip()
