"""What LAPACK computes between programs: inverses, determinants and eigenvalues of matrices of tens of rows, stably:
by pivoting where a straight program would be long and would round. The results are inputs of what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from derivcheck.bulk.machine import Machine
from derivcheck.bulk.program import Builder, Tape, Traced
from derivcheck.record import dataclass

LEAST = 5  # rows; less is a short program


@dataclass(frozen=True, slots=True)
class Solve:
    """The program that computes the entries of a matrix, and the inputs at which the results stand."""

    name: str
    tape: Tape
    inputs: range


class Outside:
    """Writes down what is to be solved."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._found: dict[tuple[str, tuple[int, ...]], list[Traced]] = {}
        self._asked: list[tuple[str, tuple[int, ...], range]] = []

    def __call__(self, name: str, rows: Sequence[Sequence[Any]]) -> list[Traced]:
        """The results of a solver: 'inverse' (all entries, row by row), 'determinant', 'eigenvalues' (of a symmetric
        matrix)."""
        places = tuple(self.builder.place(x) for row in rows for x in row)
        key = name, places
        if key not in self._found:
            first = len(self.builder.noise)
            self._found[key] = [self.builder.draw() for _ in range(_RESULTS[name](len(rows)))]
            self._asked.append((name, places, range(first, len(self.builder.noise))))
        return self._found[key]

    def solves(self) -> tuple[Solve, ...]:
        """In order: each needs at most what those before it found."""
        return tuple(
            Solve(name, self.builder.tape([Traced(self.builder, at) for at in places]), inputs)
            for name, places, inputs in self._asked
        )


def solved(solves: Sequence[Solve], noise: Any, machine: Machine) -> Any:
    """The noise with the results at their inputs; nan where there is none."""
    import numpy as np

    noise = noise.copy()
    for solve in solves:
        entries = machine.values([solve.tape], noise)[0]
        n = round(len(entries) ** 0.5)
        matrices = entries.T.reshape(-1, n, n)
        good = np.isfinite(matrices).all(axis=(1, 2))
        matrices[~good] = np.eye(n)
        good &= np.linalg.slogdet(matrices)[0] != 0
        matrices[~good] = np.eye(n)
        found = _SOLVERS[solve.name](matrices).reshape(len(matrices), -1)
        noise[solve.inputs] = np.where(good[:, None], found, np.nan).T
    return noise


def _linalg(name: str) -> Callable[[Any], Any]:
    def solver(matrices: Any) -> Any:
        import numpy as np

        return getattr(np.linalg, name)(matrices)

    return solver


_SOLVERS = {"inverse": _linalg("inv"), "determinant": _linalg("det"), "eigenvalues": _linalg("eigvalsh")}
_RESULTS: dict[str, Callable[[int], int]] = {
    "inverse": lambda n: n * n, "determinant": lambda n: 1, "eigenvalues": lambda n: n,
}  # fmt: skip
