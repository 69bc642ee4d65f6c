"""Expressions that are compiled late are right all the same."""

from __future__ import annotations

import copy
import gc
import re

from derivcheck import regex
from derivcheck.regex import lazy
from derivcheck.source import discourse, labels, questions, truth  # noqa: F401 - these hold most of them


def test_as_a_compiled_one() -> None:
    words = lazy(r"\b(?P<word>[a-z]+)\b", re.I)
    found = words.search("1 One two")
    assert found is not None and found["word"] == "One"
    assert words.findall("a b") == ["a", "b"] and words.sub("-", "a b") == "- -"
    assert words.pattern == r"\b(?P<word>[a-z]+)\b" and words.flags & re.I and words.groups == 1
    assert copy.deepcopy(words).fullmatch("abc") is not None


def test_every_one_compiles() -> None:
    waiting = [o for o in gc.get_objects() if isinstance(o, regex._Pattern)]
    assert len(waiting) > 100
    for each in waiting:
        re.compile(each.pattern, each._flags)
