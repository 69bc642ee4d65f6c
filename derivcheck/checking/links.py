"""One link of a line, judged in one reading: decided, then softened by what is not known where it stands."""

from __future__ import annotations

from derivcheck.checking.conditions import under
from derivcheck.checking.deciding import GOOD, Situation
from derivcheck.checking.line import Context, Line
from derivcheck.checking.readings import unresolved
from derivcheck.deciding.shapes import equated
from derivcheck.deciding.verdict import Verdict
from derivcheck.findings import Finding
from derivcheck.language.elaboration.resolve import members_key
from derivcheck.language.probability.unknown_laws import OUTCOMES
from derivcheck.language.statements import Link
from derivcheck.record import replace
from derivcheck.terms.model import Claim
from derivcheck.terms.unfold import depends
from derivcheck.worlds.sampling import satisfiable

BY_DEFINITION = Verdict("proved", {"method": "definition"})
UNREAD = Verdict("unreadable", {"method": "none", "reason": "it could not be read"}, code="unread-line")
_NOT_JUDGED = Verdict("undecided", {"method": "none", "reason": "not judged"})
_AS_NOTED = {"undeclared": "undeclared", "unsupported": "undecided-step", "unknown-size": "undecided-step"}
"""What makes a link undecided that has no claim, with the code of the verdict."""


def verdict_of(link: Link, line: Line, bridged: bool = False) -> Verdict:
    """The verdict on one link of a line. bridged: it continues a line across one that could not be read."""
    if link.kind in ("definition", "declaration", "repeat"):
        return _of_definition(link)
    if link.shape_error is not None:
        shapes = link.findings[0].message if link.findings else "the shapes do not fit"
        verdict = Verdict("refuted", {"method": "shapes", "shapes": shapes}, code="shape-mismatch", notes=(shapes,))
        return _softened(_if_sure(verdict, line.context.situation, link), link, bridged)
    if link.claim is None:
        return _unread(link.findings[0] if link.findings else None)
    if not line.context.judging:
        return _NOT_JUDGED
    return _softened(_possible(decided(link.claim, link, line.context), link, line.context), link, bridged)


def _possible(verdict: Verdict, link: Link, context: Context) -> Verdict:
    """Of a list of values (`x = 2, -2, 7`) each is claimed to be a possible one."""
    if verdict.word not in GOOD:
        return verdict
    equations = [c for c in (*link.model.assumptions, *context.situation.surely) if c.relation == "="]
    for claim in link.listed:
        model, _ = under(link.model, (claim,))
        here = (c for c in equations if claim.left.body.symbols & (c.left.body.symbols | c.right.body.symbols))
        if satisfiable(model) is False or any(context.decider.plain(c, model).word == "refuted" for c in here):
            return _undecided("one of the values that it lists is not possible", "undecided-step")
    return verdict


def decided(claim: Claim, link: Link, context: Context) -> Verdict:
    """The verdict on a claim, where this link stands."""
    return context.decider.judge(claim, replace(context.situation, model=link.model))


def _undecided(reason: str, code: str) -> Verdict:
    return Verdict("undecided", {"method": "none", "reason": reason}, code=code)


def _unread(found: Finding | None) -> Verdict:
    code = _AS_NOTED.get(found.code) if found is not None else None
    return UNREAD if found is None or code is None else _undecided(found.message, code)


def _of_definition(link: Link) -> Verdict:
    """Right by definition, where what it is defined by is known."""
    if any(f.severity == "error" for f in link.findings):
        return UNREAD
    return _undeclared(link.undeclared) if link.undeclared else BY_DEFINITION


def _undeclared(names: tuple[str, ...]) -> Verdict:
    return _undecided(f"nothing introduces {', '.join(names)}", "undeclared")


def _if_sure(verdict: Verdict, situation: Situation, link: Link) -> Verdict:
    """Shapes that do not conform refute only where no condition may change them: one that was not read, or one that
    says of dimensions that they are equal."""
    unread = situation.unread
    if unread:
        return _undecided(f"it stands under a condition that could not be read ({unread})", "undecided-condition")
    if equated(link.model, (*situation.surely, *situation.maybe)):
        return _undecided("the shapes may fit where the dimensions are equal, as it is assumed", "undecided-step")
    return verdict


def _softened(verdict: Verdict, link: Link, bridged: bool) -> Verdict:
    """A refutation needs every name introduced, one reading, and a line before that was read."""
    if verdict.word in ("refuted", "holds") and link.undeclared:
        return _undeclared(link.undeclared)
    if verdict.word != "refuted":
        return verdict
    if guessed := _guessed(link):
        return _undeclared(guessed)
    if bridged:
        reason = "the line before could not be read, so it is not clear which of the two is wrong"
        return _undecided(reason, "undecided-step")
    if others := unresolved(link):
        return _undecided(f"it can be read in more than one way ({', '.join(others)})", "undecided-step")
    return verdict


def _guessed(link: Link) -> tuple[str, ...]:
    """The names behind a relation whose shapes were inferred from their use alone."""
    return tuple(sorted(name.removesuffix(members_key("")) for name in _inferred(link)))


def _inferred(link: Link) -> frozenset[str]:
    model = link.model
    if not model.inferred or link.claim is None:  # where the shapes do not conform, any guess may be the reason
        return model.inferred
    used = link.claim.left.body.symbols | link.claim.right.body.symbols
    used |= {name.removesuffix(OUTCOMES) for name in used}
    return model.inferred & used.union(*(depends(model, name) for name in used))
