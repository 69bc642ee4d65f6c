"""The pages that are made from the code are as the code is."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["commands.md", "notation.md"])
def test_page_is_up_to_date(name: str) -> None:
    made = runpy.run_path(str(DOCS / "generate.py"))["PAGES"][name]()
    kept = (DOCS / name).read_text(encoding="utf-8")
    assert kept.split() == made.split(), "run: python docs/generate.py"  # line breaks are those of click's version
