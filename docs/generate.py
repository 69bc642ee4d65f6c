"""Writes the pages that come from the code: `python docs/generate.py` (a test says when they are out of date).

commands.md   from the commands' own --help
notation.md   from the reader's table of notation
kinds.md, problem.schema.json   from the tables that load problem files
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

EXIT_CODES = """\
| code | means |
|---|---|
| 0 | everything checked is right |
| 1 | something is wrong or partial |
| 2 | bad usage or input |
| 3 | an internal error |
| 4 | nothing to check was found |
| 5 | nothing wrong, but something other than prose waits for a person or is missing |
"""


SETTINGS = {"max_content_width": 100, "terminal_width": 100, "help_option_names": ["-h", "--help"]}


def commands_page() -> str:
    """Every command with its help, as `derivcheck COMMAND --help` prints it."""
    from derivcheck.commands import cli

    parts = ["# Commands", "This page is made from the commands' own `--help` by `docs/generate.py`.", "## Exit codes"]
    parts += [EXIT_CODES + "\n`verify --batch` ends with the worst of its lines."]
    for path, command in _all(cli, "derivcheck"):
        if isinstance(command, click.Group) and path != "derivcheck":
            continue
        context = click.Context(command, info_name=path, **SETTINGS)
        parts += [f"## `{path}`", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


def _all(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if command.hidden:
        return
    yield path, command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _all(inner, f"{path} {name}")


TITLES = {
    "function": "Functions and operators", "bigop": "Operators over an index or a condition", "relation": "Relations",
    "product": "Products", "sum": "Sums and differences", "symbol": "Symbols", "accent": "Accents", "fence": "Brackets",
    "bar": "Bars",
}  # fmt: skip


def notation_page() -> str:
    """The table of notation: how each thing may be spelled."""
    from derivcheck.language.parsing.notation import ROWS

    parts = [
        "# Notation",
        "What the reader knows, made from its own table (`derivcheck/language/parsing/notation.py`) by "
        "`docs/generate.py`. A spelling without a backslash is the word inside `\\operatorname`, `\\mathrm` or "
        "`\\text`, or stands by itself before a bracket. Names of your own, `\\newcommand` and "
        "`\\DeclareMathOperator` are read too.",
    ]
    for kind in dict.fromkeys(row.kind for row in ROWS):
        rows = ["| spelled | means | for example |", "|---|---|---|"]
        rows += [
            f"| {' '.join(map(_code, row.spellings))} | {_cell(row.meaning or row.key)} | {_code(row.example)} |"
            for row in ROWS
            if row.kind == kind
        ]
        parts += [f"## {TITLES.get(kind, kind.capitalize())}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _code(text: str) -> str:
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', chr(92) + '|')}{fence}"


def _cell(text: str) -> str:
    return _code(text) if "\\" in text or "|" in text else text


def kinds_reference() -> str:
    from derivcheck.problems.json_schema import kinds_page

    return kinds_page()


def problem_file_schema() -> str:
    import json

    from derivcheck.problems.json_schema import problem_schema

    return json.dumps(problem_schema(), indent=1) + "\n"


PAGES = {
    "commands.md": commands_page,
    "notation.md": notation_page,
    "kinds.md": kinds_reference,
    "problem.schema.json": problem_file_schema,
}


def main() -> None:
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
