"""The long texts of what kinds of answers say (`derivcheck explain CODE`)."""

from __future__ import annotations

from derivcheck.codes import register

_ROWS = (
    ("design-fails", "the design does not do what was asked",
     "The values were put into the model of the question and run on every input, in exact numbers. At the input shown "
     "the result is not the one asked for. Go through the model there by hand: which unit has the wrong value first?"),
    ("circular", "the proof supposes what it is to show",
     "What is to be shown was assumed, or used as known, on the way to it. Begin from the givens, and let every line "
     "follow from those before."),
    ("carried-forward", "right, given the earlier result",
     "The result differs from the one asked for only because it uses an earlier result of this paper that is wrong. "
     "It follows from that result, so the marks for this part are earned."),
)  # fmt: skip

for _code, _title, _text in _ROWS:
    register(_code, _title, _text)
