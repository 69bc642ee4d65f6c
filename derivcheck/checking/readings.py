"""Where a relation can be read in more than one way: one table of the other readings, and one way to try them.

What the language leaves open it names (`Link.ambiguities`), or the shapes, or names that nothing introduces say that
another reading may be meant. A row says when it is tried, how the line reads then, and what both verdicts come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from derivcheck.checking.deciding import GOOD
from derivcheck.checking.layouts import ONLY_LAYOUT, ROW_OR_COLUMN, transposed_right
from derivcheck.checking.line import Line, read
from derivcheck.checking.solving import TAKEN as DERIVATIVE
from derivcheck.checking.undeclared import (
    as_matrices,
    differentiates_unknown,
    names_of,
    of_a_reading,
    of_an_unknown,
    reading_decides,
    transposes,
)
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.derivatives.antiderivatives import AMBIGUITY as ANTIDERIVATIVE
from derivcheck.language.elaboration.customs import CUSTOMS, with_custom
from derivcheck.language.options import Options
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link
from derivcheck.record import dataclass, field, replace

Judge = Callable[[Link, Line], Verdict]


@dataclass(frozen=True, slots=True)
class Case:
    """One of a line's links, with the verdict on it so far."""

    line: Line
    links: Sequence[Link]
    place: int
    verdict: Verdict

    @property
    def link(self) -> Link:
        return self.links[self.place]


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read a relation. asked: whether it is tried; again: the line that way, None where there is none;
    concluded: the verdict, of the case and of the other reading (None where it does not fit the line). alone: what is
    read again is the link by itself, not its whole line. changed: the options that make it. adopts: what is concluded
    of the other reading is said of it."""

    name: str
    asked: Callable[[Case], bool]
    again: Callable[[Case], Line | None]
    concluded: Callable[[Case, Verdict | None], Verdict]
    alone: bool = False
    changed: Mapping[str, Any] = field(default_factory=dict)
    adopts: bool = False


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A link of a line in another reading, with the verdict on it."""

    line: Line
    link: Link
    verdict: Verdict


def in_every_reading(
    line: Line, links: Sequence[Link], verdicts: Iterable[Verdict], judge: Judge
) -> tuple[Line, tuple[Link, ...], tuple[Verdict, ...]]:
    """The verdicts on a line's links, with what its other readings make of them: with the line and the links as they
    were read for these verdicts."""
    taken, meant, found = line, list(links), list(verdicts)
    for reading in READINGS if line.context.judging else ():
        for place in range(len(links)):
            case = Case(line, links, place, found[place])
            if not reading.asked(case):
                continue
            other = _otherwise(reading, case, judge)
            found[place] = reading.concluded(case, other.verdict if other is not None else None)
            if reading.adopts and other is not None and found[place].word == other.verdict.word != "undecided":
                taken, meant[place] = other.line, other.link
    return taken, tuple(meant), tuple(found)


def unresolved(link: Link) -> list[str]:
    """What a link leaves open and no reading here settles."""
    return sorted(link.ambiguities - _SETTLED.keys() - CUSTOMS.keys())


def _otherwise(reading: Reading, case: Case, judge: Judge) -> Otherwise | None:
    """A link in another reading."""
    line = reading.again(case)
    if line is None:
        return None
    links = read(line).links
    place, count = (0, 1) if reading.alone else (case.place, len(case.links))
    return Otherwise(line, links[place], judge(links[place], line)) if len(links) == count else None


def options_otherwise(name: str, options: Options) -> Options | None:
    """The options of the other reading of what is left open by this name; None where none settles it."""
    if name in CUSTOMS:
        return with_custom(options, name)
    changed = _SETTLED.get(name)
    return replace(options, **changed) if changed is not None else None


# what the language leaves open --------------------------------------------------------------------------------


def _open(name: str, **changed: Any) -> Reading:
    """Two customs, and either may be meant: a verdict that the other one would turn is `undecided`."""
    return _by_options(name, lambda case: True, _unless_opposed(name), changed)


def _spared(name: str, **changed: Any) -> Reading:
    """A custom that is only asked to spare a line: what is right as usual stays right."""
    return _by_options(name, _is_refuted, _unless_opposed(name), changed)


def _adopted(name: str, note: str, **changed: Any) -> Reading:
    """A custom that is taken, with this note, where the line is wrong as usual and right in it, or does not even fit in
    shape as usual."""

    def concluded(case: Case, other: Verdict | None) -> Verdict:
        if other is None:
            return case.verdict
        fits = case.verdict.code == "shape-mismatch" != other.code
        if other.word in GOOD or (fits and other.word == "refuted"):
            return replace(other, notes=(*other.notes, note))
        return depends(name) if other.word == "undecided" else case.verdict

    return replace(_by_options(name, _is_refuted, concluded, changed), adopts=True)


def _instead(name: str, note: str, **changed: Any) -> Reading:
    """A custom that is taken, with this note, where the line is not right as usual and right in it."""

    def concluded(case: Case, other: Verdict | None) -> Verdict:
        if other is not None and other.word in GOOD:
            return replace(other, notes=(*other.notes, note))
        return depends(name) if other is not None and other.word == "undecided" and _is_refuted(case) else case.verdict

    return replace(_by_options(name, lambda case: case.verdict.word not in GOOD, concluded, changed), adopts=True)


def _by_options(
    name: str,
    asked: Callable[[Case], bool],
    concluded: Callable[[Case, Verdict | None], Verdict],
    changed: dict[str, Any],
) -> Reading:
    def again(case: Case) -> Line:
        return case.line.under(replace(case.line.context.options, **changed))

    return Reading(name, lambda case: name in case.link.ambiguities and asked(case), again, concluded, changed=changed)


def _unless_opposed(name: str) -> Callable[[Case, Verdict | None], Verdict]:
    def concluded(case: Case, other: Verdict | None) -> Verdict:
        words = (case.verdict.word, other.word if other is not None else "")
        opposed = "refuted" in words and any(word in GOOD for word in words)
        return depends(name) if opposed else case.verdict

    return concluded


def _sizes(name: str) -> Reading:
    """An identity of a size that nothing says is of any size, or where that is wrong of the size of its neighbour."""

    def concluded(case: Case, other: Verdict | None) -> Verdict:
        if other is not None and other.word in GOOD:
            return replace(other, notes=(*other.notes, "read with the size of what stands beside it for the identity"))
        return other if other is not None and other.word == "refuted" else depends(name)

    return _by_options(name, _is_refuted, concluded, {"beside_sizes": True})


def _unsaid(name: str) -> Reading:
    """What is wrong for some size may be right for the one that is meant."""
    return Reading(name, lambda c: name in c.link.ambiguities and _is_refuted(c), _never, lambda c, _: depends(name))


def _never(case: Case) -> None:
    return None


def depends(name: str) -> Verdict:
    reason = f"the verdict depends on how it is read ({name})"
    return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")


def _is_refuted(case: Case) -> bool:
    return case.verdict.word == "refuted"


_LEFT_OPEN = (
    _open("norm", matrix_norm="F"),
    _open("product-order", product_order="left"),
    _spared("list", row_lists=True),
    _spared("row or column", row_slices=True),
    _spared("ones or one-hot", one_hot=True),
    _spared("entry or product", call_products=True),
    _spared("how far the function reaches", short_arguments=True),
    _adopted("what follows the bracket", "read with what follows it as part of the angle", wide_arguments=True),
    _spared("how far the operator reaches", wide_operators=True),
    _spared("what the slash divides by", slash_first=True),
    _spared("inverse or reciprocal", reciprocals=True),
    _adopted("length or absolute values", "read with |v| as the length of the vector", lengths=True),
    _adopted("counts down", "read with a range that counts down", falling_ranges=True),
    _spared("inverse function", no_inverse=True),
    _spared("entrywise or product", entrywise_first=True),
    _adopted("exp entrywise or of the matrix", "read with \\exp of the whole matrix", whole_exponential=True),
    _spared("which of its names are random", few_random=True),
    _sizes("the size of an identity"),
    _unsaid("a size that nothing says"),
    _adopted("whether it lies where the law does", "read within the range of the law", inside_laws=True),
    _spared("what the events are", null_events=True),
    _instead(ANTIDERIVATIVE, "read as antiderivatives", antiderivatives=True),
    _open("which chain it continues", other_chain=True),
)
_SETTLED = {reading.name: reading.changed for reading in _LEFT_OPEN}
ADOPTED = frozenset(reading.name for reading in _LEFT_OPEN if reading.adopts)
"""What is meant where it is right, without a word."""


# rows and columns ---------------------------------------------------------------------------------------------


def _misfits(case: Case) -> bool:
    return case.verdict.code == "shape-mismatch" and not case.line.context.situation.layout_stated


def _right_transposed(case: Case) -> Line | None:
    latex = transposed_right(case.link, case.line.text, case.line.scope)
    return replace(case.line, text=latex) if latex is not None else None


def _misfits_by_custom(case: Case) -> bool:
    """A gradient written `\\nabla` has the shape of its variable."""
    default = case.line.context.options.layout == "default" and "\\nabla" not in case.line.text
    return _misfits(case) and _is_refuted(case) and default


def _in_numerator_layout(case: Case) -> Line:
    return case.line.under(replace(case.line.context.options, layout="numerator"))


def _spares(instead: Verdict) -> Callable[[Case, Verdict | None], Verdict]:
    return lambda case, other: instead if other is not None and other.word in GOOD else case.verdict


# what a model draws -------------------------------------------------------------------------------------------


_DATA = "whether data that a model draws are held fixed"


def _differentiates_data(case: Case) -> bool:
    claim = case.link.claim
    if not _is_refuted(case) or claim is None or not _drawn(case.line.scope):
        return False
    return DERIVATIVE.search(case.line.text) is not None


def _drawn(scope: Scope) -> list[str]:
    """The names whose values a model draws: `y = X w + \\epsilon` with a random \\epsilon."""
    declarations = scope.model.declarations
    random = {name for name, d in declarations.items() if d.law is not None}
    return [n for n, d in declarations.items() if not d.family and any(e.body.symbols & random for e in d.definitions)]


def _with_data_fixed(case: Case) -> Line:
    model = case.line.scope.model
    for name in _drawn(case.line.scope):
        model = model.declare(replace(model.declarations[name], definitions=()))
    return replace(case.line, scope=replace(case.line.scope, model=model))


# names that nothing introduces --------------------------------------------------------------------------------


def _proved_of_numbers(case: Case) -> bool:
    return case.link.kind == "claim" and case.verdict.word == "proved" and bool(names_of(case.link))


def _of_matrices(case: Case) -> Line | None:
    names = names_of(case.link)
    scope = None if differentiates_unknown(case.link, names) else as_matrices(names, case.line.text, case.line.scope)
    return replace(case.line, scope=scope) if scope is not None else None


def _of_numbers_alone(case: Case, other: Verdict | None) -> Verdict:
    """A proof that reads names which nothing introduces as numbers says so, and stands where it does not hang on it."""
    names = names_of(case.link)
    if differentiates_unknown(case.link, names):
        return of_an_unknown(names)
    fits = other is not None and (other.code != "shape-mismatch" or transposes(case.line.text))
    if other is not None and fits and other.word == "refuted":
        return reading_decides(names)
    also = other is not None and other.word == "proved" and all(name.isupper() for name in names)
    return of_a_reading(names, case.verdict, also)


READINGS = (
    Reading("the right side transposed", _misfits, _right_transposed, _spares(ONLY_LAYOUT), alone=True),
    *_LEFT_OPEN,
    Reading("data that a model draws", _differentiates_data, _with_data_fixed, _spares(depends(_DATA))),
    Reading("matrices instead of numbers", _proved_of_numbers, _of_matrices, _of_numbers_alone),
    Reading("a scalar's derivative as a row", _misfits_by_custom, _in_numerator_layout, _spares(ROW_OR_COLUMN)),
)
"""In the order in which they are tried."""
