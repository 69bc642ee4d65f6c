"""The values between checking and the kinds of answers: what a kind is given, and what it gives back.

A kind is a pure function `judge(part, answer, oracle) -> PartResult`. It sees the student's lines after
each was judged by itself; whatever it wants to know of mathematics it asks the oracle, which checking
supplies (reading in the right scope, deciding, budgets and seeds are the oracle's affair).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from derivcheck.deciding.verdict import Verdict
from derivcheck.findings import Finding
from derivcheck.problems.schema import Part
from derivcheck.record import dataclass, field
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.kinds.assigning import Assignments
    from derivcheck.worlds.running import Run

Stated = tuple[Tensor, str, Tensor]
"""Left side, relation, right side."""

PART_VERDICTS = ("correct", "partial", "wrong", "review", "manual", "missing")


@dataclass(frozen=True, slots=True)
class Operand:
    """One expression of a line as read. `tensor` is None where it could not be read or has no meaning here.
    `order`: the expression is `O(f)`, and `tensor` is f."""

    latex: str
    tensor: Tensor | None = None
    order: bool = False
    column: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """One formula line of an answer with what was found of it.

    role: 'claim'; 'definition' (defines a fresh name); 'expression' (stands alone, no relation); 'repeated'
    (the question or an earlier line again); 'condition', 'goal', 'mention' (not judged); 'unreadable'.
    operands, relations: in reading order, `relations[i]` between operands i and i + 1; where the line begins
    with a relation, operands[0] is the last operand of the line that it continues.
    word: the line's verdict (see deciding.verdict.ORDER). verdicts: one for each relation.
    chain: lines that continue each other have the same number. conditional: stands under a condition or
    supposition of the student's. cases: conditions that the line itself carries (`for $i \\ne j$`).
    carried: follows an already refuted line, no finding of its own.
    """

    line: int
    latex: str
    role: str = "claim"
    operands: tuple[Operand, ...] = ()
    relations: tuple[str, ...] = ()
    word: str = "proved"
    verdicts: tuple[Verdict, ...] = ()
    chain: int = 0
    conditional: bool = False
    carried: bool = False
    code: str = ""
    column: int = 0
    end_column: int = 0
    cell: int | None = None
    reason: bool = False
    cases: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the answer as it stands in the file (the question's own text left out)."""

    text: str
    line: int = 0
    column: int = 1
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """A student's answer to one part. model: the givens with the student's definitions; `own`: the names that
    those define. truth: the word that the answer says (None: none, or ambiguous), at `truth_at`. conventions: what the
    answer states of its own in words, e.g. 'layout:denominator', 'self-loops'. located: False where the
    answer may stand elsewhere in the paper. ocr: the source was read by OCR. (Conditions that the answer states
    are lines with the role 'condition'.)"""

    lines: tuple[JudgedLine, ...] = ()
    text: tuple[TextLine, ...] = ()
    model: Model = field(default_factory=Model)
    own: frozenset[str] = frozenset()
    truth: bool | None = None
    truth_at: TextLine | None = None
    conventions: frozenset[str] = frozenset()
    located: bool = True
    ocr: bool = False

    @property
    def empty(self) -> bool:
        return not self.lines and not any(line.text.strip() for line in self.text)

    @property
    def words(self) -> str:
        """All that stands in the answer, in small letters; a word broken over two lines with its hyphen and without."""
        said = "\n".join(line.text.strip() for line in self.text).lower()
        return "\n".join(dict.fromkeys((said.replace("-\n", "-"), said.replace("-\n", ""))))


class Oracle(Protocol):
    """What a kind may ask. Every answer is a verdict or None; nothing raises."""

    def relate(self, left: Tensor, relation: str, right: Tensor) -> Verdict:
        """Is the relation true for every value of the givens (and of the student's definitions)? Relations as in
        `terms.model.Claim`; tensors of different shape are refuted with the code `shape-mismatch`."""
        ...

    def read(self, latex: str) -> Operand | None:
        """An expression of the problem file (its `where` and `given` in force; not the student's names)."""
        ...

    def beside(self, asked: str, latex: str) -> Operand | None:
        """An expression of the student's read as the other side of what was asked, which introduces its indices and
        settles its shape."""
        ...

    def read_entry(self, text: str) -> tuple[JudgedLine, ...]:
        """An entry of the problem file, read as an answer is, `where` in force (words need not be decided)."""
        ...

    def claim(self, latex: str, values: Mapping[str, Tensor]) -> Verdict:
        """A statement of the problem file, judged with the names in `values` (as LaTeX) standing for these tensors."""
        ...

    def supposed(self) -> tuple[Stated, ...]:
        """What the problem lets a proof suppose."""
        ...

    def entails(self, premises: Sequence[Stated], conclusion: Stated) -> Verdict:
        """Does the conclusion follow from the givens and these premises?"""
        ...

    def givens(self) -> Model:
        """What the problem gives, without anything of the student's."""
        ...

    def run(self, requirement: str, found: Assignments) -> Run:
        """A requirement of the problem file on every input, with the values of the answer put in."""
        ...

    def in_order(self, left: Tensor, right: Tensor, regime: tuple[str, ...]) -> Verdict:
        """Is left in O(right) in the regime (conditions as LaTeX such as `M > k`)?"""
        ...


@dataclass(frozen=True, slots=True)
class PartResult:
    """What is proposed for one part: earned + waiting + lost = the part's points. `result_line`: where the
    result that was judged stands; `first_wrong_line` as in the JSON promise (None: nothing wrong).
    `hint`: from the rubric, safe to show a student. `notes`: statements of fact. `staff`: shows the reference."""

    verdict: str
    earned: float = 0
    waiting: float = 0
    lost: float = 0
    findings: tuple[Finding, ...] = ()
    first_wrong_line: int | None = None
    result_line: int | None = None
    hint: str = ""
    notes: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    cell: int | None = None


Judge = Callable[[Part, JudgedAnswer, Oracle], PartResult]
