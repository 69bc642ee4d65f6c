"""A new name for what a definition already computes: `a_t = W h_{t-1} + b` after `h_t = \\tanh(W h_{t-1} + b)`.

The definitions of the scope are rewritten to go through the new name (`h_t = \\tanh(a_t)`), so that a derivative by it
means what the writer means. The new terms are equal to the old ones: only where the name's own body is found, up to
names of bound indices and the order of terms and factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derivcheck.language.elaboration.ranges import difference, offset, tidy
from derivcheck.record import replace
from derivcheck.terms.build import add, number
from derivcheck.terms.model import Declaration, Definition, Model
from derivcheck.terms.node import Add, Entry, Index, Mul, Number, Reduce, Term, Var, map_children, walk

Binding = Mapping[Index, Term]
WIDEST = 6
LARGEST = 400


def refolded(model: Model, name: str) -> Model:
    """The model where the definitions that contain the body of `name` go through `name`."""
    declaration = model.declarations[name]
    if len(declaration.definitions) != 1 or declaration.definitions[0].where is not None:
        return model
    pattern = declaration.definitions[0]
    if isinstance(pattern.body, Entry | Number | Var) or not pattern.body.symbols or _size(pattern.body) > LARGEST:
        return model
    for other in list(model.declarations.values()):
        if other.name != name:
            changed = _through(other, declaration, pattern)
            if changed is not other:
                model = model.declare(changed)
    return model


def _through(other: Declaration, named: Declaration, pattern: Definition) -> Declaration:
    definitions = tuple(replace(d, body=_folded(d.body, named, pattern)) for d in other.definitions)
    same = all(a.body is b.body for a, b in zip(definitions, other.definitions, strict=True))
    return other if same else replace(other, definitions=definitions)


def _folded(body: Term, named: Declaration, pattern: Definition) -> Term:
    memo: dict[Term, Term] = {}

    def visit(term: Term) -> Term:
        if term not in memo:
            found = _match_whole(pattern, term) if type(term) is type(pattern.body) else None
            if found is not None:
                memo[term] = Entry(named.name, tuple(found))
            else:
                memo[term] = map_children(term, visit)
        return memo[term]

    return visit(body)


def _match_whole(pattern: Definition, term: Term) -> list[Term] | None:
    if term.symbols != pattern.body.symbols:
        return None
    for binding in _match(pattern.body, term, {}, frozenset(pattern.params)):
        values = [binding.get(p) for p in pattern.params]
        if all(v is not None for v in values):
            return [v for v in values if v is not None]
    return None


def _match(pattern: Term, term: Term, known: Binding, params: frozenset[Index]) -> Iterator[Binding]:
    """The ways to put terms for the parameters so that the pattern becomes the term."""
    if not (pattern.free & params) and pattern is term:
        yield known
        return
    found = offset(pattern)
    if found is not None and found[0] in params:
        value = tidy(add(term, number(-found[1])))
        old = known.get(found[0])
        if old is None:
            yield {**known, found[0]: value}
        elif old is value or difference(old, value) is number(0):
            yield known
        return
    if type(pattern) is not type(term):
        return
    if isinstance(pattern, Add | Mul) and isinstance(term, Add | Mul):
        yield from _match_any_order(pattern.args, term.args, known, params)
        return
    if isinstance(pattern, Reduce) and isinstance(term, Reduce):
        if (
            pattern.kind != term.kind
            or pattern.index.dim != term.index.dim
            or (pattern.where is None) != (term.where is None)
        ):
            return
        inside = {**known, pattern.index: Var(term.index)}
        pairs = [(pattern.lower, term.lower), (pattern.upper, term.upper), (pattern.body, term.body)]
        if pattern.where is not None and term.where is not None:
            pairs.append((pattern.where, term.where))
        yield from _match_all(pairs, inside, params | {pattern.index})
        return
    mine = [getattr(pattern, f) for f in pattern._fields]
    theirs = [getattr(term, f) for f in term._fields]
    pairs = []
    for a, b in zip(mine, theirs, strict=True):
        inner = _pairs(a, b)
        if inner is None:
            return
        pairs += inner
    yield from _match_all(pairs, known, params)


def _pairs(mine: object, theirs: object) -> list[tuple[Term, Term]] | None:
    """Subterms to match, None where something else differs (a binder's index included)."""
    if isinstance(mine, Term) and isinstance(theirs, Term):
        return [(mine, theirs)]
    if isinstance(mine, tuple) and isinstance(theirs, tuple) and len(mine) == len(theirs):
        collected: list[tuple[Term, Term]] = []
        for a, b in zip(mine, theirs, strict=True):
            inner = _pairs(a, b)
            if inner is None:
                return None
            collected += inner
        return collected
    return [] if mine == theirs else None


def _match_all(pairs: Sequence[tuple[Term, Term]], known: Binding, params: frozenset[Index]) -> Iterator[Binding]:
    if not pairs:
        yield known
        return
    for binding in _match(*pairs[0], known, params):
        yield from _match_all(pairs[1:], binding, params)


def _match_any_order(
    mine: Sequence[Term], theirs: Sequence[Term], known: Binding, params: frozenset[Index]
) -> Iterator[Binding]:
    if len(mine) != len(theirs) or len(mine) > WIDEST:
        return
    if not mine:
        yield known
        return
    for k, candidate in enumerate(theirs):
        for binding in _match(mine[0], candidate, known, params):
            yield from _match_any_order(mine[1:], [*theirs[:k], *theirs[k + 1 :]], binding, params)


def _size(term: Term) -> int:
    return sum(1 for _ in walk(term))
