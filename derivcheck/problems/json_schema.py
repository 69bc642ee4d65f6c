"""A JSON Schema of problem files for editors, and the reference of kinds, made from the tables that load them."""

from __future__ import annotations

from typing import Any

from derivcheck.problems.checks import NEEDS
from derivcheck.problems.fields import (
    ENTRY_VERDICTS,
    FIELDS,
    KINDS,
    RELATIONS,
    Field,
    read_alternatives,
    read_credit,
    read_entries,
    read_lines,
    read_names,
    read_number,
    read_relation,
    read_uses,
    read_yes,
)

Schema = dict[str, Any]
TEXT: Schema = {"type": ["string", "number", "boolean"]}
NUMBER: Schema = {"type": "number", "minimum": 0}
_CHOICES = {
    "kind": list(KINDS), "layout": ["numerator", "denominator"], "shorthand": ["diagonal"],
    "products": ["latest-first", "earliest-first"],
}  # fmt: skip

SAYS: dict[str, str] = {
    "title": "a short name", "kind": "the kind of answer, where the fields do not show it",
    "given": "declarations, domains, definitions, assumptions, laws: one LaTeX line each",
    "ask": "the question as students see it", "find": "the expression asked for",
    "in": "the symbols (and derivatives) that the result may hold", "answer": "one right answer",
    "where": "shorthand for this file's own answers", "points": "marks", "credit": "points for a line that is shown",
    "layout": "the convention for derivatives that the sheet states", "shorthand": "a vector for its diagonal Jacobian",
    "products": "the order that the sheet states for products of matrices", "source": "where the question is from",
    "show": "the statement that the question asks to show", "relation": "bound: which side", "when": "the regime",
    "or": "further right answers: a text, or `answer:` with `when:`, a convention that the student must state",
    "requires": "what a right answer satisfies (property, design), or the claims that it needs (proof)",
    "suppose": "what a proof supposes and leads to a contradiction", "formula": "the relation between figures",
    "figures": "names of figures in the answer", "sums": "whether worked sums are looked for",
    "digits": "how many significant digits are asked", "choice": "names that are the student's to choose",
    "from": "an earlier part that this one is computed from", "length": "design: how long input strings are, at most",
    **{verdict: f"answers that must come out as {verdict}: tests, and rules for answers equal to them"
       for verdict in ENTRY_VERDICTS},
}  # fmt: skip


def problem_schema() -> Schema:
    """The schema of a problem file: one part, or several under `parts`."""
    own = {key: _described(key, _of(key, field)) for key, field in FIELDS.items()}
    part = {"type": "object", "properties": own, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A problem of derivcheck",
        "type": "object",
        "properties": {**own, "parts": {"type": "object", "additionalProperties": {"$ref": "#/$defs/part"}}},
        "additionalProperties": False,
        "$defs": {"part": part},
    }


def _described(key: str, schema: Schema) -> Schema:
    return {"description": SAYS[key], **schema}


def _of(key: str, field: Field) -> Schema:
    if key in _CHOICES:
        return {"enum": _CHOICES[key]}
    lists: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
    table: dict[Any, Schema] = {
        read_number: NUMBER, read_yes: {"type": "boolean"}, read_relation: {"enum": list(RELATIONS)},
        read_lines: lists, read_names: lists,
        read_entries: _listed({"anyOf": [TEXT, _record({"answer": TEXT}, points=NUMBER, hint=TEXT)]}),
        read_credit: _listed(_record({"for": TEXT, "points": NUMBER})),
        read_alternatives: _listed({"anyOf": [TEXT, _record({"answer": TEXT}, when=TEXT)]}),
        read_uses: _listed(_record({"part": TEXT, "as": TEXT, "answer": TEXT})),
    }  # fmt: skip
    return table.get(field.read, TEXT)


def _listed(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _record(needed: Schema, **optional: Schema) -> Schema:
    return {
        "type": "object", "properties": {**needed, **optional}, "required": list(needed), "additionalProperties": False,
    }  # fmt: skip


# the reference of kinds ------------------------------------------------------------------------------------------

KIND_TEXTS: dict[str, str] = {
    "expression": "The result equals `answer` for every value of the givens, is in the terms of `in`, and no line on "
    "the way to it is wrong.",
    "chain": "The question states the result (`show`): every line must follow, and the lines must lead to it.",
    "bound": "A valid bound, as tight as `answer`; a valid one that is looser is partial.",
    "value": "A number, a vector or a count, alone or under the name in `find`. Whole numbers agree exactly, decimals "
    "after rounding; `or` lists others.",
    "truth": "True or false, yes or no: the word alone is judged; what explains it is for a person.",
    "asymptotic": "A class `O(...)` in the regime of `when` or of the answer; one larger than need be is partial.",
    "property": "Any answer with every property in `requires`; `answer` is only one of them.",
    "consistency": "Figures in the answer that must agree by `formula`, or worked sums (`sums: true`).",
    "shape": "A shape, in brackets or not, in maths or in words.",
    "design": "Values for the names in `choice`. The model of the givens is run with them on every input (symbols with "
    "finitely many values; strings up to `length`, 12 by default) in exact numbers, and each line of `requires` must "
    "hold. `credit` may name such a line. A whole number in `choice` that the answer leaves open is any that does.",
    "proof": "The claims in `requires` (and `show`) must each stand there and follow, in any order; to assume what is "
    "to be shown is refused. With `suppose` it is a proof by contradiction: each one must be written down, and a "
    "line must follow that denies one of them.",
    "manual": "Prose: marked by people.",
}


def kinds_page() -> str:
    """`docs/kinds.md`: every kind with what it needs, every key with what it says."""
    rows = ["# Kinds of answers", "", "Generated from the tables of the loader; do not edit.", ""]
    for kind, text in KIND_TEXTS.items():
        needs = " or ".join(f"`{key}`" for key in NEEDS.get(kind, ()))
        rows += [f"## {kind}", "", text + (f" Needs {needs}." if needs else ""), ""]
    rows += ["## Keys", "", "| key | says | in the head of several parts |", "|---|---|---|"]
    rows += [f"| `{key}` | {SAYS[key]} | {'yes' if field.shared else ''} |" for key, field in FIELDS.items()]
    return "\n".join(rows) + "\n"
