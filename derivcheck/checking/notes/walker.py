"""Notes walked through in order: as an answer, but what they declare is given (declarations.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derivcheck.checking.line import Context, Line
from derivcheck.checking.lines import Judged, judge_line
from derivcheck.checking.notes.arguments import with_arguments, with_unknowns
from derivcheck.checking.notes.declarations import (
    Notation,
    as_given,
    computes_through,
    constrains,
    counts_members,
    declared_by,
    declares,
    first_equations,
    introduce_parameters,
    mentioned,
    names_in,
    narrowed,
    new_scalars,
    newly_defined,
    of_each_entry,
    of_several,
    pieces_of,
    takes_a_constant,
    undefined_left,
)
from derivcheck.checking.notes.foretelling import foretold, orders
from derivcheck.checking.notes.guessing import as_guessed
from derivcheck.checking.notes.implicit import defined_through, eigenpair, specified
from derivcheck.checking.notes.indexed import indexed_names, with_indexed
from derivcheck.checking.notes.inferring import forgotten, guessed, said_in_words, with_random_numbers
from derivcheck.checking.notes.introduced import free_name, shape
from derivcheck.checking.notes.introducing import (
    OPEN,
    concludes,
    equated,
    follows,
    numbers_on_the_right,
    stance,
    supposes,
    ties,
)
from derivcheck.checking.notes.iterates import with_iterates
from derivcheck.checking.notes.members import (
    MEMBERS,
    declares_members,
    is_range,
    of_each,
    of_members,
    shared_ranges,
    stepped,
    with_range,
)
from derivcheck.checking.notes.moments import of_columns, with_moments
from derivcheck.checking.notes.numbers_alone import called, without_vectors
from derivcheck.checking.notes.recurring import all_steps, recurrences, ruled, settled, starting, with_recurrences
from derivcheck.checking.notes.redefining import ANEW, anew
from derivcheck.checking.notes.settings import set_anew
from derivcheck.checking.notes.stationary import derivative_of, only_argument, optimum_first, set_to_zero, solution_of
from derivcheck.checking.notes.supposing import contradicts, exclude, set_to_number, supposed, with_assumption
from derivcheck.checking.steps import Condition, Place
from derivcheck.checking.walking import Walker
from derivcheck.deciding.verdict import Verdict
from derivcheck.findings import Finding
from derivcheck.language.parsing.splitting import Piece, split_lines
from derivcheck.language.statements import read_statement
from derivcheck.record import dataclass, field, replace
from derivcheck.source.discourse import Move
from derivcheck.source.values import Formula, Span
from derivcheck.terms.model import Claim, Declaration
from derivcheck.worlds.sampling import satisfiable

_UNSAID = Verdict(
    "undecided",
    {"method": "none", "reason": "it says what a free value is, and the notes do not say of which equation"},
    code="undecided-step",
)
_ASSUMED = Verdict("proved", {"method": "assumption"})
_AGAIN = ("let", "suppose", "assume", "consider", "now", "for", "take")
_END = 1 << 60
_IN_SPACE = re.compile(r"\\mathbb|ℝ|(?:\\in(?![A-Za-z])|∈)\s*(?:\\mathbf\s*\{?\s*)?R(?![A-Za-z])")


@dataclass(slots=True)
class NotesWalker(Walker):
    findings: list[Finding] = field(default_factory=list)
    _ranges: dict[int, str] = field(default_factory=dict)
    _move: Move | None = None
    _introducing: int = -1
    _tied: int = -1
    _lasts: frozenset[int] = frozenset()
    _section: int = 0
    _entered: int = 0
    _recurring: dict[str, int] = field(default_factory=dict)
    _lists: Mapping[str, Declaration] = field(default_factory=dict)
    _lists_of: Mapping[int, Mapping[str, Declaration]] = field(default_factory=dict)
    _numbers: frozenset[str] | None = None
    _by_condition: set[str] = field(default_factory=set)
    _unknowns: tuple[tuple[Span, frozenset[str], frozenset[str]], ...] = ()

    def walk(self, moves: Sequence[Move]) -> None:
        """A range right after a declaration (`$x_t \\in \\mathbb{R}^d$ for $t = 1, \\dots, T$`) is a part of it; `for
        $x \\in \\mathbb{R}$` declares x."""
        pieces = [p.text for m in moves if m.formula is not None for p in split_lines(m.formula.latex)]
        self._recurring = recurrences(pieces, self._notation)
        self._lists = indexed_names(pieces, self._notation)
        self._lists_of = _by_section(moves, self._notation)
        self._numbers = called(pieces) if without_vectors(pieces) else None
        made: list[Move] = []
        for move in map(of_members, moves):
            if made and (each := of_each(made[-1], move)) is not None:
                made[-1] = each
                continue
            if move.role == "condition" and move.note == "range" and move.formula is not None:
                before = made[-1] if made and made[-1].sentence == move.sentence else None
                if _IN_SPACE.search(move.formula.latex):
                    move = replace(move, role="definition", note="")
                elif before is not None and before.role == "definition" and before.formula is not None:
                    self._range_of(made, move.formula)
            elif move.formula is not None and is_range(move) and made and made[-1].sentence == move.sentence:
                declaring = made[-1].formula if declares_members(made[-1]) else None
                if declaring is not None:
                    self._range_of(made, move.formula)
                    continue
            made.append(move)
        self._ranges = stepped(made, shared_ranges(made, self._ranges), all_steps(pieces, self._notation))
        self._lasts = frozenset({m.sentence: m.span.start for m in made if m.formula is not None}.values())
        Walker.walk(self, optimum_first(made))

    def _range_of(self, made: Sequence[Move], limits: Formula) -> None:
        """A range is that of the declaration before it and of those that this one goes on with: `$x_i \\in
        \\mathbb{R}^d$, $y_i \\in \\{0, 1\\}$ for $i = 1, \\dots, n$`."""
        for move in with_range(made, limits.latex):
            if move.formula is not None:
                self._ranges[move.formula.span.start] = rf" \quad \text{{for }} {limits.latex}"

    def _formula(self, move: Move, formula: Formula, later: Sequence[Move]) -> None:
        words = move.role == "reason" and move.note == "words"
        self._said_in_words(move)
        if not (words and self._property(move, formula.latex)):
            Walker._formula(self, move, formula, later)

    def _other(self, move: Move) -> None:
        if move.note == "zero":
            self._set_to_zero(move)
        if move.role != "property":
            return
        if move.about:
            Walker._other(self, move)
            return
        if move.formula is None or not self._property(move, move.formula.latex):
            self._condition(replace(move, extent=Span(move.span.start, _END), reach=None), None)

    def _set_to_zero(self, move: Move) -> None:
        """`Setting the derivative to zero`: the derivatives last taken are zero. Where none was taken, it is an
        equation that could not be read."""
        claims, variables = set_to_zero(self.steps, self.scope)
        extent = move.extent or move.span
        reach = Span(move.span.start, (move.reach or extent).end)
        none = Span(move.span.start, move.span.start)
        self._conditions.append(Condition(none, reach, claims or None, move.cue, move.span.start))
        self._solved_for(variables, claims, reach)

    def _solved_for(self, variables: frozenset[str], claims: Sequence[Claim], reach: Span) -> None:
        """From here on the unknowns of some equations are numbers to be found, where nothing else introduces them."""
        symbols = frozenset(n for c in claims for n in c.left.body.symbols | c.right.body.symbols)
        for name in sorted(symbols & variables - self.scope.names):
            self.scope = self.scope.declare(Declaration(name, latex=name))
        self._unknowns = (*self._unknowns, (reach, variables, symbols))

    def _to_be_shown(self, move: Move) -> bool:
        """After `setting the derivative to zero` an equation follows from it, but for one that says it again. And
        `with $f(x^*) = b^\\top x^*$` says of what the notes compute what follows from that."""
        here = {name for name, origin in self._origins.items() if origin.sentence == move.sentence}
        if move.role == "condition" and move.formula is not None and (move.note == "with" or here):
            node = self._notation.node(move.formula.latex)
            if node is None or not (move.note == "with" or here & names_in(node)):
                return False
            ends = move.span.start in self._lasts and not here
            return follows(node, self._read(move.formula.latex, ()).links, self.scope, ends)
        start = move.span.start
        said = [c for c in self._conditions if c.claims and start in c.reach and start not in c.extent]
        zero = move.formula is not None and re.search(r"=\s*0\s*$", move.formula.latex) is not None
        return move.role == "equation" and bool(said) and not zero and any(start in u[0] for u in self._unknowns)

    def _solution(self, judged: Judged, line: Line, place: Place) -> Judged:
        """`\\hat w = ...` after an equation for w says what its solution is: it is wrong where w is not that."""
        links, text = judged.statement.links, line.text
        if not links or links[0].kind != "definition":
            return judged
        left = text[links[0].left_span.start : links[0].left_span.end]
        name = solution_of(left)
        variables = {n for reach, names, _ in self._unknowns if place.at(0) in reach for n in names}
        if not name or name not in variables or not self._free(name):
            return judged
        bare = text.replace(left, name.ljust(len(left)), 1)
        again = self._of_unstated(judge_line(replace(line, text=bare, bridged=False)), place)
        if again.word not in ("refuted", "undecided"):
            return judged
        return replace(again, statement=replace(again.statement, scope=judged.statement.scope))

    def _free(self, name: str) -> bool:
        declaration = self.scope.model.declarations.get(name)
        return declaration is not None and not declaration.definitions

    def _known(self, name: str) -> bool:
        declaration = self.scope.model.declarations.get(name)
        return declaration is not None and bool(declaration.definitions)

    def _property(self, move: Move, latex: str) -> bool:
        """What words say of a free value is given from here on. False: it could not be read."""
        notation = self._notation
        self._said_in_words(move)
        latex = of_columns(latex, self.scope)
        node = notation.node(latex)
        if node is None:
            return False
        if move.note != MEMBERS and declares(node):
            self.scope = introduce_parameters(latex, forgotten(names_in(node), self.scope), notation)
        subject = {n for n in names_in(node) if n in self.scope.model.declarations}
        if move.note == MEMBERS and names_in(node) & self.scope.names:
            return True
        if declares(node) and "\\perp" not in latex and subject & declared_by(latex, notation):
            return True  # what it is has been said in a formula
        if subject and not constrains(frozenset(subject), self.scope):
            return True  # said of a value that the notes compute
        after = as_given(latex, self.scope, notation)
        if after is None:  # `Let $x$ and $A$ be symmetric`: of a vector it says nothing
            links = read_statement(latex, self.scope, None, self.context.options).links
            return any(link.shape_error is not None for link in links)
        if contradicts(latex, self.scope, self.context) or satisfiable(after.model) is False:
            self._contradicted(move)
            return True
        made = set(after.names) - set(self.scope.names)
        self.own |= made
        self.scope = guessed(after, made) if move.note == MEMBERS else after
        return True

    def _said_in_words(self, move: Move) -> None:
        if move.formula is not None and (move.note == "words" or move.role == "property"):
            self.scope = said_in_words(move.formula.latex, move.cue, self.scope, self._notation)

    def _contradicted(self, move: Move) -> None:
        row, column, cell = self.position(move.span.start)
        words = f"`{move.cue}`" if move.cue else "this"
        message = f"{words} contradicts what the notes say before: no values satisfy both"
        self.findings.append(Finding("contradictory-givens", "error", message, row, column, column + 1, cell=cell))

    def _line(self, piece: Piece, place: Place, context: Context, move: Move, later: Sequence[Move]) -> None:
        piece = self._with_range(piece, move)
        given = set_to_number(piece.text, move.cue, self.scope, self._notation) if move.role == "definition" else ()
        if given and move.extent is not None:
            self._condition(move, given)
            return
        if not move.cue and later and later[0].sentence == move.sentence:
            self.scope = set_anew(piece.text, self.scope, frozenset(self.own), self._notation)
        self._foretell(piece.text, move, later)
        self.scope = with_iterates(piece.text, self.scope, self._notation)
        self.scope = with_recurrences(piece.text, self.scope, self._notation, self._recurring)
        declared = declared_by(piece.text, self._notation)
        self.scope = forgotten(declared, self.scope)
        if move.role == "definition" and self._members_given(piece.text):
            return
        if declared and move.role == "definition":
            self._introducing = move.sentence
        if self._moments_given(piece, place, context, move):
            return
        self.scope = settled(with_random_numbers(piece.text, self.scope, self._notation))
        if move.role in ("definition", "claim", "expression"):
            self._declare(piece.text, move)
        self._move, self._section = move, self._entered
        self._entered = move.section
        opened = self._looks_first(piece.text)
        Walker._line(self, piece, place, context, move, later)
        if opened and self.steps[-1].judged.word in ("unreadable", "undecided"):
            # What this name is could not be read: nothing said of it later may be called wrong.
            self._condition(replace(move, extent=Span(place.offset, _END), reach=None), None)
        demanded = self.steps[-1].judged.demanded
        if demanded:
            reach = Span(place.at(0) + 1, (move.extent or Span(0, _END)).end)
            if move.extent is None:  # nothing says how far it reaches
                self._conditions.append(Condition(Span(0, 0), reach, demanded, piece.text, place.offset))
            self._solved_for(self._sought(piece.text), demanded, reach)
        for link in self.steps[-1].judged.statement.links:
            if link.kind == "claim" and link.claim is not None and move.role != "definition":
                self.claimed |= (link.claim.left.body.symbols | link.claim.right.body.symbols)

    def _members_given(self, text: str) -> bool:
        """Whether a line introduces the members of a family by a relation: `Let $a_1, \\dots, a_n > 0$`."""
        after = as_given(text, self.scope, self._notation) if counts_members(text, self._notation) else None
        made = set(after.names) - set(self.scope.names) if after is not None else set()
        if after is None or not made or declared_by(text, self._notation):
            return False
        self.own |= made
        self.scope = after
        return True

    def _moments_given(self, piece: Piece, place: Place, context: Context, move: Move) -> bool:
        """Whether a line gives the moments of what its sentence introduces; then they are so from here on."""
        said = move.role == "definition" or (not move.cue and move.sentence == self._introducing)
        scope = with_moments(piece.text, self.scope, self._notation) if said else None
        if scope is None:
            return False
        self.own |= set(scope.names) - set(self.scope.names)
        self.scope = scope
        judged = judge_line(Line(piece.text, scope, None, context))
        verdicts = tuple(_ASSUMED for _ in judged.verdicts)
        self._record(replace(judged, verdicts=verdicts), piece, place, None, context, move)
        return True

    def _with_arguments(self, judged: Judged, line: Line) -> Judged:
        here = self._lists_of.get(self._move.section, {}) if self._move is not None else {}
        return as_guessed(judged, line, {**here, **self._lists}, self._notation, self._numbers)

    def _looks_first(self, text: str) -> bool:
        """Whether a line is an equation whose left side is a name that is only declared so far."""
        node = self._notation.node(text)
        if node is None:  # the left side is read alone
            node = self._notation.node(text.partition("=")[0].replace("&", "") + "= 0")
        return node is not None and bool(undefined_left(node, self.scope, self._notation) - self.claimed)

    def _with_range(self, piece: Piece, move: Move) -> Piece:
        start = move.formula.span.start if move.formula is not None else -1
        said = self._ranges.get(start, "")
        return replace(piece, text=piece.text + said) if said else piece

    def _foretell(self, text: str, move: Move, later: Sequence[Move]) -> None:
        after = foretold(text, move, later, self.scope, self._ranges, self._notation)
        self.own |= set(after.names) - set(self.scope.names)
        self.scope = after

    def _declare(self, text: str, move: Move) -> None:
        """Names that are given with this line: the numbers of `\\lambda > 0`, the first equation of a declared
        name, a name declared anew."""
        notation = self._notation
        node = notation.node(text)
        if node is None or of_several(node):
            return
        introduced = not move.cue and orders(node)  # `x > 0` of an x that nothing introduces, without `so`
        said = move.role == "definition" or introduced
        numbers = new_scalars(text, self.scope, notation) if said else ()
        meant = move.role == "definition"
        if numbers or (meant and (self._anew(text, move) or takes_a_constant(text, self.scope, notation))):
            self.scope = as_given(text, self.scope, notation) or self.scope
            return
        if meant and (smaller := narrowed(text, self.scope, notation)) is not None:
            self.scope = smaller
            return
        if declares(node):
            self.scope = introduce_parameters(text, self.scope, notation)
            whole = as_given(text, self.scope, notation) if meant and not names_in(node) & self.scope.names else None
            if whole is not None and len(list(pieces_of(node))) > 1:  # `$Q = Q^\\top \\in \\mathbb{R}^{n \\times n}$`
                self.scope = whole
            return
        self.scope = eigenpair(node, self.scope, notation) if meant else self.scope
        self.scope = specified(node, self.scope, notation, frozenset(self.claimed))
        if meant and (each := of_each_entry(text, self.scope, notation)):
            after = as_given(text, self.scope, notation) or replace(self.scope, model=self.scope.model.assume(*each))
            self.scope = self.scope if satisfiable(after.model) is False else after
            return
        self.scope = defined_through(text, self.scope, notation) if meant else self.scope
        through = computes_through(self.scope, text, notation)
        used = frozenset() if move.role == "definition" else mentioned(self.scope, through)
        taken = frozenset(self.claimed | used | self._conditioned()) - starting(node, self.scope, self._recurring)
        taken |= ruled(node, self.scope, self._recurring)
        if concludes(move):  # `Then $x = 1$` is no choice of x
            taken |= equated(self.scope) | numbers_on_the_right(node)
        self.scope = first_equations(text, self.scope, notation, taken)

    def _anew(self, text: str, move: Move) -> bool:
        """`Let $x \\in \\mathbb{R}^n$` of a name that meant something else: from here on it is this."""
        names = declared_by(text, self._notation)
        known = names & self.scope.names
        if not known or not move.cue.lower().startswith(_AGAIN):
            return False
        after = as_given(text, self.scope, self._notation)
        return after is not None and any(shape(after, n) != shape(self.scope, n) for n in known)

    def _conditioned(self) -> set[str]:
        claims = [c for condition in self._conditions for c in condition.claims or ()]
        return {name for c in claims for name in c.left.body.symbols | c.right.body.symbols}

    def _condition(self, move: Move, claims: tuple[Claim, ...] | None) -> None:
        """`Now suppose $z < 0$` ends `Suppose $z > 0$`."""
        if claims:
            start = move.span.start
            model = self.scope.model
            over = [exclude(c.claims or (), claims, model) and c.start < start for c in self._conditions]
            ended = (c.until(start) if gone else c for c, gone in zip(self._conditions, over, strict=True))
            self._conditions = list(ended) if any(over) else self._conditions
        Walker._condition(self, move, claims)

    def _read_condition(self, move: Move, formula: Formula, later: Sequence[Move]) -> tuple[Claim, ...] | None:
        """An equation to be solved for the argument of a function makes a number of it. `Suppose $q_i > 0$` speaks of
        every entry, `if $z_i > 0$` of one."""
        formula = replace(formula, latex=formula.latex + self._ranges.get(formula.span.start, ""))
        self._said_in_words(move)
        self._foretell(formula.latex, move, later)
        node = self._notation.node(formula.latex)
        if move.role != "equation":
            self._introducing = move.sentence if declared_by(formula.latex, self._notation) else self._introducing
            claims = Walker._read_condition(self, move, formula, later)
            if claims is None and node is not None and orders(node):  # `if $|x - 2| < \\delta$`
                self.scope = with_unknowns(node, self.scope)
                claims = Walker._read_condition(self, move, formula, later)
            every = claims is None and supposes(move.cue)
            return of_each_entry(formula.latex, self.scope, self._notation) or None if every else claims
        names = names_in(node) if node is not None else frozenset()
        self.scope = with_indexed(formula.latex, self.scope, self._lists, self._notation) or self.scope
        self.scope = with_arguments(names, self.scope, self.scope, formula.latex) or self.scope
        self.scope = with_unknowns(node, self.scope) if node is not None else self.scope
        claims = Walker._read_condition(self, move, formula, later)
        taken = derivative_of(formula.latex.partition("=")[0].replace("&", " "))
        zero, variables = set_to_zero(self.steps, self.scope, taken[0] if taken is not None else "")
        reach = Span(move.span.start, max((move.reach or move.span).end, move.span.end))
        self._solved_for(self._sought(formula.latex) or variables, claims or (), reach)
        return zero if zero and taken is not None else claims

    def _sought(self, latex: str) -> frozenset[str]:
        """The variable of the derivative that an equation sets to zero."""
        taken = derivative_of(latex.partition("=")[0].replace("&", " "))
        name = (taken[1] or only_argument(taken[0], self.scope)) if taken is not None else ""
        return frozenset({name} - {""})

    def _condition_claims(self, latex: str, later: Sequence[Move] = (), adopt: bool = True) -> tuple[Claim, ...] | None:
        """A condition on a number that nothing introduces (`for $c > 0$`) introduces it, and the first equation of a
        declared name (`with $h_0 = 0$`) defines it."""
        if not adopt:
            return Walker._condition_claims(self, latex, later, adopt)
        found: list[Claim] = []
        for piece in split_lines(latex):
            if self._given_by_condition(piece.text, later):
                continue
            claims = Walker._condition_claims(self, piece.text, later, adopt)
            if claims is None:
                return None
            found += claims
        return tuple(found)

    def _given_by_condition(self, text: str, later: Sequence[Move]) -> bool:
        """What a condition introduces enters the scope; whether it says nothing more. What `for $c > 0$` introduces
        stays so until another condition speaks of it alone (`for $c < 0$`)."""
        self.scope = with_iterates(text, self.scope, self._notation)
        self.scope = with_recurrences(text, self.scope, self._notation, self._recurring)
        if (moments := with_moments(text, self.scope, self._notation)) is not None:
            self.own |= set(moments.names) - set(self.scope.names)
            self.scope = moments
            return True
        node = self._notation.node(text)
        if node is not None and of_several(node):
            return False
        if node is not None and (pair := eigenpair(node, self.scope, self._notation)) is not self.scope:
            self.scope = pair
            return True
        spoken = names_in(node) & self.scope.names if node is not None else frozenset()
        if len(spoken) == 1 and spoken <= self._by_condition:
            (name,) = spoken
            self.scope = self.scope.declare(Declaration(name, latex=name))
            self._by_condition -= spoken
        if (smaller := narrowed(text, self.scope, self._notation)) is not None:
            self.scope = smaller
            return True
        members = as_given(text, self.scope, self._notation) if counts_members(text, self._notation) else None
        if members is not None:
            self.own |= set(members.names) - set(self.scope.names)
            self.scope = members
            return True
        if node is not None and declares(node):
            self.scope = introduce_parameters(text, self.scope, self._notation)
        taken = frozenset(self.claimed | mentioned(self.scope) | self._conditioned())
        if node is not None:
            taken = taken - starting(node, self.scope, self._recurring) | ruled(node, self.scope, self._recurring)
        before = self.scope
        self.scope = first_equations(text, before, self._notation, taken)
        made = frozenset(self.scope.names) - frozenset(before.names)
        alone = node is not None and all(declares(piece.node) for piece in pieces_of(node))
        defined = self.scope is not before and bool(newly_defined(before, self.scope))
        declared = alone and bool(made) and declared_by(text, self._notation) <= made
        indices = self._indices(later)
        made_here = as_given(text, self.scope, self._notation)
        for name in new_scalars(text, self.scope, self._notation):
            if name not in indices and made_here is not None:
                self.scope = self.scope.declare(made_here.model.declarations[name])
                self.own.add(name)
                self._by_condition.add(name)
        return defined or declared

    def _indices(self, later: Sequence[Move]) -> frozenset[str]:
        """Letters that soon stand in a subscript: no numbers, but members of a range."""
        from derivcheck.language.reading import letters_of

        nodes = [self._notation.node(m.formula.latex) for m in later[:8] if m.formula is not None]
        return letters_of(self.scope, [n for n in nodes if n is not None])

    def _weighed(self, judged: Judged, line: Line, place: Place) -> Judged:
        """`The solution is $w = ...$` of a free w speaks of a certain w. Under an equation for w that can be wrong;
        where the notes state none, nobody can tell."""
        weighed = self._renamed(self._of_unstated(judged, place), line)
        return self._solution(weighed, line, place)

    def _renamed(self, judged: Judged, line: Line) -> Judged:
        """`(b) $f(x) = x^3$` after `(a) $f(x) = x^2$`: another f, or a line that does not follow."""
        move = self._move
        if judged.word != "refuted" or move is None or not anew(move, self._section):
            return judged
        names = frozenset(n for n in self.own if n in self._origins and self._origins[n].section < move.section)
        options = replace(line.context.options, student_names=names)
        again = judge_line(replace(line, scope=self.scope).under(options))
        links = again.statement.links
        if not names or not links or links[0].kind != "definition":
            return judged
        statement = replace(again.statement, links=(replace(links[0], kind="claim"), *links[1:]))
        return replace(again, statement=statement, verdicts=(ANEW, *again.verdicts[1:]))

    def _of_unstated(self, judged: Judged, place: Place) -> Judged:
        """The line, where it is not refuted for what no equation in the notes says."""
        surely = judged.line.context.situation.surely
        said = {n for c in surely for n in c.left.body.symbols | c.right.body.symbols}
        said |= {n for reach, _, symbols in self._unknowns if place.at(0) in reach for n in symbols}
        said |= equated(self.scope) if self._move is not None and concludes(self._move) else frozenset()
        verdicts = tuple(
            _UNSAID if v.word == "refuted" and link.claim is not None and free_name(link.claim, judged) - said else v
            for link, v in zip(judged.statement.links, judged.verdicts, strict=True)
        )
        return judged if verdicts == judged.verdicts else replace(judged, verdicts=verdicts)

    def _assumed(self, judged: Judged) -> Judged:
        """What a declaration says of free values (`Let ... with $\\sum_i y_i = 1$`) holds from there on, where it
        can hold at all; what it says of computed ones is a condition."""
        open_words = ("refuted", "undecided")
        move, node = self._move, self._notation.node(judged.text)
        if not any(v.word in open_words and not v.code for v in judged.verdicts):
            return judged
        if judged.statement.continues or move is None or node is None or move.note:
            return judged
        claims = tuple(link.claim for link in judged.statement.links if link.claim is not None)
        said = stance(node, claims, move, self.scope, self._introducing == move.sentence, self._tied == move.sentence)
        if said == "given" and ties(move):
            self._tied = move.sentence
        made, verdict = with_assumption(judged, said, self.context, self._notation), _ASSUMED
        if made is None:
            claims = supposed(judged, move.cue, self.context) if said != "open" else claims
            if not claims or (said == "open" and len(claims) < len(judged.verdicts)):
                return judged
            reach = move if said != "open" else replace(move, extent=Span(0, 0), reach=Span(move.span.end, _END))
            self._condition(replace(reach, extent=reach.extent or Span(move.span.start, _END)), claims)
            made, verdict = judged.statement.scope, OPEN if said == "open" else _ASSUMED
        verdicts = tuple(verdict if v.word in open_words and not v.code else v for v in judged.verdicts)
        return replace(judged, statement=replace(judged.statement, scope=made), verdicts=verdicts)


def _by_section(moves: Sequence[Move], notation: Notation) -> Mapping[int, Mapping[str, Declaration]]:
    """What each section sums over: `$x_n$` may run from 1 to N in one and from 0 in the next."""
    texts: dict[int, list[str]] = {}
    for move in moves:
        if move.formula is not None:
            texts.setdefault(move.section, []).extend(p.text for p in split_lines(move.formula.latex))
    return {n: indexed_names(found, notation) for n, found in texts.items()} if len(texts) > 1 else {}
