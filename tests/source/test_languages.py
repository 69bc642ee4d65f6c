"""Words of other languages between the formulas: their declarations, conditions and claims are read as English ones;
of a language that is not read nothing is called wrong that its words may restrict."""

from __future__ import annotations

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.languages import in_english, language_of
from derivcheck.source.sentences import HOLE, sentences
from tests.checked import words_of

SQUARE = "$A \\in \\mathbb{R}^{n \\times n}$"


def _words(text: str) -> list[str]:
    return words_of(text, role="claim")


@pytest.mark.parametrize(
    "text",
    [
        f"Sei {SQUARE} eine symmetrische Matrix. Dann gilt $A^\\top = A$ und $A^\\top = -A$.",
        f"Soit {SQUARE} une matrice symétrique inversible et $c > 0$. Donc $A^\\top = A$ et $A^\\top = -A$.",
        f"Sea {SQUARE} una matriz simétrica. Entonces tenemos $A^\\top = A$ y $A^\\top = -A$.",
        f"Sia {SQUARE} una matrice simmetrica. Allora abbiamo $A^\\top = A$ e quindi $A^\\top = -A$.",
        f"Let {SQUARE} a symmetric matrix. Then $A^\\top = A$ and $A^\\top = -A$.",
    ],
)
def test_what_is_said_of_a_matrix_is_known(text: str) -> None:
    assert _words(text)[-2:] == ["proved", "refuted"]


@pytest.mark.parametrize(
    "text",
    [
        "Sei $x \\in \\mathbb{R}$. Wenn $x > 0$, dann gilt $|x| = x$.",
        "Soit $x$ un réel. Si $x > 0$, alors on a $|x| = x$.",
        "Sea $x \\in \\mathbb{R}$. Si $x > 0$, entonces $|x| = x$.",
        "Sia $x \\in \\mathbb{R}$. Se $x > 0$, allora abbiamo $|x| = x$.",
    ],
)
def test_conditions_are_conditions(text: str) -> None:
    assert _words(text) == ["proved"]


def test_a_language_that_is_not_read_restricts_what_it_declares() -> None:
    text = f"设 {SQUARE} 是对称矩阵, $x \\in \\mathbb{{R}}^n$.\n\n$$x^\\top A = (A x)^\\top$$\n\n$$1 + 1 = 3$$\n"
    assert _words(text) == ["undecided", "refuted"]


def test_places_stay_where_they_are() -> None:
    text = "Soit $A$ une matrice symétrique, et soit $x$ un vecteur, où $A x = 0$."
    parts = sentences(read_document(text, "notes.md").blocks)
    (read,) = in_english(parts, language_of(parts))
    assert [read.text[place.at] for place in read.places] == [HOLE] * 3
    assert [read.offset(p.at) for p in read.places] == [parts[0].offset(p.at) for p in parts[0].places]
    assert "let" in read.text and "symmetric matrix" in read.text


@pytest.mark.parametrize("text", ["Let $x$ be a number.", "$x = x$", "On a set $S$ we have $x = x$, so la."])
def test_english_stays_as_it_is(text: str) -> None:
    parts = sentences(read_document(text, "notes.md").blocks)
    assert language_of(parts) == "en" and in_english(parts, "en") == parts
