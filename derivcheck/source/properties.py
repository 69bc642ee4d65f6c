"""What declarations say in words: `Let $A \\in \\mathbb{R}^{n \\times n}$ be symmetric`, `a unit vector $u$`, `where
$\\sigma$ is the sigmoid`, `$q$ and $k$ are independent`. Each becomes the formula that says it, or, where a property
has no such formula, a condition that could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source import cues
from derivcheck.source.conditions import LISTED, READINGS, of
from derivcheck.source.nouns import LABEL, MAP, MATRIX, NUMBER, QUANTITY, RANDOM, VECTOR, applies
from derivcheck.source.sentences import HOLE, Place, Sentence

# Properties that only declarations state ({0} is the thing), and what they may be said of.
DECLARED: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = tuple(
    (lazy(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I), readings, nouns)
    for pattern, readings, nouns in (
        (
            rf"one-hot(?:[- ]encoded)?(?: (?:{LABEL}))*",
            (r"{0}_{\iota} \in \{0, 1\}", r"\sum_{\iota} {0}_{\iota} = 1"),
            LABEL,
        ),
        (
            r"probability (?:vectors?|distributions?)|(?:discrete|categorical) distributions?|stochastic vectors?",
            (r"{0}_{\iota} > 0", r"\sum_{\iota} {0}_{\iota} = 1"),
            LABEL,
        ),
        (r"orthonormal columns|columns orthonormal", (r"{0}^\top {0} = I",), QUANTITY),
        (r"full column rank", (r"\det({0}^\top {0}) \ne 0",), QUANTITY),
        (r"full row rank", (r"\det({0} {0}^\top) \ne 0",), QUANTITY),
        (r"unit[- ](?:length|norm)", (r"\|{0}\|_2 = 1",), QUANTITY),
        (r"normali[sz]ed vectors?", (r"\|{0}\|_2 = 1",), VECTOR),
        (r"zero[- ]mean|mean[- ]zero|centred|centered", (r"\mathbb{E}[{0}] = 0",), RANDOM),
        (r"diagonal(?: matri\w+)?", (r"{0} \odot I = {0}",), MATRIX),
        (
            r"real (?:numbers?|scalars?)|scalars?(?! (?:products?|multiples?|fields?|functions?))",
            (r"{0} \in \mathbb{R}",),
            "",
        ),
        (r"positive integers?|natural numbers?", (r"{0} \in \mathbb{N}",), NUMBER),
        (r"random variables?", (r"{0} \in \mathbb{R}",), ""),
    )
)
FUNCTIONS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (lazy(rf"\b(?:{pattern})\b", re.I), reading, nouns)
    for pattern, reading, nouns in (
        (r"hyperbolic tangent|tanh", r"{0}(\xi) = \tanh(\xi)", MAP),
        (r"(?:logistic )?sigmoid|logistic function", r"{0}(\xi) = \frac{1}{1 + e^{-\xi}}", MAP),
        (r"leaky relu", "", ""),
        (r"relu|rectified linear unit|rectifier", r"{0}(\xi) = \max(0, \xi)", MAP),
        (r"softplus", r"{0}(\xi) = \log(1 + e^{\xi})", MAP),
        (r"identity function", r"{0}(\xi) = \xi", MAP),
        (
            r"(?:activation|non-?linearity|differentiable function|smooth function)",
            r"{0} : \mathbb{R} \to \mathbb{R}",
            "",
        ),
    )
)
# Values of the other table are properties only as the whole of what is said (`is zero`, never `is one of the`).
_VALUES = lazy(r"^\{0\} (?:=|\\approx) ")
_ADJECTIVES = tuple(
    (lazy(rf"(?<![\w-])(?:{pattern.pattern})(?![\w-])", re.I), (reading,), nouns)
    for pattern, reading, nouns in READINGS
    if not _VALUES.match(reading)
)
_CLUSTER = rf"{HOLE}(?:\s*(?:,|and|, and)\s*{HOLE})*"
_PREDICATE = lazy(
    rf"(?P<who>{_CLUSTER})\s*,?\s*(?:(?:is|are|be|being|denotes?|denoting|has|have)\s+|"
    r"with\s+(?=orthonormal|full|unit|zero)|"
    r"(?=(?:an?\s+)?(?:real |square )?(?:symmetric|invertible|orthogonal|orthonormal|"
    r"positive|non-?negative|non-?zero|diagonal|one-hot|unit vectors?)))"
    rf"(?P<what>[^{HOLE}.;:,]*)"
)
_BEFORE = lazy(rf"(?P<what>(?:\b[\w-]+\s+){{1,5}})(?P<who>{_CLUSTER})")
_JOINTS = lazy(
    r"\b(?:and|let|that|with|in|of|be|is|are|or|because|since|as|by|if|when|then|so|to|onto|into|on|at|from)\b", re.I
)
# How a thing is put together of others (`the matrix with rows ⬚`, `X stacks the ⬚`) has no formula here.
_BUILT = lazy(
    rf"\b(?:rows?|columns?)\b(?:\s+(?:are|is|being|the|vectors?|equal(?:s)?|to|given|by))*\s*{HOLE}|"
    r"\b(?:stack(?:s|ed|ing)?|concatenat\w+|collect(?:s|ed|ing))\b",
    re.I,
)
_EIGEN = lazy(
    rf"{HOLE}\s*,?\s*(?:is|be)\s+(?:an?|the)\s+(?:unit |normali[sz]ed |real |simple )*"
    r"eigen(?P<what>value|vector)\s+of\s+"
    rf"(?:the\s+)?(?:[a-z]+\s+)?(?:matrix\s+)?{HOLE},?\s+(?:with|for|to)\s+(?:the\s+|an?\s+|its\s+)?"
    rf"(?:corresponding |associated |unit |normali[sz]ed )*eigen(?:vector|value)\s+{HOLE}",
    re.I,
)
_SOME = r"(?:\s+(?:an?|the|its|finite|known|unknown|common|true|population))*\s+"
_MOMENTS = lazy(
    rf"{HOLE}(?:\s+(?:is|be|are|has|have|denotes?|an?|real|continuous|discrete|scalar|random|variables?|number|some|"
    rf"distribution|quantity|any))*,?\s+(?:with|has|have|having){_SOME}(?:mean|expectation|expected value)"
    rf"(?: value)?\s+{HOLE}\s*,?\s+and{_SOME}(?P<what>variance|standard deviation)\s+{HOLE}",
    re.I,
)
_STOP = lazy(
    r"\b(?:with|satisf\w+|obey\w*|fulfil\w*|such that|so that|so|where|whose|which|for|then|and let|if|when|we|our|"
    r"to be|given)\b",
    re.I,
)
_AND_AT_END = lazy(r"\s+and\s*$")
_NOT = lazy(r"\b(?:not|no|never|nearly|almost|approximately)\b", re.I)
_SHAPED = lazy(r"(?:in|of (?:length|size|dimension)|from)\s*$", re.I)
_DRAWN = lazy(r"\b(?:from|as|according to|distributed|like)(?: the| a| an)?(?: law| distribution)?\s*$", re.I)
_LAW = lazy(r"\\mathcal\s*\{?\s*[NU]|N\s*\(|\\(?:operatorname|text|mathrm|mathsf)\s*\{[A-Z][a-z]+\}\s*(?:\\left)?\(")
_SPACE = lazy(r"\\mathbb|\\Delta|ℝ|^(?:\\mathbf\s*\{?\s*)?R\s*\}?\s*(?:\^|$)")
_SHOWN = lazy(
    r"\bto (?:show|prove|verify|demonstrate|establish|check|see)(?: that)?\s*(?:the (?:[\w-]+\s+){0,2})?$", re.I
)
_ARTICLE = lazy(r"\ban?\s*$", re.I)
# Words that PROPERTY knows but that restrict nothing a reader of formulas would miss.
_HARMLESS = lazy(
    r"\b(?:real|square|constant|linear|differentiable|continuous|small|large|finite|same|different|fixed|distinct|"
    r"dense|even|bounded|convex)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Property:
    """What a declaration says of the thing at `at` (offset in the sentence, where it is named). `reading` is '' for
    a property that could not be read; `words` as written. `doubted`: the name of which it may be said, where that
    is not clear (`the symmetric part $S$`)."""

    at: int
    reading: str
    words: str
    doubted: str = ""


def properties(sentence: Sentence, start: int, end: int) -> Iterator[Property]:
    """The properties that a stretch of a sentence states of the things that it declares."""
    for match in _PREDICATE.finditer(sentence.text, start, end):
        if _SHOWN.search(sentence.text, start, match.start()):
            continue  # `... and to show that ⬚ is symmetric`: not said, but to be shown
        what = _AND_AT_END.sub("", match.group("what"))
        stop = _STOP.search(what)
        cut = stop is not None
        words = what[: stop.start()] if stop else what
        named = _subjects(sentence, match)
        following = next((p for p in sentence.places if p.at == match.end("what")), None) if not cut else None
        shapes = list(_shape(named, words, following))
        if shapes and following is not None:  # `an ⬚ invertible matrix`
            words += _AFTER.match(sentence.text, following.at + 1, end).group()  # type: ignore[union-attr]
        yield from shapes
        yield from _of(named, words, len(named) > 1)
    for match in _BEFORE.finditer(sentence.text, start, end):
        named = _places(sentence, *match.span("who"))
        words = _JOINTS.split(match.group("what"))[-1]
        found = _of(named, words, len(named) > 1, before=True)
        yield from (p for p in found if p.reading or p.doubted)
    yield from _built(sentence, start, end)
    yield from _eigenpairs(sentence, start, end)
    yield from _moments(sentence, start, end)


def _moments(sentence: Sentence, start: int, end: int) -> Iterator[Property]:
    """`$X$ is a random variable with mean $\\mu$ and variance $\\sigma^2$`."""
    for match in _MOMENTS.finditer(sentence.text, start, end):
        of, mean, spread = (place.formula.latex.strip() for place in _places(sentence, match.start(), match.end()))
        if len(named := names(of)) == 1 and "=" not in mean + spread:
            square = f"({spread})^2" if match.group("what") != "variance" else spread
            yield Property(match.end() - 1, rf"\mathbb{{E}}[{named[0]}] = {mean}", "mean")
            yield Property(match.end() - 1, rf"\operatorname{{Var}}({named[0]}) = {square}", "variance")


def _eigenpairs(sentence: Sentence, start: int, end: int) -> Iterator[Property]:
    """`$\\lambda$ is an eigenvalue of $A$ with eigenvector $v$`, and the other way round."""
    for match in _EIGEN.finditer(sentence.text, start, end):
        said = [names(place.formula.latex) for place in _places(sentence, match.start(), match.end())]
        if len(said) == 3 and all(len(n) == 1 for n in said):
            (one,), (matrix,), (other,) = said
            number, vector = (one, other) if match.group("what") == "value" else (other, one)
            yield Property(match.end() - 1, rf"{matrix} {vector} = {number} {vector}", "eigenvector")


def _built(sentence: Sentence, start: int, end: int) -> Iterator[Property]:
    """Words that say how what stands before them is put together: they are not read, and what they are said of is
    known only to a person."""
    for match in _BUILT.finditer(sentence.text, start, end):
        before = [place for place in sentence.places if start <= place.at < match.start()]
        if before:
            yield Property(before[-1].at, "", match.group().replace(HOLE, "").strip())


_AFTER = lazy(r"(?:\s+(?!with\b|such\b|so\b|where\b|and\b|for\b|whose\b)[\w-]+)*")


def _subjects(sentence: Sentence, match: re.Match[str]) -> list[Place]:
    """`x \\in ..., W \\in ... and \\sigma is`: one thing is, several are."""
    named = _places(sentence, *match.span("who"))
    verb = sentence.text[match.end("who") : match.start("what")].strip(" ,")
    one = verb in ("is", "has", "denotes", "being", "") or re.match(r"an?\b", match.group("what"))
    return named[-1:] if one else named


def _places(sentence: Sentence, start: int, end: int) -> list[Place]:
    return [place for place in sentence.places if start <= place.at < end]


def _shape(named: list[Place], words: str, following: Place | None) -> Iterator[Property]:
    """`be a vector in ⬚`, `be an ⬚ matrix`: the formula after the words is where the thing lives."""
    if following is None or following.formula.display:
        return
    latex = following.formula.latex.strip()
    length = _SHAPED.search(words) and re.fullmatch(r"\w|\w_\w", latex) and "vector" in words
    if _DRAWN.search(words) and _LAW.match(latex):
        yield from (Property(p.at, rf"{n} \sim {latex}", words.strip()) for p in named for n in names(p.formula.latex))
        return
    if _SHAPED.search(words) and _SPACE.search(latex):
        where = latex
    elif length or (_ARTICLE.search(words) and re.search(r"\\times", latex)):
        where = rf"\mathbb{{R}}^{{{latex}}}"
    else:
        return
    for place in named:
        for name in names(place.formula.latex):
            yield Property(place.at, rf"{name} \in {where}", words.strip())


def _of(named: list[Place], words: str, several: bool, before: bool = False) -> Iterator[Property]:
    """The readings of some words, for each thing named."""
    things = [(place.at, name) for place in named for name in names(place.formula.latex)]
    if not things or not words.strip():
        return
    at = things[-1][0]
    if _NOT.search(words):
        if cues.PROPERTY.search(words):
            yield Property(at, "", words.strip())
        return
    rest = words
    if re.search(r"\bindependent\b", rest, re.I) and len(things) > 1:
        rest = re.sub(r"\b(?:mutually |statistically )?independent\b", " ", rest, flags=re.I)
        yield Property(at, rf"{', '.join(n for _, n in things[:-1])} \perp {things[-1][1]}", words.strip())
    if any("," in name for _, name in things):  # members of a random family are independent, and alike
        rest = _SAMPLE.sub(" ", rest)
    whole = not any(_RELATION.search(place.formula.latex) for place in named)
    function = next(((m, r, nouns) for p, r, nouns in FUNCTIONS if (m := p.search(rest))), None)
    if function is not None:
        yield from _function([*map(_unapplied, things)] if whole else things, words, function, before)
        return
    found, unsure, rest = _matched(rest, before)
    for reading in found:
        lowered = all(re.fullmatch(r"\\mathbf\{[a-z]\}|[a-z]\w*", name) for _, name in things)
        if several and reading == r"{0}^\top {0} = I" and ("vector" in words or lowered):
            yield Property(at, rf"{things[0][1]}^\top {things[-1][1]} = 0", words.strip())
            continue
        for place, name in things:
            yield Property(place, of(reading, name), words.strip())
    if unsure:
        yield from (Property(place, "", words.strip(), name) for place, name in things)
    if cues.PROPERTY.search(_HARMLESS.sub(" ", rest)):
        yield Property(at, "", words.strip())


_SAMPLE = lazy(
    r"\b(?:(?:mutually |pairwise |statistically )?(?:independent|uncorrelated)(?: and identically distributed)?\b|"
    r"iid\b|identically distributed\b)",
    re.I,
)
_APPLIED = lazy(r"\s*(?:\\left)?\(\s*(?:\\cdot|[A-Za-z]|·)\s*(?:\\right)?\)$")


def _unapplied(thing: tuple[int, str]) -> tuple[int, str]:
    """`where $g(z)$ is the logistic function` speaks of g."""
    return thing[0], _APPLIED.sub("", thing[1])


def _function(
    things: list[tuple[int, str]], words: str, found: tuple[re.Match[str], str, str], before: bool
) -> Iterator[Property]:
    """`the sigmoid` of each thing that can be a function."""
    match, reading, nouns = found
    fits = applies(match.string, *match.span(), nouns, before)
    for place, name in things:
        if reading and fits and re.fullmatch(r"\\?\w+(?:_\{?\w+\}?)?", name):
            yield Property(place, reading.replace("{0}", name), words.strip())
        elif not fits:
            yield Property(place, "", words.strip(), name)


def _matched(words: str, before: bool) -> tuple[list[str], bool, str]:
    """The readings of the properties in some words, whether a property stands there of which it is not clear that it
    is said of the thing, and the words that are left."""
    met: list[tuple[int, int, tuple[str, ...], str]] = []
    left = words
    for pattern, readings, nouns in (*DECLARED, *_ADJECTIVES):
        for match in pattern.finditer(left):
            met.append((*match.span(), readings, nouns))
            left = left[: match.start()] + _blank(match.group()) + left[match.end() :]
    found: list[str] = []
    unsure = False
    for start, end, readings, nouns in met:
        whole = left[:start] + words[start:end] + left[end:]
        if applies(whole, start, end, nouns, before):
            found += readings
        else:
            unsure = True
    return found, unsure, left


def _blank(words: str) -> str:
    """Words that are read, without them; a noun stays for the adjectives before it."""
    noun = _NOUN.search(words)
    return " " * (noun.start() if noun else len(words)) + (noun.group() if noun else "")


_NOUN = lazy(rf"\b(?:{MATRIX}|{VECTOR}|{NUMBER})$", re.I)


_RELATION = lazy(r"\\(?:in|sim|geq?|leq?|succ|colon)(?![A-Za-z])|[∈∼<>:=]")


def names(latex: str) -> list[str]:
    """The names that a formula declares or is: `q, k \\in \\mathbb{R}^d` gives q and k; `x_1, \\dots, x_n` is one, of
    all members."""
    left = _RELATION.split(latex)[0]
    if LISTED.fullmatch(left):
        return [left.strip()]
    depth, parts = 0, [""]
    for char in left:
        depth += char in "{(["
        depth -= char in "})]"
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    parts = [part for part in parts if not re.search(r"\\(?:mathbb|Delta|times)\b", part)]
    return [part.strip() for part in parts if re.fullmatch(r"[\\A-Za-z{}_^0-9'() ]+|[^\x00-\x7f]\w*", part.strip())]
