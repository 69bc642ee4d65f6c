"""One answer to one part: its text walked line by line, then judged by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from derivcheck.checking.deciding import Assistant, Decider, Situation
from derivcheck.checking.line import Context
from derivcheck.checking.oracle import ScopeOracle, options_of, stated_claims
from derivcheck.checking.ranged import ranges_of
from derivcheck.checking.rereading import up_to_readings
from derivcheck.checking.walking import CONDITIONS, Walker
from derivcheck.findings import Finding
from derivcheck.kinds.carrying import carried, result_of
from derivcheck.kinds.interface import JudgedAnswer, PartResult, TextLine
from derivcheck.kinds.registry import judge
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.parsing.macros import Macro, read_macros
from derivcheck.language.scope import Scope
from derivcheck.problems.schema import Part
from derivcheck.record import dataclass, field, replace
from derivcheck.source.discourse import moves, truth_word
from derivcheck.source.document import read_document
from derivcheck.source.labels import read_label
from derivcheck.source.values import Block, Document, Formula, Span, line_starts
from derivcheck.terms.model import Claim
from derivcheck.terms.tensor import Tensor

_LAYOUTS = {"layout-denominator": "denominator", "layout-numerator": "numerator", "gradient-row": "numerator"}
_ORDERS = {"product-latest-left": "left", "product-latest-right": "right"}


@dataclass(slots=True)
class Marking:
    """What the parts of one paper share: the decider, definitions of earlier parts (latest first), lines refuted
    before, the results of earlier parts that are wrong."""

    decider: Decider
    pool: list[str] = field(default_factory=list)
    refuted: set[str] = field(default_factory=set)
    ocr: bool = False
    layout: str | None = None
    wrong_results: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """Where an answer stands: its blocks in a document, those that repeat the question, how surely it is all."""

    document: Document
    blocks: tuple[Block, ...]
    questions: frozenset[int] = frozenset()
    located: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one part with its walk."""

    part: Part
    result: PartResult
    walker: Walker
    answer: JudgedAnswer
    problems: tuple[Finding, ...] = ()


def problem_scope(part: Part) -> tuple[Scope, tuple[Finding, ...]]:
    """The scope of the givens and the regime that the question states; findings carry the place in the problem file."""
    options = options_of(part)
    lines = (*part.given, *(part.when or ()))
    givens, said = read_givens([line.text for line in lines], options=options)
    givens = replace(givens, layout=part.layout or None, shorthand=part.shorthand or None)
    return givens, tuple(_placed(f, lines, part.file) for f in said)


def _placed(finding: Finding, lines: Sequence[object], file: str) -> Finding:
    number = int(finding.details.get("given", "0"))
    line = lines[number] if number < len(lines) else None
    row, column = getattr(line, "line", 0), getattr(line, "column", 1)
    return replace(
        finding, line=row, column=column + finding.column - 1, end_column=column + finding.end_column - 1, file=file
    )


def check_part(part: Part, answer: PartAnswer, marking: Marking) -> Checked:
    """Walk one answer and judge it by its kind."""
    givens, problems = problem_scope(part)
    found = moves(answer.blocks, answer.questions)
    if part.kind == "design" or part.suppose:  # `with b = 0`, `assume h_0 = 0`, `since b < 0`: each says something
        said = (*CONDITIONS, "goal") if part.suppose else CONDITIONS  # `so we need b < 0` is one of the cases
        found = [replace(m, role="claim") if m.role in said and m.formula else m for m in found]
    conventions = frozenset(move.note for move in found if move.role == "convention")
    options = _options(part, conventions, marking.layout)
    stated = bool(part.layout or marking.layout or any(c in _LAYOUTS for c in conventions))
    situation = Situation(givens.model, layout_stated=stated, supposed=supposed_sets(part, givens))
    macros = macros_of(answer.document)
    context = Context(marking.decider, situation, options, macros, marking.ocr, judging=part.kind not in UNJUDGED)
    walker = Walker(givens, context, positions(answer.document), tuple(marking.pool), refuted=marking.refuted)
    walker.walk(found)
    judged = _judged(part, answer, walker, conventions, marking)
    claims = [link.claim for step in walker.steps for link in step.judged.statement.links if link.claim is not None]
    ranges = ranges_of(claims, walker.scope.model)
    oracle = ScopeOracle(part, marking.decider, givens, walker.scope, stated, ranges=ranges)
    result = judge(part, judged, oracle)
    result = up_to_readings(
        result, part, judged, walker.steps, lambda other, name: judge(part, other, replace(oracle, reading=name))
    )
    result = carried(part, result, judged, oracle, marking.wrong_results)
    if result.verdict == "wrong" and (stated := result_of(part, judged, oracle)) and stated.operand.tensor:
        marking.wrong_results[part.id] = stated.operand.tensor
    marking.pool[:0] = reversed(walker.definitions)
    return Checked(part, result, walker, judged, problems)


def supposed_sets(part: Part, givens: Scope) -> tuple[tuple[Claim, ...], ...]:
    """What the proof asked for may suppose: all its suppositions but one, each in turn, as all together contradict."""
    claims = stated_claims(part, givens)
    return tuple((*claims[:k], *claims[k + 1 :]) for k in range(len(claims))) if len(claims) > 1 else ()


def _options(part: Part, conventions: frozenset[str], layout: str | None) -> Options:
    """The problem's conventions, then those that the answer states."""
    own = next((_LAYOUTS[c] for c in sorted(conventions) if c in _LAYOUTS), None)
    order = next((_ORDERS[c] for c in sorted(conventions) if c in _ORDERS), None)
    plain = options_of(part)
    return replace(plain, layout=own or part.layout or layout or "default", product_order=order or plain.product_order)


def _judged(
    part: Part, answer: PartAnswer, walker: Walker, conventions: frozenset[str], marking: Marking
) -> JudgedAnswer:
    blocks = [b for n, b in enumerate(answer.blocks) if n not in answer.questions]
    word = truth_word(blocks, part.ask.text if part.ask else "")
    lines = tuple(line for step in walker.steps for line in step.lines)
    if part.kind == "proof":
        lines = tuple(sorted((*lines, *walker.condition_lines()), key=lambda line: line.line))
    place = answer.document.position(word.span.start) if word else None
    return JudgedAnswer(
        lines,
        tuple(_text_lines(answer.document, blocks)),
        walker.scope.model,
        frozenset(walker.own),
        word.value if word else None,
        TextLine(word.text, place.line, place.column, place.cell) if word and place else None,
        conventions,
        answer.located,
        marking.ocr,
    )


def _text_lines(document: Document, blocks: Sequence[Block]) -> list[TextLine]:
    """The answer as it stands, line by line of the file."""
    rows: list[TextLine] = []
    for block in blocks:
        span = _delimited(document, block)
        offset = span.start
        label = _label_end(document.slice(span), block)
        for text in document.slice(span).split("\n"):
            place = document.position(offset)
            said = " " * label + text[label:] if offset == span.start else text
            rows.append(TextLine(said, place.line, place.column, place.cell))
            offset += len(text) + 1
    return rows


def _label_end(text: str, block: Block) -> int:
    """Where the words of a block begin after a label such as `Problem 6 (c)` or `6(c)`: its numbers are no figures."""
    label = read_label(block)
    if label is None or not label.end or (len(label.atoms) < 2 and not label.named):
        return 0
    at = 0
    for sign in block.prose[: label.end].replace(" ", ""):
        at = text.find(sign, at) + 1
    only = not block.prose[label.end :].strip(" .:)") and not label.named
    return at if 0 < at <= 2 * label.end + 8 and not only else 0


def _delimited(document: Document, block: Block) -> Span:
    """The span of a block that begins or ends in a formula, with the dollars or brackets around that, and what stands
    between (`\\displaystyle`, spaces, a full stop)."""
    start, end = block.span.start, block.span.end
    formulas = [isinstance(piece, Formula) for piece in block.pieces]
    if formulas and formulas[0] and (before := _OPENS.search(document.text[max(start - 40, 0) : start])):
        start -= len(before.group())
    if formulas and formulas[-1] and (after := _CLOSES.match(document.text[end : end + 40])):
        end += after.end()
    return Span(start, end)


_OPENS = re.compile(r"(?:\$\$?|\\\(|\\\[)(?:[ \t]|\\displaystyle(?![A-Za-z]))*\n?$")
_CLOSES = re.compile(r"(?:[ \t]|\\[,;:! ]|[.,;])*\n?(?:\$\$?|\\\)|\\\])")


def macros_of(document: Document) -> dict[str, Macro]:
    return dict(read_macros(document.macros)) if document.macros else {}


def positions(document: Document) -> Callable[[int], tuple[int, int, int | None]]:
    def position(offset: int) -> tuple[int, int, int | None]:
        place = document.position(offset)
        return place.line, place.column, place.cell

    return position


# texts of problem files ----------------------------------------------------------------------------------------


UNJUDGED = ("manual", "design")
"""Kinds whose lines are read but not judged one by one: prose, and values that are the student's to choose."""

WORDS = ("truth", "value", "shape", "consistency", "manual")
"""Kinds whose answers are words or figures: without a `$` they are prose, not formulas."""


def entry_document(text: str, kind: str = "") -> Document:
    """An answer in a problem file: Markdown where it has a `$` (or is words by its kind), else one formula a line."""
    if "$" in text or kind in WORDS:
        return read_document(text, "entry.md")
    span = Span(0, len(text))
    block = Block("display", (Formula(text, span, display=True),), span)
    return Document("entry", "text", text, (block,), line_starts=line_starts(text))


def answer_checker(seed: int, assistant: Assistant | None = None) -> Callable[[str, Part], PartResult]:
    """The checker of a problem's own answers: one answer, one part, nothing else on the page."""
    decider = Decider(seed, assistant=assistant)

    def check(text: str, part: Part) -> PartResult:
        document = entry_document(text, part.kind)
        with_where = replace(part, given=(*part.given, *part.where))
        return check_part(with_where, PartAnswer(document, document.blocks), Marking(decider)).result

    return check
