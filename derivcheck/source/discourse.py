"""What each formula is there for: claimed, defined, assumed, wanted, mentioned.

Not every formula is a claim. The role of a formula is what its sentence makes of it: the last cue before it that
still governs it, what is said right after it, and whether it is a relation at all. Nothing here knows mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise

from derivcheck.record import dataclass, replace
from derivcheck.regex import lazy
from derivcheck.source import cues
from derivcheck.source.blocks import looks_like_title
from derivcheck.source.conditions import as_formula, conventions, said
from derivcheck.source.cues import CUES, Cue, Role
from derivcheck.source.extents import backwards, extents
from derivcheck.source.labels import read_label
from derivcheck.source.languages import in_english, language_of
from derivcheck.source.moves import Move
from derivcheck.source.otherwise import before_another_claim, case_before
from derivcheck.source.partly import said_partly
from derivcheck.source.properties import names, properties
from derivcheck.source.questions import POINTS, TRUE_OR_FALSE
from derivcheck.source.reach import untied, words_before
from derivcheck.source.relations import is_relation, maps, outermost
from derivcheck.source.sentences import HOLE, Place, Sentence, sentences
from derivcheck.source.solved import in_steps
from derivcheck.source.truth import TruthWord, truth_word
from derivcheck.source.values import Block, Formula, Prose, Span

__all__ = ["Move", "TruthWord", "is_relation", "moves", "truth_word"]

_STARTS_WITH_RELATION = lazy(
    r"(?:&|\s|\\quad|\\qquad|\\;|\\,)*(?:[=<>≤≥≈]|\\(?:le|leq|ge|geq|approx|ne|neq|propto|"
    r"equiv|stackrel|overset|sim)(?![A-Za-z]))"
)
_DEFINES = lazy(
    r":=|:\\?=|\\(?:coloneqq|triangleq|doteq|eqdef|overset\{\\?(?:text\{)?def)|"
    r"\\stackrel\{\s*\\?(?:text\{|mathrm\{)?(?:def|\\triangle)"
)
_DEMANDS = lazy(r"\\(?:stackrel|overset)\s*\{\s*!\s*\}")
_MAY_BE_SOLVED = lazy(
    _DEMANDS.pattern
    + r"|=\s*(?:&\s*)?\{?(?:\\(?:vec|bm|boldsymbol|math(?:bf|rm))\s*\{?\s*)?0(?!\s*\.?\d)|^\s*0\s*&?\s*="
)
_TO_SOLVE = Cue("equation", _MAY_BE_SOLVED, "sentence", standing=True)
_ORDERS = lazy(r"[<>≤≥]|=\s*[-−]?\d+(?:\.\d+)?\s*$|\\(?:[lg]eq?q?|[lg]t|[lg]eqslant)(?![A-Za-z])")
_DECLARES = lazy(r"^[^=<>]*?(?:\\in|\\sim|∈|∼)(?![A-Za-z])[^=]*$")
_RANGE = lazy(r"\\(?:l|c)?dots|\\forall|\\in(?![A-Za-z])|…|\\le(?:q)?\b.*\\le(?:q)?\b|<.*<")
_ASSIGNS = lazy(
    r"\s*[\\A-Za-z{}_^0-9',\[\]]+\s*(?:=|\\to|\\rightarrow|→)\s*(?:[-−]?\d+(?:\.\d+)?|\\infty|"
    r"∞|[a-zA-Z]|\\mathbf\{[01]\}|e_\w|I(?:_\w)?)\s*"
)
_SETS = lazy(r"\s*(?:\\?[A-Za-z]+|\\[a-z]+\{\w\})(?:_(?:\w|\{\w+\}))?\s*=\s*[-−]?\d+(?:\.\d+)?\s*")
_COMPARES_INDICES = lazy(r"[i-t]'?\s*(?:=|<|>|≠|≤|≥|\\(?:ne|neq|lt|gt|le|leq|ge|geq)(?![A-Za-z]))\s*[i-t]'?")
_QUOTIENT = lazy(r"\\[dt]?frac(?![A-Za-z])|\\(?:partial|nabla)(?![A-Za-z])|'\s*\(")
_AT = lazy(r"\b(?:at|for)$", re.I)
_POINT = lazy(r"\s*(?:\\left)?\s*\([^()]*,[^()]*\)\s*")
_LABEL = lazy(r"\W*(?:\w{1,3}[.)])?\W*")
_LAST = lazy(rf"^{HOLE}[\s.,;:!)]*$")
_GIVES_VALUE = lazy(
    r"(?:\b(?:is|are|be|becomes?|equals?|(?:written|rewritten|expressed|simplified|given) as|"
    r"get|obtain|gives?|yields?|find|have|answer|result|therefore|hence|thus)|"
    r"[:=])\s*(?:just |simply |then |therefore |thus |exactly |about )?\W*$",
    re.I,
)
_VERDICT = lazy(r"\b(?:true|false|yes|no)\s*$", re.I)
_PREMISE = lazy(rf"^{HOLE}\s*(?:implies|means|gives|yields|would (?:imply|mean|give))\b", re.I)
_THEN = lazy(r"\bthen\b", re.I)
_SPEAKS = lazy(r"[A-Za-z]{2}")
LONGEST_SENTENCE = 2500
_NOT_ONLY = lazy(r"\bnot only\b", re.I)


def moves(blocks: Sequence[Block], questions: Collection[int] = ()) -> list[Move]:
    """The role of every formula of a run of blocks, in order, with conditions and conventions said in words.

    `questions` are indices of blocks that only repeat the question."""
    found: list[Move] = []
    parts = sentences(blocks)
    language = language_of(parts)
    parts = in_english(parts, language)
    lead, texts, under = _Lead(), _Texts(blocks), list(accumulate(map(_opens_section, blocks)))
    for index, sentence in enumerate(parts):
        reader = _Reader(blocks, parts, index, lead.cue(blocks, sentence), questions, texts)
        found.extend(replace(m, sentence=index, section=under[m.block]) for m in reader.moves())
        if not language:
            found.extend(replace(move, sentence=index) for move in _in_unknown_words(sentence))
        lead.follow(blocks, sentence, reader.opened)
    return sorted(found, key=lambda move: (move.span.start, move.span.end))


def _opens_section(block: Block) -> bool:
    return block.kind == "heading" or (block.kind == "item" and any(char.isalnum() for char in block.label))


def _in_unknown_words(sentence: Sentence) -> Iterator[Move]:
    """What is declared in a language that is not read may be said to be anything: no line on it is called wrong."""
    words = " ".join(re.findall(r"[^\W\d_]+", sentence.text.replace(HOLE, " ")))
    for place in sentence.places if words else ():
        for name in names(place.formula.latex):
            after = Span(place.formula.span.end, place.formula.span.end + 1)
            yield Move("property", None, place.block, after, words[:40], about=name)


class _Texts:
    """What is asked of a block again and again, for each of its formulas."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.known: dict[int, tuple[bool, bool, bool]] = {}

    def of(self, index: int) -> tuple[bool, bool, bool]:
        """(asks with points or both truth values, is a title, holds one formula and no words)."""
        if index not in self.known:
            block = self.blocks[index]
            head = "".join(piece.text if isinstance(piece, Prose) else piece.latex for piece in block.pieces[:8])[:160]
            asked = POINTS.search(head) is not None or TRUE_OR_FALSE.search(head) is not None
            label = read_label(block)
            words = re.sub(r"^\W*\(?(?:\w{1,3})[.)]\W*", "", block.prose[label.end if label else 0 :])
            alone = len(block.formulas) == 1 and not re.search(r"\w", words)
            self.known[index] = (asked, _is_title(block), alone)
        return self.known[index]


def _is_title(block: Block) -> bool:
    if block.kind in ("heading", "table"):
        return True
    if block.kind != "item" or not block.label or len(block.formulas) > 1:
        return False
    bare = block.prose.removeprefix(block.label).strip()
    if re.search(r"[.;]\s", bare):  # `2. Let $c = 1$. Then` is a sentence
        return False
    return re.search(r"[A-Za-z]{3,}", bare) is not None and looks_like_title(bare)


class _Lead:
    """A cue at the end of a paragraph (`where:`, `Assume:`) rules the items that follow it."""

    def __init__(self) -> None:
        self.current: tuple[Cue, str] | None = None
        self.outer: set[str] = set()
        self.styles: set[str] = set()

    def cue(self, blocks: Sequence[Block], sentence: Sentence) -> tuple[Cue, str] | None:
        block = blocks[sentence.first]
        if self.current is None or (block.kind == "item" and _style(block) in self.outer):
            return None  # `2.` after `1. … where:` goes on with the outer list
        named = any(place.formula.lead for place in sentence.places) or sentence.text.rstrip().endswith(":")
        if block.kind in ("item", "display") or (self.current[0].note == "alternative" and named):
            return self.current
        return None

    def follow(self, blocks: Sequence[Block], sentence: Sentence, opened: tuple[Cue, str] | None) -> None:
        self.styles |= {_style(blocks[sentence.first])} - {""}
        if opened is not None:
            self.current, self.outer = opened, set(self.styles)
        elif self.current is not None and self.cue(blocks, sentence) is None:
            self.current = None


def _style(block: Block) -> str:
    """How an item is numbered, its number aside; '' for none."""
    return re.sub(r"[A-Za-z0-9]+", "n", block.label)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue in a sentence and how far it rules."""

    cue: Cue
    start: int
    end: int
    until: int
    words: str


class _Reader:
    """One sentence."""

    def __init__(
        self,
        blocks: Sequence[Block],
        parts: Sequence[Sentence],
        index: int,
        lead: tuple[Cue, str] | None,
        questions: Collection[int],
        texts: _Texts,
    ) -> None:
        self.blocks, self.parts, self.index, self.sentence = blocks, parts, index, parts[index]
        self.text, self.lead, self.questions, self.texts = parts[index].text, lead, questions, texts
        # A flood of signs or words is no sentence.
        self.spoken = len(self.text) <= LONGEST_SENTENCE and _SPEAKS.search(self.text) is not None
        hits = sorted(self._hits() if self.spoken else (), key=lambda hit: (hit.end, hit.start))
        places = {hit.end for hit in hits if hit.cue.role == "equation"}  # `they are equal where ⬚`
        self.hits = [hit for hit in hits if hit.cue.rule != "list" or hit.end not in places]

    @property
    def opened(self) -> tuple[Cue, str] | None:
        """The cue that a sentence leaves open for the items below it."""
        if not self.text.rstrip().endswith(":"):
            return None
        ruling = [hit for hit in self.hits if hit.until >= len(self.text.rstrip()) - 1]
        return (ruling[-1].cue, ruling[-1].words) if ruling and ruling[-1].cue.role != "claim" else None

    def moves(self) -> Iterator[Move]:
        if self.spoken:
            yield from self._conventions()
            yield from self._words()
            yield from self._properties()
            yield from self._zeros()
            yield from self._otherwise()
        told: set[int] = set()  # cases that their claims carry
        for place in self.sentence.places:
            if place.at not in told:
                yield from self._partly(self._move(place), place, told)

    def _partly(self, move: Move, place: Place, told: set[int]) -> Iterator[Move]:
        """`Let $y = 1$ if the light is on`: what y is elsewhere is not known, so it is no definition of y. A claim
        with a case of its own (`$a_{ij} = 0$ if $i \\ne j$ and $a_{ij} = 1$ if $i = j$`) carries it."""
        part = said_partly(self.sentence, place) if move.role in ("definition", "claim", "condition") else None
        if part is None or not self.spoken:
            yield from in_steps(move)
            return
        doubted = [name for name in names(place.formula.latex) if not _QUOTIENT.search(name)]
        if part.case is not None and move.role != "definition" and is_relation(place.formula.latex) and not doubted:
            told.add(part.case.at)
            said = rf"{place.formula.latex} \quad \text{{if }} {part.case.formula.latex}"
            yield Move("claim", replace(place.formula, latex=said), move.block, move.span, move.cue)
            return
        role = "mention" if move.role == "condition" else move.role
        yield replace(move, role=role, note="partly", about=doubted[0] if doubted else "")
        after = Span(move.span.end, move.span.end + 1)
        for name in doubted:
            yield Move("property", None, move.block, after, part.words, note="partly", about=name)
        if part.unread:
            yield Move("unread-condition", None, move.block, after, part.words, move.span, move.span, part.words)

    def _hits(self) -> Iterator[_Hit]:
        for cue in CUES:
            for match in cue.pattern.finditer(self.text):
                until = self._until(cue, match.start(), match.end())
                if cue.role == "condition":
                    until = before_another_claim(self.sentence, match.end(), until)
                yield _Hit(cue, match.start(), match.end(), until, match.group().strip())

    def _until(self, cue: Cue, start: int, end: int) -> int:
        """Where a cue's rule ends."""
        if cue.rule == "next":
            first = self.text.find(HOLE, end)
            return first + 1 if first >= 0 else end
        if cue.rule in ("sentence", "list"):
            match = cues.ENDS_SENTENCE_RULE.search(self.text, end)
            until = match.start() if match else len(self.text)
            # `where only one entry is not zero:` tells about what is shown next, it does not define it.
            colon = re.compile(r"\w[^⬚\w]*:".replace("⬚", HOLE)).search(self.text, end, until)
            return colon.end() if colon and cue.rule == "list" else until
        # `a = b if c, and d = e otherwise`: after a claim the comma goes on with claims.
        until = self._clause_end(end, lists=not any(place.at < start for place in self.sentence.places))
        return self._before_display(end, until) if cue.role == "condition" else until

    def _before_display(self, end: int, until: int) -> int:
        """`For each i = 1, ..., n` and then a display: the display is what is said under the condition."""
        ruled = [place for place in self.sentence.places if end <= place.at < until]
        for before, place in pairwise(ruled):
            between = self.text[before.at + 1 : place.at]
            if place.formula.display and not re.search(r"\b(?:and|or|with|that)\b", between):
                return place.at
        return until

    def _clause_end(self, end: int, lists: bool = True) -> int:
        """The end of a clause; a list of formulas before `then` is one clause, and a bracket belongs to it."""
        then = _THEN.search(self.text, end)
        if then and "." not in self.text[end : then.start()]:
            return then.start()
        at = end
        while match := cues.ENDS_CLAUSE.search(self.text, at):
            rest = self.text[match.end() : match.end() + 40]
            if self.text.count("(", end, match.start()) > self.text.count(")", end, match.start()):
                at = match.end()
                continue
            listed = lists and match.group() == "," and re.match(rf"\s*(?:{HOLE}\s*,\s*)?and\s+{HOLE}", rest)
            if not listed:
                return match.start()
            at = match.end() + listed.end()
        return len(self.text)

    def _move(self, place: Place) -> Move:
        role, cue, words, note = self._role(place)
        extent = reach = None
        if cue is not None and role in ("condition", "unread-condition", "supposition", "equation", "reason"):
            extent, reach = extents(self.blocks, self.parts, self.index, place.at, self._standing(cue, place.at))
        elif role in ("claim", "expression") and _MAY_BE_SOLVED.search(place.formula.latex):
            extent, reach = extents(self.blocks, self.parts, self.index, place.at, _TO_SOLVE)
        elif role == "definition" and cue is not None and _ORDERS.search(place.formula.latex):
            # `Let $m < 1$` of what is computed is a condition
            extent, reach = extents(self.blocks, self.parts, self.index, place.at, replace(cue, standing=True))
        note = note or self._remark(place, role)
        lead = words_before(self.sentence, place)
        return Move(role, place.formula, place.block, place.formula.span, words, extent, reach, note, lead=lead)

    def _standing(self, cue: Cue, at: int) -> Cue:
        """`Let ... with $f(a) = 0$`: what is said where something is introduced holds as long as that."""
        introduces = cue.note == "with" and any(
            hit.cue.rule == "sentence" and hit.cue.role in ("definition", "condition") and hit.end <= at < hit.until
            for hit in self.hits
        )
        return replace(cue, standing=True) if introduces else cue

    def _role(self, place: Place) -> tuple[Role, Cue | None, str, str]:
        formula = place.formula
        relation = is_relation(formula.latex) or formula.lead.endswith("=")
        if place.block in self.questions or self._is_question(place):
            return "restatement", None, "", "question"
        if self.texts.of(place.block)[1]:
            return "mention", None, "", "title"
        if _STARTS_WITH_RELATION.match(formula.latex):
            return ("claim" if self._goes_on(place) else "mention"), None, "", ""
        hit = self._ruling(place.at)
        if not relation and not (hit and hit[0].role in ("definition", "condition") and maps(formula.latex)):
            return self._without_relation(place)
        if _DEFINES.search(formula.latex):
            return "definition", None, ":=", ""
        if _COMPARES_INDICES.fullmatch(formula.latex.strip()) and (cue := self._case(place, hit)) is not None:
            return "condition", cue, hit[1] if hit else "", cue.note
        free = hit is None or hit[0].role in ("claim", "reason")
        if free and _SETS.fullmatch(formula.latex) and self._behind_for(place):
            return "condition", _FOR, "for", ""
        if hit is None:
            return self._unruled(place)
        return self._ruled(place, hit[0], hit[1])

    def _behind_for(self, place: Place) -> bool:
        """`as a check for $\\lambda = 0.1$`: wherever `for` stands, a name set to a number behind it is a condition."""
        return not place.formula.display and re.search(r"\bfor\s*$", self.text[: place.at], re.I) is not None

    def _goes_on(self, place: Place) -> bool:
        """Whether a formula that begins with a relation continues a chain, and not a phrase (`is ≤ 1`)."""
        before = self.text[: place.at].rstrip()
        return place.formula.display or not before or before.endswith(HOLE) or before[-1] in ":,;"

    def _case(self, place: Place, hit: tuple[Cue, str] | None) -> Cue | None:
        """`$i = j$: ...` as the heading of a case, `Let $i \\ne j$`: a formula that chooses the indices that follow."""
        if hit is not None and hit[0].role == "definition":
            return None if "=" in place.formula.latex else replace(hit[0], role="condition", standing=True)
        heads = _LABEL.fullmatch(self.text[: place.at]) and re.match(r"\W{0,4}:", self.text[place.at + 1 :])
        return _CASE if hit is None and heads else None

    def _ruled(self, place: Place, cue: Cue, words: str) -> tuple[Role, Cue | None, str, str]:
        latex, role, note = place.formula.latex, cue.role, cue.note if cue.note != "zero" else ""
        if role == "condition" and note == "substitution" and not _ASSIGNS.fullmatch(latex):
            if re.match(r"setting|putting|letting", words, re.I):  # `setting f'(x) = 0`: to be solved
                return "equation", replace(cue, role="equation", standing=True), words, ""
            return "reason", None, words, "substitution"
        if role == "condition" and words.lower() == "while" and not _ORDERS.search(latex):
            return "claim", None, words, ""  # `$p = 0.3$ while $q = r$`
        if role == "condition" and re.match(r"\W*for\b", words, re.I) and _RANGE.search(latex):
            note = "range"
        if role == "claim" and re.match(r"recall", words, re.I):
            note = "recall"
        if role in ("claim", "reason") and self._negated(place):
            return "mention", None, words, "negated"
        return role, cue, words, note

    def _unruled(self, place: Place) -> tuple[Role, Cue | None, str, str]:
        if self._negated(place):
            return "mention", None, "", "negated"
        if _PREMISE.match(self.text[place.at :]) and not place.formula.display:
            return "reason", None, "", "premise"
        if place.formula.bare and re.search(
            r"[A-Za-z]{3,}|[A-Za-z]{2,}_[A-Za-z]*|^\s*[A-Za-z]{2,}\s*=", re.sub(r"\\[A-Za-z]+", "", place.formula.latex)
        ):
            return "mention", None, "", ""
        if _DECLARES.match(outermost(place.formula.latex)) and not place.formula.display and not self._asserts(place):
            return "definition", None, "", "declaration"
        return "claim", None, "", ""

    def _asserts(self, place: Place) -> bool:
        """Whether words around a membership claim it (`ensures x ∈ (0,1)`)."""
        return bool(
            re.search(
                r"\b(?:ensures?|so|thus|hence|therefore|implies|we have|shows?|must|always)\b[^,;]*$",
                self.text[: place.at],
                re.I,
            )
        )

    def _without_relation(self, place: Place) -> tuple[Role, Cue | None, str, str]:
        """An expression alone: a result where it is displayed or said to be one, else only mentioned."""
        hit = self._ruling(place.at)
        if hit and hit[0].role in ("goal",):
            return "mention", None, hit[1], ""
        formula = place.formula
        if hit and hit[0].role == "condition" and _AT.search(hit[1]) and _POINT.fullmatch(formula.latex):
            return "unread-condition", hit[0], hit[1], ""  # `at $(1, 0)$`: of what it is the value is not said
        if len(self.text) > LONGEST_SENTENCE:
            return ("expression" if formula.display else "mention"), None, "", ""
        before, after = self.text[: place.at], self.text[place.at :]
        listed = cues.LIST_OF_NAMES.search(self.text) is not None or re.search(
            r"(?<!\\),\s*(?:\\q?quad|\\;|\\ )", formula.latex
        )
        alone = not re.sub(r"[\W_]|\b(?:and|or)\b", "", self.text.replace(HOLE, "")) or self._whole_line(place)
        ends = _LAST.match(after) is not None and _GIVES_VALUE.search(before) is not None
        if (formula.display or alone or ends) and not listed:
            return "expression", None, hit[1] if hit else "", ""
        return "mention", None, "", ""

    def _whole_line(self, place: Place) -> bool:
        return self.blocks[place.block].kind in ("paragraph", "item", "display") and self.texts.of(place.block)[2]

    def _ruling(self, at: int) -> tuple[Cue, str] | None:
        ruling = [hit for hit in self.hits if hit.end <= at < hit.until]
        # Among cues that end at the same word the longer one says more (`we consider the case`).
        if ruling:
            last = max(ruling, key=lambda hit: (hit.end, -hit.start))
            return None if self._beyond(last, at) else (last.cue, last.words)
        if any(hit.until <= at and hit.cue.role == "claim" for hit in self.hits):
            return None
        return self.lead

    def _beyond(self, hit: _Hit, at: int) -> bool:
        """Whether a display stands outside of what `Let`, `Suppose` introduce, although no full stop says so."""
        if hit.cue.rule != "sentence" or hit.cue.role not in ("definition", "condition") or hit.cue.note:
            return False
        place = next((p for p in self.sentence.places if p.at == at), None)
        return place is not None and untied(self.sentence, place, hit.end, hit.cue.role == "definition")

    def _is_question(self, place: Place) -> bool:
        asked = self.texts.of(place.block)[0] and place.block == self.sentence.first
        in_text = self.blocks[place.block].kind in ("item", "paragraph", "heading")
        return self.text.rstrip().endswith("?") or (asked and in_text)

    def _negated(self, place: Place) -> bool:
        """`it is not true that ⬚`, `⬚ does not hold`: said to be false."""
        before = re.split(r"[,;:]", self.text[: place.at])[-1]
        near = " ".join(before.split()[-6:])
        if cues.NEGATED_AFTER.match(self.text[place.at :]):
            return True
        between_claims = re.search(r"\b(?:so|thus|hence|but|and|then)\b[^,;]*$", near)
        near = near[between_claims.start() :] if between_claims else near
        return not place.formula.display and not _NOT_ONLY.search(near) and cues.NEGATIONS.search(near) is not None

    def _remark(self, place: Place, role: Role) -> str:
        latex = place.formula.latex.lstrip()
        if latex[:1] in "-−" and is_relation(latex) and _VERDICT.search(self.text[: place.at]):
            return "leading-dash"
        around = self.text[max(0, place.at - 40) : place.at + 40]
        if role == "claim" and re.search(r"\\ne(?:q)?(?![A-Za-z])|≠", latex) and cues.NOT_ALWAYS.search(around):
            return "not-always"
        return ""

    def _words(self) -> Iterator[Move]:
        """Conditions without a relation: `for zero-mean vectors`, `if A is symmetric`."""
        seen: list[range] = []
        for start, end, cue, words in self._in_words():
            if not any(start in stretch for stretch in seen):
                seen.append(range(start, end))
                yield from self._said(start, end, cue, words)

    def _in_words(self) -> Iterator[tuple[int, int, Cue, str]]:
        """Stretches of the sentence that state a condition without a relation."""
        if self._is_question_sentence():
            return
        for hit in self.hits:
            words = self.text[hit.end : hit.until]
            states = hit.cue.role in ("condition", "supposition") and hit.cue.rule != "next"
            names = hit.cue.role in ("definition", "reason") and said(self.sentence, hit.end, hit.until).readings
            inside = [place for place in self.sentence.places if hit.start <= place.at < hit.until]
            readable = any(is_relation(place.formula.latex) for place in inside)
            if (names or (states and cues.PROPERTY.search(words))) and not readable:
                yield hit.start, hit.until, hit.cue, hit.words
        for match in cues.UNREAD_FOR.finditer(self.text):
            yield match.start(), self._clause_end(match.end()), _FOR, match.group().strip()
        compared = _COMPARES.search(self.text)
        if compared and not any(is_relation(p.formula.latex) for p in self.sentence.places if p.at >= compared.start()):
            yield compared.start(), self._clause_end(compared.end()), _AFTER, compared.group().strip()

    def _said(self, start: int, end: int, cue: Cue, cue_words: str) -> Iterator[Move]:
        span = Span(self.sentence.offset(start), self.sentence.offset(max(end - 1, start)) + 1)
        if cue.note == "after" or (
            start > 0 and not cue.standing and self._only_words_follow(end) and self._no_claims()
        ):
            extent = reach = backwards(self.blocks, self.parts, self.index)
        else:
            extent, reach = extents(self.blocks, self.parts, self.index, start, cue)
        words = said(self.sentence, start, end)
        role: Role = "reason" if cue.role == "reason" else "condition"
        block = self.sentence.first
        for reading in words.readings:
            formula = as_formula(reading, self.sentence, words)
            yield Move(role, formula, block, span, _words_of(self.text[start:end]), extent, reach, "words")
        if not words.readings:
            yield Move("unread-condition", None, block, span, _words_of(self.text[start:end]), extent, reach, cue_words)

    def _otherwise(self) -> Iterator[Move]:
        """A sentence that says what holds in the other case."""
        found = case_before(self.sentence, self.parts[self.index - 1] if self.index else None)
        if found is None:
            return
        start, end = self.sentence.offset(0), self.sentence.offset(len(self.text.rstrip()) - 1) + 1
        here, whole, block = Span(start, start + 1), Span(start, end), self.sentence.first
        if found[1]:
            formula = Formula(found[1], here, bare=True)
            yield Move("condition", formula, block, here, "otherwise", whole, whole, "words")
        else:
            yield Move("unread-condition", None, block, here, "otherwise", whole, whole, "otherwise")

    def _properties(self) -> Iterator[Move]:
        """What declarations say in words, after the formula that names the thing."""
        if self._is_question_sentence():
            return
        seen: set[tuple[int, str, str]] = set()
        for hit in self.hits:
            standing = hit.cue.role == "condition" and hit.cue.standing and hit.cue.note != "case"
            if hit.cue.note == "alternative" or not (hit.cue.role == "definition" or standing):
                continue
            for item in properties(self.sentence, hit.start, hit.until):
                place = next(p for p in self.sentence.places if p.at == item.at)
                span = Span(place.formula.span.end, place.formula.span.end + 1)
                if (item.at, item.reading, item.doubted) in seen:
                    continue
                seen.add((item.at, item.reading, item.doubted))
                formula = Formula(item.reading, span, bare=True) if item.reading else None
                yield Move("property", formula, place.block, span, item.words, about=item.doubted)

    def _zeros(self) -> Iterator[Move]:
        """`Setting the derivative to zero`, `we set $f'(x)$ to zero`: an equation said in words."""
        for hit in self.hits:
            if hit.cue.note != "zero" or self._is_question_sentence():
                continue
            extent, reach = extents(self.blocks, self.parts, self.index, hit.start, hit.cue)
            inside = [place for place in self.sentence.places if hit.start <= place.at < hit.end]
            span = Span(self.sentence.offset(hit.start), self.sentence.offset(hit.end - 1) + 1)
            shown = any(_MAY_BE_SOLVED.search(p.formula.latex) for p in self.sentence.places if p.at >= hit.end)
            if not inside and not shown:
                yield Move("equation", None, self.sentence.first, span, hit.words, extent, reach, "zero")
            elif inside and not is_relation(inside[0].formula.latex):
                formula = replace(inside[0].formula, latex=f"{inside[0].formula.latex} = 0")
                yield Move("equation", formula, inside[0].block, formula.span, hit.words, extent, reach)
        for match in _AT_OPTIMUM.finditer(self.text):
            extent, reach = extents(self.blocks, self.parts, self.index, match.start(), _OPTIMUM)
            span = Span(self.sentence.offset(match.start()), self.sentence.offset(match.end() - 1) + 1)
            yield Move("equation", None, self.sentence.first, span, match.group(), extent, reach, "zero")

    def _only_words_follow(self, end: int) -> bool:
        return not re.search(r"\w", self.text[end:])

    def _no_claims(self) -> bool:
        return not any(is_relation(place.formula.latex) for place in self.sentence.places)

    def _is_question_sentence(self) -> bool:
        asked = self.sentence.first in self.questions or self.texts.of(self.sentence.first)[0]
        return asked or self.text.rstrip().endswith("?")

    def _conventions(self) -> Iterator[Move]:
        for name, start, end in conventions(self.sentence):
            span = Span(self.sentence.offset(start), self.sentence.offset(end - 1) + 1)
            yield Move("convention", None, self.sentence.first, span, self.text[start:end], note=name)


def _words_of(text: str) -> str:
    return text.replace(HOLE, "…").strip()


_CASE = Cue("condition", _COMPARES_INDICES, "next", standing=True, note="case")
_AT_OPTIMUM = lazy(
    r"\b(?:at|in) (?:the|an?|any|every|its) (?:global |local |unique )?"
    r"(?:optim\w+|minim\w+|maxim\w+|stationary points?|critical points?|saddle points?)\b|"
    r"\b(?:for|by) (?:optimality|stationarity)\b",
    re.I,
)
_OPTIMUM = Cue("equation", _AT_OPTIMUM, "sentence")
_FOR = Cue("condition", re.compile("for"), "clause")
_AFTER = Cue("condition", re.compile("since"), "clause", note="after")
_COMPARES = lazy(
    r"\b(?:because|since|as|assuming)\b[^.]{0,40}?\b(?:(?:is|are|being) (?:usually|typically|"
    r"much|often|far|always|generally)?\s*"
    r"(?:larger|smaller|greater|less|bigger|negligible|dominant)|dominates?)\b[^.,;]*",
    re.I,
)
