"""Blame: the smallest part of a refuted line whose replacement mends it, and the slip that explains it.

Known slips are applied to the syntax tree of the student's own line, each edited line is read in the same scope and
evaluated exactly in a few worlds; what survives is tested as a claim of its own. What is reported is a place and the
kind of slip, never the mended line."""

from derivcheck.checking.blame.blaming import Blame, blame
from derivcheck.checking.blame.reading import Setting

__all__ = ["Blame", "Setting", "blame"]
