"""In the terms asked? The names and operators of an expression, the student's own definitions unfolded, against
the `in` of the question."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivcheck.kinds.interface import Oracle
from derivcheck.problems.fields import split_names
from derivcheck.problems.schema import Part
from derivcheck.record import dataclass
from derivcheck.terms.integers import affine
from derivcheck.terms.model import Model
from derivcheck.terms.node import Derivative, Entry, Expectation, Size, Term, Var, walk
from derivcheck.terms.tensor import Tensor

# body symbol, symbol differentiated by, immediate, step between their first family indices (None: unrelated)
Signature = tuple[str, str, bool, Fraction | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What may stand in a result: names (None: any), derivatives by signature, expectations at all."""

    names: frozenset[str] | None = None
    derivatives: frozenset[Signature] = frozenset()
    expectations: bool = False

    def allows(self, tensor: Tensor, model: Model, own: frozenset[str]) -> bool:
        """Is every name and operator of this expression among those asked for?"""
        if self.names is None:
            return not any(isinstance(node, Expectation) for node in self._nodes(tensor, model, own))
        for node in self._nodes(tensor, model, own):
            if isinstance(node, Derivative) and not signatures((node,)) <= self.derivatives:
                return False
            if isinstance(node, Expectation) and not self.expectations:
                return False
        return self._names_used(tensor, model, own) <= self.names

    @staticmethod
    def _nodes(tensor: Tensor, model: Model, own: frozenset[str]) -> Iterable[Term]:
        """Every subterm, the student's own names unfolded."""
        for body in _bodies(tensor, model, own):
            yield from walk(body)

    def _names_used(self, tensor: Tensor, model: Model, own: frozenset[str]) -> set[str]:
        used: set[str] = set()
        for body in _bodies(tensor, model, own):
            used |= _outside_derivatives(body)
        return {name for name in used if name not in own and name in model.declarations and not _is_index(name, model)}


def _is_index(name: str, model: Model) -> bool:
    """Integers (lengths, chosen indices, dimensions) may always be named."""
    declaration = model.declarations[name]
    return declaration.domain.kind == "integer" and not declaration.shape


def _bodies(tensor: Tensor, model: Model, own: frozenset[str]) -> Iterable[Term]:
    """The expression, and the definitions of the student's names in it, in turn."""
    seen: set[str] = set()
    waiting = [tensor.body]
    while waiting:
        body = waiting.pop()
        yield body
        for name in body.symbols & own - seen:
            seen.add(name)
            declaration = model.declarations.get(name)
            waiting += [definition.body for definition in declaration.definitions] if declaration else []


def _outside_derivatives(body: Term) -> set[str]:
    """The names of a term, those inside its derivatives left out (the derivative's signature speaks for them)."""
    names: set[str] = set()
    waiting, seen = [body], set()
    while waiting:
        node = waiting.pop()
        if node in seen or isinstance(node, Derivative):
            continue
        seen.add(node)
        if isinstance(node, Entry):
            names.add(node.symbol)
        for field in node._fields:
            value = getattr(node, field)
            waiting += [t for t in _flat(value) if not isinstance(t, Var | Size)]
    return names


def _flat(value: object) -> Iterable[Term]:
    if isinstance(value, Term):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _flat(item)


def signatures(nodes: Iterable[Term]) -> frozenset[Signature]:
    """Which quantity is differentiated by which, and how many steps apart they stand."""
    found = set()
    for node in nodes:
        if isinstance(node, Derivative):
            bodies = [n for n in walk(node.body) if isinstance(n, Entry)] or [None]
            whole = node.body if isinstance(node.body, Entry) else bodies[-1]
            symbol = whole.symbol if isinstance(whole, Entry) else ""
            found.add((symbol, node.wrt.symbol, node.immediate, _step(whole, node.wrt)))
    return frozenset(found)


def _step(body: Entry | None, wrt: Entry) -> Fraction | None:
    """The difference of the first family indices, where it is a number."""
    if body is None or not body.indices or not wrt.indices:
        return None
    difference = affine(body.indices[0])
    for atom, value in affine(wrt.indices[0]).items():
        difference[atom] = difference.get(atom, Fraction(0)) - value
    left = {atom: value for atom, value in difference.items() if value}
    return left.get(1, Fraction(0)) if left.keys() <= {1} else None


def asked_of(part: Part, oracle: Oracle) -> Asked:
    """The `in` of a part as read; without one, anything but what an expectation leaves undone."""
    if part.terms is None:
        return Asked()
    names: set[str] = set()
    derivatives: set[Signature] = set()
    expectations = False
    for word in split_names(part.terms.text):
        operand = oracle.read(word)
        names.add(canonical_name(word))
        if operand is None or operand.tensor is None:
            continue
        inside = list(walk(operand.tensor.body))
        found = signatures(inside)
        derivatives |= found
        expectations = expectations or any(isinstance(node, Expectation) for node in inside)
        if not found:
            names |= operand.tensor.body.symbols
    return Asked(frozenset(names), frozenset(derivatives), expectations)


def canonical_name(word: str) -> str:
    """The name as a model would key it: without spaces and bold."""
    return "".join(word.replace(r"\mathbf", "").split())
