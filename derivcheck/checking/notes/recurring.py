"""Families that notes know by a recurrence alone: `v_{t+1} = \\beta v_t + g_t` says that v_t, g_t are numbers, one for
each step. It is a guess (Model.inferred): it helps lines to be proved, and refutes none, until it is settled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from derivcheck.checking.notes.declarations import Notation, names_in, pieces_of
from derivcheck.checking.notes.inferring import guessed
from derivcheck.checking.notes.iterates import step_of
from derivcheck.language.elaboration.resolve import members_key
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Name, Node, Num, Product, Relation, Scripted
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.build import ZERO
from derivcheck.terms.model import Declaration, Family
from derivcheck.terms.node import Index

_SHIFTED = re.compile(r"_\s*\{\s*[a-z]\s*[+-]\s*1\s*\}")
_NUMBER = re.compile(r"([a-z]|\\[a-z]+)(?:_\d)?")
_MEANT = frozenset({"e", "i", "d", "\\pi", "\\infty", "\\partial", "\\nabla"})


def recurrences(texts: Iterable[str], notation: Notation) -> dict[str, int]:
    """The letters that some line computes from their own steps before, and no line declares, with how many steps
    back it goes."""
    texts = list(texts)
    found: dict[str, int] = {}
    for text in texts:
        node = notation.node(text) if _SHIFTED.search(text) and "=" in text else None
        left = node.operands[0] if isinstance(node, Relation) and node.relations[0] in ("=", ":=") else None
        if isinstance(node, Relation) and isinstance(left, Scripted) and left.sub is not None and not left.primes:
            base, step = canonical(left.base), step_of(left.sub)
            lag = _lag(node, base, step) if base is not None and step is not None and left.sup is None else 0
            if lag and base is not None:
                found.setdefault(base, lag)
    declared = [text for text in texts if "\\in" in text or "∈" in text]
    return {b: n for b, n in found.items() if not any(re.search(re.escape(b) + r"\s*_", text) for text in declared)}


def all_steps(texts: Iterable[str], notation: Notation) -> dict[str, str]:
    """From which step on there are the letters that some line computes from their own steps before, and those that
    stand beside them with the same index (`o_t = V h_t`)."""
    texts = list(texts)
    without = [re.sub(r"\\in(?![A-Za-z])|∈", "=", text) for text in texts]
    found = set(recurrences(without, notation))
    for text in [text for text in texts if "=" in text]:
        members = {(m["name"], m["index"]) for m in _MEMBER.finditer(text)}
        indices = {index for name, index in members if name in found}
        found |= {name for name, index in members if index in indices}
    return {base: _first_step(base, texts) for base in found}


def _first_step(base: str, texts: Sequence[str]) -> str:
    steps = [int(n) for text in texts for n in re.findall(re.escape(base) + r"\s*_\s*\{?\s*(\d+)(?!\d)", text)]
    return str(min(steps, default=0))


_MEMBER = re.compile(r"(?P<name>\\?[A-Za-z]+)_(?:\{\s*)?(?P<index>[a-z])(?:\s*[+-]\s*1)?(?![A-Za-z])")


def starting(node: Node, scope: Scope, lags: Mapping[str, int]) -> frozenset[str]:
    """The families of which a line says the rule, or a first value (`x_0 = 1`), as long as these are wanting."""
    return frozenset(key for base, key, step in _left(node, lags) if not _is_known(key, step, scope, lags[base]))


def ruled(node: Node, scope: Scope, lags: Mapping[str, int]) -> frozenset[str]:
    """The families of which a line says once more how they go on, or a value when all are known: a claim."""
    return frozenset(key for base, key, step in _left(node, lags) if _is_known(key, step, scope, lags[base]))


def _is_known(key: str, step: tuple[str, int] | None, scope: Scope, lag: int) -> bool:
    return _defined(key, scope) > lag if step is None else _has_rule(key, scope)


def _left(node: Node, lags: Mapping[str, int]) -> Iterator[tuple[str, str, tuple[str, int] | None]]:
    """(x, its family, (n, 1)) of every line `x_{n+1} = ...`."""
    for piece in pieces_of(node):
        if isinstance(piece.node, Relation) and isinstance(piece.node.operands[0], Scripted):
            for base, step in _members(piece.node.operands[0]):
                if base in lags:
                    yield base, members_key(base), step


def _defined(key: str, scope: Scope) -> int:
    declaration = scope.model.declarations.get(key)
    return len(declaration.definitions) if declaration is not None else 0


def _has_rule(key: str, scope: Scope) -> bool:
    declaration = scope.model.declarations.get(key)
    return declaration is not None and any(key in d.body.symbols for d in declaration.definitions)


def with_recurrences(text: str, scope: Scope, notation: Notation, letters: Collection[str]) -> Scope:
    """The scope in which what a line speaks of is a family of numbers: such letters, and what stands beside them in
    their recurrence."""
    if not letters or "_" not in text:
        return scope
    node = notation.node(text)
    members = list(_members(node)) if node is not None else []
    if node is None or not any(base in letters for base, _ in members) or not _of_numbers(node, scope):
        return scope
    taken = scope.names | scope.indices.keys()
    steps = {step[0] for _, step in members if step is not None and step[0] not in taken}
    beside = {base for base, step in members if step is not None and step[0] in steps}
    new = {base for base, _ in members if base in letters} | beside
    new = {base for base in new if not {base, members_key(base)} & (scope.names | scope.model.declarations.keys())}
    for base in sorted(new):
        scope = scope.declare(Declaration(members_key(base), (), (Family(Index("t"), ZERO),), latex=base))
    numbers = _numbers(node, scope, steps) - new if steps else set()
    for name in sorted(numbers):
        scope = scope.declare(Declaration(name, latex=name))
    return guessed(scope, {members_key(base) for base in new} | numbers) if new or numbers else scope


def settled(scope: Scope) -> Scope:
    """The scope in which a family is no guess any more: its rule and its first value are said, and all else in them are
    numbers that the notes declare."""
    guesses = scope.model.inferred
    sure = {key for key in guesses if _is_settled(key, scope, guesses)}
    return replace(scope, model=replace(scope.model, inferred=guesses - sure)) if sure else scope


def _is_settled(key: str, scope: Scope, guesses: frozenset[str]) -> bool:
    declarations = scope.model.declarations
    own = declarations.get(key)
    if own is None or len(own.definitions) < 2 or not _has_rule(key, scope):
        return False
    others = {name for definition in own.definitions for name in definition.body.symbols} - {key}
    return all((d := declarations.get(n)) is not None and not d.shape and n not in guesses for n in others)


def _lag(node: Relation, base: str, step: tuple[str, int]) -> int:
    """How many steps back the right side goes; 0 where it does not use the step before."""
    found = [member for operand in node.operands[1:] for member in _members(operand)]
    back = {step[1] - s[1] for name, s in found if name == base and s is not None and s[0] == step[0]}
    return max(back) if min(back, default=0) == 1 else 0


def _members(node: Node) -> Iterator[tuple[str, tuple[str, int] | None]]:
    """(x, (n, 1)) of every `x_{n+1}`, (x, None) of every `x_0`."""
    for part in walk(node):
        if isinstance(part, Scripted) and part.sub is not None and isinstance(part.base, Name):
            base, step = canonical(part.base), step_of(part.sub)
            if base is not None and (step is not None or isinstance(part.sub, Num)):
                yield base, step


def _of_numbers(node: Node, scope: Scope) -> bool:
    """Whether nothing in a line is known to be no number, and no capital letter (`A x_k`) looks like a matrix."""
    names = names_in(node)
    known = (scope.model.declarations.get(name) for name in names)
    bases = {base for base, _ in _members(node)}
    matrices = {n for n in names if re.fullmatch("[A-Z]", n)} - bases - scope.names
    return not matrices and not any(d is not None and d.shape for d in known)


def _numbers(node: Node, scope: Scope, steps: set[str]) -> set[str]:
    """The letters that nothing introduces and that stand for a number: no index, no base of a member, no function."""
    others = {base for base, _ in _members(node)} | steps | scope.names | _MEANT
    families = {base for base in others if members_key(base) in scope.model.declarations}
    for part in walk(node):
        if isinstance(part, Product):
            pairs = zip(part.items, part.items[1:], strict=False)
            others |= {canonical(a) or "" for (_, a), (sign, b) in pairs if not sign and _calls(a, b)}
    found = {name: match.group(1) for name in names_in(node) if (match := _NUMBER.fullmatch(name))}
    return {name for name, base in found.items() if base not in families} - others


def _calls(head: Node, group: Node) -> bool:
    return isinstance(group, Group) and group.open == "(" and head.span.end == group.span.start
