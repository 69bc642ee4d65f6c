"""Notes walked through in order: as an answer, but what they declare is given (declarations.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derivcheck.checking.declarations import (
    Notation,
    as_given,
    computes_through,
    constrains,
    declared_by,
    declares,
    differentiates,
    first_equations,
    mentioned,
    names_in,
    new_scalars,
)
from derivcheck.checking.lines import Context, Judged
from derivcheck.checking.walking import CONDITIONS, Place, Walker
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.scope import Scope
from derivcheck.language.splitting import Piece, split_lines
from derivcheck.source.discourse import Move
from derivcheck.terms.model import Claim, Declaration
from derivcheck.worlds.sampling import satisfiable

_ASSUMED = Verdict("proved", {"method": "assumption"})
_AGAIN = ("let", "suppose", "assume", "consider", "now", "for", "take")
_LATER = ("where", "in which", "wherein", "here", "with")


@dataclass(slots=True)
class NotesWalker(Walker):
    """`claimed`: the names of which something was claimed or supposed."""

    claimed: set[str] = field(default_factory=set)

    @property
    def _notation(self) -> Notation:
        return Notation(self.context.options, dict(self.context.macros or {}))

    def _line(self, piece: Piece, place: Place, context: Context, move: Move, later: Sequence[Move]) -> None:
        self._foretell(piece.text, move, later)
        if move.role in ("definition", "claim", "expression"):
            self._declare(piece.text, move)
        Walker._line(self, piece, place, context, move, later)
        for link in self.steps[-1].judged.statement.links:
            if link.kind == "claim" and link.claim is not None and move.role != "definition":
                self.claimed |= link.claim.left.body.symbols | link.claim.right.body.symbols

    def _foretell(self, text: str, move: Move, later: Sequence[Move]) -> None:
        """What the same sentence (or the next one, `where ...`) declares, where this line uses it already."""
        node = self._notation.node(text)
        if node is None:
            return
        unknown = names_in(node) - self.scope.names
        own = declared_by(text, self._notation)
        for other in later:
            if not unknown or other.sentence > move.sentence + 1:
                return
            soon = other.sentence == move.sentence or other.cue.lower().startswith(_LATER)
            if other.role not in ("definition", *CONDITIONS) or other.formula is None or not soon:
                continue
            for piece in split_lines(other.formula.latex):
                made = declared_by(piece.text, self._notation)
                if made & (unknown - own) and (after := as_given(piece.text, self.scope, self._notation)) is not None:
                    self.scope = after
                    self.own |= made
                    unknown -= made

    def _declare(self, text: str, move: Move) -> None:
        """Names that are given with this line: the numbers of `\\lambda > 0`, the first equation of a declared
        name, a name declared anew."""
        notation = self._notation
        node = notation.node(text)
        if node is None:
            return
        if move.role == "definition":
            if new_scalars(text, self.scope, notation) or self._anew(text, move):
                self.scope = as_given(text, self.scope, notation) or self.scope
                return
        if declares(node):
            return
        through = computes_through(self.scope, text, notation)
        used = frozenset() if move.role == "definition" else mentioned(self.scope, through)
        taken = frozenset(self.claimed | used | self._conditioned())
        self.scope = first_equations(text, self.scope, notation, taken)

    def _anew(self, text: str, move: Move) -> bool:
        """`Let $x \\in \\mathbb{R}^n$` of a name that meant something else: from here on it is this."""
        names = declared_by(text, self._notation)
        known = names & self.scope.names
        if not known or not move.cue.lower().startswith(_AGAIN):
            return False
        after = as_given(text, self.scope, self._notation)
        return after is not None and any(_shape(after, n) != _shape(self.scope, n) for n in known)

    def _conditioned(self) -> set[str]:
        claims = [c for condition in self._conditions for c in condition.claims or ()]
        return {name for c in claims for name in c.left.body.symbols | c.right.body.symbols}

    def _condition_claims(
        self, latex: str, later: Sequence[Move] = (), adopt: bool = True
    ) -> tuple[Claim, ...] | None:
        """A condition on a number that nothing introduces (`for $c > 0$`) introduces it."""
        indices = self._indices(later)
        for piece in split_lines(latex) if adopt else ():
            for name in new_scalars(piece.text, self.scope, self._notation):
                if name not in indices:
                    self.scope = self.scope.declare(Declaration(name, latex=name))
                    self.own.add(name)
        return Walker._condition_claims(self, latex, later, adopt)

    def _indices(self, later: Sequence[Move]) -> frozenset[str]:
        """Letters that soon stand in a subscript: no numbers, but members of a range."""
        from derivcheck.language.reading import letters_of

        nodes = [self._notation.node(m.formula.latex) for m in later[:8] if m.formula is not None]
        return letters_of(self.scope, [n for n in nodes if n is not None])

    def _assumed(self, judged: Judged) -> Judged:
        """What a declaration says of free values (`Let ... with $\\sum_i y_i = 1$`) holds from there on, where it
        can hold at all."""
        open_words = ("refuted", "undecided")
        if not any(v.word in open_words and not v.code for v in judged.verdicts):
            return judged
        made = self._with_assumption(judged)
        if made is None:
            return judged
        verdicts = tuple(_ASSUMED if v.word in open_words and not v.code else v for v in judged.verdicts)
        return replace(judged, statement=replace(judged.statement, scope=made), verdicts=verdicts)

    def _with_assumption(self, judged: Judged) -> Scope | None:
        links = [link for link in judged.statement.links if link.kind == "claim"]
        scope = judged.statement.scope
        claims = [link.claim for link in links if link.claim is not None and not link.undeclared]
        if len(claims) != len(links) or not all(self._can_be_given(c, scope) for c in claims):
            return None
        text = judged.text
        given = as_given(text, scope, self._notation)
        after = given if given is not None else replace(scope, model=scope.model.assume(*claims))
        return None if satisfiable(after.model) is False else after

    def _can_be_given(self, claim: Claim, scope: Scope) -> bool:
        symbols = claim.left.body.symbols | claim.right.body.symbols
        derivative = differentiates(claim.left.body) or differentiates(claim.right.body)
        return constrains(symbols, scope) and not derivative


def _shape(scope: Scope, name: str) -> object:
    declaration = scope.model.declarations.get(name)
    return None if declaration is None else (declaration.shape, bool(declaration.family))

