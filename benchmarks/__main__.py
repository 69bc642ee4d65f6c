"""`python -m benchmarks`: our times against what a user would use instead, from one run on the same strings.

reading     latex2sympy2_extended, on the formulas of our own problem bank that it accepts (read rightly or not)
deciding    sympy.simplify(a - b), on right and on wrong pairs: of numbers, and of vectors and matrices, which SymPy
            gets written out at one dimension, entry by entry (we decide them for every dimension)
cold start  one `check` of one answer against `python -c "import sympy, jax"`

The ratios are the claim; the absolute times are of this machine. Needs the extra `[compare]` for the first.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIMIT = 10.0  # seconds that SymPy may take for one pair or claim; counted as this where it takes longer

PAIRS = (
    (r"\frac{1}{1 + e^{-x}}", r"\frac{e^x}{1 + e^x}", True),
    (r"1 - \frac{1}{1 + e^{-x}}", r"\frac{1}{1 + e^x}", True),
    (r"\tanh(x)", r"\frac{e^{2 x} - 1}{e^{2 x} + 1}", True),
    (r"(a + b)^4 - (a - b)^4", r"8 a b (a^2 + b^2)", True),
    (r"\frac{a}{b} + \frac{c}{d}", r"\frac{a d + b c}{b d}", True),
    (r"\frac{e^a}{e^a + e^b + e^c}", r"\frac{1}{1 + e^{b - a} + e^{c - a}}", True),
    (r"\sin^2(x) + \cos^2(x)", r"1", True),
    (r"(x + y + z)^3 - x^3 - y^3 - z^3", r"3 (x + y)(y + z)(z + x)", True),
    (r"-\log \frac{e^a}{e^a + e^b + e^c}", r"\log(e^a + e^b + e^c) - a", True),
    (r"\frac{1}{1 + e^{-x}} (1 - \frac{1}{1 + e^{-x}})", r"\frac{e^{-x}}{(1 + e^{-x})^2}", True),
    (
        r"\log \frac{s}{v} + \frac{v^2}{2 s^2} - \frac{1}{2}",
        r"\frac{1}{2} (\frac{v^2}{s^2} - 1 - \log \frac{v^2}{s^2})",
        True,
    ),
    (r"(1 - \tanh^2(a x + b)) a", r"\frac{4 a}{(e^{a x + b} + e^{-a x - b})^2}", True),
    (r"(1 - \tanh^2(a x + b)) a", r"\frac{2 a}{(e^{a x + b} + e^{-a x - b})^2}", False),
    (
        r"\log \frac{s}{v} + \frac{v^2}{2 s^2} - \frac{1}{2}",
        r"\frac{1}{2} (\frac{v^2}{s^2} - 1 + \log \frac{v^2}{s^2})",
        False,
    ),
    (r"\frac{1}{1 + e^{-x}}", r"\frac{e^x}{1 - e^x}", False),
    (r"1 - \tanh^2(x)", r"\frac{2}{\cosh^2(x) + 1}", False),
    (r"(a + b)^4 - (a - b)^4", r"8 a b (a^2 - b^2)", False),
    (r"\frac{e^a}{e^a + e^b + e^c}", r"\frac{1}{1 + e^{a - b} + e^{a - c}}", False),
    (r"\log(1 + e^x)", r"x + \log(1 + e^x)", False),
    (r"2 s^2 m^2 + d s^4", r"2 d s^2 m^2 + d s^4", False),
    (r"\frac{x - m}{\sqrt{v + 1}}", r"\frac{x - m}{v + 1}", False),
    (r"\sqrt{a^2 + b^2}", r"a + b", False),
)


def timed(action: Callable[[], Any], repeat: int = 5) -> float:
    """The least of some runs, in seconds."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def reading() -> dict[str, Any]:
    """Median time to read one formula: ours and latex2sympy2_extended's, on those that it accepts."""
    from derivcheck.language.parsing.parser import parse

    try:
        from latex2sympy2_extended import latex2sympy
    except ImportError:
        return {"skipped": "latex2sympy2_extended is not installed: pip install '.[compare]'"}
    ours, theirs, refused = [], [], 0
    for text in bank_formulas():
        try:
            latex2sympy(text)
        except Exception:  # what it cannot read is not compared
            refused += 1
            continue
        ours.append(timed(lambda text=text: parse(text), 3))
        theirs.append(timed(lambda text=text: latex2sympy(text), 1))
    return {**_compared("formulas", ours, theirs), "refused_by_theirs": refused}


def bank_formulas(step: int = 6) -> list[str]:
    """Every `step`-th line of the answers in our problem bank."""
    from derivcheck.problems.bank import Bank

    found: dict[str, None] = {}
    for problem, _ in Bank.of().problems():
        for part in problem.parts if problem else ():
            for entry in part.entries:
                found.update((line.text.strip(), None) for line in entry.text.lines if "$" not in line.text)
    return [text for text in found if "\\" in text][::step]


def deciding() -> dict[str, Any]:
    """Median time of a verdict on a pair, right and wrong, against simplify(a - b) on the same pair."""
    import sympy

    from derivcheck.deciding.ladder import decide

    for left, right in (("u^2 + 1", "u"), (r"e^{u} e^{-u}", "1")):  # what is imported on first use is no pair's time
        decide(*_claim(left, right, ["u"]))
    out: dict[str, Any] = {}
    for right in (True, False):
        ours, theirs, wrong = [], [], []
        for a, b, truth in PAIRS:
            if truth is not right:
                continue
            names = sorted({c for c in "abcdmsvxyz" if c in _letters(a + b)})
            claim, model = _claim(a, b, names)
            start = time.perf_counter()  # the first time: nothing of it is remembered yet
            verdict = decide(claim, model)
            ours.append(time.perf_counter() - start)
            if (verdict.word in ("proved", "holds")) is not truth:
                wrong.append(f"{a} = {b}: {verdict.word}")
            difference = _sympy_difference(claim, model)
            theirs.append(min(LIMIT, timed(lambda d=difference: sympy.simplify(d), 1)))
        out["right pairs" if right else "wrong pairs"] = {**_compared("pairs", ours, theirs), "misjudged": wrong}
        out["right claims of matrices" if right else "wrong claims of matrices"] = _written_out(right)
    return out


def _written_out(right: bool) -> dict[str, Any]:
    """Claims of vectors and matrices: our one verdict for every dimension against simplify on the entries at 3."""
    from benchmarks.written_out import CLAIMS, simplified
    from derivcheck.deciding.child import Done, run
    from derivcheck.deciding.ladder import decide
    from derivcheck.language.givens.table import read_givens
    from derivcheck.language.statements import read_statement

    ours, theirs, wrong = [], [], []
    for given, text, truth in CLAIMS:
        if truth is not right:
            continue
        scope, _ = read_givens(list(given))
        claim = read_statement(text, scope).links[0].claim
        assert claim is not None
        start = time.perf_counter()
        verdict = decide(claim, scope.model)
        ours.append(time.perf_counter() - start)
        if (verdict.word in ("proved", "holds")) is not truth:
            wrong.append(f"{text}: {verdict.word}")
        done = run(simplified, list(given), text, seconds=LIMIT)
        theirs.append(done.value if isinstance(done, Done) else LIMIT)
    unfinished = sum(seconds == LIMIT for seconds in theirs)
    return {**_compared("claims", ours, theirs), "misjudged": wrong, "theirs_not_within_limit": unfinished}


def _letters(text: str) -> str:
    import re

    return re.sub(r"\\[A-Za-z]+", "", text)


def _claim(a: str, b: str, names: list[str]) -> tuple[Any, Any]:
    """The claim a = b of positive numbers, read, and its model."""
    from derivcheck.language.givens.table import read_givens
    from derivcheck.language.statements import read_statement

    scope, _ = read_givens([f"{name} > 0" for name in names])
    claim = read_statement(f"{a} = {b}", scope).links[0].claim
    assert claim is not None
    return claim, scope.model


def _sympy_difference(claim: Any, model: Any) -> Any:
    """The same pair for SymPy, from our own terms (its readers would misread some)."""
    import sympy

    from derivcheck.deciding.computer_algebra import Lowering, build

    lowering = Lowering(model)
    trees = lowering(claim.left.body), lowering(claim.right.body)
    symbols = [sympy.Symbol(f"v{k}", **assumptions) for k, assumptions in enumerate(lowering.symbols)]
    left, right = (build(sympy, tree, symbols) for tree in trees)
    return left - right


def cold() -> dict[str, Any]:
    """A whole `check` of one answer in a new process, and the bare import of what it could have imported."""
    answer = [sys.executable, str(ROOT / "cli.py"), "check", str(ROOT / "answers" / "dot-product-right.md")]
    answer += ["--problem", "attention/dot-variance", "--format", "json"]
    imports = [sys.executable, "-c", "import sympy, jax"]
    with tempfile.TemporaryDirectory() as compiled:  # both with their modules compiled, as they are once installed
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled

        def run(command: list[str]) -> None:
            subprocess.run(command, check=True, capture_output=True, env=environment)

        run(answer)
        run(imports)
        ours, theirs = timed(lambda: run(answer), 7), timed(lambda: run(imports), 7)
    return {"ours_s": round(ours, 3), "import_s": round(theirs, 3), "ratio": round(ours / theirs, 3)}


def _compared(what: str, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    mine, other = statistics.median(ours), statistics.median(theirs)
    return {
        what: len(ours),
        "ours_median_ms": round(mine * 1e3, 4),
        "ours_worst_ms": round(max(ours) * 1e3, 3),
        "theirs_median_ms": round(other * 1e3, 3),
        "theirs_worst_ms": round(max(theirs) * 1e3, 1),
        "ratio": round(other / mine, 1),
        "ratio_of_totals": round(sum(theirs) / sum(ours), 1),
    }


PARTS: dict[str, Callable[[], dict[str, Any]]] = {"reading": reading, "deciding": deciding, "cold start": cold}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which (all by default)")
    chosen = parser.parse_args().parts or list(PARTS)
    print(json.dumps({name: PARTS[name]() for name in chosen}, indent=2))


if __name__ == "__main__":
    main()
