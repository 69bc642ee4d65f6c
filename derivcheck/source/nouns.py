"""Whether an adjective says something of the thing that is named: `a symmetric matrix $A$` does, and neither `the
symmetric part $S$` nor `the negative log-likelihood $L$` nor `an eigenvalue $\\lambda$ of an orthogonal matrix`."""

from __future__ import annotations

import re

from derivcheck.regex import lazy

MATRIX = r"matri(?:x|ces)|covariances?|hessians?"
VECTOR = r"vectors?"
NUMBER = r"numbers?|scalars?|constants?|reals?|integers?|coefficients?|(?:hyper-?)?parameters?|eigenvalues?"
AMOUNT = (
    rf"{NUMBER}|{VECTOR}|values?|variables?|weights?|variances?|standard deviations?|learning rates?|step[- ]sizes?|"
    r"temperatures?|radius|radii|bandwidths?|entries|elements|components|coordinates"
)
LABEL = rf"{VECTOR}|labels?|targets?|encodings?|distributions?"
RANDOM = rf"{VECTOR}|variables?|noise|gaussians?"
QUANTITY = r"rank|norm|length|columns|orthonormal"
MAP = r"functions?|activations?|non-?linearit(?:y|ies)|units?|sigmoid|tanh|tangent|relu|softplus|rectifier"

_QUALIFIERS = (
    r"real|square|constant|fixed|given|known|unknown|arbitrary|random|small|large|finite|deterministic|dense|sparse|"
    r"strictly|scalar|logistic|standard|usual|element-?wise|entry-?wise"
)
_MODIFIERS = (
    r"weight|covariance|precision|kernel|gram|hessian|adjacency|degree|design|data|scaling|mixing|rotation|transition|"
    r"coefficient|similarity|scatter|correlation|information|noise|parameter|feature|column|row|regulari[sz]ation|"
    r"penalty|tuning|scale|smoothing|temperature|gaussian|normal|white|activation|label|target|class"
)
# `true positive`, `block diagonal`, `skew symmetric` are other things: only these words may stand right before.
_LEADS = (
    rf"an?|the|both|all|also|any|every|each|some|two|our|again|always|with|for|let|consider|take|choose|fix|given|"
    rf"suppose|assume|where|to|by|from|use|using|has|have|and|{_QUALIFIERS}"
)
_LEAD = lazy(rf"(?:^|.*(?<![\w-])(?:{_LEADS}))\s*$", re.I)
_ONLY_LEADS = lazy(rf"\s*(?:(?:{_LEADS})\s+)*$", re.I)
_HAVING = lazy(r".*\b(?:of|has|have|having)\s+(?:an?\s+)?$", re.I)
_GOES_ON = r"(?:of|in|on|from|by|that|which|because|since|as|too|also|applied|acting|element-?wise|entry-?wise)\b.*"
_BARE = r"(?:by|because|since|as|too|also|throughout|applied|acting|element-?wise|entry-?wise)\b.*"
_NEXT = r"and (?:the|an?|let|we|zero|unit|finite)\b.*"


def applies(words: str, start: int, end: int, nouns: str, before: bool) -> bool:
    """Whether the adjective at words[start:end] is said of the thing itself. `nouns`: what it may be said of ('': of
    anything). `before`: the words stand right before the name, else they are what is said of it. What else is known
    of the words is blank."""
    if not nouns:
        return True
    head, last = words[:start], words[start:end].rsplit(maxsplit=1)[-1]
    owns = re.fullmatch(nouns, last, re.I) is not None
    if not (_LEAD.match(head) if before else _ONLY_LEADS.match(head) or (nouns == QUANTITY and _HAVING.match(head))):
        return False
    noun = rf"(?:(?:\s*(?:{_MODIFIERS})\b)*\s*(?:{nouns})\b)" + ("?" if owns else "")
    joined = rf"(?:\s*(?:and|{_QUALIFIERS})\b)*"
    ends = r"\s*$" if before else rf"\s*(?:$|{_GOES_ON}|{_NEXT})"
    bare = r"\s*$" if before else rf"\s*(?:$|{_BARE}|{_NEXT})"
    tail = words[end:]
    return re.match(rf"{joined}(?:{noun}{ends}|{bare})", tail, re.I) is not None
