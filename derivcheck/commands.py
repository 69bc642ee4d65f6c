"""The `derivcheck` command: each subcommand is a few lines around one library call.

Exit codes: 0 everything checked is right · 1 something is wrong or partial · 2 bad usage or input ·
3 an internal error · 4 nothing to check was found · 5 nothing wrong, but something waits for a person.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from derivcheck import __version__

SEED = 7
_PROBLEMS = {"envvar": "DERIVCHECK_PROBLEMS", "type": click.Path(file_okay=False, path_type=Path)}


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has."""
    command = click.option("--seed", type=int, default=SEED, show_default=True, help="Seed of all draws.")(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="A report to read, or JSON for programs.",
    )(command)


def bulk(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the commands that can add numeric work in bulk."""
    command = click.option(
        "--spot-tests", "spots", type=click.IntRange(0, 1_000_000), default=0, metavar="N",
        help="Also test each line at N points in realistic dimensions (evidence; 0: not).",
    )(command)  # fmt: skip
    return click.option(
        "--device", type=click.Choice(["auto", "cpu", "gpu"]),
        help="Numeric checks in bulk beside the proofs, on this device (auto: those that save time).",
    )(command)  # fmt: skip


def _assistant(device: str | None, spots: int, seed: int, thorough: bool = False) -> Any:
    """Bulk work, where it was asked for. thorough: all of it, whatever the device."""
    if not device and not spots:
        return None
    from derivcheck.bulk.assistant import Assistant
    from derivcheck.bulk.device import NoDevice

    try:
        return Assistant.on(device, spots, seed, thorough, _progress)
    except NoDevice as problem:
        _usage(str(problem))


def _style() -> Any:
    from derivcheck.reporting.text import Style

    return Style(colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb")


def _json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _usage(message: str) -> NoReturn:
    raise click.UsageError(message)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derivcheck")
def cli() -> None:
    """Find the first line of a written derivation that does not follow, and show why."""


@cli.command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--assignment", help="A paper of the bank (its name) or an assignment file.")
@click.option(
    "--problem", "problems", multiple=True, help="A problem of the bank (its id) or a problem file; repeatable."
)
@click.option("--problems", "bank", **_PROBLEMS, help="A folder of problems of your own, beside the bank.")
@click.option("--given", multiple=True, help="A given line, as LaTeX, beside what the file declares; repeatable.")
@click.option(
    "--source",
    type=click.Choice(["auto", "typed", "ocr"]),
    default="auto",
    show_default=True,
    help="How the file came to be.",
)
@click.option("--layout", type=click.Choice(["jacobian", "numerator", "denominator"]), help="Layout of derivatives.")
@click.option(
    "--reveal",
    type=click.Choice(["student", "staff"]),
    default="student",
    show_default=True,
    help="staff: also what the reference says.",
)
@bulk
@common
def check(
    file: str,
    assignment: str | None,
    problems: tuple[str, ...],
    bank: Path | None,
    given: tuple[str, ...],
    source: str,
    layout: str | None,
    reveal: str,
    device: str | None,
    spots: int,
    form: str,
    seed: int,
) -> None:
    """Check a written answer (.md .tex .txt .ipynb, - for standard input), part by part, line by line.

    Without --assignment or --problem, every derivation in FILE is checked against what FILE itself declares
    ("Let $W \\in \\mathbb{R}^{m \\times n}$") and --given.
    """
    from derivcheck.checking.papers import Request, check_file
    from derivcheck.reporting.text import show_report

    data = sys.stdin.buffer.read() if file == "-" else None
    assistant = _assistant(device, spots, seed)
    request = Request(file, data, assignment, problems, bank, given, source, layout, reveal, seed, assistant)
    outcome = check_file(request, progress=_progress)
    if form == "json":
        _json(outcome.report.as_json())
    else:
        click.echo(show_report(outcome.report, _style()))
    sys.exit(outcome.exit_code)


def _progress(text: str) -> None:
    """Progress of long work, on the terminal's error stream only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", err=True, nl=False)


@cli.command()
@click.argument("target", metavar="FILE or CLAIM")
@click.option("--given", multiple=True, help="A given line, so that names are known.")
@common
def read(target: str, given: tuple[str, ...], form: str, seed: int) -> None:
    """Show how each formula of a file, or one claim, is read; judge nothing."""
    from derivcheck.checking.reading import read_target, show_readings

    readings = read_target(target, given)
    if form == "json":
        _json(readings.as_json())
    else:
        click.echo(show_readings(readings, _style()))
    sys.exit(readings.exit_code)


@cli.command()
@click.argument("claim", required=False)
@click.option("--given", multiple=True, help="A given line, as LaTeX: `A \\in \\mathbb{R}^{n \\times n}`; repeatable.")
@click.option("--layout", type=click.Choice(["jacobian", "numerator", "denominator"]), help="Layout of derivatives.")
@click.option("--batch", type=click.Path(allow_dash=True), help="Many claims: a file of JSON lines {id, given, claim}.")
@bulk
@common
def verify(
    claim: str | None,
    given: tuple[str, ...],
    layout: str | None,
    batch: str | None,
    device: str | None,
    spots: int,
    form: str,
    seed: int,
) -> None:
    """Check one CLAIM or chain of lines, with no problem behind it."""
    from derivcheck.checking.verifying import verify_claim
    from derivcheck.reporting.text import show_claim

    if (claim is None) == (batch is None):
        _usage("give either a CLAIM or --batch FILE")
    if batch is not None:
        sys.exit(_batch(batch, layout, seed, _assistant(device, spots, seed)))
    assert claim is not None
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if claim == "-" else claim
    result = verify_claim(text, given, layout=layout, seed=seed, assistant=_assistant(device, spots, seed))
    if form == "json":
        _json(result.as_json())
    else:
        click.echo(show_claim(result, _style(), seed))
    sys.exit(result.exit_code)


def _batch(path: str, layout: str | None, seed: int, assistant: Any = None) -> int:
    """One JSON result a line, in the order of the input; the worst exit code."""
    from derivcheck.checking.batch import verify_lines

    try:
        stream = click.open_file(path, encoding="utf-8-sig")
    except OSError as error:
        _usage(f"cannot read {path}: {error.strerror}")
    worst = 4
    rank = [4, 0, 5, 1, 2, 3]
    with stream:
        for number, (out, code) in enumerate(verify_lines(stream, layout=layout, seed=seed, assistant=assistant), 1):
            click.echo(json.dumps(out, ensure_ascii=False))
            worst = max(worst, code, key=rank.index)
            _progress(f"{number} claims")
    return worst


@cli.group()
def problems() -> None:
    """The problem bank: list, show, test and start problems."""


@problems.command("list")
@click.option("--problems", "bank", **_PROBLEMS, help="A folder of problems of your own, beside the bank.")
@common
def problems_list(bank: Path | None, form: str, seed: int) -> None:
    """What is in the bank: problems and papers."""
    from derivcheck.problems.commands import list_bank

    listing = list_bank(bank)
    if form == "json":
        _json(listing.as_json())
    else:
        click.echo(listing.as_text())


@problems.command("show")
@click.argument("id")
@click.option("--problems", "bank", **_PROBLEMS, help="A folder of problems of your own, beside the bank.")
@common
def problems_show(id: str, bank: Path | None, form: str, seed: int) -> None:
    """What one problem says (its reference included: the bank is public)."""
    from derivcheck.problems.commands import show_problem

    shown = show_problem(id, bank)
    if form == "json":
        _json(shown.as_json())
    else:
        click.echo(shown.as_text())
    sys.exit(shown.exit_code)


@problems.command("test")
@click.argument("path", required=False)
@click.option("--problems", "bank", **_PROBLEMS, help="A folder of problems of your own, beside the bank.")
@click.option("--mutants", default=0, metavar="N", help="Also try N slips in each reference: are they found out?")
@bulk
@common
def problems_test(
    path: str | None, bank: Path | None, mutants: int, device: str | None, spots: int, form: str, seed: int
) -> None:
    """Whether each problem's own right and wrong answers come out so (PATH: a file, folder, topic or id; by default
    all)."""
    from derivcheck.problems.commands import run_tests

    checker = opinion = None
    if device or spots:
        from derivcheck.checking.answers import answer_checker

        assistant = _assistant(device, spots, seed, thorough=bool(device))
        checker, opinion = answer_checker(seed, assistant), assistant.opinion if device else None
    outcome = run_tests(path, bank, seed, progress=_progress, checker=checker, mutants=mutants, opinion=opinion)
    if form == "json":
        _json(outcome.as_json())
    else:
        click.echo(outcome.as_text())
    sys.exit(outcome.exit_code)


@problems.command("new")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--question", default="", help="The question, in LaTeX or Markdown: a draft is made of it.")
@click.option("--question-file", type=click.File(encoding="utf-8"), help="A file with the question (or -).")
@common
def problems_new(path: Path, question: str, question_file: TextIO | None, form: str, seed: int) -> None:
    """Write a problem file at PATH (never over an existing file): a template, or the draft of a question.

    A draft has the givens that the question states, what it asks for and the kind of answer; what it does not state is
    left as TODO, and `problems test` repeats it.
    """
    from derivcheck.problems.commands import new_problem

    if question_file is not None:
        question = question_file.read()
    elif not question and form == "text" and sys.stdin.isatty():
        question = click.prompt("The question, in LaTeX (empty: a template)", default="", show_default=False)
    try:
        written = new_problem(path, question)
    except OSError as error:
        _usage(str(error))
    click.echo(json.dumps({"written": str(written)}) if form == "json" else f"{written}: written; now edit it")


@cli.command()
@click.argument("code")
@common
def explain(code: str, form: str, seed: int) -> None:
    """The long text of a finding's CODE."""
    from derivcheck.codes import every_code, nearest

    row = every_code().get(code)
    if row is None:
        near = nearest(code)
        _usage(f"no finding has the code {code!r}" + (f"; did you mean {near!r}?" if near else ""))
    if form == "json":
        _json({"code": code, "title": row.title, "text": row.text})
    else:
        click.echo(f"{code}: {row.title}\n\n{row.text}")


def _prepare() -> None:
    """What a short-lived process wants: characters that the terminal cannot show are replaced, not fatal; the
    collector of cycles runs rarely (the objects that imports make all stay) and not once more at the end."""
    import atexit
    import gc

    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main() -> None:
    """The console script: internal errors end with code 3 and one line, never a traceback for a student."""
    _prepare()
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # the outermost border: whatever is wrong inside is ours, and says so
        if os.environ.get("DERIVCHECK_DEBUG"):
            raise
        click.echo(f"derivcheck: internal error: {type(error).__name__}: {error}", err=True)
        click.echo("this is a fault of derivcheck, not of your file; DERIVCHECK_DEBUG=1 shows where", err=True)
        sys.exit(3)
