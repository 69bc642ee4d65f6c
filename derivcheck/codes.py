"""Every code of a finding, with the long text behind `derivcheck explain CODE`. One row a code."""

from __future__ import annotations

import difflib
from importlib import import_module

from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """title: a few words; text: what it means, how it was found, what to do."""

    title: str
    text: str


CODES: dict[str, Code] = {
    "unequal-step": Code(
        "a line does not follow from the one before",
        "The two sides of this step differ. The report shows small dimensions and small exact numbers that satisfy "
        "everything that was given, and the value of both sides there; the difference was confirmed in exact or ball "
        "arithmetic, so it is not a rounding error. Put the numbers in by hand to see it. Every line is measured "
        "against the line before it, as you wrote it: lines after the first wrong one are judged on their own.",
    ),
    "false-inequality": Code(
        "an inequality fails at some values",
        "At the numbers shown the relation does not hold, although everything given holds there. Look at extreme "
        "cases: aligned or orthogonal vectors, one large entry, equality.",
    ),
    "not-proportional": Code(
        "two sides are said to be proportional, but their ratio varies",
        "The numbers shown are two places, and the sides each multiplied crosswise: f at the one times g at the other. "
        "They differ, so the ratio of the two sides is not the same at both. Only factors without the variable may be "
        "dropped in a proportionality.",
    ),
    "shape-mismatch": Code(
        "the shapes on the two sides, or in a product, do not fit",
        "A vector is a column, a 1 x n matrix is a row. Products need inner dimensions that agree, sums and "
        "equations need equal shapes. A number may be added to each entry of a vector, not to a matrix. Both shapes "
        "are shown.",
    ),
    "layout": Code(
        "equal up to the layout of the derivative",
        "The result is the transpose of what the stated convention asks for: numerator layout has one row for each "
        "output, denominator layout one for each input. State the convention you use and keep to it.",
    ),
    "wrong-order": Code(
        "the factors stand in another order",
        "Matrices do not commute. The factors are right, their order is not: in a chain rule with Jacobians, the "
        "factor of the outer function stands on the left.",
    ),
    "wrong-sign": Code(
        "a sign is turned",
        "With the other sign at the caret the line would follow. Write the step once more and carry every sign along; "
        "a difference turned round, a minus in front of a bracket and the derivative of `-x` are where signs get lost.",
    ),
    "lost-sign": Code(
        "a minus is lost or stands too much",
        "With the other sign in front of what the caret marks the line would follow. Look at the derivative of an "
        "argument with a minus, at `1 - x`, and at a minus in front of a bracket.",
    ),
    "transposed": Code(
        "a transpose too many, or one that is missing",
        "With the transpose at another place the line would follow; where matrices are square, shapes cannot show it. "
        "The transpose of a product turns the order of the factors round; a gradient with respect to an input takes "
        "the transpose of the matrix in front of it.",
    ),
    "wrong-exponent": Code(
        "an exponent is off",
        "With another exponent at the caret (or without one, or on another bracket) the line would follow. A "
        "square of a "
        "mean is not the mean of a square, and an inverse is an exponent too.",
    ),
    "wrong-index": Code(
        "an index is off",
        "At another index the line would follow: off by one in time, a row for a column, or a bound index for a "
        "free one. "
        "Write the entry `(i, j)` of both sides to see which index is which.",
    ),
    "wrong-limit": Code(
        "a limit of a sum or product is off",
        "With another limit the line would follow. Write the first and the last term: which of them belongs there?",
    ),
    "wrong-coefficient": Code(
        "a number in the line is off",
        "With another number at the caret the line would follow. Count how often the term occurs.",
    ),
    "wrong-argument": Code(
        "a function is taken at the wrong argument",
        "At another argument, one that stands nearby, the line would follow. A derivative by the chain rule is "
        "taken at "
        "the argument of the function itself.",
    ),
    "wrong-name": Code(
        "one name stands for another",
        "With another name of the same shape at the caret the line would follow.",
    ),
    "wrong-function": Code(
        "one function stands for another",
        "With a related function at the caret (or with the function and its derivative told apart) the line "
        "would follow.",
    ),
    "wrong-product": Code(
        "another kind of product is meant",
        "With another kind of product between these factors the line would follow: the matrix product and the "
        "entrywise "
        "product agree in shape for square matrices, but not in value.",
    ),
    "wrong-operation": Code(
        "one operation stands for another",
        "With another operation between these two the line would follow: a product for a sum, or a sum for a "
        "product. The "
        "logarithm turns products into sums, the exponential turns sums into products.",
    ),
    "upside-down": Code(
        "a fraction is turned over", "With numerator and denominator exchanged the line would follow."
    ),
    "extra-term": Code(
        "a term too many",
        "Without the term at the caret the line would follow. Where does it come from? By independence, "
        "orthogonality or a "
        "mean of 0 such terms vanish.",
    ),
    "lost-term": Code(
        "a term is missing",
        "With one more term the line would follow. When a product of sums is multiplied out, every term of the "
        "one meets "
        "every term of the other; the product rule has one term for each factor.",
    ),
    "lost-chain-factor": Code(
        "a factor of the chain rule is missing",
        "The derivative of the outer function stands there, the derivative of its argument does not.",
    ),
    "reversed-inequality": Code(
        "the inequality stands the other way round",
        "The relation holds in the other direction. Multiplying by a negative number, taking inverses of "
        "positive numbers "
        "and a concave function in Jensen's inequality turn an inequality round.",
    ),
    "strictness": Code(
        "a strict inequality where both sides can be equal",
        "At the numbers shown the two sides are equal, so `<` does not hold; the weaker relation does.",
    ),
    "wrong-class": Code(
        "a class O(...) that is too small",
        "Along the path shown the left side divided by what stands in O(...) has no bound. Collect the terms of "
        "the left "
        "side and keep the one that grows fastest in each of the quantities.",
    ),
    "not-identically": Code(
        "two expressions said to differ are the same",
        "`a \\ne b` between expressions means that they are not always equal; here they are, for every value.",
    ),
    "wrong-result": Code(
        "the result is not what was asked",
        "Each line may follow from the one before, but the last of them is not an answer to the question: compare "
        "what was asked with the left side of your first line.",
    ),
    "not-asked-terms": Code(
        "true, but not in the terms asked",
        "The question asks for the result in certain symbols; this one still contains others, or restates the "
        "question.",
    ),
    "loose-bound": Code("a valid bound, looser than asked", "The bound holds, but a smaller one is asked for."),
    "incomplete": Code("right as far as it goes", "A case, a part or a term of what was asked is missing."),
    "unread-line": Code(
        "a line could not be read",
        "It was not checked and costs nothing: a person will read it. The caret shows where reading stopped and what "
        "was expected there.",
    ),
    "undeclared": Code(
        "a name that nothing introduces",
        "Neither the problem nor the lines before say what this name is, so a line with it is never called wrong. Say "
        "what it is: `Let $W \\in \\mathbb{R}^{m \\times n}$`.",
    ),
    "undecided-step": Code(
        "neither proved nor refuted",
        "The line was read, but it could not be shown or refuted; the reason is named. A person will look.",
    ),
    "undecided-condition": Code(
        "a line under a condition that could not be read",
        "A condition before this line (`when …`, `if …`) could not be read, so the line is not called wrong.",
    ),
    "contradictory-givens": Code(
        "no values satisfy what is given",
        "From givens that contradict each other everything follows, so nothing is judged under them.",
    ),
    "layout-only": Code(
        "equal up to a transpose, and no convention is stated",
        "The result is right in one layout of derivatives and transposed in the other; neither the question nor the "
        "answer says which is meant, so a person decides.",
    ),
    "damaged": Code(
        "read with a likely repair of damaged text",
        "The text probably lost a sign or a letter (scanning, copying from a PDF). The literal reading was "
        "tried first; "
        "the note says which reading was used. This never makes a part wrong.",
    ),
    "internal-fault": Code(
        "a fault of derivcheck, not of the line",
        "Deciding this line failed inside. It counts as undecided; a person will look. Please report it.",
    ),
    "unequal-sides": Code(
        "the two sides of a line differ",
        "A line that starts a derivation relates two expressions that are not equal for all values of the givens. "
        "The numbers shown satisfy everything that was given; both sides were evaluated there exactly.",
    ),
    "carried": Code(
        "a repeat of a line already refuted",
        "One slip is one finding: a line that only repeats a refuted one (or follows from it) is not counted "
        "again. Mend "
        "the first and look again.",
    ),
    "no-answer": Code("no answer was found", "Nothing in the file could be assigned to this part."),
    "not-located": Code(
        "the answer could not be located with confidence",
        "Some text of the file is assigned to no part; a person should look where this part's answer stands.",
    ),
    "inconsistent-values": Code(
        "figures that do not agree",
        "A worked sum or a value computed from a formula of the answer does not come out as written. Whole "
        "numbers agree "
        "exactly; decimals after rounding to the digits written.",
    ),
    "truth-value": Code(
        "true or false", "For a true/false question only the verdict is judged; the reasons are for a person."
    ),
    "prose": Code("a person reads this", "This part is prose by nature and is marked by people."),
    "not-text": Code(
        "the file is not text",
        "derivcheck reads Markdown, TeX, notebooks and plain text. Convert it, or copy its text.",
    ),
    "empty-file": Code(
        "the file is empty",
        "There is nothing in it to read. Was it saved? Of a notebook only the Markdown cells are read.",
    ),
    "unsupported-format": Code(
        "a kind of file that is not read",
        "derivcheck reads .md, .tex, .txt and .ipynb. Of a PDF or a Word file save the source or the text, and "
        "check that.",
    ),
    "too-large": Code("the file is too large", "Files over 4 MB, or with more than 20 000 formulas, are refused."),
    "no-file": Code("there is no such file", "Check the path; where a name is close, it is offered."),
    "unreadable-file": Code("the file could not be opened", "The system's own reason is shown."),
    "input-outside-folder": Code(
        "\\input of a file outside the folder", "Only files inside the folder of the checked file are read."
    ),
    "unclosed-formula": Code(
        "a formula that is never closed", "A dollar, bracket or environment is opened but not closed."
    ),
    "bad-input": Code(
        "a line of a batch that is no claim", 'Expected one object a line: {"id": "…", "given": ["…"], "claim": "…"}.'
    ),
    "nothing-to-check": Code(
        "nothing to check was found",
        "No derivation was found: lines with a relation such as = between two expressions, in $…$, \\[…\\] or an "
        "environment such as align.",
    ),
}


def register(code: str, title: str, text: str) -> None:
    """For rooms that own a family of codes (reading, files, problem files): one row each, at import."""
    CODES.setdefault(code, Code(title, text))


# Rooms that own a family of codes. Only `explain` needs their texts, so only it imports them.
_FAMILIES = (
    "derivcheck.bulk.bulk_codes",
    "derivcheck.kinds.kind_codes",
    "derivcheck.language.parsing.parsing_codes",
    "derivcheck.language.elaboration.elaboration_codes",
    "derivcheck.problems.problem_codes",
)


def every_code() -> dict[str, Code]:
    """All rows: those here and those that rooms register."""
    for family in _FAMILIES:
        import_module(family)
    return CODES


def nearest(code: str) -> str | None:
    """The code most like a mistyped one."""
    found = difflib.get_close_matches(code, every_code(), n=1)
    return found[0] if found else None
