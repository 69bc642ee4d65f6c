"""Distributions as symbols: `P(o \\mid c)`, `p(x, z)`, `q(z)`, keyed by the head and what stands in its slots.

A slot that names an outcome variable (an index over a finite set, `o \\in \\{1, \\dots, k\\}`) is an axis,
conditions first; anything else is part of the name. `p(x)`, `p(z)`, `p(x \\mid z)`, `p(x, z)` are different symbols;
those of one head belong to one joint distribution, and where the givens do not say how they hang together
they are connected here by the rules of conditional probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.session import Use
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Bar,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
    Symbol,
)
from derivcheck.language.parsing.trees import children as subtrees
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, mul, power, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Definition, Domain, Family, Parameter
from derivcheck.terms.node import Entry, Index, Reduce, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

HEADS = frozenset({"p", "q", "r", "P", "Q", "\\pi", "\\mathcal{P}", "\\mathcal{Q}", "\\mathbb{P}", "Pr"})
"""Letters that are read as distributions although nothing declares them, where their slots look like it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a distribution: the outcome variable's name (or the fixed text), and for an outcome variable the
    position meant and its range."""

    name: str
    outcome: Parameter | None = None
    position: Node | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """`head(left | right)`, slots in the order written."""

    head: str
    left: tuple[Slot, ...]
    right: tuple[Slot, ...]

    @property
    def name(self) -> str:
        left, right = (",".join(s.name for s in part) for part in (self.left, self.right))
        return f"{self.head}({left}|{right})" if right else f"{self.head}({left})"

    @property
    def outcomes(self) -> tuple[Slot, ...]:
        """The slots that are axes, conditions first."""
        return tuple(s for s in (*self.right, *self.left) if s.outcome is not None)


# Reading ----------------------------------------------------------------------------------------------------------


def distribution_at(elab: Elaborator, items: Sequence[Item], k: int) -> Distribution | None:
    """The distribution written at items[k], items[k + 1] (a name and its bracket), if it is one."""
    if k + 1 >= len(items) or items[k + 1][0] != "":
        return None
    head, group = items[k][1], items[k + 1][1]
    group = group.base if isinstance(group, Scripted) else group
    if not isinstance(group, Group) or group.open not in ("(", "["):
        return None
    return read_distribution(elab, head, group)


def read_distribution(elab: Elaborator, head: Node, group: Group) -> Distribution | None:
    """`head(...)` as a distribution: its head is not known as anything else, and its slots are outcome variables,
    conditions, or names of a distribution already met."""
    key = canonical(head)
    if key is None or not isinstance(head, Name | Scripted | Accent) or _known_otherwise(elab, head, key):
        return None
    body = group.body
    conditional = isinstance(body, Bar) and body.kind == "|"
    left = _slots(elab, body.left if isinstance(body, Bar) else body, key)
    right = _slots(elab, body.right, key) if isinstance(body, Bar) else ()
    if left is None or right is None or (isinstance(body, Bar) and not conditional):
        return None
    found = Distribution(key, left, right)
    letter = canonical(head.base) if isinstance(head, Scripted) else key
    if conditional or elab.declaration(found.name) is not None:
        return found
    looks = letter in HEADS
    return found if looks and (found.outcomes or is_head(elab, key)) else None


def mentioned(elab: Elaborator, node: Relation) -> list[Distribution]:
    """Every distribution that a given line mentions. `p(x)` of plain names is one where the line bounds it or mentions
    others of that letter; in `p(x) = x^2` it is a function."""
    sure, bare = _mentioned(elab, node)
    heads = {found.head for found in sure}
    return sure + [found for found in bare if found.head in heads or "=" not in node.relations]


def _mentioned(elab: Elaborator, node: Node) -> tuple[list[Distribution], list[Distribution]]:
    """Distributions by their slots, and those that are only a letter with names."""
    sure: list[Distribution] = []
    bare: list[Distribution] = []
    items = node.items if isinstance(node, Product) else ()
    for k in range(len(items)):
        one, other = distribution_at(elab, items, k), _of_names(elab, items, k)
        if one is not None:
            sure.append(one)
        elif other is not None:
            bare.append(other)
    for child in subtrees(node):
        more, others = _mentioned(elab, child)
        sure, bare = sure + more, bare + others
    return sure, bare


def _of_names(elab: Elaborator, items: Sequence[Item], k: int) -> Distribution | None:
    """`p(x)` of a name that is no number of the problem: the probability of the outcome that x is."""
    if k + 1 >= len(items) or items[k + 1][0] != "":
        return None
    head, group = items[k][1], items[k + 1][1]
    key = canonical(head)
    if not isinstance(head, Name) or key not in HEADS or not isinstance(group, Group) or group.open != "(":
        return None
    if _known_otherwise(elab, head, key) or key in elab.scope.names:
        return None
    nodes = group.body.items if isinstance(group.body, Listing) else (group.body,)
    slots = _slots(elab, group.body, key)
    plain = all(isinstance(n, Name | Scripted | Accent) for n in nodes)
    return Distribution(key, slots, ()) if slots is not None and plain else None


def is_head(elab: Elaborator, key: str) -> bool:
    """Whether a distribution of this head is already known."""
    return any(name.startswith(f"{key}(") for name in _declarations(elab))


def _known_otherwise(elab: Elaborator, head: Node, key: str) -> bool:
    if key in elab.bound or key in elab.scope.functions or elab.scope.function(key) is not None:
        return True
    declaration = elab.declaration(key)
    return declaration is not None or key in elab.scope.aliases


def _slots(elab: Elaborator, node: Node, head: str) -> tuple[Slot, ...] | None:
    nodes = node.items if isinstance(node, Listing) else (node,)
    found = [_slot(elab, n) for n in nodes]
    return None if any(s is None for s in found) else tuple(s for s in found if s is not None)


def _slot(elab: Elaborator, node: Node) -> Slot | None:
    if isinstance(node, Relation):
        if node.relations != ("=",):
            return None
        variable = canonical(node.operands[0])
        outcome = None if variable is None else outcome_named(elab, variable)
        if variable is None:
            return None
        if outcome is None:
            text = canonical(node)
            return None if text is None else Slot(text)
        return Slot(outcome[0], outcome[1], node.operands[1])
    if isinstance(node, Symbol | Num):
        return Slot(node.text)
    name = canonical(node)
    if name is None:
        return None
    outcome = outcome_named(elab, name)
    return Slot(name) if outcome is None else Slot(outcome[0], outcome[1], node)


def outcome_named(elab: Elaborator, name: str) -> tuple[str, Parameter] | None:
    """The outcome variable that a name is (`o`), or is another value of (`o'`, `o_1`, `\\tilde o`)."""
    for key in (name, name.rstrip("'"), name.split("_")[0], _unaccented(name)):
        parameter = elab.scope.indices.get(key)
        if parameter is not None and _is_finite(parameter):
            return key, parameter
    return None


def _unaccented(name: str) -> str:
    parts = name.split(" ", 1) if name.startswith("\\") else [name]
    return parts[-1].strip("{}")


def _is_finite(parameter: Parameter) -> bool:
    return parameter.index.dim is not None or (parameter.lower is not None and parameter.upper is not None)


# Symbols ----------------------------------------------------------------------------------------------------------


def entry_of(elab: Elaborator, found: Distribution) -> Tensor:
    """The number that a distribution is at its slots; the symbol is declared where it is new."""
    declaration = declared(elab, found)
    positions: list[Term] = []
    for slot in found.outcomes:
        assert slot.outcome is not None and slot.position is not None
        lower, upper, dim = limits(slot.outcome)
        positions.append(elab.used_at(slot.position, Use(lower, upper, dim)))
    return scalar(Entry(declaration.name, tuple(positions)))


def limits(outcome: Parameter) -> tuple[Term, Term, Dim | None]:
    """Least and greatest outcome, and the dimension where they are a whole axis."""
    dim = outcome.index.dim
    if dim is not None:
        return ONE, size(dim), dim
    assert outcome.lower is not None and outcome.upper is not None
    return outcome.lower, outcome.upper, None


def declared(elab: Elaborator, found: Distribution, given: bool = False) -> Declaration:
    """The declaration of a distribution, made (and connected to its relatives) where it is new. In a line that is not
    given, one whose head no given introduces is noted as undeclared, so that the line is never refuted."""
    known = elab.declaration(found.name)
    if known is not None:
        return known
    made = undefined(found)
    if not given and not any(n.startswith(f"{found.head}(") for n in elab.scope.model.declarations):
        elab.session.undeclared.setdefault(found.name, Span(0, 0))
    elab.declare(made)
    if not connect(elab, found.head) and not given:
        elab.session.undeclared.setdefault(found.name, Span(0, 0))
    return elab.declaration(made.name) or made


def undefined(found: Distribution) -> Declaration:
    """A distribution of which nothing more is known: over one outcome variable its entries sum to 1."""
    dims = [s.outcome.index.dim for s in found.outcomes if s.outcome is not None]
    free = [s for s in found.left if s.outcome is not None]
    if all(d is not None for d in dims):
        shape, family = tuple(d for d in dims if d is not None), ()
    else:
        shape = ()
        family = tuple(_family(s.outcome) for s in found.outcomes if s.outcome is not None)
    if len(free) == 1 and len(found.left) == 1 and shape:
        domain = Domain("simplex")
    else:
        domain = Domain("real", ZERO, ONE, True, True)
    return Declaration(found.name, shape, family, domain, latex=found.name.replace("|", " \\mid "))


def _family(outcome: Parameter) -> Family:
    lower, upper, _ = limits(outcome)
    return Family(Index(fresh("o").name), lower, upper)


def outcome_tensor(elab: Elaborator, found: Distribution) -> Tensor:
    """A distribution over its one outcome variable as a vector; conditions on other outcome variables stay bare."""
    declaration = declared(elab, found)
    own = [s for s in found.left if s.outcome is not None]
    if len(own) != 1 or own[0].outcome is None:
        elab.error("unsupported", f"{found.name} is not over one outcome variable", None)
    entry = entry_of(elab, found)
    index = own[0].outcome.index
    assert isinstance(entry.body, Entry)
    dim = index.dim
    if dim is None:
        elab.error("unsupported", f"{found.name} is over outcomes that are not 1, ..., n", None)
    axis = fresh(index.name, dim)
    positions = (*entry.body.indices[: len(declaration.shape) - 1], Var(axis))
    return Tensor((axis,), Entry(declaration.name, positions))


# One joint --------------------------------------------------------------------------------------------------------


def connect(elab: Elaborator, head: str) -> bool:
    """Define the distributions of one head that follow from others of it, where no given does.

    With `p(b)` and `p(a | b)` as the free ones: `p(a, b) = p(a | b) p(b)`, `p(a) = \\sum_b p(a, b)`,
    `p(b | a) = p(a, b) / p(a)`. False where the symbols that stay free may contradict each other."""
    family = {n: d for n, d in _declarations(elab).items() if n.startswith(f"{head}(") and n.endswith(")")}
    pairs = {frozenset(_variables(n)) for n in family if len(_variables(n)) == 2}
    if len(family) > 1 and len(pairs) == 1 and all(len(_variables(n)) <= 2 for n in family):
        rooted = _rooted(elab, head, next(iter(pairs)), family)
        if rooted is not None:
            _define_all(elab, head, *rooted, family)
    return _consistent([n for n in family if not _declarations(elab)[n].definitions])


def _consistent(free: list[str]) -> bool:
    """Whether any values of these distributions belong to one joint: each is of one variable, no two of the same, and
    conditions do not go in a circle (a Bayesian network)."""
    parents: dict[str, set[str]] = {}
    for name in free:
        left, _, right = name[name.index("(") + 1 : -1].partition("|")
        if "," in left or left in parents:
            return len(free) == 1
        parents[left] = set(right.split(",")) - {""}
    while parents:
        roots = [v for v, above in parents.items() if not above & parents.keys()]
        if not roots:
            return False
        for root in roots:
            del parents[root]
    return True


def _declarations(elab: Elaborator) -> dict[str, Declaration]:
    return {**elab.scope.model.declarations, **elab.session.declared}


def _variables(name: str) -> list[str]:
    inside = name[name.index("(") + 1 : -1]
    return [v for v in inside.replace("|", ",").split(",") if v]


def _rooted(
    elab: Elaborator, head: str, pair: frozenset[str], family: dict[str, Declaration]
) -> tuple[str, str] | None:
    """(a, b): the free symbols are `p(b)` over outcomes and `p(a | b)`."""
    choices = []
    for b in sorted(pair):
        (a,) = pair - {b}
        if b in elab.scope.indices and _is_finite(elab.scope.indices[b]):
            score = (f"{head}({a}|{b})" in family) * 2 + (f"{head}({b})" in family) - (f"{head}({b}|{a})" in family)
            choices.append((score, a, b))
    if not choices:
        return None
    _, a, b = max(choices)
    return a, b


def _define_all(elab: Elaborator, head: str, a: str, b: str, family: dict[str, Declaration]) -> None:
    """Give every derived symbol of the pair that is in use its definition."""
    root_b = Slot(b, elab.scope.indices[b])
    slot_a = Slot(a, elab.scope.indices.get(a)) if a in elab.scope.indices else Slot(a)
    free = [Distribution(head, (root_b,), ()), Distribution(head, (slot_a,), (root_b,))]
    names = [f.name for f in free]
    derived = {
        f"{head}({a},{b})": ("joint", (slot_a, root_b), ()),
        f"{head}({b},{a})": ("joint", (root_b, slot_a), ()),
        f"{head}({a})": ("marginal", (slot_a,), ()),
        f"{head}({b}|{a})": ("posterior", (root_b,), (slot_a,)),
    }
    model = replace(elab.scope.model, declarations=_declarations(elab))
    used = {*names}.union(*(depends(model, n) for n in names))
    wanted = [n for n in family if n in derived and n not in used and not family[n].definitions]
    if not wanted:
        return
    for found, name in zip(free, names, strict=True):
        if elab.declaration(name) is None:
            elab.declare(undefined(found))
    for name in wanted:
        kind, left, right = derived[name]
        elab.declare(_defined(family[name], Distribution(head, left, right), kind, names, a, b, root_b))


def _defined(
    declaration: Declaration, found: Distribution, kind: str, names: list[str], a: str, b: str, root: Slot
) -> Declaration:
    prior, likelihood = names
    params = {s.name: Index(fresh(s.name).name, s.outcome.index.dim) for s in found.outcomes if s.outcome is not None}

    def joint(at_b: Term) -> Term:
        condition = (at_b, Var(params[a])) if a in params else (at_b,)
        return mul(Entry(likelihood, condition), Entry(prior, (at_b,)))

    assert root.outcome is not None
    lower, upper, _ = limits(root.outcome)
    inner = fresh(b, root.outcome.index.dim)
    total = Reduce("sum", inner, lower, upper, joint(Var(inner)))
    if kind == "marginal":
        body: Term = total
    elif kind == "joint":
        body = joint(Var(params[b]))
    else:
        body = mul(joint(Var(params[b])), power(total, MINUS_ONE))
    order = tuple(params[s.name] for s in found.outcomes)
    return replace(declaration, definitions=(Definition(order, body),))
