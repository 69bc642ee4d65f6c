"""A proof is asked for: the claims that the problem names must each stand there and follow from the givens and what
was said before, in any order; a step that uses what is to be shown is refused. Where the problem lets the proof suppose
something (`suppose:`), it must lead to a contradiction: a line that follows and denies a supposition. Whether the
words join the lines, a person may still read."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.kinds import chain
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Oracle, PartResult, Stated
from derivcheck.kinds.marks import (
    at_line,
    correct,
    credit_earned,
    first_refuted,
    has_line,
    hint_of,
    review,
    unanswered,
    wrong,
)
from derivcheck.kinds.matching import key
from derivcheck.kinds.results import joined
from derivcheck.problems.schema import Part, Text
from derivcheck.terms.build import sub
from derivcheck.terms.tensor import Tensor

_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
GOOD = ("proved", "holds")
MOST_TRIED = 24


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    begged = _begged(part, answer, oracle)
    refuted = first_refuted(answer)
    if begged is not None and (refuted is None or begged.line <= refuted.line):
        finding = at_line("circular", "what is to be shown is supposed here", begged)
        return wrong(part, credit_earned(part, answer, oracle, begged), begged.line, (finding,), cell=begged.cell)
    if part.suppose:
        return _by_contradiction(part, answer, oracle, refuted)
    if part.show is not None and not part.requires:
        return chain.judge(part, answer, oracle)
    if refuted is not None:
        entry = chain.matching_slip(part, refuted, oracle)
        earned = max(credit_earned(part, answer, oracle, refuted), entry.points or 0 if entry else 0)
        return wrong(part, earned, refuted.line, (), hint_of(entry), refuted.cell)
    wanted = [Text((line,)) for line in part.requires] + ([part.show] if part.show else [])
    lacking = [claim for claim in wanted if not _stands(claim, answer, oracle)]
    if wanted and not lacking:
        return correct(part, _last(answer))
    return review(part, "a proof is read by a person", _last(answer), credit_earned(part, answer, oracle))


def _stands(claim: Text, answer: JudgedAnswer, oracle: Oracle) -> bool:
    """Is the claim a shown line of the answer, or one whose sides are each equal to its sides?"""
    if has_line(claim, answer, oracle):
        return True
    wanted = [s for line in oracle.read_entry(claim.text) for s in stated(line)]
    said = [s for line in answer.lines if line.word in GOOD and line.role != "condition" for s in stated(line)]
    return bool(wanted) and any(_agree(wanted[-1], s, oracle) for s in said[:MOST_TRIED])


def _agree(one: Stated, other: Stated, oracle: Oracle) -> bool:
    """The same sides, or (of numbers) the same difference between them: `s + c <= s` says `c <= 0`. What is less is
    no more either."""
    one, other = _upwards(one), _upwards(other)
    pairs = ((one[0], other[0]), (one[2], other[2]))
    if (one[1], other[1]) not in ((one[1], one[1]), ("<=", "<")) or any(len(a.axes) != len(b.axes) for a, b in pairs):
        return False
    if all(key(a) == key(b) or oracle.relate(a, "=", b).word in GOOD for a, b in pairs):
        return True
    if any(side.axes for pair in pairs for side in pair) or one[1] == "=":
        return False
    first, second = (Tensor((), sub(left.body, right.body)) for left, _, right in (one, other))
    return oracle.relate(first, "=", second).word == "proved"


def _upwards(claim: Stated) -> Stated:
    left, relation, right = claim
    return (right, {">": "<", ">=": "<="}[relation], left) if relation in (">", ">=") else claim


def _last(answer: JudgedAnswer) -> JudgedLine | None:
    return next((line for line in reversed(answer.lines) if line.role != "condition"), None)


def _begged(part: Part, answer: JudgedAnswer, oracle: Oracle) -> JudgedLine | None:
    """A condition (`assume ...`) that is what is to be shown, or a reason (`since ...`) that is, before
    anything led to it. (An induction may assume it for one step.)"""
    goal = part.show.text if part.show else part.requires[0].text if len(part.requires) == 1 else ""
    if not goal or any("induct" in line.text.lower() for line in answer.text):
        return None
    goals = {_key(s) for line in oracle.read_entry(goal) for s in stated(line)}
    steps = 0
    for line in answer.lines:
        said = [_key(s) in goals for s in stated(line)]
        if line.role == "condition" and any(said):
            return line
        if line.reason and any(_key(s) in goals for s in stated(line, furthest=1)):
            return line
        steps += line.role == "claim" and not line.reason and line.word in GOOD
        if any(said) and not line.reason and (steps > 1 or len(line.relations) > 1):
            return None  # something leads to it: now it may be used
    return None


def _key(claim: Stated) -> tuple[str, str, str]:
    left, relation, right = _upwards(claim)
    first, second = key(left), key(right)
    return (min(first, second), "=", max(first, second)) if relation == "=" else (first, relation, second)


def stated(line: JudgedLine, furthest: int = 1000) -> Iterator[Stated]:
    """Every relation that a line states between two of its expressions, neighbours or at most so far apart."""
    operands, relations = line.operands, line.relations
    for start in range(len(operands)):
        relation = "="
        for end in range(start + 1, min(len(operands), start + furthest + 1)):
            if end - 1 >= len(relations):
                break
            relation = relations[end - 1] if end == start + 1 else joined(relation, relations[end - 1])
            left, right = operands[start].tensor, operands[end].tensor
            if not relation:
                break
            if left is not None and right is not None:
                yield left, relation, right


def _by_contradiction(
    part: Part, answer: JudgedAnswer, oracle: Oracle, refuted: JudgedLine | None
) -> PartResult:
    secured = _cases(part, answer, oracle)
    if refuted is not None:
        return wrong(part, secured, refuted.line, (), "", refuted.cell)
    supposed = oracle.supposed()
    said = [(line, s) for line in answer.lines if line.word in GOOD for s in stated(line)]
    lacking = [h for h in supposed if not any(_same(h, s, oracle) for _, s in said)]
    if lacking or not supposed:
        return review(part, "not all that follows from the supposition is written down", _last(answer), secured)
    for line, claim in said:
        if any(_same(h, claim, oracle) for h in supposed):
            continue
        if any(_denies(claim, h, oracle) for h in supposed):
            return correct(part, line)
    derived = [(line, s) for line, s in said if s[1] in _DENIED][:MOST_TRIED]
    for number, (line, claim) in enumerate(derived):
        if any(_names(claim) == _names(s) and _denies(claim, s, oracle) for _, s in derived[:number]):
            return correct(part, line)
    return review(part, "no line was found that contradicts the supposition", _last(answer), secured)


def _cases(part: Part, answer: JudgedAnswer, oracle: Oracle) -> float:
    """Credit for suppositions written down (`credit:` names them) and for other lines shown."""
    said = [s for line in answer.lines if line.word in GOOD for s in stated(line)]
    earned = 0.0
    for credit in part.credit:
        wanted = [s for line in oracle.read_entry(credit.text.text) for s in stated(line)]
        if wanted and all(any(_same(w, s, oracle) for s in said) for w in wanted):
            earned += credit.points
    return min(earned, part.points)


def _same(one: Stated, other: Stated, oracle: Oracle) -> bool:
    """Does each follow from the other?"""
    return oracle.entails((one,), other).word == "proved" and oracle.entails((other,), one).word == "proved"


def _names(claim: Stated) -> frozenset[str]:
    return claim[0].body.symbols | claim[2].body.symbols


def _denies(claim: Stated, supposition: Stated, oracle: Oracle) -> bool:
    left, relation, right = supposition
    denied = _DENIED.get(relation)
    return denied is not None and oracle.entails((claim,), (left, denied, right)).word == "proved"
