"""The question states its result ("show that ..."): every line must follow, and the lines must lead to it."""

from __future__ import annotations

import re

from derivcheck.kinds import expression
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle, PartResult
from derivcheck.kinds.marks import (
    at_line,
    correct,
    credit_earned,
    first_refuted,
    hint_of,
    partial,
    review,
    unanswered,
    wrong,
)
from derivcheck.kinds.matching import key, squeezed
from derivcheck.kinds.results import BACK, CHECKED, chains, defined_as, joined
from derivcheck.problems.schema import Entry, Part
from derivcheck.terms.build import ZERO, sub
from derivcheck.terms.model import Model
from derivcheck.terms.tensor import Tensor

RESTATED = "this states what was to be shown, without a step towards it"
WRITTEN_OUT = "this only writes out what is given: no step leads to what was to be shown"
_SIGNS = re.compile(r"[-+()]")
Link = tuple[str, str, str, str]  # left key, relation, right key, verdict


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    if part.show is None:
        return expression.judge(part, answer, oracle)
    stated = [line for line in oracle.read_entry(part.show.text) if len(line.operands) >= 2]
    if not stated:
        return review(part, "the statement to be shown could not be read")
    givens = _givens_for(stated[0].operands[0], stated[-1].operands[-1], oracle)
    left, right = meaning(stated[0].operands[0], givens), meaning(stated[-1].operands[-1], givens)
    refuted = first_refuted(answer)
    if refuted is not None:
        entry = matching_slip(part, refuted, oracle)
        earned = max(credit_earned(part, answer, oracle, refuted), entry.points or 0 if entry else 0)
        return wrong(part, earned, refuted.line, (), hint_of(entry), refuted.cell)
    links = _links(answer, givens)
    steps = [link for link in links if {link[0], link[2]} != {left, right} and link[0] != link[2]]
    last = _last_checked(answer)
    spelled = _spelled_out(left, right, answer, givens)
    if not steps and not spelled:
        return _only_restated(part, answer, last, _said_again(stated[0], answer))
    weak = [word for *_, word in steps if word not in ("proved", "holds")]
    if weak:
        secured = credit_earned(part, answer, oracle)
        return review(part, "a step could be neither proved nor refuted, or not be read", last, secured)
    if not spelled and not _leads(steps, left, right, links) and not _by_difference(stated, answer, oracle):
        return review(part, "every line is right, but they do not visibly lead to what was to be shown", last)
    if any(relation != "=" and word == "holds" for _, relation, _, word in steps):
        return review(part, "an inequality was tested, not proved", last)
    notes = ["a step was tested, not proved"] if any(word == "holds" for *_, word in steps) else []
    reasons = [[meaning(operand, givens) for operand in line.operands] for line in answer.lines if line.reason]
    if any(sorted(sides) == sorted((left, right)) for sides in reasons):
        notes.append("what is to be shown stands among the reasons")
    return correct(part, last, notes)


def operand_key(operand: Operand) -> str:
    return key(operand.tensor) if operand.tensor is not None else squeezed(operand.latex)


def meaning(operand: Operand, givens: Model) -> str:
    """The operand's key; of a bare name that the givens define, its definition's: to copy that is no step."""
    body = defined_as(operand.tensor, givens) if operand.tensor is not None else None
    return key(body) if body is not None else operand_key(operand)


def _givens_for(left: Operand, right: Operand, oracle: Oracle) -> Model:
    """The givens, without any where they say by themselves what is to be shown: then to copy them shows it."""
    givens = oracle.givens()
    return givens if meaning(left, givens) != meaning(right, givens) else Model()


def _links(answer: JudgedAnswer, givens: Model) -> list[Link]:
    found = []
    for chain in chains(answer):
        keys = [meaning(operand, givens) for operand in chain.operands]
        found += [
            (keys[k], link.relation, keys[k + 1], link.word) for k, link in enumerate(chain.links) if link.relation
        ]
    return found


def _spelled_out(left: str, right: str, answer: JudgedAnswer, givens: Model) -> bool:
    """Is there a chain from one side to the other over something written otherwise (a divergence as its expectation,
    say), although it means the same as one of them?"""
    for chain in chains(answer):
        keys = {meaning(operand, givens) for operand in chain.operands}
        words = {link.word for link in chain.links if link.relation == "="} if {left, right} <= keys else {"none"}
        names = {meaning(o, givens): o for o in chain.operands if meaning(o, givens) != operand_key(o)}
        written = [names.get(operand_key(operand), operand) for operand in chain.operands]
        texts = {"".join(sorted(_SIGNS.sub("", squeezed(operand.latex)))) for operand in written}
        if words <= {"proved", "holds"} and len(texts) >= 3:
            return True
    return False


def _last_checked(answer: JudgedAnswer) -> JudgedLine | None:
    return next((line for line in reversed(answer.lines) if line.role in CHECKED), None)


def _leads(steps: list[Link], left: str, right: str, links: list[Link]) -> bool:
    """Do the steps join the two sides, or do at least two of them end in the statement itself?"""
    group: dict[str, str] = {}

    def root(node: str) -> str:
        while group.get(node, node) != node:
            node = group[node]
        return node

    for first, _, second, _ in steps:
        group[root(first)] = root(second)
    if root(left) == root(right):
        return True
    concluded = any({a, c} == {left, right} for a, _, c, _ in links)
    touched = any(left in (a, c) or right in (a, c) for a, _, c, _ in steps)
    return len(steps) >= 2 and (concluded or touched)


def _by_difference(stated: list[JudgedLine], answer: JudgedAnswer, oracle: Oracle) -> bool:
    """Is there a chain of two steps or more from the difference of the two sides to zero (`b - a = ... \\ge 0`)?"""
    left, right = stated[0].operands[0].tensor, stated[-1].operands[-1].tensor
    wanted = stated[-1].relations[-1] if stated[-1].relations else "="
    if left is None or right is None or left.axes or right.axes:
        return False
    forth, back = (Tensor((), sub(a.body, b.body)) for a, b in ((left, right), (right, left)))
    ways = ((forth, wanted), (back, BACK.get(wanted)))
    for chain in chains(answer):
        first, last = chain.operands[0].tensor, chain.operands[-1].tensor
        if len(chain.links) < 2 or first is None or last is None or last.body is not ZERO:
            continue
        relation = "="
        for link in chain.links:
            relation = joined(relation, link.relation)
        said = [gap for gap, way in ways if relation and way in (relation, f"{relation}=")]
        if not first.axes and any(oracle.relate(first, "=", gap).word == "proved" for gap in said):
            return True
    return False


def _said_again(stated: JudgedLine, answer: JudgedAnswer) -> bool:
    """Does the answer hold both sides of the statement as the question writes them?"""
    sides = {operand_key(stated.operands[0]), operand_key(stated.operands[-1])}
    return any(sides <= {operand_key(o) for o in chain.operands} for chain in chains(answer))


def _only_restated(part: Part, answer: JudgedAnswer, last: JudgedLine | None, again: bool) -> PartResult:
    if last is None or any(line.word in ("undecided", "unreadable") for line in answer.lines):
        return review(part, "no step of a derivation could be read", last)
    said = RESTATED if again else WRITTEN_OUT
    finding = at_line("incomplete", said, last)
    points = [entry.points for entry in part.of("partial") if entry.points is not None]
    return partial(part, min(points, default=0), finding, last)


def matching_slip(part: Part, refuted: JudgedLine, oracle: Oracle) -> Entry | None:
    """The `wrong` entry whose marked line is, up to names, the student's refuted line."""
    mine = {operand_key(operand) for operand in refuted.operands[-1:]}
    for entry in part.of("wrong"):
        if entry.points is None and entry.hint is None:
            continue
        lines = oracle.read_entry(entry.text.text)
        marked = {mark.line for mark in entry.marks}
        theirs = {operand_key(o) for line in lines if line.line in marked for o in line.operands[-1:]}
        if mine & theirs:
            return entry
    return None
