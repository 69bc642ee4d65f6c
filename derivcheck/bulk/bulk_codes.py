"""The long text of what numeric work in bulk may say (`derivcheck explain CODE`)."""

from __future__ import annotations

from derivcheck.codes import register

register(
    "numeric-disagreement",
    "numbers disagree with what was taken to be right",
    "With `--device` or `--spot-tests` a line that was proved, or that held at every point tried, is also tried in "
    "floating point: at many points and large dimensions, and with derivatives computed by JAX. Here these disagree, "
    "and no exact counterexample was found. Rounding may be the cause, or a fault of derivcheck: the line is left "
    "undecided for a person, and costs no marks. The evidence says where they disagree.",
)
