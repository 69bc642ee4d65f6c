"""The oracle that most callers want: reads in the scope of one part, decides with the ladder.

`lines_of` is the plain way from a text to judged lines, for the answers of a problem file: no prose is weighed, every
formula is a claim. Papers go through checking, which knows conditions, repeats and where an answer stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from derivcheck.checking.deciding import Decider, Situation
from derivcheck.checking.ranged import ranges_of
from derivcheck.checking.readings import options_otherwise
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.kinds.assigning import Assignments, labelled
from derivcheck.kinds.interface import JudgedLine, Operand, Stated
from derivcheck.language.elaboration.closing import bare_indices, closed
from derivcheck.language.elaboration.orders import order_argument
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.parsing import names
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.parsing.syntax import Node, Span
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import EMPTY, Scope
from derivcheck.language.statements import Link, Statement, read_statement
from derivcheck.problems.schema import Part
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.build import add, delta, mul
from derivcheck.terms.model import Claim, Model, Parameter
from derivcheck.terms.node import (
    Add,
    Function,
    Index,
    Mul,
    Number,
    Power,
    Term,
    Var,
    fresh,
    map_children,
    replace_entries,
    walk,
)
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import unfold
from derivcheck.worlds.running import Run, run

MOST_TERMS = 200
LONGEST = 12  # input strings of a design
_ORDERS = {"latest-first": "left", "earliest-first": "right"}
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def _claim(left: Tensor, relation: str, right: Tensor) -> Claim:
    free = (left.body.free - set(left.axes)) | (right.body.free - set(right.axes))
    return Claim(left, relation, right, tuple(Parameter(i) for i in sorted(free, key=lambda i: i.name)))


def stated_claims(part: Part, scope: Scope) -> tuple[Claim, ...]:
    """What the problem lets a proof suppose."""
    found: list[Claim] = []
    for line in part.suppose:
        statement = read_statement(line.text, scope, None, options_of(part))
        found += [link.claim for link in statement.links if link.claim is not None and not link.undeclared]
    return tuple(found)


def options_of(part: Part) -> Options:
    """How a part wants its ambiguities read."""
    return Options(
        layout=part.layout or "default",
        shorthand=part.shorthand,
        product_order=_ORDERS.get(part.products),
        student_names=frozenset(part.choice) | {labelled(name)[0] for name in part.choice},
    )


def scope_of(part: Part, scope: Scope = EMPTY) -> Scope:
    """The givens of a part as read (what could not be read was a finding of the problem's own check)."""
    made, _ = read_givens([line.text for line in part.given], scope, options_of(part))
    return made


def operand_of(node: Node, latex: str, scope: Scope, options: Options) -> Operand:
    """An expression by itself; without a tensor where it cannot be read or a name in it is not introduced."""
    inner = order_argument(node, scope.names)
    elab = elaborator(scope, options, (node,))
    try:
        tensor = closed(elab, elab.tensor(inner if inner is not None else node), bare_indices(elab))
    except (Unreadable, ShapeError):
        return Operand(latex)
    unknown = bool(elab.session.undeclared) or any(has_unknown(dim) for dim in tensor.shape)
    return Operand(latex, None if unknown else tensor, inner is not None)


def misfits(node: Node, scope: Scope, options: Options) -> bool:
    """Is an expression certainly without meaning, because its shapes do not conform in any reading and every name is
    known?"""
    left_open = _misfit(node, scope, options)
    others = [options_otherwise(name, options) for name in left_open or ()]
    return left_open is not None and all(o is not None and _misfit(node, scope, o) is not None for o in others)


def _misfit(node: Node, scope: Scope, options: Options) -> frozenset[str] | None:
    """What an expression leaves open whose shapes do not conform; None of one that may have a meaning."""
    elab = elaborator(scope, options, (node,))
    try:
        elab.tensor(node)
    except ShapeError as error:
        known = not any(has_unknown(d) for shape in (error.left, error.right) for d in shape or ())
        return frozenset(elab.session.ambiguities) if known and not elab.session.undeclared else None
    except Unreadable:
        return None
    return None


@dataclass(slots=True)
class ScopeOracle:
    """Answers for one part. `scope`: the givens; `student`: the scope at the end of the student's answer. `reading`:
    what the student's own expressions leave open, to be read in the other way (readings.py); `ranges`: those of the
    answer's free indices."""

    part: Part
    decider: Decider
    scope: Scope
    student: Scope
    layout_stated: bool = False
    reading: str = ""
    ranges: dict[Index, Parameter] = field(default_factory=dict)
    _where: Scope | None = None

    @staticmethod
    def of(part: Part, decider: Decider | None = None, student: Scope | None = None) -> ScopeOracle:
        scope = scope_of(part)
        return ScopeOracle(part, decider or Decider(), scope, student or scope, bool(part.layout))

    @property
    def where(self) -> Scope:
        """The givens with the shorthand of the problem file."""
        if self._where is None:
            lines = [line.text for line in self.part.where]
            self._where, _ = read_givens(lines, self.scope, options_of(self.part))
        return self._where

    def relate(self, left: Tensor, relation: str, right: Tensor) -> Verdict:
        left, right = self._fitted(left, right)
        if left.shape != right.shape:
            return Verdict("refuted", {"method": "shapes"}, code="shape-mismatch")
        free = (left.body.free - set(left.axes)) | (right.body.free - set(right.axes))
        claim = Claim(left, relation, right, tuple(self._parameter(i) for i in sorted(free, key=lambda i: i.name)))
        return self.decider.judge(claim, Situation(self.student.model, layout_stated=self.layout_stated))

    def _parameter(self, index: Index) -> Parameter:
        return self.student.indices.get(index.name) or self.ranges.get(index) or Parameter(index)

    def _fitted(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """A vector for the diagonal Jacobian that it abbreviates, where the problem lets it."""
        if self.part.shorthand == "diagonal":
            if len(left.axes) == 2 and len(right.axes) == 1:
                right = _diagonal(right)
            elif len(right.axes) == 2 and len(left.axes) == 1:
                left = _diagonal(left)
        return left, right

    def read(self, latex: str) -> Operand | None:
        parsed = parse(latex)
        if not parsed.ok:
            return None
        operand = operand_of(parsed.node, latex, self.where, options_of(self.part))
        return self._own(operand) if operand.tensor is not None else None

    def read_entry(self, text: str) -> tuple[JudgedLine, ...]:
        lines, scope = lines_of(text, self.where, options_of(self.part))
        extra = frozenset(scope.model.declarations) - frozenset(self.scope.model.declarations)
        return tuple(
            replace(line, operands=tuple(_unfolded(o, scope.model, extra) for o in line.operands)) for line in lines
        )

    def beside(self, asked: str, latex: str) -> Operand | None:
        other = options_otherwise(self.reading, options_of(self.part))
        options = other or options_of(self.part)
        for link in read_statement(f"{asked} = {latex}", self.student, None, options).links:
            if link.claim is not None and not link.undeclared:
                self.ranges = {**ranges_of((link.claim,), self.student.model), **self.ranges}
                unsettled = other is None and self.reading in link.ambiguities
                return Operand(latex, None if unsettled else link.claim.right)
        return None

    def _own(self, operand: Operand) -> Operand:
        extra = frozenset(self.where.model.declarations) - frozenset(self.scope.model.declarations)
        return _unfolded(operand, self.where.model, extra)

    def claim(self, latex: str, values: Mapping[str, Tensor]) -> Verdict:
        named = {names.canonical(parse(name).node) or name: tensor for name, tensor in values.items()}
        scope = replace(self.scope, aliases={**self.scope.aliases, **named})
        statement = read_statement(latex, scope, None, options_of(self.part))
        if not statement.links:
            return Verdict("undecided", {"method": "none", "reason": "the requirement could not be read"})
        verdicts = [self._link(link) for link in statement.links]
        return next(v for v in verdicts if v.word == weakest([w.word for w in verdicts]))

    def supposed(self) -> tuple[Stated, ...]:
        return tuple((c.left, c.relation, c.right) for c in stated_claims(self.part, self.scope))

    def entails(self, premises: Sequence[Stated], conclusion: Stated) -> Verdict:
        surely = tuple(_claim(*premise) for premise in premises)
        situation = Situation(self.student.model, surely, layout_stated=self.layout_stated)
        return self.decider.judge(_claim(*conclusion), situation)

    def givens(self) -> Model:
        return self.scope.model

    def run(self, requirement: str, found: Assignments) -> Run:
        own = self.student.model.declarations.items()
        extra = {name: known for name, known in own if name not in self.scope.model.declarations}
        model = found.model(replace(self.scope.model, declarations={**self.scope.model.declarations, **extra}))
        statement = read_statement(requirement, self.scope, None, options_of(self.part))
        claims = [link.claim for link in statement.links if link.claim is not None and not link.undeclared]
        if len(claims) != 1:
            return Run("unknown", reason="the requirement could not be read")
        chosen = {names.canonical(parse(name).node) or name for name in self.part.choice}
        whole = {n for n in chosen if (d := model.declarations.get(n)) and d.domain.kind == "integer"}
        return run(model, claims[0], found.plain, found.entries, frozenset(whole), int(self.part.length or LONGEST))

    def _link(self, link: Link) -> Verdict:
        return link_verdict(link, self.decider, self.layout_stated)

    def in_order(self, left: Tensor, right: Tensor, regime: tuple[str, ...]) -> Verdict:
        from derivcheck.deciding.asymptotic import in_O

        conditions: list[Claim] = []
        for text in regime:
            statement = read_statement(text, self.scope, None, options_of(self.part))
            conditions += [link.claim for link in statement.links if link.claim is not None]
        model = self.student.model
        return in_O(written_out(left.body), written_out(right.body), (*model.assumptions, *conditions), model)


def written_out(term: Term) -> Term:
    """Products and small powers of sums as sums of products, by which classes of several lengths are compared. The
    larger of two is of the class of their sum."""
    term = map_children(term, written_out)
    if isinstance(term, Function) and term.name == "max2" and not any(_negative(node) for node in walk(term)):
        term = add(*term.args)
    factors: tuple[Term, ...] = term.args if isinstance(term, Mul) else ()
    if isinstance(term, Power) and isinstance(term.base, Add) and isinstance(term.exponent, Number):
        exponent = term.exponent.value
        factors = (term.base,) * int(exponent) if exponent.denominator == 1 and 1 < exponent <= 4 else ()
    if not any(isinstance(f, Add) for f in factors):
        return term
    terms = product(*(f.args if isinstance(f, Add) else (f,) for f in factors))
    chosen = list(islice(terms, MOST_TERMS + 1))
    return add(*(mul(*row) for row in chosen)) if len(chosen) <= MOST_TERMS else term


def _negative(node: Term) -> bool:
    return isinstance(node, Number) and node.value < 0


def _diagonal(vector: Tensor) -> Tensor:
    (axis,) = vector.axes
    other = fresh(axis.name, axis.dim)
    return Tensor((axis, other), mul(vector.body, delta(Var(axis), Var(other))))


def _unfolded(operand: Operand, model: Model, names: frozenset[str]) -> Operand:
    """The operand without names that only the problem file knows."""
    if operand.tensor is None or not names:
        return operand
    body: Term = operand.tensor.body
    for _ in range(8):
        if not body.symbols & names:
            break
        body = replace_entries(body, lambda e: unfold(e, model) if e.symbol in names else None)
    return replace(operand, tensor=Tensor(operand.tensor.axes, body))


def link_verdict(link: Link, decider: Decider, layout_stated: bool = True) -> Verdict:
    """One link by itself: definitions are proved, what could not be read is unreadable, names that nothing introduces
    never lead to a refutation."""
    if link.kind != "claim":
        return Verdict("proved", {"method": "definition"})
    if link.shape_error is not None:
        return Verdict("refuted", {"method": "shapes"}, code="shape-mismatch")
    if link.claim is None:
        return Verdict("unreadable", {"method": "none"})
    verdict = decider.judge(link.claim, Situation(link.model, layout_stated=layout_stated))
    if verdict.word == "refuted" and link.undeclared:
        return Verdict("undecided", {"method": "none", "reason": f"nothing introduces {', '.join(link.undeclared)}"})
    return verdict


def lines_of(
    text: str, scope: Scope, options: Options, decider: Decider | None = None, layout_stated: bool = True
) -> tuple[tuple[JudgedLine, ...], Scope]:
    """A text of formulas as lines, and the scope after it. With a decider each line is judged."""
    made: list[JudgedLine] = []
    previous: Statement | None = None
    last: Operand | None = None
    chain = 0
    for number, latex in _formulas(text):
        statement = read_statement(latex, scope, previous, options)
        if not statement.continues:
            chain, last = chain + 1, None
        for pieces in segments(statement, latex, options, last):
            operands, links = pieces
            if made and last is not None and operands and operands[0] is not last and links:
                chain += 1
            verdicts = tuple(link_verdict(link, decider, layout_stated) for link in links) if decider else ()
            words = [v.word for v in verdicts] or [alone(statement)]
            made.append(
                JudgedLine(
                    number, latex, _role(statement, links), operands, tuple(link.relation for link in links),
                    weakest(words), verdicts, chain, code=_code(verdicts, words),
                    column=1, end_column=len(latex) + 1,
                    cases=tuple(c for link in links if link.claim is not None for c in link.claim.given),
                )
            )  # fmt: skip
            last = operands[-1] if operands else last
        scope, previous = statement.scope, statement
    return tuple(made), scope


def alone(statement: Statement) -> str:
    """A line without a relation: an expression whose shapes do not conform is false whatever it is for."""
    if statement.readable:
        return "proved"
    if all(f.code != "shape-mismatch" for f in statement.findings):
        return "unreadable"
    parsed = parse(statement.reading)
    scope = statement.scope
    options = Options(layout=scope.layout or "default", shorthand=scope.shorthand or "")
    return "refuted" if parsed.ok and misfits(parsed.node, scope, options) else "unreadable"


def means(statement: Statement, latex: str, options: Options) -> bool:
    """Whether a lone expression, or what a line defines its names by, has a meaning in the line's scope."""
    return all(operands[-1].tensor is not None for operands, _ in segments(statement, latex, options, None))


def _code(verdicts: Sequence[Verdict], words: Sequence[str]) -> str:
    return next((v.code for v in verdicts if v.code), "shape-mismatch" if "refuted" in words else "")


def _role(statement: Statement, links: Sequence[Link]) -> str:
    if not links and (statement.readable or alone(statement) == "refuted"):
        return "expression"
    if not statement.readable and not links:
        return "unreadable"
    return "definition" if all(link.kind != "claim" for link in links) else "claim"


def _formulas(text: str) -> Iterator[tuple[int, str]]:
    """(line, formula): what stands between dollars, or every line where there are none."""
    spans = [(m.start(1) if m[1] else m.start(2), m[1] or m[2]) for m in _FORMULA.finditer(text)]
    for start, body in spans or [(0, text)]:
        for piece in split_lines(body):
            if piece.text.strip():
                yield 1 + text.count("\n", 0, start + piece.offset), piece.text


def segments(
    statement: Statement, latex: str, options: Options, last: Operand | None
) -> Iterator[tuple[tuple[Operand, ...], tuple[Link, ...]]]:
    """The chains of one line: operands with the links between them."""
    if not statement.links:
        node = parse(latex).node
        yield (operand_of(node, latex, statement.scope, options),), ()
        return
    group: list[Link] = []
    operands: list[Operand] = []
    for number, link in enumerate(statement.links):
        if group and link.left_span != group[-1].right_span:
            yield tuple(operands), tuple(group)
            group, operands = [], []
        if not group:
            continued = statement.continues and number == 0 and last is not None
            operands = [last if continued and last is not None else _side(link, "left", latex, statement, options)]
        operands.append(_side(link, "right", latex, statement, options))
        group.append(link)
    yield tuple(operands), tuple(group)


def _side(link: Link, side: str, latex: str, statement: Statement, options: Options) -> Operand:
    """One side of a link: as the claim has it, or, of a definition, read by itself in the scope after it."""
    span: Span = link.left_span if side == "left" else link.right_span
    text = latex[span.start : span.end]
    node = parse(text).node
    order = order_argument(node, statement.scope.names) is not None
    if link.claim is not None:
        tensor = link.claim.left if side == "left" else link.claim.right
        return Operand(text, None if link.undeclared else tensor, order, span.start + 1, span.end + 1)
    read = operand_of(node, text, statement.scope, options)
    return replace(read, column=span.start + 1, end_column=span.end + 1)
