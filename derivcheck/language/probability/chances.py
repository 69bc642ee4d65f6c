"""Where the names of a line stand: inside expectations, variances and their like, or outside. A name that stands
outside is a number there, and so it is inside (`\\mathbb{E}[x Y] = x \\mathbb{E}[Y]`), whatever its letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derivcheck.language.elaboration.products import core, reach
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Bar, Func, Group, Name, Node, Product, Relation, Scripted
from derivcheck.language.parsing.trees import children, walk
from derivcheck.record import dataclass

Item = tuple[str, Node]
_AVERAGES = frozenset({"E", "Var", "Cov"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """`outside`: names that stand outside of all averages. `alone`: names that are the only letter of some average
    (`\\mathbb{E}[x^2]`) and so what is averaged there. Names after the bar of a condition are in neither."""

    outside: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()


def spoken_of(nodes: Iterable[Node], letters: frozenset[str]) -> Spoken:
    """Where these letters stand in some trees."""
    outside: set[str] = set()
    alone: set[str] = set()
    for averaged, node in _parts(nodes):
        if not averaged:
            outside |= letters & {canonical(node)}
        elif len(names := _names(node) & letters) == 1:
            alone |= names
    return Spoken(frozenset(outside), frozenset(alone))


def _parts(nodes: Iterable[Node]) -> Iterator[tuple[bool, Node]]:
    """Each name outside of averages, and what each average is taken of."""
    for node in nodes:
        if isinstance(node, Product):
            k = 0
            while k < len(node.items):
                if _averages(core(node.items[k][1]), node.items[k + 1 :]):
                    end = reach(node.items, k + 1, True)
                    yield from ((True, item) for _, item in node.items[k + 1 : end])
                    k = end
                else:
                    yield from _parts((node.items[k][1],))
                    k += 1
        else:
            if canonical(node) is not None:
                yield False, node
            yield from _parts(children(node))


def _averages(head: Node, rest: Sequence[Item]) -> bool:
    """An expectation, a variance; P before a bracket with a relation in it."""
    if isinstance(head, Func):
        return head.text in _AVERAGES or head.text == "Pr"
    group = core(rest[0][1]) if rest and rest[0][0] == "" else None
    chance = isinstance(head, Name) and head.text in ("P", "\\mathbb{P}") and isinstance(group, Group)
    return chance and any(isinstance(part, Relation) for part in walk(rest[0][1]))


def _names(node: Node) -> frozenset[str]:
    """The names in a tree, with and without scripts; of a condition those before the bar."""
    bars = [part for part in walk(node) if isinstance(part, Bar)]
    given = frozenset[str]().union(*(_names(bar.right) for bar in bars))
    keys = (canonical(part) for part in walk(node) if isinstance(part, Name | Accent | Scripted))
    return frozenset(key for key in keys if key is not None) - given
