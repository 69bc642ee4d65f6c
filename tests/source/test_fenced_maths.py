"""Maths between other fences than dollars, as GitHub and site generators have it."""

from __future__ import annotations

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.markdown import mask_markdown

TEXTS = [
    ("```math\na = b\n```\n", "display"),
    ("~~~ latex\na = b\n~~~\n", "display"),
    ("It is $`a = b`$ here.\n", "inline"),
    ("It is $`\na = b\n`$ here.\n", "inline"),
    ("So <script type=\"math/tex\">a = b</script> holds.\n", "inline"),
    ("<script type='math/tex; mode=display'>\na = b\n</script>\n", "display"),
]


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_it_is_found(text: str, kind: str) -> None:
    (block,) = read_document(text, "a.md").blocks
    assert [f.latex.strip() for f in block.formulas] == ["a = b"]
    assert (block.kind == "display") is (kind == "display")


@pytest.mark.parametrize("text", [*(text for text, _ in TEXTS), "```math\n```\n", "```python\na = $b\n```\n"])
def test_places_stay(text: str) -> None:
    masked = mask_markdown(text)
    assert (len(masked), masked.count("\n")) == (len(text), text.count("\n"))
    if "python" in text:
        assert "$b" not in masked
