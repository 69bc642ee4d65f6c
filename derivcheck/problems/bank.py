"""Finding problems and assignments by id in one or more folders: the bank that comes with the package
(`derivcheck/bank` when installed, `problems/` in a checkout), and any that `--problems` adds before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from derivcheck.findings import Finding
from derivcheck.problems.loading import load_assignment, load_problem
from derivcheck.problems.schema import Assignment, Part, Problem
from derivcheck.problems.yaml_nodes import suggestion
from derivcheck.record import dataclass

ASSIGNMENTS = "assignments"


def own_bank() -> Path:
    """The bank that comes with the package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "bank"
    return installed if installed.is_dir() else package.parent / "problems"


@cache
def _load(path: Path, id: str, changed: float) -> tuple[Problem | None, tuple[Finding, ...]]:
    return load_problem(path, id)


@dataclass(frozen=True, slots=True)
class Bank:
    """Folders of problems; where two hold the same id, the first wins."""

    folders: tuple[Path, ...]

    @staticmethod
    def of(extra: Iterable[Path | str] = ()) -> Bank:
        """The package's bank behind the folders given."""
        return Bank((*(Path(folder) for folder in extra), own_bank()))

    def files(self) -> Iterator[tuple[str, Path]]:
        """(path id, file) of every problem file."""
        seen: set[str] = set()
        for folder in self.folders:
            for path in sorted(folder.rglob("*.yaml")):
                relative = path.relative_to(folder).with_suffix("")
                id = relative.as_posix()
                if relative.parts[0] != ASSIGNMENTS and id not in seen:
                    seen.add(id)
                    yield id, path

    def problems(self) -> Iterator[tuple[Problem | None, tuple[Finding, ...]]]:
        """Every problem with what was found in its file."""
        for id, path in self.files():
            yield _load(path, id, path.stat().st_mtime)

    def of_topic(self, topic: str) -> Iterator[tuple[Problem | None, tuple[Finding, ...]]]:
        """Every problem in a folder of the bank (`attention`)."""
        for id, path in self.files():
            if id.startswith(f"{topic.strip('/')}/"):
                yield _load(path, id, path.stat().st_mtime)

    def ids(self) -> list[str]:
        """The ids of all parts, in the order of the files."""
        return [part.id for problem, _ in self.problems() if problem for part in problem.parts]

    def find(self, id: str) -> tuple[Part | None, tuple[Finding, ...]]:
        """The part with this id, or None with a finding that names the nearest ids. A path to a file is an id too."""
        path = Path(id)
        if path.suffix == ".yaml" and path.is_file():
            problem, findings = load_problem(path)
            return (problem.parts[0] if problem and problem.parts else None), findings
        for stem in _stems(id):
            found = self._file(stem)
            problem, findings = _load(found, stem, found.stat().st_mtime) if found else (None, ())
            for part in problem.parts if problem else ():
                if part.id == id:
                    return part, findings
            if found and (problem is None or stem == id):
                return (problem.parts[0] if problem and len(problem.parts) == 1 else None), findings or (
                    _unknown(id, [part.id for part in problem.parts] if problem else []),
                )
        return None, (_unknown(id, self.ids()),)

    def find_all(self, id: str) -> tuple[tuple[Part, ...], tuple[Finding, ...]]:
        """The parts that an id or a path names: one part, or all parts of one file."""
        path = Path(id) if id.endswith(".yaml") and Path(id).is_file() else self._file(id)
        if path is None:
            part, findings = self.find(id)
            return ((part,) if part else ()), findings
        problem, findings = load_problem(path, "" if str(path) == id else id)
        return (problem.parts if problem else ()), findings

    def _file(self, id: str) -> Path | None:
        if not id or ".." in id.split("/") or id.startswith("/"):
            return None
        candidates = (folder / f"{id}.yaml" for folder in self.folders)
        return next((path for path in candidates if path.is_file()), None)

    def assignments(self) -> list[str]:
        """The names of all papers."""
        return sorted({path.stem for folder in self.folders for path in (folder / ASSIGNMENTS).glob("*.yaml")})

    def assignment(self, name: str) -> tuple[Assignment | None, tuple[Finding, ...]]:
        """The paper with this name (or in this file); items that name no problem are findings."""
        path = Path(name) if name.endswith((".yaml", ".yml")) else self._file(f"{ASSIGNMENTS}/{name}")
        if path is None:
            help = suggestion(name, self.assignments()) or f"known: {', '.join(self.assignments())}"
            return None, (Finding("unknown-assignment", "error", f"no assignment is called `{name}`", help=help),)
        paper, findings = load_assignment(path)
        if paper is None:
            return None, findings
        unknown = []
        for item in paper.items:
            part, problems = self.find(item.problem)
            if part is None:
                help = problems[0].help if problems else ""
                message = f"no problem has the id `{item.problem}`"
                unknown.append(
                    Finding("unknown-problem", "error", message, item.line, item.column, help=help, file=paper.file)
                )
        return paper, findings + tuple(unknown)


def _stems(id: str) -> Iterator[str]:
    """The id, then without its last `-word`, and so on: which file may hold the part."""
    yield id
    while "-" in id.rsplit("/", 1)[-1]:
        id = id[: id.rindex("-")]
        yield id


def _unknown(id: str, known: list[str]) -> Finding:
    return Finding("unknown-problem", "error", f"no problem has the id `{id}`", help=suggestion(id, known))
