"""The table of other readings: what it needs of its rows, and how a row works on a line."""

from __future__ import annotations

from derivcheck.checking.deciding import Decider, Situation
from derivcheck.checking.line import Context, Line, read
from derivcheck.checking.links import verdict_of
from derivcheck.checking.readings import READINGS, Case, in_every_reading, unresolved
from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options


def _line(text: str, given: list[str], judging: bool = True) -> Line:
    scope, _ = read_givens(given)
    return Line(text, scope, None, Context(Decider(7), Situation(scope.model), Options(), judging=judging))


def _words(line: Line) -> list[str]:
    links = read(line).links
    verdicts = [verdict_of(link, line) for link in links]
    return [verdict.word for verdict in in_every_reading(line, links, verdicts, verdict_of)[2]]


def test_a_link_is_as_it_was_read_for_its_verdict() -> None:
    line = _line(r"v^\top v = |v|^2", [r"v \in \mathbb{R}^n"])
    links = read(line).links
    taken, meant, found = in_every_reading(line, links, [verdict_of(link, line) for link in links], verdict_of)
    assert found[0].word == "proved" and taken.context.options.lengths
    assert links[0].claim is None and meant[0].claim is not None


def test_each_reading_has_a_name_of_its_own() -> None:
    assert len({reading.name for reading in READINGS}) == len(READINGS)


def test_another_reading_has_other_options() -> None:
    line = _line("x/y z = x z / y", ["x, y, z > 0"])
    slash = next(reading for reading in READINGS if reading.name == "what the slash divides by")
    case = Case(line, read(line).links, 0, verdict_of(read(line).links[0], line))
    again = slash.again(case)
    assert slash.asked(case) and again is not None
    assert again.context.options != line.context.options and again.text == line.text


def test_each_link_is_weighed_by_itself() -> None:
    assert _words(_line("x/y z = x z / y = x z", ["x, y, z > 0"])) == ["undecided", "refuted"]


def test_nothing_is_read_again_where_nothing_is_judged() -> None:
    assert _words(_line("x/y z = x z / y", ["x, y, z > 0"], judging=False)) == ["undecided"]


def test_what_no_reading_settles_is_named() -> None:
    (link,) = read(_line(r"\sum_i v_i + i = n", [r"v \in \mathbb{R}^n"])).links
    assert unresolved(link) == ["how far the sum reaches"]


def test_a_custom_is_tried_on_the_line_as_it_is_usually_read() -> None:
    given = [r"A \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n"]
    right, wrong = (verify_claim(claim, given, seed=7) for claim in (r"|A x| \le |A| |x|", r"|A| |x| \le |A x|"))
    assert right.verdict == "undecided"  # right entry by entry, where |A| is no determinant
    assert wrong.verdict == "refuted"
