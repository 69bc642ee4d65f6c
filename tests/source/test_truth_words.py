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
    ],
)
def test_verdict_words(answer: str, value: bool | None) -> None:
    word = truth_word(read_document(answer, "a.md").blocks)
    assert (word.value if word else None) is value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("The gate activations do not depend on the memory activations.", False),
        ("The memory depends on the gate. In short, the gates depend on the memory.", True),
        ("The memory depends on the gate.", None),
    ],
)
def test_a_question_said_as_a_statement(answer: str, value: bool | None) -> None:
    word = truth_word(read_document(answer, "a.md").blocks, "Do gate activations depend on memory activations?")
    assert (word.value if word else None) is value


def test_the_place_of_the_word() -> None:
    document = read_document("Some words.\n\nTherefore it is clear: the claim is false.", "a.md")
    word = truth_word(document.blocks)
    assert word is not None and document.slice(word.span) == "false"
