"""The members of families as notes speak of them: `$x_1, \\dots, x_n$`, and their range, `$t = 1, \\dots, T$`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from derivcheck.checking.walking import CONDITIONS
from derivcheck.record import replace
from derivcheck.source.discourse import Move

_RANGE = re.compile(r"\s*[A-Za-z](?:\s*,\s*[A-Za-z])*\s*=[^=<>&]*\\(?:[lc]?dots|dots[cb])[^=<>&]*")


MEMBERS = "members"
_LISTED = re.compile(
    r"\s*([A-Za-z]|\\[a-z]+)_\{?1\}?\s*,(?:\s*\1_\{?2\}?\s*,)?\s*\\[lc]?dots\s*,\s*\1_\{?[A-Za-z]\}?\s*"
)


def of_members(move: Move) -> Move:
    """`We observe $x_1, \\dots, x_n$`: members of a family of numbers, as long as nothing else is said of them."""
    formula = move.formula
    if move.role != "mention" or formula is None or _LISTED.fullmatch(formula.latex) is None:
        return move
    return replace(
        move, role="property", note=MEMBERS, formula=replace(formula, latex=rf"{formula.latex} \in \mathbb{{R}}")
    )


def is_range(move: Move) -> bool:
    """`$t = 0, \\dots, T$` by itself."""
    return move.role == "claim" and move.formula is not None and _RANGE.fullmatch(move.formula.latex) is not None


def declares_members(move: Move) -> bool:
    """`$w_t \\in \\mathbb{R}^n$`, before its range."""
    if move.formula is None or move.role not in ("definition", "claim", *CONDITIONS):
        return False
    left, sign, _ = move.formula.latex.partition("\\in")
    return bool(sign) and "_" in left


def of_each(move: Move, limits: Move) -> Move | None:
    """`$A v_i = \\lambda_i v_i$ for $i = 1, 2$` as what it says of v_1 and of v_2."""
    said = _VALUES.fullmatch(limits.formula.latex) if limits.formula is not None else None
    if said is None or move.formula is None or move.sentence != limits.sentence:
        return None
    member = re.compile(rf"_(?:{said['index']}(?![A-Za-z])|\{{\s*{said['index']}\s*\}})")
    if move.role not in ("definition", "condition") or not member.search(move.formula.latex) or declares_members(move):
        return None
    each = [member.sub(f"_{number.strip()}", move.formula.latex) for number in said["values"].split(",")]
    return replace(move, formula=replace(move.formula, latex=r", \quad ".join(each)))


_VALUES = re.compile(r"\s*(?P<index>[a-z])\s*=\s*(?P<values>\d(?:\s*,\s*\d){1,4})\s*")


def shared_ranges(moves: Sequence[Move], ranges: Mapping[int, str]) -> dict[int, str]:
    """The ranges of the declarations of one sentence: `$h_t = f(h_{t-1}, x_t)$ for $t = 1, \\dots, T$ with $h_t \\in
    \\mathbb{R}^m$` says of the members h_t with which t; the first of them is the one before t = 1."""
    limits = {m.sentence: ranges[s] for m in moves if m.formula is not None and (s := m.formula.span.start) in ranges}
    found = dict(ranges)
    for move in moves:
        said = limits.get(move.sentence)
        if said is None or move.formula is None or move.formula.span.start in ranges or not declares_members(move):
            continue
        name = move.formula.latex.partition("\\in")[0].strip()
        member, range_ = _MEMBER.fullmatch(name), _FIRST.fullmatch(said)
        if member is None or range_ is None or member["index"] != range_["index"]:
            continue
        before = re.compile(rf"{re.escape(member['name'])}_\{{\s*{member['index']}\s*-\s*1\s*\}}")
        back = range_["first"] == "1" and any(m.formula is not None and before.search(m.formula.latex) for m in moves)
        found[move.formula.span.start] = f"{range_['start']}0{range_['rest']}" if back else said
    return found


def stepped(moves: Sequence[Move], ranges: Mapping[int, str], first: Mapping[str, str]) -> dict[int, str]:
    """The ranges, and those of `$x_t \\in \\mathbb{R}$` where the x_t are steps (`first`: from which one on)."""
    found = dict(ranges)
    for move in moves:
        if move.formula is None or move.formula.span.start in ranges or not declares_members(move):
            continue
        member = _MEMBER.fullmatch(move.formula.latex.partition("\\in")[0].strip())
        if member is not None and member["name"] in first:
            limits = rf"{member['index']} \ge {first[member['name']]}"
            found[move.formula.span.start] = rf" \quad \text{{for }} {limits}"
    return found


_MEMBER = re.compile(r"(?P<name>\\?[A-Za-z]+)_\{?(?P<index>[a-z])\}?")
_FIRST = re.compile(r"(?P<start>.*?for \}+\s*(?P<index>[a-z])\s*=\s*)(?P<first>\d+)(?P<rest>.*)", re.S)


def with_range(made: Sequence[Move], limits: str) -> Iterator[Move]:
    """The declaration before a range, and the others before it that its list begins with and that have its index."""
    yield made[-1]
    letter = limits.strip()[:1]
    for before, after in zip(reversed(made[:-1]), reversed(made), strict=False):
        listed = after.lead.strip() in (",", "and", ", and") and before.sentence == after.sentence
        left = before.formula.latex.partition("\\in")[0] if before.formula is not None else ""
        if not (listed and declares_members(before) and re.search(rf"_\{{?{re.escape(letter)}(?![A-Za-z])", left)):
            return
        yield before
