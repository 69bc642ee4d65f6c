"""Papers of made-up students: nobody right is accused, each slip is found at its line, few right parts wait.

Listed are the parts that do not come out `correct`, with the first wrong line; all others must."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file

HERE = Path(__file__).parent
MANUAL = {
    "prompting/prose", "prompting/res-range", "rnn/why-vanishing", "attention/in-rnn", "transformer/multi-head",
    "gnn/long-range", "review/scaling-laws",
}  # fmt: skip
Expected = dict[str, tuple[str, int | None]]

PAPERS: dict[tuple[str, str], Expected] = {
    # TeX with macros and nested lists; wrong in 2(a), both bounds and a sum
    ("rnn-slips.tex", "rnn-homework"): {
        "rnn/immediate-gradient": ("wrong", 18),
        "rnn/step-norm-bound": ("wrong", 32),
        "rnn/norm-bound": ("wrong", 34),
        "prompting/res-table": ("review|correct", None),  # a table in TeX
        "prompting/worked-sums": ("wrong", 44),
    },
    # read off pages, all right; `w = ` has lost its dollars
    ("rnn-scanned.txt", "rnn-homework"): {"rnn/immediate-gradient": ("review|correct", None)},
    # a slip in most parts
    ("lab-slips.md", "nlp-lab"): {
        "gru/sigmoid-identity": ("wrong", 10),
        "gru/update-near-zero": ("wrong", 13),
        "lstm/forget-zero": ("wrong", 19),
        "lstm/cost-gradient": ("wrong", 24),
        "lstm/cell-path": ("wrong", 26),
        "attention/matrix-form": ("review|wrong", None),  # keys and queries may be columns
        "attention/dot-mean": ("wrong", 34),
        "attention/dot-variance": ("wrong", 38),
        "attention/scale": ("wrong", 41),
        "attention/unscaled-variance": ("wrong", 43),
        "transformer/positional-encoding": ("wrong", 46),
        "transformer/encoder-complexity": ("wrong", 48),
        "transformer/encoder-dependence": ("wrong", 51),
        "transformer/extra-translation": ("wrong", 51),
    },
    # designs, proofs and values, all right
    ("logic-right.md", "dl-problem-set"): {},
    # a gate, an equality, weights of the input gate, a sign, a transpose, a vector and a count are wrong
    ("logic-slips.md", "dl-problem-set"): {
        "threshold/and-or": ("wrong", 5),
        "threshold/xor": ("wrong", 13),
        "lstm/parity": ("wrong", 27),
        "beam/stopping": ("wrong", 29),
        "linear-rnn/exploding": ("wrong", 33),
        "gnn/update": ("wrong", 41),
        "gnn/edge-count": ("wrong", 43),
        "gnn/attention": ("review", None),  # in words alone
    },
    ("quiz-right.md", "llm-quiz"): {},
    ("quiz-slips.md", "llm-quiz"): {
        "vi/kl-identity": ("wrong", 11),
        "bptt/shape-hidden-input": ("wrong", 19),
        "autoencoder/delta-p": ("wrong", 25),
        "autoencoder/grad-w1": ("wrong", 29),
        "attention/aligned-eigenvectors": ("wrong", 35),
        "attention/orthogonal-eigenvectors": ("wrong", 43),
    },
    # TeX with macros and labels at the heads of lines; a product that counts down; one exponent too large
    ("rnn-macros.tex", "rnn-homework"): {"rnn/norm-bound": ("wrong", 25)},
    # a notebook: labels right before displays, a section in words of the student's own, no part on prompting
    ("rnn-notebook.ipynb", "rnn-homework"): {
        "rnn/immediate-gradient": ("wrong", 3),
        "prompting/prose": ("missing", None),
        "prompting/res-table": ("missing", None),
        "prompting/res-range": ("missing", None),
        "prompting/worked-sums": ("missing", None),
    },
    # as brief as it can be: all right
    ("quiz-brief.md", "llm-quiz"): {"attention/rank": ("review|correct", None)},
    # answers in one line each, several in one line, all right
    ("lab-list.md", "nlp-lab"): {"attention/unscaled-variance": ("review|correct", None)},
}


SLOW = {"rnn-slips.tex", "lab-list.md"}


@pytest.mark.parametrize(
    ("name", "assignment"),
    [pytest.param(*key, marks=[pytest.mark.long] if key[0] in SLOW else [], id=key[0]) for key in PAPERS],
)
def test_each_part(name: str, assignment: str) -> None:
    report = check_file(Request(str(HERE / name), assignment=assignment)).report
    expected = PAPERS[name, assignment]
    for part in report.parts:
        verdict = "manual" if part.problem in MANUAL else "correct"
        word, line = expected.get(part.problem, (verdict, None))
        assert part.verdict in word.split("|"), part.problem
        assert line is None or part.first_wrong_line == line, part.problem
    right = {p.problem for p in report.parts} - expected.keys()
    accused = {f.line for p in report.parts if p.problem in right for f in p.findings if f.severity == "error"}
    assert not accused
