"""Names that nothing introduces: what a proof that reads them as numbers is worth.

`ab = ba` holds of numbers, and the proof says so in a note. `AB = BA` of two capital letters holds of numbers and
fails for matrices, and nothing says which they are: such a line is not proved."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.deciding.verdict import Verdict
from derivcheck.language.elaboration.declaring import with_dims
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link
from derivcheck.record import replace
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Derivative, Entry, walk

_SIDE = "#side"
_SCRIPTS = r"(?:[_^].*)?'*"
_MATRIX = re.compile(
    r"(?:\\(?:mathbf|boldsymbol|bm)\{)?(?:[A-Z]|\\(?:Sigma|Lambda|Phi|Psi|Omega|Gamma|Theta|Delta|Pi))\}?" + _SCRIPTS
)
_TRANSPOSES = re.compile(r"\^\s*\{?\s*(?:\\top|\\intercal|T|\\mathsf|\\mathrm\s*\{?T|\\T)(?![A-Za-z])|ᵀ")


def names_of(link: Link) -> tuple[str, ...]:
    """The names of a link that nothing introduces (a bare index is none: a proof is for every value of it)."""
    return tuple(sorted(f.message.rpartition(" ")[2] for f in link.findings if f.code == "undeclared"))


def as_matrices(names: Sequence[str], text: str, scope: Scope) -> Scope | None:
    """The scope in which capital letters among these names are square matrices and, where the line transposes, the
    others are vectors; None where no name would be read otherwise than before."""
    side = Dim.named(_SIDE)
    others: Shape | None = (side,) if _TRANSPOSES.search(text) else None
    shapes = {name: (side, side) if _MATRIX.fullmatch(name) else others for name in names}
    if not any(shapes.values()):
        return None
    scope = with_dims(scope, [_SIDE])
    for name, shape in shapes.items():
        if shape:
            scope = scope.declare(Declaration(name, shape, latex=name))
    return scope


def of_a_reading(names: Sequence[str], verdict: Verdict, also: bool) -> Verdict:
    """A proof that holds where the names are numbers, and `also` where they are square matrices (or vectors)."""
    reading = "it holds of numbers, and of square matrices" if also else "read as numbers"
    return replace(verdict, notes=(*verdict.notes, f"nothing introduces {', '.join(names)}: {reading}"))


def said_of(verdict: Verdict) -> str:
    """What a verdict says of names that nothing introduces; '' for nothing."""
    return next((note for note in verdict.notes if note.startswith("nothing introduces ")), "")


def of_an_unknown(names: Sequence[str]) -> Verdict:
    """Nothing can be said of what these names are."""
    reason = f"nothing introduces {', '.join(names)}"
    return Verdict("undecided", {"method": "none", "reason": reason}, code="undeclared")


def reading_decides(names: Sequence[str]) -> Verdict:
    """Neither proved nor refuted: it holds of numbers alone."""
    reason = f"nothing introduces {', '.join(names)}: it holds of numbers, and not of matrices or vectors"
    return Verdict("undecided", {"method": "readings", "reason": reason}, code="undeclared")


def differentiates_unknown(link: Link, names: Sequence[str]) -> bool:
    """Whether a claim differentiates a name that nothing introduces (`\\partial f / \\partial x`): as a number its
    derivative would be 0, whatever f is."""
    sides = (link.claim.left, link.claim.right) if link.claim is not None else ()
    found = (term for side in sides for term in walk(side.body) if isinstance(term, Derivative))
    return any(
        isinstance(term.body, Entry) and term.body.symbol in names and term.body.symbol != term.wrt.symbol
        for term in found
    )


def transposes(text: str) -> bool:
    """Whether a line surely transposes: then it speaks of matrices or vectors."""
    return re.search(r"\\top(?![A-Za-z])|\\intercal|ᵀ|\\mathsf\s*\{?\s*T", text) is not None
