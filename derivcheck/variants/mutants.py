"""Single slips in a right line, as students make them: the edits with which blame looks for what would mend a wrong
line (one set of rules for both). A mutant counts as wrong only where the second evaluator finds its sides to differ."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from derivcheck.checking.blame import exchanging, operations, products, scripts, sums
from derivcheck.checking.blame.around import around
from derivcheck.checking.blame.edits import Around, Variant, sites
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import Empty, Node, Relation
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.variants.recheck import agreement

Rule = Callable[[Node, Around], Iterator[Variant]]
SLIPS: tuple[Rule, ...] = (*products.RULES, *sums.RULES, *scripts.RULES, *operations.RULES, *exchanging.RULES)
_MOST = 600  # variants of one line that are looked at
_REVERSED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A line as changed: its text, by which rule."""

    text: str
    rule: str


def mutants(text: str, scope: Scope, claim: Claim, seed: int | str, count: int) -> list[Changed]:
    """Slips in a line of one relation, at most `count`, spread over the kinds of slips."""
    rng = random.Random(f"mutants {seed}")
    found = list(_unlike(text, changed(text, scope, claim, SLIPS, rng)))
    found += _relation_reversed(text)
    return spread(found, rng, count)


def certified_wrong(claim: Claim, model: Model, seed: int | str) -> bool:
    """Whether the second evaluator finds a point where the claim is violated."""
    return agreement(claim, model, seed, worlds=3, points=5)["violated"] > 0


def changed(text: str, scope: Scope, claim: Claim, rules: Sequence[Rule], rng: random.Random) -> Iterator[Changed]:
    """The line with one operand changed at one place by one rule, in random order of places."""
    root = parse(text).node
    if not isinstance(root, Relation):
        return
    for k, operand in enumerate(root.operands):
        if isinstance(operand, Empty):
            continue
        other = root.operands[1 - k if k < 2 else 0]
        nearby = around(text, scope, operand, other, claim)
        places = list(sites(operand))
        rng.shuffle(places)
        made = 0
        for node, put in places:
            for rule in rules:
                for variant in rule(node, nearby):
                    operands = (*root.operands[:k], put(variant.node), *root.operands[k + 1 :])
                    yield Changed(show(replace(root, operands=operands)), variant.slip)
                    made += 1
                    if made > _MOST:
                        return


def _unlike(text: str, found: Iterator[Changed]) -> Iterator[Changed]:
    """Each text once, and not the line itself."""
    seen = {show(parse(text).node)}
    for one in found:
        if one.text not in seen:
            seen.add(one.text)
            yield one


def _relation_reversed(text: str) -> list[Changed]:
    root = parse(text).node
    if not isinstance(root, Relation) or len(root.relations) != 1 or root.relations[0] not in _REVERSED:
        return []
    return [Changed(show(replace(root, relations=(_REVERSED[root.relations[0]],))), "reversed-inequality")]


def spread(found: list[Changed], rng: random.Random, count: int) -> list[Changed]:
    """Some of each rule, in turn."""
    kinds: dict[str, list[Changed]] = {}
    for one in found:
        kinds.setdefault(one.rule, []).append(one)
    for group in kinds.values():
        rng.shuffle(group)
    order = list(kinds)
    rng.shuffle(order)
    out: list[Changed] = []
    while len(out) < count and kinds:
        for name in order:
            if kinds.get(name):
                out.append(kinds[name].pop())
        kinds = {k: v for k, v in kinds.items() if v}
    return out[:count]
