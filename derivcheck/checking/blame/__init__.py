"""Blame: the smallest part of a refuted line whose replacement mends it, and the slip that explains it.

Known slips are applied to the syntax tree of the student's own line, each edited line is read in the same scope and
evaluated exactly in a few worlds; what survives is tested as a claim of its own. What is reported is a place and the
kind of slip, never the mended line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.checking.blame.setting import Setting

if TYPE_CHECKING:
    from derivcheck.checking.blame.blaming import Blame
    from derivcheck.deciding.verdict import Verdict
    from derivcheck.language.statements import Link


def blame(text: str, link: Link, verdict: Verdict, setting: Setting) -> Blame | None:
    """The place to blame in a refuted link. All of blame is imported with the first line that is refuted."""
    from derivcheck.checking.blame.blaming import blame as found

    return found(text, link, verdict, setting)


__all__ = ["Setting", "blame"]
