"""An answer walked through in order: the scope as it grows, the conditions in force, the chains, and each line judged.

What a name means may be said later (`..., where a_i = ...`) or in an earlier part: where a line uses a name that
nothing introduces yet, the definitions known from elsewhere are tried before the line is given up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from derivcheck.checking.deciding import GOOD, Situation
from derivcheck.checking.index_conditions import (
    IndexCondition,
    added,
    in_force,
    indexed_in,
    letters_in,
    with_condition,
)
from derivcheck.checking.line import Context, Line
from derivcheck.checking.lines import Judged, judge_line
from derivcheck.checking.notes.declarations import Notation
from derivcheck.checking.notes.redefining import Origin, may_be_renamed, meanings, on_the_left
from derivcheck.checking.oracle import segments
from derivcheck.checking.steps import Condition, Place, Step
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.kinds.interface import JudgedLine, Operand
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.splitting import Piece, split_lines
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link, Statement, read_statement
from derivcheck.record import dataclass, field, replace
from derivcheck.source.discourse import Move
from derivcheck.source.values import Formula, Span
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Entry, Var

JUDGED_ROLES = frozenset({"claim", "reason", "definition", "expression"})
CONDITIONS = frozenset({"condition", "supposition", "equation"})
_ASSUMED = Verdict("proved", {"method": "assumption"})
_CHOSEN = Verdict("undecided", {"method": "none", "reason": "it may say which value of a free name is meant"})

_FIRST_RELATION = re.compile(r"[=<>≤≥∈∼]|:=|\\(?:in|sim|[lg]eq?|[lg]eqslant|neq?)(?![A-Za-z])")


@dataclass(slots=True)
class Walker:
    """Walks the moves of one answer. `pool`: definitions written elsewhere (the latest first), tried for names that
    nothing introduces. `position` gives line, column and cell of an offset. `refuted`: readings refuted before.
    `claimed`: the names of which something was claimed or supposed."""

    scope: Scope
    context: Context
    position: Callable[[int], tuple[int, int, int | None]]
    pool: Sequence[str] = ()
    assume: bool = False
    refuted: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)
    definitions: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    _conditions: list[Condition] = field(default_factory=list)
    _doubts: list[tuple[str, str]] = field(default_factory=list)
    _indexed: tuple[IndexCondition, ...] = ()
    _chain: int = 0
    _ends: dict[bool, tuple[Statement, Operand | None, Step]] = field(default_factory=dict)
    _gap: bool = False
    _origins: dict[str, Origin] = field(default_factory=dict)
    given: Scope = field(init=False)
    _notation: Notation = field(init=False)

    def __post_init__(self) -> None:
        self.given = self.scope
        self._notation = Notation(self.context.options, dict(self.context.macros or {}))

    def walk(self, moves: Sequence[Move]) -> None:
        """Judge every move in order. A condition may stand after what it governs (`..., because M > k`): those are
        read first, where they can be."""
        moves = self._defining(moves)
        early = self._read_ahead(moves)
        for number, move in enumerate(moves):
            if number in early:
                continue
            if move.role == "unread-condition":
                self._condition(move, None)
            elif move.role == "property" or move.note == "zero":
                self._other(move)
            elif move.formula is None or self._says_partly(move):
                continue
            elif move.role in CONDITIONS and move.note != "range":
                if self._to_be_shown(move):
                    self._formula(move, move.formula, _later(moves, number))
                elif not self._on_indices(move, moves):
                    before = self.scope
                    self._condition(move, self._read_condition(move, move.formula, _later(moves, number)))
                    self._remember(before, move.formula.latex, move)
            elif move.role in JUDGED_ROLES:
                self._formula(move, move.formula, _later(moves, number))

    def _defining(self, moves: Sequence[Move]) -> list[Move]:
        """`$x = m + K z$ with $K = P H^\\top$`: of a name that nothing introduced, it says what it is."""
        known: set[str] = set()
        out: list[Move] = []
        for move in moves:
            left = _left_of(move.formula.latex) if move.formula is not None else ""
            if move.note == "with" and move.role == "condition" and left and not known & {left, _head(left)}:
                links = self._read(move.formula.latex, ()).links if move.formula is not None else ()
                fresh = len(links) == 1 and links[0].kind == "definition"
                move = replace(move, role="definition") if fresh else move
            if move.formula is not None and move.role in JUDGED_ROLES:
                known |= (named := _declared_in(move.formula.latex)) | {_head(name) for name in named if "(" in name}
            out.append(move)
        return out

    def _other(self, move: Move) -> None:
        """A property said in words: of a problem's names the problem itself says what they are. A name that nothing
        introduces may be said to be diagonal before its entries are said."""
        if move.note == "zero":
            return
        if move.formula is not None:
            scope = self._read(move.formula.latex, ()).scope
            self.scope = scope if scope.diagonal != self.scope.diagonal else self.scope
        found = {name for name in self._named(move.about) if not self._known(name)}
        self._doubts += [(name, move.cue) for name in found]
        self.claimed |= found if move.note == "partly" else set()

    def _to_be_shown(self, move: Move) -> bool:
        """Whether an equation is no condition but follows from what is said before."""
        return False

    def _known(self, name: str) -> bool:
        """Whether it is settled what a name is, whatever the text says of some cases of it."""
        return name in self.given.names

    def _named(self, latex: str) -> frozenset[str]:
        """A name as written, without its indices or arguments too."""
        written = (latex, re.split(r"(?<=.)[_^(]", latex)[0]) if latex else ()
        nodes = (self._notation.node(text) for text in written)
        return frozenset(name for node in nodes if node is not None and (name := canonical(node)))

    def _says_partly(self, move: Move) -> bool:
        """`$y = 1$ if ...` of a y that is not known says what y is in some cases alone: it is no definition."""
        return move.note == "partly" and any(not self._known(name) for name in self._named(move.about))

    def _read_ahead(self, moves: Sequence[Move]) -> set[int]:
        """The conditions that govern what stands before them; which moves they are."""
        done: set[int] = set()
        for number, move in enumerate(moves):
            backwards = move.extent is not None and move.extent.start < move.span.start
            if move.role == "unread-condition" and (backwards or move.extent is not None):
                self._condition(move, None)
                done.add(number)
            elif backwards and move.role in CONDITIONS and move.note != "range" and move.formula is not None:
                if self._on_indices(move, moves):
                    done.add(number)
                    continue
                claims = self._condition_claims(move.formula.latex, adopt=False)
                if claims:
                    self._condition(move, claims)
                    done.add(number)
        return done

    # conditions --------------------------------------------------------------------------------------------

    def _condition(self, move: Move, claims: tuple[Claim, ...] | None) -> None:
        if claims == ():
            return
        extent = move.extent or move.span
        words = move.formula.latex if move.formula is not None else move.cue
        self._conditions.append(Condition(extent, move.reach or extent, claims, words, move.span.start))

    def _on_indices(self, move: Move, moves: Sequence[Move]) -> bool:
        """Whether a condition is one on the indices of the lines that it rules; then it is kept for them."""
        if move.formula is None:
            return False
        letters = letters_in(move.formula.latex, self.scope, self._notation)
        extent = move.extent or move.span
        reach = move.reach or extent
        ruled = [m.formula.latex for m in moves if m.formula is not None and m.span.start in reach and m is not move]
        if not letters & indexed_in([self._notation.node(latex) for latex in ruled[:12]], self.scope):
            return False
        self._indexed = added(self._indexed, IndexCondition(move.formula.latex, letters, extent, reach))
        return True

    def _read_condition(self, move: Move, formula: Formula, later: Sequence[Move]) -> tuple[Claim, ...] | None:
        """The claims of a condition; what it defines enters the scope. None: it could not be read."""
        return self._condition_claims(formula.latex, later)

    def _condition_claims(self, latex: str, later: Sequence[Move] = (), adopt: bool = True) -> tuple[Claim, ...] | None:
        found: list[Claim] = []
        for piece in split_lines(latex):
            statement = self._read(piece.text, later)
            if not statement.links and not statement.readable:
                return None
            if adopt:
                self._adopt(statement, piece.text)
            for link in statement.links:
                if link.kind == "claim" and (link.claim is None or link.undeclared):
                    return None
                if link.kind == "claim" and link.claim is not None:
                    found.append(link.claim)
        return tuple(found)

    def condition_lines(self) -> Iterator[JudgedLine]:
        """The conditions that the answer states, as lines that are not judged."""
        for condition in self._conditions:
            row, column, cell = self.position(condition.start)
            for claim in condition.claims or ():
                sides = (Operand("", claim.left), Operand("", claim.right))
                yield JudgedLine(
                    row, condition.words, "condition", sides, (claim.relation,), column=column, cell=cell
                )  # fmt: skip

    def _situation(self, offset: int) -> Situation:
        surely: list[Claim] = []
        maybe: list[Claim] = []
        unread = ""
        for condition in self._conditions:
            sure, possible = offset in condition.extent, offset in condition.reach
            if not (sure or possible):
                continue
            if condition.claims is None:
                unread = unread or condition.words
            elif sure:
                surely += condition.claims
            else:
                maybe += condition.claims
        everywhere = tuple(c for condition in self._conditions for c in condition.claims or ())
        vague = next((c.words for c in self._conditions if c.claims is None), "")
        return replace(
            self.context.situation, surely=tuple(surely), maybe=tuple(maybe), unread=unread,
            regimes=everywhere, vague=vague, doubts=tuple(self._doubts),
        )  # fmt: skip

    # lines -------------------------------------------------------------------------------------------------

    def _formula(self, move: Move, formula: Formula, later: Sequence[Move]) -> None:
        latex = _led(formula)
        start = formula.span.start - (len(latex) - len(formula.latex))  # a name put before it has no place of its own
        for piece in split_lines(latex):
            if not piece.text.strip():
                continue
            place = Place(start + piece.offset, formula.display, move.block, formula.span.start)
            situation = self._situation(formula.span.start)
            before = self.scope
            self._line(piece, place, replace(self.context, situation=situation), move, later)
            self._remember(before, piece.text, move)

    def _remember(self, before: Scope, text: str, move: Move) -> None:
        """Where the names that a line gives a meaning got it."""
        if made := meanings(before, self.scope):
            made &= on_the_left(self._notation.node(text))
            self._origins.update(dict.fromkeys(made, Origin(move.sentence, move.section)))

    def _line(self, piece: Piece, place: Place, context: Context, move: Move, later: Sequence[Move]) -> None:
        previous = self._previous(place, piece)
        student = context.options.student_names
        student |= may_be_renamed(self.own, self._origins, move, self.assume) if _defines(move) else frozenset()
        context = replace(context, options=replace(context.options, student_names=student))
        statement = previous[0] if previous else None
        guessed = previous is not None and not (previous[2].place.display or previous[2].place.block == place.block)
        bridged = guessed or (self._gap and place.display)
        line = Line(piece.text, self.scope, statement, context, bridged)
        judged = judge_line(line)
        if undeclared_in(judged):
            scope = self._completed(undeclared_in(judged), [*_right_behind(move, later), *later])
            if scope is not None:
                self.scope = scope
                line = replace(line, scope=scope)
                judged = judge_line(line)
        judged = self._with_arguments(judged, line)
        judged = self._under_indices(judged, line, place)
        if move.role == "definition":
            pairs = zip(judged.statement.links, judged.verdicts, strict=True)
            unmade = [link.claim for link, v in pairs if _unlike_given(link, v)]
            judged = self._assumed(judged)
            if unmade and not self.assume:  # what follows is said under it
                self._from_here(None if None in unmade else tuple(c for c in unmade if c), piece, place, move)
        if move.role == "reason":
            judged = _looked_at(judged)
        judged = self._weighed(judged, line, place)
        if judged.demanded:
            self._from_here(judged.demanded, piece, place, move)
        self._record(judged, piece, place, previous, context, move)

    def _from_here(self, claims: tuple[Claim, ...] | None, piece: Piece, place: Place, move: Move) -> None:
        """A condition from behind this line to the end of what its words rule; None: it could not be read."""
        if move.extent is not None:
            start = place.offset + len(piece.text)
            after = Span(start, max(move.extent.end, start))
            self._conditions.append(Condition(after, after, claims, piece.text, place.offset))

    def _under_indices(self, judged: Judged, line: Line, place: Place) -> Judged:
        """The line under the conditions on its indices, where it does not hold without them."""
        if not self._indexed or judged.word in GOOD:
            return judged
        indices = indexed_in([self._notation.node(line.text)], self.scope)
        for condition in in_force(self._indexed, place.at(0), line.text, indices):
            under = judge_line(replace(line, text=with_condition(line.text, condition)))
            if place.at(0) in condition.extent or under.word in GOOD:
                judged = under
        return judged

    def _previous(self, place: Place, piece: Piece) -> tuple[Statement, Operand | None, Step] | None:
        """What a line that begins with a relation continues: the last display for a display, else the formula
        before it in the same block, else the last display, else the last formula."""
        end = self._ends.get(place.display)
        if place.display:
            return end
        if end is not None and end[2].place.block == place.block:
            return end
        return self._ends.get(True) or end

    def _read(self, text: str, later: Sequence[Move]) -> Statement:
        statement = read_statement(text, self.scope, None, self.context.options, dict(self.context.macros or {}))
        missing = {n for link in statement.links for n in link.undeclared}
        if missing and (scope := self._completed(missing, later)) is not None:
            self.scope = scope
            statement = read_statement(text, scope, None, self.context.options, dict(self.context.macros or {}))
        return statement

    def _completed(self, missing: Iterable[str], later: Sequence[Move]) -> Scope | None:
        """The scope with definitions of these names written later in this part, or in other parts."""
        scope, found = self.scope, False
        wanted = set(missing)
        written = (*_definitions(later), *self.pool)
        for text in sorted(written, key=lambda t: _left_of(t) not in {squeezed(name) for name in missing}):
            if not any(name.lstrip("\\")[:1] in text for name in wanted):
                continue
            statement = read_statement(text, scope, None, self.context.options, dict(self.context.macros or {}))
            introduced = _introduced(scope, statement.scope)
            made = {name for name in wanted if name in introduced or name.partition("_")[0] in introduced}
            if made and statement.readable:
                scope, found = statement.scope, True
                self.own |= introduced & {*made, *(name.partition("_")[0] for name in made)}
                wanted -= made
                if not wanted:
                    break
        return scope if found else None

    def _with_arguments(self, judged: Judged, line: Line) -> Judged:
        """The line where letters that nothing introduces are what the kind of text says they are."""
        return judged

    def _weighed(self, judged: Judged, line: Line, place: Place) -> Judged:
        """The line with what only the kind of text knows."""
        return judged

    def _assumed(self, judged: Judged) -> Judged:
        """`Let ... with \\sum_i y_i = 1`: said as an assumption. Without a problem it is one; with one, an assumption
        that the problem does not make goes to a person."""
        if not any(_unlike_given(link, v) for link, v in zip(judged.statement.links, judged.verdicts, strict=True)):
            return judged
        if self.assume:
            claims = [link.claim for link in judged.statement.links if link.claim is not None]
            model = judged.statement.scope.model.assume(*claims)
            statement = replace(judged.statement, scope=replace(judged.statement.scope, model=model))
            verdicts = tuple(_ASSUMED if v.word == "refuted" else v for v in judged.verdicts)
            return replace(judged, statement=statement, verdicts=verdicts)
        reason = "it is introduced as an assumption, which the problem does not make"
        verdicts = tuple(
            replace(v, word="undecided", evidence={"method": "none", "reason": reason}, counterexample=None)
            if v.word == "refuted"
            else v
            for v in judged.verdicts
        )
        return replace(judged, verdicts=verdicts)

    def _adopt(self, statement: Statement, text: str) -> None:
        """The scope after a line. What the problem gives stays as given: `where q_i \\sim ...` only repeats it."""
        new = _introduced(self.scope, statement.scope)
        given = set() if self.assume else {n for n in new if n in self.given.names and n not in self.own}
        given -= self.context.options.student_names
        given -= _rewired(statement.scope, given, new - given)
        scope = statement.scope
        if given:
            kept = {n: d for n, d in self.given.model.declarations.items() if n in given}
            model = replace(scope.model, declarations={**scope.model.declarations, **kept})
            scope = replace(scope, model=model)
        new -= given
        if new or any(link.kind == "definition" for link in statement.links):
            self.own |= new
            self.definitions.append(text)
        self.scope = scope

    def _record(
        self,
        judged: Judged,
        piece: Piece,
        place: Place,
        previous: tuple[Statement, Operand | None, Step] | None,
        context: Context,
        move: Move,
    ) -> None:
        statement = judged.statement
        if statement.implied and self.steps:
            self.steps[-1] = self.steps[-1].before_implication(judged)
        self._adopt(statement, judged.text)
        continued = previous if statement.continues else None
        if continued is None:
            self._chain += 1
        chain = continued[2].chain if continued else self._chain
        start = continued[1] if continued else None
        made = self._judged_lines(judged, place, context, chain, start)
        lines = tuple(replace(line, reason=move.role == "reason") for line in made)
        step = Step(judged, piece, place, lines, chain, continued[2] if continued else None)
        self.steps.append(step)
        if judged.word == "refuted":
            self.refuted.add(squeezed(statement.reading))
        if place.display:
            self._gap = judged.word == "unreadable"
        if statement.last is not None and move.note != "with":  # `With $k = 2$: $\\le 1/4$` goes on before it
            last = _end_of_chain(lines, statement)
            self._ends[place.display] = (statement, last, step)

    def _judged_lines(
        self, judged: Judged, place: Place, context: Context, chain: int, start: Operand | None
    ) -> Iterator[JudgedLine]:
        """The chains of one line (most have one), each with its operands as typed tensors."""
        statement = judged.statement
        row, column, cell = self.position(place.at(_offset(judged)))
        end_row, end, _ = self.position(place.at(_end(judged)))
        conditional = bool(context.situation.surely or context.situation.unread)
        again = squeezed(statement.reading) in self.refuted
        links = statement.links
        for operands, part in segments(statement, judged.text, context.options, start):
            verdicts = tuple(v for link, v in zip(links, judged.verdicts, strict=True) if link in part)
            word = weakest([v.word for v in verdicts]) if verdicts else judged.word
            code = next((v.code for v in verdicts if v.word == word), judged.code)
            relations = tuple(link.relation for link in part)
            yield JudgedLine(
                row, judged.text, _role(judged, part), operands, relations, word, verdicts, chain, conditional,
                word == "refuted" and again, code, column, end if end_row == row else column + 1, cell,
                cases=tuple(dict.fromkeys(c for link in part if link.claim is not None for c in link.claim.given)),
            )  # fmt: skip


def _end_of_chain(lines: Sequence[JudgedLine], statement: Statement) -> Operand | None:
    """The operand that a next line continues."""
    ends = [line.operands[-1] for line in lines if line.operands]
    column = statement.last.span.end + 1 if statement.last is not None else 0
    return next((end for end in ends if end.end_column == column), ends[-1] if ends else None)


def _unlike_given(link: Link, verdict: Verdict) -> bool:
    """A relation refuted for its values, or one that puts a number for a vector (`z_t = 1`, meant entrywise)."""
    shapes = (link.shape_error.left, link.shape_error.right) if link.shape_error is not None else ()
    return verdict.word == "refuted" and (not verdict.code or () in shapes)


def _looked_at(judged: Judged) -> Judged:
    """`since $x = \\hat x$` of a free x says where the lines before are looked at: no claim on every x."""
    model = judged.statement.scope.model
    bare = {n for n, d in model.declarations.items() if not d.definitions and d.law is None}
    bare -= {n for claim in model.assumptions for n in claim.left.body.symbols | claim.right.body.symbols}
    verdicts = tuple(
        _CHOSEN if v.word == "refuted" and link.claim is not None and _names_of(link.claim) & bare else v
        for link, v in zip(judged.statement.links, judged.verdicts, strict=True)
    )
    return judged if verdicts == judged.verdicts else replace(judged, verdicts=verdicts)


def _names_of(claim: Claim) -> set[str]:
    """The two names that a claim equates; none where it says anything else."""
    bodies = [side.body for side in (claim.left, claim.right)]
    names = {
        body.symbol for body in bodies if isinstance(body, Entry) and all(isinstance(i, Var) for i in body.indices)
    }
    return names if claim.relation == "=" and len(names) == 2 else set()


def _role(judged: Judged, links: Sequence[Link]) -> str:
    if not links:
        return judged.role
    return "definition" if all(link.kind != "claim" for link in links) else "claim"


def _defines(move: Move) -> bool:
    """Said to be a definition, or one of several alternatives: a name of the student's own may change its meaning."""
    return move.role == "definition" or move.note == "alternative"


def _led(formula: Formula) -> str:
    """A display whose function's name stands before it (`Attention`, then `(q, K, V) = ...`) with that name."""
    name = formula.lead.strip()
    if name.endswith("="):
        return f"{name} {formula.latex.lstrip()}"
    starts = formula.latex.lstrip().startswith(("(", "\\left(", "\\left ("))
    if not (starts and name.isalpha()):
        return formula.latex
    return f"\\operatorname{{{name}}}{formula.latex.lstrip()}"


def _offset(judged: Judged) -> int:
    """Where in the line its weakest link stands."""
    return judged.statement.links[judged.worst].right_span.start if judged.verdicts and not judged.note else 0


def _end(judged: Judged) -> int:
    if judged.verdicts and not judged.note:
        return judged.statement.links[judged.worst].right_span.end
    return len(judged.text)


def undeclared_in(judged: Judged) -> set[str]:
    """Names that nothing introduces in this line."""
    names = {name for link in judged.statement.links for name in link.undeclared}
    if not judged.statement.links:
        names |= {f.message.rpartition(" ")[2] for f in judged.statement.findings if f.code == "undeclared"}
    return names


_ONE_NUMBER = re.compile(r"[^=]+=\s*[-+]?\s*[\d.]+\s*[.,;]?")
"""`Let $b = 0$`: from here on, and not what a line before meant by b."""


def _right_behind(move: Move, later: Sequence[Move]) -> list[Move]:
    """The formula behind this one in its sentence, with a comma between: in `$H = X^\\top D X$, $D = ...$` it says what
    D is."""
    after = later[0] if later else None
    if after is None or after.formula is None or move.formula is None or after.block != move.block or after.cue:
        return []
    near = after.role == "claim" and not after.formula.display and after.span.start - move.span.end <= _NEAR
    return [replace(after, role="definition", cue="where")] if near else []


_NEAR = 6  # `$, $`: a comma, a space and the dollars of both


def _definitions(moves: Sequence[Move]) -> Iterator[str]:
    for move in moves:
        if move.role == "definition" and move.note != "partly" and move.formula is not None:
            for piece in split_lines(move.formula.latex):
                if move.cue.lower().startswith("where") or not _ONE_NUMBER.fullmatch(piece.text.strip()):
                    yield piece.text


def _rewired(scope: Scope, given: set[str], fresh: set[str]) -> set[str]:
    """Given names that are now computed through a name just introduced (`a_i = W h_{i-1} + b` inside `h_i`): the
    same values, by a way on which derivatives by the new name make sense."""
    declarations = scope.model.declarations
    return {n for n in given if n in declarations and any(d.body.symbols & fresh for d in declarations[n].definitions)}


def _introduced(before: Scope, after: Scope) -> set[str]:
    """The names that a line introduced."""
    if before is after:
        return set()
    return set(after.names) - set(before.names) | {
        name
        for name, declaration in after.model.declarations.items()
        if before.model.declarations.get(name) is not declaration
    }


def _later(moves: Sequence[Move], number: int) -> list[Move]:
    """The moves after one; `with $x = 2$` says what x is in its own sentence, not in those before it."""
    here = moves[number].sentence
    return [m for m in moves[number + 1 :] if m.note != "with" or m.role != "definition" or m.sentence == here]


def _left_of(definition: str) -> str:
    """What a definition defines, as written: the very name that is missing is better than another member of it."""
    return squeezed(definition.partition("=")[0])


def _declared_in(latex: str) -> set[str]:
    """What a line speaks of before its first relation, as written: `a, b` of `a, b > 0`."""
    return {squeezed(name) for name in _FIRST_RELATION.split(latex, maxsplit=1)[0].split(",")}


def _head(left: str) -> str:
    """`f(` of `f(a)`: what is said of a known function at a point does not say what the function is."""
    return left.partition("(")[0] + "("


def squeezed(text: str) -> str:
    """A reading without spaces, to recognise a repeat."""
    return "".join(text.split())
