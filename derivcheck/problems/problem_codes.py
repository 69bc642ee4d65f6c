"""The long texts of what is said about problem and assignment files (`derivcheck explain CODE`)."""

from __future__ import annotations

from derivcheck.codes import register

_ROWS = (
    ("yaml-syntax", "the file is not a problem file",
     "A problem file is YAML: a mapping of keys to texts. Backslashes, colons and braces of LaTeX need no quoting in a "
     "block after `|`. Anchors and aliases (`&a`, `*a`) are not used here: write the text out."),
    ("swallowed-escape", "a backslash in double quotes",
     "In double quotes YAML itself reads `\\t`, `\\n`, `\\f` and others: `\"\\top\"` becomes a tab and `op`. Write the "
     "LaTeX without quotes, in single quotes, or as a block after `|`."),
    ("joined-lines", "several lines without a bar",
     "A text of several lines needs a bar behind its key (`given: |`). Without it YAML joins the lines into one, and "
     "the formulas can no longer be told apart."),
    ("unknown-key", "a key that problem files do not have",
     "The nearest known key is offered. `derivcheck problems new PATH` writes a template with all that are usual."),
    ("duplicate-key", "the same key twice", "Only one of them could count: join the two or remove one."),
    ("missing-key", "a field that is needed is not there",
     "Every problem asks something (`ask:`); which other fields are needed depends on the kind of its answer: an "
     "expression needs `find:` or `answer:`, a bound `find:` and `relation:`, a chain `show:`."),
    ("misplaced-key", "a field at a place where it means nothing",
     "A field of one part stands beside `parts:`, or points stand beside an answer that is correct (it has them all)."),
    ("misplaced-mark", "`% wrong` in an answer that is not wrong",
     "The mark stands at the line where a wrong answer is expected to be found out; it belongs under `wrong:`."),
    ("wrong-type", "a value of another form is expected",
     "A number, one of some words, a text or a list: the message says."),
    ("too-many-points", "more points than the part has",
     "`points:` of an answer or of a line is at most that of the part."),
    ("hint-gives-answer", "a hint that holds the answer",
     "Hints are shown to students, and nothing that a student sees contains the reference. Ask a question, or "
     "say where "
     "to look."),
    ("wrong-is-right", "a `wrong` answer that is right",
     "It is equal to what is asked for every value of the givens. Perhaps a given is missing, or it is another writing "
     "of the answer."),
    ("unexpected-verdict", "an answer of the problem comes out otherwise",
     "Each answer in a problem file is a test of it. Either the answer stands under the wrong word, or the "
     "problem says "
     "something else than what is meant, or the checker cannot decide it (then it comes out as `review`)."),
    ("unexpected-line", "the first wrong line is another one",
     "`% wrong` marks the line at which the answer goes wrong."),
    ("unexpected-code", "found out for another reason",
     "`% wrong: CODE` names the finding that is expected at the line."),
    ("unexpected-points", "an answer earns other points than its entry says",
     "Points come from the best matching entry and from `credit:` for proved lines; full marks only when correct."),
    ("unread-reference", "the reference cannot be read",
     "`answer:` is read beside `find:` (or `show:` by itself) with the same reader as a student's line; the "
     "message says "
     "where that stopped."),
    ("reference-differs", "a second evaluation contradicts the reference",
     "What is asked was computed from the givens a second time, by another evaluator (derivatives as differences of "
     "values at many digits), at several points. The reference has other values there: perhaps the published solution "
     "is wrong, or a given does not say what is meant."),
    ("unmet-givens", "no values were found that meet the givens",
     "Lines and references are tested at values that are drawn so that they meet the givens. Here none were found: the "
     "givens contradict each other, or one states a value in a way that no draw meets (`s^2 = 2`: write "
     "`s = \\sqrt{2}`)."),
    ("mutant-survives", "a slip in the reference is not found out",
     "The reference was changed as students slip (a lost sign, a transpose, an index), and the variant is certainly "
     "wrong; but it was not refuted. Put it under `wrong:` with a hint; a person will see such answers."),
    ("unstated-terms", "terms that the question does not state",
     "`in:` names all that an answer may hold; a right answer in other terms is partial. A student can know that only "
     "from the question: say there in which terms the answer is wanted, or allow what the question itself speaks of."),
    ("unused-symbol", "a declared name that nothing mentions again",
     "Perhaps a given line is missing, or the name is spelt in another way where it is used."),
    ("coinciding-dimensions", "two sizes that are one in the file",
     "A matrix is square in the givens, although the question gives it two sizes or speaks of another size. Slips such "
     "as a forgotten transpose then have the right shape, and only their values can tell them."),
    ("todo", "something is still to do in a draft",
     "`problems new --question` leaves a comment `# TODO ...` for what the question does not state. Do it and remove "
     "the comment."),
    ("unknown-problem", "no problem has this id",
     "An id is the path of its file in the bank without `.yaml`, with `-part` behind it where the file has parts. "
     "`derivcheck problems list` shows all; `--problems DIR` adds a folder of your own."),
    ("unknown-assignment", "no paper has this name",
     "A paper is a file in `assignments/` of the bank, or a path to such a file. `derivcheck problems list` "
     "shows all."),
)  # fmt: skip

for _code, _title, _text in _ROWS:
    register(_code, _title, _text)
