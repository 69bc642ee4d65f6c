"""What can be read in more than one way: a line that is right in the other reading is not called wrong, one that is
wrong in both is."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVEN = [r"x, y, z \in (0, 1)", r"v \in \mathbb{R}^n", r"a = 1.5"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        # what a slash divides by
        (r"1/n \sum_{i=1}^n v_i = \frac{1}{n} \sum_{i=1}^n v_i", "proved"),
        (r"1/n \sum_{i=1}^n v_i = n \sum_{i=1}^n v_i", "refuted"),
        (r"x/y z = \frac{x}{y z}", "proved"),
        (r"x/y z = \frac{x z}{y}", "undecided"),
        (r"x/y z = \frac{y z}{x}", "refuted"),
        (r"1/2 \log x = \log \sqrt{x}", "proved"),
        # how far an operator reaches
        (r"\int_0^1 x + 1 \, dx = \frac{3}{2}", "proved"),
        (r"\int_0^1 x + 1 \, dx = \frac{1}{2}", "refuted"),
        (r"\frac{d}{dx} x^2 + y = 2 x + y", "proved"),
        (r"\frac{d}{dx} x^2 + x = 2 x + 1", "undecided"),
        (r"\frac{d}{dx} x^2 + x = 2 x - 1", "refuted"),
        (r"\sum_{i=1}^n v_i + 1 = n + \sum_{i=1}^n v_i", "undecided"),
        (r"\sum_{i=1}^n v_i + 1 = 2 n + \sum_{i=1}^n v_i", "refuted"),
        # an inverse or a reciprocal
        (r"\sin^{-1} x = \arcsin x", "proved"),
        (r"\sin^{-1} x = \frac{1}{\sin x}", "undecided"),
        (r"\sin^{-1} x = \frac{1}{\cos x}", "refuted"),
        # the length of a vector
        (r"|v|^2 = v^\top v", "proved"),
        (r"\sum_i |v_i| = \mathbf{1}^\top |v|", "proved"),
        (r"|v|^2 = 2 v^\top v", "refuted"),
        # what follows the bracket of an angle
        (r"\cos (x - y) z = \cos x z \cos y z + \sin x z \sin y z", "proved"),
        (r"\cos (x - y) z = \cos x z \cos y z - \sin x z \sin y z", "refuted"),
        (r"\cos(x) z = z \cos x", "proved"),
        # a range that counts down
        (r"\sum_{k=n}^{1} k = \frac{n (n + 1)}{2}", "proved"),
        (r"\sum_{k=n}^{1} k = n", "refuted"),
        (r"\sum_{0 < k < n} k = \frac{n (n - 1)}{2}", "proved"),
        (r"\sum_{0 < k \le n} k = \frac{n (n - 1)}{2}", "refuted"),
        # commas in numbers
        (r"0{,}5 = \frac12", "proved"),
        (r"1{,}500 = 1500", "proved"),
        (r"0,5 = \frac12", "proved"),
        (r"1,000 = 10^3", "proved"),
        (r"0,5 = \frac13", "refuted"),
        # decimals that are said to be approximate
        (r"\sqrt{2} \approx 1.41", "proved"),
        (r"\sqrt{2} \approx 1.42", "undecided"),
        (r"\sqrt{2} \approx 1.6", "refuted"),
        # an indicator with a plain 1
        (r"1_{x > 0} = 1", "proved"),
        (r"1_{\{x > y\}} = 1", "refuted"),
        # nothing is claimed
        (r"x + y", "undecided"),
    ],
)
def test_both_readings(claim: str, verdict: str) -> None:
    assert verify_claim(claim, GIVEN).verdict == verdict


FUNCTIONS = [
    r"\sigma(x) = \frac{1}{1+e^{-x}}", r"x, a \in \mathbb{R}", "f(x) = e^{2x}", r"u, v \in \mathbb{R}^n",
    r"A \in \mathbb{R}^{n \times n}",
]  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        # a function without its argument is its value at its own variable
        (r"\sigma' = \sigma(1 - \sigma)", "proved"),
        (r"\frac{d\sigma}{dx} = \sigma(1 - \sigma)", "proved"),
        (r"\sigma'' = \sigma(1 - \sigma)(1 - 2\sigma)", "proved"),
        (r"\sigma' = \sigma(1 + \sigma)", "refuted"),
        (r"\sigma(1 - \sigma(x)) = \sigma(\sigma(-x))", "proved"),
        # derivatives of a higher order
        (r"f^{(3)}(a) = 8 e^{2a}", "proved"),
        (r"f^{(3)}(a) = 6 e^{2a}", "refuted"),
        # a divergence
        (r"\nabla \cdot (a u) = n a", "proved"),
        (r"\nabla \cdot (a u) = a", "refuted"),
        # indices that a sum leaves out, or writes together
        (r"\sum u_i v_i = u^\top v", "proved"),
        (r"\operatorname{softmax}(u)_i = \frac{e^{u_i}}{\sum e^{u_i}}", "proved"),
        (r"\sum u_i v_i = 2 u^\top v", "undecided"),
        (r"\sum_{ij} A_{ij}^2 = \|A\|_F^2", "proved"),
        (r"\sum_{ij} A_{ij} = \|A\|_F^2", "refuted"),
    ],
)
def test_short_ways_of_writing(claim: str, verdict: str) -> None:
    assert verify_claim(claim, FUNCTIONS).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\int_0^1 x^2 dx = \left[\frac{x^3}{3}\right]_0^1 = \frac13", "proved"),
        (r"\int_0^1 x^2 dx \\ = \left[\frac{x^3}{2}\right]_0^1", "refuted"),
        (r"\int_0^1 e^{2x} dx = \frac12 e^{2x} \Big|_0^1", "proved"),
        (r"\int_0^\infty x e^{-x} dx = \left[-x e^{-x}\right]_0^\infty + \int_0^\infty e^{-x} dx = 1", "proved"),
        (r"\int_0^\infty x e^{-x} dx = \left[-x e^{-x}\right]_0^\infty - \int_0^\infty e^{-x} dx", "refuted"),
        (r"[v]_i^2 = v_i^2", "proved"),  # no integral: an entry, squared
    ],
)
def test_a_primitive_between_two_places(claim: str, verdict: str) -> None:
    assert verify_claim(claim, [r"v \in \mathbb{R}^n"]).verdict == verdict
