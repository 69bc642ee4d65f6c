"""The words that say what a formula is there for. Data: one row a cue; English (others: languages.py).

In the patterns `⬚` stands for a formula. A cue governs the formulas that follow it: to the end of its clause, or of
its sentence, or only the next one; `then`, `we get` and the like end its rule. `standing` conditions hold on until
something ends them, others for what they introduce.
"""

from __future__ import annotations

import re
from typing import Literal

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.sentences import HOLE

Role = Literal[
    "claim",
    "definition",
    "condition",
    "supposition",
    "equation",
    "goal",
    "restatement",
    "reason",
    "expression",
    "mention",
    "unread-condition",
    "convention",
    "property",
]
Rule = Literal["next", "clause", "sentence", "list"]


@dataclass(frozen=True, slots=True)
class Cue:
    role: Role
    pattern: re.Pattern[str]
    rule: Rule
    standing: bool = False
    note: str = ""


def _cue(role: Role, pattern: str, rule: Rule = "clause", *, standing: bool = False, note: str = "") -> Cue:
    return Cue(role, lazy(pattern.replace("⬚", HOLE), re.I), rule, standing, note)


_WE = r"(?:we|i|one|you|us|let's|let us)"
_START = r"(?:^|(?<=[,;:.(—–])|(?<=⬚)|(?<=\band)|(?<=\bthat)|(?<=\bbut)|(?<=\bso)|(?<=\bthus)|(?<=\bthen))\W{0,4}"
_VERB_SHOW = (
    r"(?:show|prove|verify|establish|demonstrate|see|check|compute|find|derive|obtain|"
    r"determine|express|minimi[sz]e|maximi[sz]e)"
)

CUES: tuple[Cue, ...] = (
    # A supposition that is there to be refuted.
    _cue(
        "supposition", r"\b(?:suppose|assume)\b[^⬚.]{0,30}\b(?:contradiction|contrary|not\b)", "sentence", standing=True
    ),
    _cue(
        "supposition",
        r"\b(?:by|for)(?: the sake of)?(?: a)? contradiction\b[^⬚]{0,30}\b(?:suppose|assume|let)\b",
        "sentence",
        standing=True,
    ),
    # Conditions.
    _cue(
        "condition",
        r"\b(?:suppose|assume|assuming|supposing|presume)\b(?: (?:further|also|now|that|"
        r"for simplicity|w\.?l\.?o\.?g\.?))*",
        "sentence",
        standing=True,
    ),
    _cue(
        "condition",
        r"\b(?:under|with) the (?:assumptions?|conditions?|hypothes[ie]s|constraints?|"
        r"restriction)\b",
        "clause",
        standing=True,
    ),
    _cue("condition", r"\bsubject to\b(?: the constraints?)?|\bs\.t\.", "sentence"),
    _cue("condition", r"\b(?:budget|constraint|restriction)(?: constraint)?(?: is)?:?(?= ⬚)", "next", standing=True),
    _cue(
        "condition",
        r"\b(?:in|consider|for|take|look at|now) (?:the |only the )?(?:special |simple |"
        r"particular |limiting )?cases?\b(?: (?:when|where|in which|of|that))?",
        "clause",
        standing=True,
        note="case",
    ),
    _cue("condition", r"\bcase (?:\d+|[ivx]+|[a-z])\b\s*[:.)-]?", "clause", standing=True, note="case"),
    _cue("condition", r"\bcase\b(?=[\s:(]*⬚)", "next", standing=True, note="case"),
    _cue(
        "condition",
        r"\b(?:since|because|as|here|from now on|now)\b[^⬚.]{0,12}\bwe (?:consider|restrict|"
        r"assumed?|required?|look at|work with|set)\b",
        "clause",
        standing=True,
    ),
    _cue("condition", r"\bw\.?l\.?o\.?g\.?|\bwithout loss of generality\b", "clause", standing=True),
    _cue(
        "condition",
        r"\b(?:if|when|whenever|unless|provided(?: that)?|as long as|once|only if|"
        r"in the event that|on condition that)\b(?: and only if)?",
        "clause",
    ),
    _cue("condition", r"\bwhile\b(?= ⬚)", "next"),
    _cue(
        "condition",
        r"\bfor\b(?= (?:all|any|every|each|some|a fixed|fixed|which|such|large|small|arbitrary|"
        r"given|simplicity)\b)",
        "clause",
    ),
    _cue("condition", rf"{_START}for(?= ⬚)", "clause"),
    _cue(
        "definition",
        rf"{_START}for(?! (?:all|any|every|each|example|instance|which|large|small)\b)(?: (?!we\b|"
        rf"is\b|are\b|get\b|have\b)[a-z-]+){{1,4}}(?= ⬚)",
        "next",
        note="for",
    ),
    _cue(
        "condition",
        r"(?<!start)(?<!starting)(?<!begin)(?<!compare)(?<!compared)(?<!replace)(?<!together)(?<!agrees)(?<!agree)"
        r"(?<!combined)(?<!combine)(?<!equate)(?:^|\s)with(?: the choice|(?: the| a)? (?:true|actual|exact|known|fixed|"
        r"specific|nominal|chosen)(?: values?| parameters?)?)?(?= ⬚)",
        "next",
        note="with",
    ),
    _cue(
        "condition",
        r"(?<=⬚) (?:at|on)(?= ⬚)|\b(?:evaluated|evaluate|valid|holds|true|attained|"
        r"achieved) (?:only )?(?:at|on|for)(?= ⬚)",
        "next",
    ),
    _cue(  # what something does, and where: `it vanishes for |λ| < 1`
        "condition",
        r"\b(?:vanish(?:es)?|explodes?|grows?|shrinks?|decays?|converges?|diverges?|blows? up|dies? out|oscillates?|"
        r"stable|unstable|bounded|unbounded|increases?|decreases?|saturates?)(?: [a-z]+ly)? (?:only )?for(?= ⬚)",
        "next",
    ),
    _cue("condition", rf"{_START}(?:even |already |only |e\.g\. )?at(?= ⬚)", "next"),
    _cue("condition", r"\bgiven(?: that)?\b(?! by)(?= ⬚|[^⬚,.]{0,25}⬚)", "clause"),
    _cue(
        "condition",
        r"\b(?:because|since|as)\b[^⬚.,]{0,20}\b(?:typically|usually|often|normally|in practice|"
        r"generally)\b",
        "clause",
        note="after",
    ),
    # Substitutions of a value; an equation put in is a reason, see discourse.py.
    _cue(
        "condition",
        r"\b(?:setting|substituting|plugging in|plugging|inserting|letting|taking|choosing|fixing|"
        r"putting|plug in)\b"
        r"(?: (?!(?:gives?|yields?|we|i|one|leads?|results?|implies|zero|0|obtain\w*|get\w*)\b)[a-z]+){0,5}(?= ⬚)",
        "next",
        note="substitution",
    ),
    # Definitions.
    _cue("definition", r"\blet\b(?!'s)(?! us)", "sentence"),
    _cue(
        "definition",
        rf"{_START}(?:now )?(?:we )?(?:then |now |also |first )*(?:define|denote|introduce|write|"
        rf"abbreviate|call|set|put|choose|pick|represent|take|fix|rename|declare|consider|try|say)\b(?! (?:down|"
        rf"this|it|that)\b)",
        "sentence",
    ),
    _cue(
        "definition",
        rf"(?<!if )(?<!when )\b{_WE} (?:now |then |also |can |may |will |first |here )*(?:define|denote|introduce|"
        rf"abbreviate|call|choose|pick|represent|set|put|rename|fix)\b",
        "sentence",
    ),
    _cue(
        "definition",
        r"\b(?:is|are|be) (?:defined|denoted|given the name|chosen|set) (?:as|by|to)\b|"
        r"\bdefined (?:as|by|via|through)\b",
        "clause",
    ),
    _cue("definition", r"\b(?:where(?! as\b)|in which|wherein)\b", "list"),
    _cue("definition", r"^\W*here\b", "clause"),
    _cue(
        "definition", r"\b(?:denotes?|denoting|stands? for|write|writing|shorthand|notation|abbreviat\w+)\b", "clause"
    ),
    # Alternatives: several ways to fill one name.
    _cue(
        "definition",
        r"\b(?:include|including|such as|options|choices|variants|alternatives|candidates|"
        r"for example|for instance|e\.g\.|one of)\b\s*(?:are|is)?\s*(?=[:,]?\s*$|[:,]?\s*⬚)",
        "sentence",
        note="alternative",
    ),
    # Goals and equations to be solved.
    _cue(
        "equation",
        r"\b(?:set(?:ting)?|equat(?:e|ing))\b[^.]{0,60}?\b(?:to|equal to|equals?|=) (?:zero|0|⬚(?=\W*$))",
        "sentence",
        standing=True,
        note="zero",
    ),
    _cue(
        "equation",
        r"\b(?:solve|solving|to be solved|root of|roots of|zero of)\b(?! (?:this|it|that)\b)",
        "clause",
        standing=True,
    ),
    _cue(  # `they are equal where ⬚`: a place, no definition
        "equation",
        r"\b(?:is|are|points?|places?|values?|intersect|meet|cross|equal|vanish(?:es)?|exactly|precisely|only) "
        r"where(?= ⬚)",
        "next",
        standing=True,
    ),
    _cue(
        "equation",
        r"\b(?:equation|quadratic|cubic|polynomial)\b(?= ⬚,? (?:has|have|admits?)\b)",
        "next",
        standing=True,
    ),
    _cue(
        "equation",
        r"\b(?:first[- ]order|stationarity|optimality|kkt) conditions?\b(?: (?:is|are|reads?|"
        r"gives?|yields?))?|\bnormal equations?\b(?: (?:is|are|reads?))?",
        "sentence",
        standing=True,
    ),
    _cue(
        "goal",
        rf"\b{_WE} (?:now |then |also |only |first |still |just |will |shall |want |need |would |"
        rf"must |should )*(?:want|wish|need|aim|intend|have to|like|must|try|hope|are (?:asked|"
        rf"going|required)|will|shall|require|seek|claim below)\b(?: (?:to|that|"
        rf"for))?(?: {_VERB_SHOW})?(?! (?:have|get|obtain)\b)",
        "clause",
    ),
    _cue(
        "goal",
        rf"\b(?:(?:suffices|remains|goal is|aim is|task is|objective is) to\b(?: {_VERB_SHOW})?|"
        rf"(?:enough|necessary|left|in order|required|asked) to {_VERB_SHOW})\b",
        "clause",
    ),
    _cue("goal", rf"{_START}(?:to|in order to) {_VERB_SHOW}\b(?: that)?", "clause"),
    _cue(
        "goal",
        r"^\W*(?:(?:\w\W{0,2})?(?:to show|to prove|goal|want|aim|target|claim to prove|wts|"
        r"need to show))\s*[:.]",
        "sentence",
    ),
    _cue(
        "goal",
        r"^\W*(?:\(?\w{1,3}[).])?\W*(?:please |now )?(?:show|prove|verify|demonstrate|"
        r"establish)\b(?: that)?",
        "sentence",
    ),
    _cue("goal", r"\b(?:to be|must be|should be) (?:shown|proved|proven|verified)\b", "clause"),
    _cue("goal", r"\b(?:is it true|asks?|asked|wonder|unclear|whether|does it hold)\b", "clause"),
    # Reasons: known facts, earlier lines.
    _cue(
        "reason",
        r"\b(?:since|because|as|due to(?: the fact that)?|owing to|by the fact that|note that as|"
        r"seeing that|in view of)\b(?= [^.]{0,80}⬚)",
        "clause",
    ),
    _cue(
        "reason",
        r"\b(?:using|(?<=we )use|(?<=now )use|via|applying|apply|recalling|(?<=we )used|"
        r"(?<=we have )used|(?<=we )applied|remember(?:ing)?|"
        r"combining|adding|subtracting|plugging|substituting|inserting|rearranging|thanks to|"
        r"(?:(?<=^)|(?<=, )|(?<=; )|(?<=and ))(?:by|from|use))\b(?: (?:that|the fact that|"
        r"in))?(?= ⬚|[^⬚,.:]{0,50}⬚)",
        "clause",
    ),
    # What follows is asserted.
    _cue(
        "claim",
        r"\b(?:then|so|thus|hence|therefore|consequently|accordingly|where ?as|it follows(?: that)?|"
        r"we (?:now |then |thus |therefore |can |also |finally |already )*(?:have|get|obtain|find|"
        r"see|conclude|arrive|know|found|derived|computed?|showed|proved|derive|recover|deduce|"
        r"infer)|and (?:get|obtain|find)|"
        r"(?:this |that |which |it |these |they |and )?(?:gives?|yields?|implies|leads? to|"
        r"results? in|shows?|means?|proves|becomes?|simplif(?:ies|y) to|reduces? to|evaluates? to|"
        r"equals|turns? into|is equivalent to|is exactly|collapses to)|proving|showing|giving|"
        r"yielding|to (?:obtain|get|give|yield)|(?<!\()i\.e\.,?|(?<!\()that is,?|namely|"
        r"the (?:result|answer|bound|gradient|"
        r"expression|equation|formula|identity|derivative|jacobian|solution|variance|expectation|"
        r"complexity|update) (?:is|reads|becomes|equals)|recall that|note that|observe that|"
        r"notice that|we have already [a-z]+)\b",
        "clause",
    ),
)

NEGATIONS = lazy(
    r"\b(?:not|never|cannot|can't|isn't|aren't|doesn't|don't|won't|false that|incorrect that|"
    r"wrong that|impossible|contradicts?|contradict(?:ion|ing)|untrue)\b",
    re.I,
)
NEGATED_AFTER = lazy(
    rf"^{HOLE}\W*(?:(?:is|are|was|would be) (?:clearly |generally |obviously |"
    rf"therefore )*(?:false|wrong|incorrect|untrue|impossible|not (?:true|right|correct|"
    rf"the case|possible|valid)|a contradiction)"
    r"|(?:does|do|can|need|would|may) ?not (?:generally |in general |always |"
    r"necessarily )?(?:hold|be)|fails\b|cannot hold|doesn't hold)",
    re.I,
)
NOT_ALWAYS = lazy(
    r"\b(?:in general|not always|not necessarily|generally|need not|in most cases|usually|typically)\b", re.I
)
LIST_OF_NAMES = lazy(rf"{HOLE}\s*(?:,|and|or|/)\s*(?:and\s+)?{HOLE}|{HOLE}\s*,\s*{HOLE}")
ENDS_CLAUSE = lazy(
    rf"(?<={HOLE})\s+(?=(?:this|we|it|the|there|one|these|they|you|our)\b)|[,;:—–]|\bthen\b|"
    rf"\bso\b(?! that)|\bhence\b|\bthus\b|\btherefore\b"
)
ENDS_SENTENCE_RULE = lazy(
    r"\b(?:then|hence|thus|therefore|we (?:have|get|obtain|find|see)|and (?:get|obtain|find)|gives|yields|it follows|"
    r"to (?:obtain|get|give|yield)|which (?:gives|means|shows|yields|implies|is)|so that|so)\b",
    re.I,
)

# Words that state a property of what was named, for conditions without a relation.
PROPERTY = lazy(
    r"\b(?:zero(?:-mean)?|non-?zero|positive|negative|non-?negative|large|larger|small|"
    r"smaller|big|bigger|greater|less|equal|"
    r"close|near|symmetric|orthogonal|orthonormal|invertible|singular|non-?singular|diagonal(?:i[sz]able)?|square|"
    r"independent|uncorrelated|identical|constant|linear|convex|bounded|finite|infinite|normali[sz]ed|unit|even|odd|"
    r"distinct|same|different|centered|centred|scaled|semi-?definite|definite|full rank|rank|"
    r"stable|saturated|sufficiently|"
    r"integers?|real|binary|one-hot|sparse|dense|commut\w+|parallel|aligned|perpendicular|"
    r"differentiable|continuous|vanish\w*|"
    r"is the (?:zero|identity|0)|sums? to|at least|at most|more than|fewer than)\b",
    re.I,
)
UNREAD_FOR = lazy(
    r"\bfor (?:very |sufficiently |all |any |every )*(?=(?:zero|non-?zero|positive|negative|"
    r"large|small|symmetric|orthogonal|"
    r"invertible|diagonal|square|independent|constant|linear|convex|bounded|finite|normali[sz]ed|unit|even|odd|centred|"
    r"centered|zero-mean|iid|binary|one-hot)\b)",
    re.I,
)

# Ends of a condition.
ENDS_CONDITION = lazy(
    r"^\W*(?:otherwise|in general|on the other hand|conversely|in contrast|by contrast|"
    r"more generally|dropping this|without this|else|"
    r"for the general case|in the general case|returning to|back to|if not|unlike|we no longer|no longer assum\w+)\b",
    re.I,
)
GOES_ON = lazy(
    rf"^\W*(?:which|this|that|these|so|thus|hence|then|therefore|and|it follows|consequently|"
    rf"as a result|in this case|in that case|"
    rf"under th|where|also|moreover|furthermore|similarly|likewise|i\.e|that is|namely|finally|"
    rf"next|with this|here|we (?:get|have|obtain|find|conclude|see)|"
    rf"substituting|plugging|using|expanding|simplifying|rearranging|applying|combining|by|=|{HOLE}\s*(?:$|=))",
    re.I,
)

# Conventions in words: a name for the convention, and how people say it.
CONVENTIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("layout-denominator", lazy(r"\bdenominator[- ](?:layout|convention|form)\b", re.I)),
    (
        "layout-numerator",
        lazy(r"\bnumerator[- ](?:layout|convention|form)\b|\bjacobian (?:layout|convention)\b", re.I),
    ),
    (
        "gradient-row",
        lazy(r"\bgradients? (?:is|are|as|being)? ?(?:a |taken as |written as )?row vectors?\b", re.I),
    ),
    ("row-vectors", lazy(r"\brow[- ]vectors?\b|\bvectors? (?:is|are) (?:a )?rows?\b", re.I)),
    ("column-vectors", lazy(r"\bcolumn[- ]vectors?\b", re.I)),
    ("row-wise", lazy(r"\brow[- ]?wise\b|\bover (?:each|the) rows?\b|\balong (?:each|the) rows?\b", re.I)),
    ("column-wise", lazy(r"\bcolumn[- ]?wise\b|\bover (?:each|the) columns?\b", re.I)),
    ("log-base-2", lazy(r"\b(?:base[- ](?:2|two)|binary logarithms?|log to the base 2|in bits)\b", re.I)),
    ("log-base-10", lazy(r"\b(?:base[- ](?:10|ten)|common logarithms?)\b", re.I)),
    ("log-natural", lazy(r"\bnatural log(?:arithm)?s?\b|\bbase[- ]e\b|\bin nats\b", re.I)),
    (
        "product-latest-left",
        lazy(
            r"\b(?:from )?right[- ]to[- ]left\b|\b(?:latest|last|later|newest) (?:factors?|one|matri\w+|terms?)?\s*"
            r"(?:stands? |comes? |is )?(?:on the left|leftmost|first)\b|\bdescending order\b|"
            r"\breverse (?:time )?order\b",
            re.I,
        ),
    ),
    (
        "product-latest-right",
        lazy(
            r"\b(?:from )?left[- ]to[- ]right\b|\b(?:latest|last|later) (?:factors?|"
            r"one)? ?(?:on the right|rightmost)\b",
            re.I,
        ),
    ),
    (
        "self-loops-count",
        lazy(
            r"\b(?:includ\w+|count\w*|with) (?:the )?self[- ]?(?:loops?|edges?)\b|"
            r"\bself[- ]?(?:loops?|edges?) (?:are |also )*(?:count|includ|allow)\w*",
            re.I,
        ),
    ),
    (
        "self-loops-excluded",
        lazy(
            r"\b(?:exclud\w+|without|no|ignoring) (?:the )?self[- ]?(?:loops?|edges?)\b|"
            r"\bself[- ]?(?:loops?|edges?) (?:are |do )*(?:not|exclud)\w*",
            re.I,
        ),
    ),
)
