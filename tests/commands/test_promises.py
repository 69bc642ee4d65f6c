"""The commands as they are promised: exit codes, options, fields of the JSON, standard input, colour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from derivcheck.commands import cli

ROOT = Path(__file__).parents[2]
RIGHT = str(ROOT / "answers" / "dot-product-right.md")
WRONG = str(ROOT / "answers" / "dot-product.md")
VARIANCE = ("--problem", "attention/dot-variance")


def run(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=stdin, env=environment)


def parsed(*arguments: str, stdin: str | None = None) -> Any:
    return json.loads(run(*arguments, "--format", "json", stdin=stdin).stdout)


# exit codes ------------------------------------------------------------------------------------------------------

CODES = [
    (0, ["check", RIGHT, *VARIANCE]),
    (1, ["check", WRONG, *VARIANCE]),
    (2, ["check", RIGHT, "--problem", "attention/dot-varianc"]),
    (2, ["check", RIGHT, "--assignment", "no-such-paper"]),
    (2, ["check", str(ROOT / "no-such-file.md")]),
    (2, ["check", str(ROOT)]),
    (2, ["check", RIGHT, "--layout", "sideways"]),
    (2, ["verify"]),
    (2, ["verify", "x = x", "--batch", "-"]),
    (2, ["nonsense"]),
    (4, ["check", str(ROOT / "LICENSE")]),
    (4, ["verify", " "]),
    (0, ["verify", "x + x = 2 x", "--given", "x > 0"]),
    (1, ["verify", "x + x = 3 x", "--given", "x > 0"]),
    (5, ["verify", "x + x = 3 y", "--given", "x > 0"]),
    (5, ["verify", "x + = 2", "--given", "x > 0"]),
    (0, ["read", "x = y"]),
    (5, ["read", "x = \\frac{1"]),
    (2, ["read", "no-such-file.md"]),
    (0, ["problems", "show", "attention/dot-variance"]),
    (2, ["problems", "show", "attention/none"]),
    (2, ["problems", "test", "attention/none"]),
    (0, ["problems", "test", "gru/sigmoid-identity"]),
]


@pytest.mark.parametrize(("code", "arguments"), CODES, ids=str)
def test_exit_code(code: int, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == code


def test_an_internal_error_ends_with_3_and_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from derivcheck import commands
    from derivcheck.checking import verifying

    def broken(*args: Any, **kwargs: Any) -> None:
        raise KeyError("inside")

    monkeypatch.delenv("DERIVCHECK_DEBUG", raising=False)
    monkeypatch.setattr(verifying, "verify_claim", broken)
    monkeypatch.setattr("sys.argv", ["derivcheck", "verify", "x = x"])
    with pytest.raises(SystemExit) as stop:
        commands.main()
    shown = capsys.readouterr().err
    assert stop.value.code == 3
    assert "internal error" in shown and "Traceback" not in shown


def test_a_batch_ends_with_the_worst_of_its_lines() -> None:
    right, wrong = ('{"claim": "1 = 1"}', '{"claim": "1 = 2"}')
    assert run("verify", "--batch", "-", stdin=f"{right}\n{right}\n").exit_code == 0
    assert run("verify", "--batch", "-", stdin=f"{right}\n{wrong}\n").exit_code == 1
    assert run("verify", "--batch", "-", stdin=f"{wrong}\nnonsense\n{right}\n").exit_code == 2
    assert run("verify", "--batch", "-", stdin="").exit_code == 4


# JSON ------------------------------------------------------------------------------------------------------------


def test_fields_of_verify() -> None:
    out = parsed("verify", r"(a+b)^2 = a^2 + 2ab + b^2 \\ = a^2 + b^2", "--given", r"a, b \in \mathbb{R}")
    assert list(out) == ["id", "verdict", "first_wrong", "lines", "findings", "seconds"]
    assert (out["verdict"], out["first_wrong"], len(out["lines"])) == ("refuted", 2, 2)
    first, second = out["lines"]
    assert list(first) == ["line", "latex", "reading", "relation", "verdict", "evidence"]
    assert first["verdict"] == "proved" and first["evidence"]["method"]
    assert set(second["counterexample"]) >= {"dims", "values", "left", "right"}
    finding = out["findings"][0]
    assert set(finding) >= {"code", "severity", "line", "column", "end_column", "message", "help"}
    assert (finding["code"], finding["line"]) and finding["line"] == 2


def test_fields_of_check() -> None:
    out = parsed("check", WRONG, *VARIANCE)
    assert list(out)[:5] == ["file", "assignment", "seed", "version", "parts"]
    part = out["parts"][0]
    promised = "problem, label, verdict, points, earned, waiting, lost, first_wrong_line, lines, findings"
    assert ", ".join(part).startswith(promised)
    assert part["verdict"] == "wrong" and part["first_wrong_line"] == 17
    assert part["earned"] + part["waiting"] + part["lost"] == part["points"]
    assert out["summary"]["parts"] == {"wrong": 1}


def test_a_batch_keeps_order_and_ids_and_answers_broken_lines() -> None:
    lines = ['{"id": "a", "claim": "1 = 1"}', "nonsense", '{"id": "c"}', '{"id": "d", "claim": "\\ud800 = 1"}']
    lines.append("[" * 5000)
    shown = run("verify", "--batch", "-", stdin="\n".join(lines))
    out = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [o["id"] for o in out] == ["a", None, None, "d", None]
    assert [o["findings"][0]["code"] for o in out if not o["id"]] == ["bad-input"] * 3


def test_the_seed_is_reported_and_makes_runs_equal() -> None:
    one, two = (parsed("check", WRONG, *VARIANCE, "--seed", "11") for _ in range(2))
    assert one["seed"] == 11
    assert one["parts"] == two["parts"]


# options ---------------------------------------------------------------------------------------------------------


def test_standard_input() -> None:
    assert run("check", "-", *VARIANCE, stdin=Path(RIGHT).read_bytes()).exit_code == 0
    assert run("verify", "-", stdin="1 = 2").exit_code == 1


def test_several_problems() -> None:
    out = parsed("check", RIGHT, *VARIANCE, "--problem", "attention/dot-mean")
    assert [part["problem"] for part in out["parts"]] == ["attention/dot-variance", "attention/dot-mean"]


def test_a_bank_of_ones_own(tmp_path: Path) -> None:
    written = run("problems", "new", str(tmp_path / "mine" / "first"))
    assert written.exit_code == 0 and (tmp_path / "mine" / "first.yaml").is_file()
    assert run("problems", "test", str(tmp_path)).exit_code == 0
    shown = run("problems", "show", "mine/first", "--problems", str(tmp_path))
    assert shown.exit_code == 0
    assert "mine/first" in run("problems", "list", "--problems", str(tmp_path)).output
    again = run("problems", "new", str(tmp_path / "mine" / "first"))
    assert again.exit_code == 2 and "exists" in again.output.lower()


def test_the_reference_is_for_staff() -> None:
    student, staff = (run("check", WRONG, *VARIANCE, "--reveal", who).output for who in ("student", "staff"))
    assert "reference" not in student
    assert "reference" in staff


def test_no_colour_in_a_pipe_and_none_when_asked() -> None:
    from derivcheck.commands import _style

    assert "\x1b" not in run("check", WRONG, *VARIANCE).output
    assert not _style().colour


def test_nothing_but_the_report_goes_to_a_pipe() -> None:
    shown = run("check", WRONG, "--assignment", "nlp-lab")
    assert shown.stderr == ""


def test_grade_is_not_listed_and_every_command_has_help() -> None:
    top = run("--help").output
    assert "grade" not in top
    of_the_bank = [["problems", word] for word in ("list", "show", "test", "new")]
    for command in (["check"], ["read"], ["verify"], ["explain"], *of_the_bank):
        shown = run(*command, "--help")
        assert shown.exit_code == 0
        assert "--format" in shown.output and "--seed" in shown.output


# problem files ---------------------------------------------------------------------------------------------------

GOOD = "title: T\ngiven: |\n  x > 0\nask: What?\nfind: \\frac{d}{dx} x^3\nin: x\nanswer: 3 x^2\npoints: 2\n"
MISTAKES = {
    "an unknown key": (GOOD.replace("given", "givn"), 2, 1, "did you mean `given`"),
    "a swallowed escape": (GOOD.replace("find: \\frac{d}{dx} x^3", 'find: "\\top"'), 5, 8, "quotes"),
    "a number that is none": (GOOD.replace("points: 2", "points: many"), 8, 9, "number"),
    "a name that nothing declares": (GOOD.replace("3 x^2", "3 w^2"), 7, 0, "w"),
    "a wrong answer that is right": (GOOD + "wrong:\n  - 3 x x\n", 10, 0, "right answer"),
    "a hint with the answer": (
        GOOD + "wrong:\n  - answer: x\n    points: 0\n    hint: it is $3 x^2$\n", 12, 0, "answer",
    ),
    "broken YAML": ("title: [T\nask: x\n", 1, 0, ""),
    "a list": ("- a\n- b\n", 1, 1, "mapping"),
    "aliases": ("title: &a x\nask: *a\n", 0, 0, "aliases"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_problem_file_has_a_place_and_says_what_was_expected(mistake: str, tmp_path: Path) -> None:
    text, line, column, words = MISTAKES[mistake]
    file = tmp_path / "p.yaml"
    file.write_text(text)
    shown = run("problems", "test", str(file))
    assert shown.exit_code in (1, 2)
    place = f"{file}:{line}:{column}:" if line and column else f"{file}:{line}:" if line else f"{file}:"
    assert place in shown.output
    assert words in shown.output


def test_a_fault_of_blame_is_said_and_costs_only_the_label(monkeypatch: pytest.MonkeyPatch) -> None:
    from derivcheck.checking import explaining
    from derivcheck.checking.verifying import verify_claim

    def fails(*_: object) -> None:
        raise RuntimeError("lost")

    monkeypatch.delenv("DERIVCHECK_DEBUG", raising=False)
    monkeypatch.setattr(explaining, "blame", fails)
    result = verify_claim(r"a + b = a - b", [r"a, b \in \mathbb{R}"])
    assert result.verdict == "refuted"
    assert any("internal fault (RuntimeError: lost)" in note for f in result.findings for note in f.notes)
