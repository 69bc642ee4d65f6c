"""A question in LaTeX or Markdown as the draft of a problem file: what it declares becomes givens, what it asks becomes
`find` or `show`, its wording suggests the kind. What the question does not state stands there as a TODO."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.discourse import moves
from derivcheck.source.document import read_document

if TYPE_CHECKING:
    from derivcheck.language.scope import Scope
    from derivcheck.source.discourse import Move

# kind, and the wording that asks for it; the first that fits.
WORDINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, lazy(pattern, re.I))
    for kind, pattern in (
        ("truth", r"\btrue\s*(?:/|or)\s*false\b|\bT\s*/\s*F\b|\bis it true\b"),
        ("proof", r"\bprove\b|\bproof\b"),
        ("shape", r"\bshapes?\b|\bdimensions? (?:of|does|do|has|have)\b"),
        ("asymptotic", r"\bcomplexity\b|\basymptotic|\bbig[- ]?O\b"),
        ("bound", r"\b(?:upper |lower )?bound\b"),
        ("chain", r"\b(?:show|verify|demonstrate)\b|\bderive that\b"),
        ("value", r"\bhow (?:many|much)\b|\bwhat (?:is|are) the (?:values?|number)\b|\bevaluate\b"),
        ("design", r"\b(?:choose|design)\b[^.?]*\b(?:so that|such that)\b"),
        ("expression", r""),
    )
)
# What a file of a kind must have besides the question: a stand-in, and what is to be done about it.
_STANDS_IN = {
    "truth": ("answer: true", "true or false?"),
    "shape": ("answer: n \\times m", "the shape asked for"),
    "asymptotic": ("answer: O(n)", "the class asked for; `when:` for the regime"),
    "value": ('answer: "0"', "the value asked for"),
    "design": ("requires: 1 = 1", "what the values must do; `choice:` for the names to be chosen"),
    "expression": ("", "the reference (left out where `find` and the givens decide it)"),
    "bound": ("", "the bound asked for"),
}
_MATHS = re.compile(r"\$([^$]+)\$")
_MEMBER = re.compile(r"(?P<name>\\?[A-Za-z]+)_\{?(?P<index>[a-z])\}?\s*(?:\\in|\\sim|>|\\ge)")
_SUMMED = re.compile(r"\\(?:sum|prod)_\{\s*([a-z])\s*=\s*(\d)\s*\}\^\{?(\w)\}?")
_RANGED = re.compile(r"\\text\{\s*for\s*\}\s*([a-z])\s*=\s*(\d)\s*,\s*\\dots\s*,\s*(\w)")
_BITS = re.compile(r"\\in\s*\\\{\s*0\s*,\s*1\s*\\\}\^")
_BIT = re.compile(r"^[^_]+_\{?i\}?\s*\\in\s*\\\{\s*0\s*,\s*1\s*\\\}$")
_FIND = lazy(r"\b(?:find|compute|determine|give|derive)\s+(?:the\s+)?\$([^$]+)\$", re.I)
_TERMS = lazy(r"\bin terms of\s+((?:(?:the\s+|only\s+)?\$[^$]+\$(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+)?)+)", re.I)
_ASKS = lazy(
    r"(?:find|compute|determine|derive|show|prove|verify|express|write|give|bound|what|how|which)\b", re.I
)
_SETS = ("\\in", "\\colon", "\\sim", "\\perp")  # what a declaration says, in the order in which it is read best
_LEAST = {"<=": "\\le", "<": "<", ">=": "\\ge", ">": ">"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read off a question. `todo`: what it does not state."""

    kind: str
    given: tuple[str, ...]
    find: str = ""
    show: str = ""
    terms: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()


def draft(question: str) -> Draft:
    """The givens, the kind and what is asked for, as far as the question says them."""
    found = [move for move in moves(read_document(question, "question.md").blocks) if move.formula is not None]
    kind = next(kind for kind, pattern in WORDINGS if pattern.search(question))
    given, asked = _parts(found, kind)
    goals = [m.formula.latex.strip(" .,") for m in asked if m.formula and _relations(m.formula.latex)]
    lone = [m.formula.latex.strip(" .,") for m in asked if m.formula and not _relations(m.formula.latex)]
    show = goals[0] if goals and kind in ("chain", "proof", "bound") else ""
    named = _FIND.search(question)
    said = [named.group(1).strip(" .,")] if named and kind == "expression" and not _relations(named.group(1)) else []
    finds = said or [text for text in lone if not _is_name(text)]
    find = finds[0] if finds and not show and kind in ("expression", "bound", "chain") else ""
    after = lone[lone.index(find) + 1 :] if find in lone else []
    words = [text.partition("=")[0].strip() for text in _MATHS.findall(_said_terms(question))]
    terms = tuple(dict.fromkeys(words or (text for text in after if text not in finds[:1])))
    if kind == "chain" and not show:
        kind = "expression"
    if kind == "chain" and set(_relations(show)) <= _LEAST.keys() and len(_relations(show)) == 1:
        kind = "bound"
    if kind == "expression" and not find:
        kind = "manual" if not goals else kind
    return Draft(kind, given, find, show, terms, tuple(_todo(question, given, [*goals, *finds], kind)))


def _said_terms(question: str) -> str:
    found = _TERMS.search(question)
    return found.group(1) if found else ""


def _parts(found: Sequence[Move], kind: str) -> tuple[tuple[str, ...], list[Move]]:
    """Lines that can be given, declarations first, and the rest: what is asked."""
    from derivcheck.language.givens.table import read_givens

    said = ("definition", "condition", "property", "claim", "supposition")
    stated = [m for m in found if m.role in said and m.note != "partly"]
    lines: list[str] = []
    for move in stated:
        text = move.formula.latex.strip(" .,;").replace("\\iota", "i") if move.formula else ""
        if move.note == "range" and lines:
            lines[-1] += f" \\text{{ for }} {text}"
        elif _relations(text):
            lines.append(text)
    lines.sort(key=lambda line: min((_SETS.index(s) for s in _relations(line) if s in _SETS), default=len(_SETS)))
    lines = _with_ranges(list(dict.fromkeys(lines)))
    bits = {line.partition("\\in")[0].strip() for line in lines if _BITS.search(line)}
    lines = [line for line in lines if not (_BIT.search(line) and line.partition("_")[0] in bits)]
    kept = [line for line in lines if not any(f.code == "bad-given" for f in read_givens([line])[1])]
    return tuple(kept), [m for m in found if m not in stated]


def _with_ranges(lines: list[str]) -> list[str]:
    """Declarations of members (`x_i \\in ...`) with the range of the index, where a line shows it: a sum over it, a
    recurrence, another range."""
    whole = "\n".join(lines)
    ranges = {i: (low, high) for i, low, high in _SUMMED.findall(whole)}
    ranges |= {i: (low, high) for i, low, high in _RANGED.findall(whole)}
    out: list[str] = []
    for line in lines:
        found = _MEMBER.match(line)
        index = found.group("index") if found else ""
        back = found is not None and re.search(re.escape(found.group("name")) + rf"_\{{\s*{index}\s*-\s*1\s*\}}", whole)
        low, high = ranges.get(index, ("1", "T") if back else ("", ""))
        if found and high and "\\text{ for }" not in line:
            low = "0" if back and low == "1" else low
            line += f" \\text{{ for }} {index} = {low}, \\dots, {high}"
        out.append(line)
    return out


def _relations(text: str) -> tuple[str, ...]:
    from derivcheck.language.parsing.parser import parse
    from derivcheck.language.parsing.syntax import Listing, Relation

    node = parse(text).node
    items = node.items if isinstance(node, Listing) else (node,)
    return tuple(sign for item in items if isinstance(item, Relation) for sign in item.relations)


def _is_name(text: str) -> bool:
    """A name, a set or a size: nothing that could be asked for."""
    from derivcheck.language.parsing.parser import parse
    from derivcheck.language.parsing.syntax import Accent, Name, Scripted

    node = parse(text).node
    node = node.base if isinstance(node, Scripted) else node
    return isinstance(node, Name | Accent) or re.match(r"\\mathbb\{|\w+ \\times \w+$", text) is not None


def draft_text(question: str, id: str, path: str) -> str:
    """The draft as the text of a problem file; what is still to do stands in comments that `problems test` repeats."""
    made = draft(question)
    rows = [f"# A draft of {id}. Test it with:  derivcheck problems test {path}", "title: Untitled"]
    rows += [f"# TODO {todo}" for todo in ("title: a few words", *made.todo)]
    rows += [*_block("given", made.given), *_block("ask", question.strip().split("\n")), f"kind: {made.kind}"]
    relation = next(iter(_relations(made.show)), "")
    if made.kind == "bound" and made.show:
        sides = re.split(r"\\leq?(?![A-Za-z])|\\geq?(?![A-Za-z])|<|>", made.show, maxsplit=1)
        rows += [*_block("find", sides[:1]), f"relation: {_LEAST[relation]}", *_block("answer", sides[1:])]
    elif made.kind == "bound":
        rows += [*_block("find", [made.find or "0"]), "relation: \\le"]
    else:
        rows += [*_block("find", [made.find]), *_block("show", [made.show])]
        rows += [stand_in] if (stand_in := _STANDS_IN.get(made.kind, ("", ""))[0]) else []
    rows += [f"in: {', '.join(made.terms)}"] if made.terms else []
    return "\n".join([*rows, "points: 1"]) + "\n"


def _block(key: str, lines: Sequence[str]) -> list[str]:
    """A key with its lines in a block, where there are any."""
    kept = [line.strip() for line in lines if line.strip()]
    return [f"{key}: |", *(f"  {line}" for line in kept)] if kept else []


# what is still to do -----------------------------------------------------------------------------------------------


def _todo(question: str, given: Sequence[str], asked: Sequence[str], kind: str) -> Iterator[str]:
    from derivcheck.language.givens.table import read_givens

    if len(_asked_sentences(question)) > 1:
        yield "more than one question stands here: one part for each, under `parts:`"
    scope, said = read_givens(list(given))
    names = undeclared((*given, *asked), scope)
    made = {line.partition("=")[0].strip() for line in given if "=" in line}
    missing = [f.message.rpartition(" ")[2] for f in said if f.code == "undeclared"]
    names |= {name: None for name in missing if name not in made} | names
    of_functions = {x for line in given for x in re.findall(r"^\\?\w+\((\w)\)\s*=", line) if f"${x}$" not in question}
    for name, shape in names.items():
        if name in of_functions:
            continue
        sizes = " \\times ".join(shape or ())
        member = " \\text{ for } t = 1, \\dots, T" if "_t" in name else ""
        yield f"nothing declares {name}" + (f"; perhaps {name} \\in \\mathbb{{R}}^{{{sizes}}}{member}" if sizes else "")
    laws = [n for n, d in scope.model.declarations.items() if d.law is not None]
    if (len(laws) > 1 or re.search(r"\\(?:operatorname\{)?(?:Var|Cov)\b|\\mathbb\{E\}", question)) and not any(
        "\\perp" in line for line in given
    ) and "independent" not in question:
        yield "is anything independent? for example q \\perp k"
    if re.search(r"\\partial|\\nabla|\bgradient|\bjacobian|\bderivative", question, re.I):
        yield "layout: numerator or denominator, where the sheet states one"
    if kind in _STANDS_IN and not (kind == "bound" and any(_relations(text) for text in asked)):
        yield f"answer: {_STANDS_IN[kind][1]}"
    if kind == "proof":
        yield "requires: the claims that the proof needs, one a line"
    yield "correct and wrong: at least three right answers and four wrong ones; each is a test"


def _asked_sentences(question: str) -> list[str]:
    """The sentences that begin with asking (`Show that ...`, `What is ...`)."""
    plain = _MATHS.sub("$", question)
    sentences = [sentence.strip() for sentence in re.split(r"(?<=[.?!:;])\s+", plain)]
    return [sentence for sentence in sentences if _ASKS.match(sentence)]


def undeclared_in(lines: Sequence[str]) -> dict[str, tuple[str, ...] | None]:
    """Names that given lines use and none declares, each with its likely shape."""
    from derivcheck.language.givens.table import read_givens

    return undeclared(lines, read_givens(list(lines))[0])


def undeclared(lines: Sequence[str], scope: Scope) -> dict[str, tuple[str, ...] | None]:
    """Names that the lines use and nothing declares, each with its likely shape."""
    from derivcheck.language.parsing.parser import parse
    from derivcheck.language.statements import read_statement
    from derivcheck.problems.likely import likely_shapes

    nodes = [parse(line).node for line in lines]
    known = {n: tuple(str(size) for size in declared.shape) for n, declared in scope.model.declarations.items()}
    shapes = likely_shapes(nodes, known)
    found: dict[str, tuple[str, ...] | None] = {}
    made = {line.partition("=")[0].strip() for line in lines if "=" in line}
    for line in lines:
        statement = read_statement(line if _relations(line) else f"{line} = 0", scope)
        for name in (name for link in statement.links for name in link.undeclared):
            if (name in made and line.partition("=")[0].strip() != name) or _is_index(name, lines):
                continue  # defined by a line that uses another such name, or a bare index
            base, _, index = name.partition("_")
            member = re.fullmatch(r"\{?([it])\s*[-+]?\s*\d?\}?", index)
            found.setdefault(f"{base}_{member.group(1)}" if member else name, shapes.get(base if member else name))
    return found


def _is_index(name: str, lines: Sequence[str]) -> bool:
    """A small letter that stands below names."""
    if len(name) != 1 or not name.islower():
        return False
    alone = rf"_{name}(?![A-Za-z])|_\{{[^{{}}]*(?<![A-Za-z\\]){name}(?![A-Za-z])[^{{}}]*\}}"  # `_i`, `_{i-1}`
    beside = rf"_\{{[a-z]?{name}[a-z]?\}}"  # `_{ij}`
    return any(re.search(f"{alone}|{beside}", line) for line in lines)
