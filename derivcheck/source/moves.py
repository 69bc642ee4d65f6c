"""One formula and what it is there for: what discourse.py finds."""

from __future__ import annotations

from derivcheck.record import dataclass
from derivcheck.source.cues import Role
from derivcheck.source.values import Formula, Span


@dataclass(frozen=True, slots=True)
class Move:
    """One formula and what it is there for (`formula` is None for words: a convention, a condition in words).

    role: 'claim' (judge it), 'reason' (a claim used as a known fact), 'definition' (introduces names; a claim where
    the name is known), 'condition', 'supposition', 'equation' (to be solved), 'goal', 'restatement', 'expression'
    (a display or a result without a relation: an answer, or the beginning of a chain), 'mention',
    'unread-condition', 'convention', 'property' (of what a declaration names, said in words and written as a formula;
    None where it could not be read).
    `extent` is where a condition surely holds and `reach` where it possibly does, as spans of the file.
    `note`: 'alternative', 'case', 'after', 'with', 'substitution', 'range', 'premise', 'negated', 'not-always',
    'leading-dash', 'recall', 'title', 'question', 'words' (a condition in words, written as the formula that says it),
    'partly' (said of some cases alone: `$y = 1$ if ...`, `$0$ otherwise`);
    for a convention its name. `cue`: the words that decided. `sentence`: the number of the sentence. `about`: the
    name that a property that could not be read, or a formula said of some cases alone, may restrict; '' where it may
    be any. `lead`: the words between the formula and the one before it. `section`: the number of the heading or the
    labelled item that it stands under."""

    role: Role
    formula: Formula | None
    block: int
    span: Span
    cue: str = ""
    extent: Span | None = None
    reach: Span | None = None
    note: str = ""
    sentence: int = -1
    about: str = ""
    lead: str = ""
    section: int = 0
