"""Whether a formula is a relation, as far as one sees without reading it."""

from __future__ import annotations

import re

from derivcheck.regex import lazy

_RELATION = lazy(
    r"[=<>≤≥≈≠∈∼≡]|\\(?:le|leq|leqslant|ge|geq|geqslant|lt|gt|ne|neq|approx|simeq|cong|equiv|in|notin|sim|propto"
    r"|subset|subseteq|succ|succeq|prec|preceq|perp|ll|gg|coloneqq|triangleq|implies|iff|Rightarrow|Leftrightarrow"
    r"|stackrel|overset|doteq)(?![A-Za-z])"
)
_ARROW = lazy(r"\\(?:to|rightarrow|mapsto|longrightarrow)(?![A-Za-z])|→")


def is_relation(latex: str) -> bool:
    """Whether a formula has a relation outside braces."""
    return _RELATION.search(outermost(latex)) is not None


def maps(latex: str) -> bool:
    """`f : A \\to B`, `n \\to \\infty`: no claim, but it can be declared or assumed."""
    return _ARROW.search(outermost(latex)) is not None


def outermost(latex: str) -> str:
    """A formula without what stands in braces (but those of a frame around it), nor the limits of sums."""
    kept: list[str] = []
    inside: list[bool] = []  # of each open brace: whether it hides what is in it
    after = 0  # where the last frame ended
    for index, char in enumerate(latex):
        escaped = index > 0 and latex[index - 1] == "\\"
        if char == "{" and not escaped:
            beside = 0 < after <= index and not latex[after:index].strip()  # `{ a } { = b }`
            inside.append(not beside and _FRAME.search(latex[max(0, index - 40) : index]) is None)
        elif char == "}" and not escaped:
            after = 0 if any(inside[-1:]) else index + 1
            del inside[-1:]
        elif not any(inside) or re.match(r"\\begin|\\end", latex[index : index + 6]):
            kept.append(char)
    text = "".join(kept)
    return text if "=" in text or "\\" in text or not latex.startswith("\\begin") else latex


_FRAME = lazy(
    r"(?:(?:^|[&{]|\\\\)|(?<![A-Za-z\\])\\(?:boxed|fbox|underline|overline|underbrace|ensuremath|displaystyle|textstyle"
    r"|mathbf|boldsymbol|bm|(?:text)?color\s*\{[^{}]*\}))\s*$"
)
"""What stands before a brace that only frames: nothing, or a command that boxes, underlines, colours, makes bold."""
