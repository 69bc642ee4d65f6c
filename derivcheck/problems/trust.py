"""What can be wrong with a problem itself: a reference that a second, independent evaluation of the givens
contradicts (derivatives by differences at many digits; with `--device` by JAX too), slips in it that are not found out,
symbols without a use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from derivcheck.deciding.verdict import Verdict
from derivcheck.findings import Finding
from derivcheck.problems.schema import Line, Part, Problem
from derivcheck.problems.symbols import look
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Model

COMPARED = ("expression", "bound", "chain", "value")
Opinion = Callable[[Claim, Model], str]
"""'agrees', 'differs' or 'none': what JAX's derivatives say of a claim (bulk/assistant.py)."""
_WRITTEN = {"<=": "\\le", "<": "<", ">=": "\\ge", ">": ">"}


@dataclass(frozen=True, slots=True)
class Trust:
    """compared: references that the second evaluation agreed with; differentiated: those that JAX's derivatives agreed
    with. mutants, killed: slips in references that are certainly wrong, and those of them that were found out."""

    compared: int = 0
    differentiated: int = 0
    mutants: int = 0
    killed: int = 0
    findings: tuple[Finding, ...] = ()
    survivors: tuple[dict[str, str], ...] = field(default=())

    def __add__(self, other: Trust) -> Trust:
        return Trust(
            self.compared + other.compared, self.differentiated + other.differentiated,
            self.mutants + other.mutants, self.killed + other.killed,
            self.findings + other.findings, self.survivors + other.survivors,
        )  # fmt: skip


def trust(problem: Problem, seed: int = 7, mutants: int = 0, opinion: Opinion | None = None) -> Trust:
    """A second opinion on every reference of a problem (and a third on its derivatives); with `mutants` slips in it,
    that many a reference."""
    unmet = [finding for part in problem.parts for finding in _unmet(part)]
    unmet = [finding for k, finding in enumerate(unmet) if finding not in unmet[:k]]  # parts share their givens
    total = Trust(findings=(*look(problem), *unmet))
    for part in problem.parts:
        for text, place in _references(part):
            total += _of_reference(part, text, place, seed, mutants, opinion)
    return total


def _unmet(part: Part) -> Iterator[Finding]:
    """The first given with which no values are found any more: nothing that depends on it can be tested."""
    from derivcheck.checking.oracle import options_of
    from derivcheck.language.givens.table import read_givens
    from derivcheck.worlds.sampling import satisfiable

    def met(lines: Sequence[Line]) -> bool | None:
        return satisfiable(read_givens([line.text for line in lines], options=options_of(part))[0].model)

    lines = (*part.given, *part.where)
    found = met(lines)
    if found:
        return
    place = next(lines[n - 1] for n in range(1, len(lines) + 1) if n == len(lines) or not met(lines[:n]))
    message = "no values were found that meet the givens up to here, so nothing can be tested"
    help = "give values to the names themselves (`s = \\sqrt{2}` rather than `s^2 = 2`)"
    severity = "error" if found is False else "warning"  # False: they contradict each other
    where = (place.line, place.column, place.column + len(place.text))
    yield Finding("unmet-givens", severity, message, *where, help=help, file=part.file)


def _references(part: Part) -> Iterator[tuple[str, Line]]:
    """What the problem says of what it asks, as lines of one relation."""
    from derivcheck.kinds.results import targets

    if part.kind not in COMPARED:
        return
    if part.show is not None:
        yield part.show.text, part.show.lines[0]
        return
    relation = _WRITTEN.get(part.relation, "=")
    places = [line for line in part.answer or () if line.text.strip()]
    for number, (find, answer) in enumerate(targets(part.find, part.answer)):
        if find and answer:
            yield f"{find.text} {relation} {answer.text}", places[number]


def _of_reference(part: Part, text: str, place: Line, seed: int, mutants: int, opinion: Opinion | None) -> Trust:
    from derivcheck.checking.oracle import ScopeOracle, options_of
    from derivcheck.language.statements import read_statement
    from derivcheck.variants.recheck import agreement

    scope = ScopeOracle.of(part).where
    links = read_statement(text, scope, None, options_of(part)).links
    if len(links) != 1 or links[0].claim is None or links[0].undeclared:
        return Trust()
    claim = links[0].claim
    told = agreement(claim, links[0].model, seed)
    if told["violated"] and part.kind == "value":
        told = _rounded(claim, links[0].model, text, seed) or told
    if told["violated"]:
        message = "a second evaluation of the givens does not agree with this reference"
        help = "is it the published solution? put small numbers in by hand"
        where = (place.line, place.column, place.column + 1)
        return Trust(findings=(Finding("reference-differs", "error", message, *where, help=help, file=part.file),))
    found = Trust(compared=1 if told["agrees"] else 0)
    if opinion is not None:
        found += _differentiated(part, place, opinion(claim, links[0].model))
    return found + _mutants(part, text, place, seed, mutants) if mutants and told["agrees"] else found


def _rounded(claim: Claim, model: Model, text: str, seed: int) -> Counter[str] | None:
    """A decimal as a reference: how its rounding agrees. None where it is no decimal."""
    from derivcheck.kinds.numbers import number_in
    from derivcheck.terms.node import Number
    from derivcheck.terms.tensor import Tensor
    from derivcheck.variants.recheck import agreement

    written = number_in(text.split("=")[-1])
    if written is None or not written.step:
        return None
    ends = ((">=", written.value - written.step / 2), ("<=", written.value + written.step / 2))
    told = Counter[str]()
    for relation, end in ends:
        told += agreement(replace(claim, relation=relation, right=Tensor((), Number(end))), model, seed)
    return told


def _differentiated(part: Part, place: Line, word: str) -> Trust:
    if word != "differs":
        return Trust(differentiated=int(word == "agrees"))
    message = "derivatives of the givens computed by JAX do not agree with this reference"
    help = "rounding, or a mistake in it: put small numbers in by hand"
    where = (place.line, place.column, place.column + 1)
    return Trust(findings=(Finding("reference-differs", "warning", message, *where, help=help, file=part.file),))


def _mutants(part: Part, text: str, place: Line, seed: int, count: int) -> Trust:
    """Slips that the second evaluator certifies as wrong, each judged as a student's line would be."""
    from derivcheck.checking.deciding import Decider
    from derivcheck.checking.oracle import ScopeOracle, link_verdict, options_of
    from derivcheck.language.statements import read_statement
    from derivcheck.variants.mutants import certified_wrong
    from derivcheck.variants.mutants import mutants as slips

    scope = ScopeOracle.of(part).where
    link = read_statement(text, scope, None, options_of(part)).links[0]
    if link.claim is None:
        return Trust()
    total = Trust()
    decider = Decider(seed)
    for changed in slips(text, scope, link.claim, seed, count):
        links = read_statement(changed.text, scope, None, options_of(part)).links
        if len(links) != 1 or links[0].claim is None or links[0].undeclared:
            continue
        if not certified_wrong(links[0].claim, links[0].model, seed):
            continue
        verdict = link_verdict(links[0], decider)
        total = replace(total, mutants=total.mutants + 1, killed=total.killed + (verdict.word == "refuted"))
        if verdict.word != "refuted":
            total += _survivor(part, changed.text, verdict, place)
    return total


def _survivor(part: Part, text: str, verdict: Verdict, place: Line) -> Trust:
    reason = str(verdict.evidence.get("reason", "")) or "it was only tested"
    passed = verdict.word in ("proved", "holds")
    message = f"a wrong variant of the reference comes out as {verdict.word}: {text}"
    help = "this must not be: please report it" if passed else f"add it under `wrong:`; it was not decided ({reason})"
    finding = Finding("mutant-survives", "error" if passed else "warning", message, place.line, place.column,
                      place.column + 1, help=help, file=part.file)  # fmt: skip
    row = {"problem": part.id, "mutant": text, "verdict": verdict.word, "reason": reason}
    return Trust(findings=(finding,), survivors=(row,))
