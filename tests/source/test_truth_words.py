"""The verdict of an answer to a true/false question, by its words."""

from __future__ import annotations

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.truth import truth_word


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("True. The gate is a sigmoid.", True),
        ("**False** because $f(0) = 1$.", False),
        ("(b) False, see above.", False),
        ("Answer: true", True),
        ("(True/False) If $x = 0$ then $y = 0$.\n\nFalse. Take $x = 0$ and $b = 1$.", False),
        ("True or false? The sum is one.\n\nTrue.", True),
        ("The entries are positive. Thus, the statement is true.", True),
        ("We find $y = 1$, so the claim is not always true.", False),
        ("Yes, since both depend on $h$.", True),
        ("No. The two are independent.", False),
        ("The statement is false because the bias stays.", False),
        ("(3 points) (True/False) The norm is one.", None),
        ("True. But in the end the statement is false.", None),
        ("If the statement is true, then $a = b$.", None),
        ("The weights are learned by descent.", None),
        ("Right multiplication by $W$ keeps the shape.", None),
        ("No information flows backwards.", None),
        ("(c) True Every entry lies in $(0, 1)$.", True),
        ("Not true: the bias stays.", False),
        ("The statement does not hold. Take $b = 1$.", False),
        ("Each row adds up to one, so the claim holds.", True),
        ("T. Both gates are open.", True),
        ("**F**", False),
        ("T is the number of steps.", None),
        ("This is true, because $x^2 \\ge 0$.", True),
        ("With $x = 0$ only the bias is left, so it is false.", False),
        ("True bc the sum is one.", True),
        ("false bc $x$ can be zero", False),
        ("yes it is convex", True),
        ("No they are not.", False),
        ("Yes the loss is convex.", True),
        ("No information is lost.", None),
        ("Untrue: the state is lost.", False),
        ("The statement isn't true.", False),
        ("This is not the case, the bias stays.", False),
        ("It is not the case that the bias stays.", None),
        ("It's true, since the gate is open.", True),
        ("I believe it's true since both are open.", True),
        ("The bias does not stay as it was; false.", False),
        ("The bias never sees the input, so no.", False),
        ("There are two cases, one with a yes and one with a no", None),
    ],
)
def test_verdict_words(answer: str, value: bool | None) -> None:
    word = truth_word(read_document(answer, "a.md").blocks)
    assert (word.value if word else None) is value


@pytest.mark.parametrize(
    "answer",
    [
        "This is not false.",
        "The statement is not wrong.",
        "Not incorrect.",
        "The claim does not fail.",
        "It is false that the statement is false.",
        "I do not think the statement is false.",
        "False. The statement is not false.",
        "Yes, it is not.",
    ],
)
def test_two_denials_are_for_a_person(answer: str) -> None:
    assert truth_word(read_document(answer, "a.md").blocks) is None


@pytest.mark.parametrize(
    "answer",
    [
        "The statement is true only when $n = 1$.",
        "True for a softmax, but not for a sigmoid.",
        "Correct for $n = 1$, wrong for larger $n$.",
        "The claim is right if we normalise first.",
        "It is true that the entries are positive, but nothing makes their sum one.",
        "The entries are positive, this is true, but they do not add up to one.",
        "Each entry is positive. This is true for the sigmoid at any point. The sum is $n/2$ at zero.",
        "Yes, they are positive. But no, the sum is not one.",
        "False only for $n = 1$.",
    ],
)
def test_a_limited_verdict_is_for_a_person(answer: str) -> None:
    assert truth_word(read_document(answer, "a.md").blocks) is None


@pytest.mark.parametrize(
    "answer",
    [
        "False. The statement is true only for a softmax.",
        "Although it is true that the entries are positive, the statement is false.",
        "False: for a softmax it would hold, but not here.",
        "False if the weights are zero.",
    ],
)
def test_what_would_be_true_elsewhere_does_not_hide_the_verdict(answer: str) -> None:
    word = truth_word(read_document(answer, "a.md").blocks)
    assert word is not None and word.value is False


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("The gate activations do not depend on the memory activations.", False),
        ("The memory depends on the gate. In short, the gates depend on the memory.", True),
        ("The memory depends on the gate.", None),
        ("They do not, as the gate is computed first.", False),
        ("They do.", True),
        ("They do this twice.", None),
    ],
)
def test_a_question_said_as_a_statement(answer: str, value: bool | None) -> None:
    word = truth_word(read_document(answer, "a.md").blocks, "Do gate activations depend on memory activations?")
    assert (word.value if word else None) is value


def test_the_place_of_the_word() -> None:
    document = read_document("Some words.\n\nTherefore it is clear: the claim is false.", "a.md")
    word = truth_word(document.blocks)
    assert word is not None and document.slice(word.span) == "false"


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("They are independent of the gates.", False),
        ("The weights are not independent of the gates.", True),
        ("Not at all.", False),
        ("Of course they do.", True),
        ("Never, the gates come later.", False),
        ("Never mind the gates.", None),
    ],
)
def test_a_reply_to_a_question(answer: str, value: bool | None) -> None:
    word = truth_word(read_document(answer, "a.md").blocks, "Do the weights depend on the gates?")
    assert (word.value if word else None) is value
