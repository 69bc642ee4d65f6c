"""What a look at the names of a problem shows: declared names without a use; dimensions that coincide here although the
question tells them apart, so that a factor transposed or in the wrong place would not be told by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.findings import Finding
from derivcheck.language.scope import Scope
from derivcheck.problems.schema import Line, Part, Problem
from derivcheck.terms.node import Derivative

_MATHS = re.compile(r"\$\$?(.+?)\$\$?", re.DOTALL)
_SIZES = re.compile(r"(?P<rows>[A-Za-z]\w{0,2}'?|\d+)\s*(?:\\times|×)\s*(?P<columns>[A-Za-z]\w{0,2}'?|\d+)")
_SAYS_TERMS = re.compile(
    r"in terms of|in the terms|\bby (?:the )?\\?\$|\bexpress|\bwrite\b|\busing\b|\bfrom the\b|put together"
    r"|as a (?:sum|product)",
    re.I,
)
_SPACE = re.compile(r"[\s{}]")


def look(problem: Problem) -> tuple[Finding, ...]:
    """Each finding once: parts share their givens."""
    found = [f for part in problem.parts for f in (*_unused(part, problem), *_coinciding(part), *_unstated(part))]
    return tuple(finding for k, finding in enumerate(found) if finding not in found[:k])


def _unused(part: Part, problem: Problem) -> Iterator[Finding]:
    """Declared names that neither the givens, nor a question, nor an answer ever mention again."""
    from derivcheck.checking.oracle import scope_of
    from derivcheck.problems.fields import split_names

    declared = scope_of(part).model.declarations
    texts = [text for p in problem.parts for text in _texts(p)]
    for line in part.given:
        if "\\in" not in line.text or "=" in line.text:
            continue
        others = [other.text for p in problem.parts for other in p.given if other.line != line.line]
        for name in split_names(line.text.split("\\in")[0]):
            if name in declared and not any(mentions(text, name) for text in (*texts, *others)):
                help = "is a given missing that speaks of it?"
                yield _at(part, line, name, "unused-symbol", f"nothing uses `{name}`", help)


def mentions(text: str, name: str) -> bool:
    """Whether a text holds a name, and not only its letters within a word or a command (`x` in `\\exp`)."""
    base = name.partition("_")[0]
    stands = re.search(rf"(?<![A-Za-z\\]){re.escape(base)}(?![A-Za-z])", text) is not None
    return stands and ("_{" not in name or _SPACE.sub("", name) in _SPACE.sub("", text))


def _texts(part: Part) -> Iterator[str]:
    for text in (part.ask, part.find, part.terms, part.answer, part.show, part.formula, part.when):
        if text is not None:
            yield text.text
    yield from (line.text for line in (*part.where, *part.requires, *part.suppose))
    yield from part.choice
    yield from (entry.text.text for entry in part.entries)


def _coinciding(part: Part) -> Iterator[Finding]:
    """Matrices that are square in the givens, where the question gives them two sizes or speaks of a size that no given
    has; a shape asked for whose sizes are all one."""
    from derivcheck.checking.oracle import scope_of
    from derivcheck.kinds.shape import shape_of

    scope = scope_of(part)
    asked, sizes = _sizes_in(part.ask.text if part.ask else "")
    known = {str(size) for d in scope.model.declarations.values() for size in d.shape} | set(scope.names)
    lost = sorted(size for size in sizes if not size.isdigit() and size not in known)
    for name, line in _square(part, scope):
        rows, columns = asked.get(name, ("", ""))
        if rows != columns:
            said = f"`{name}` is square here, but {rows} x {columns} in the question"
        elif lost:
            said = f"`{name}` is square here, but the question also speaks of the size {', '.join(lost)}"
        else:
            continue
        help = "with one size for two, a transposed or exchanged factor has the right shape"
        yield _at(part, line, name, "coinciding-dimensions", said, help)
    if part.kind == "shape" and part.answer is not None:
        axes = shape_of(part.answer.text) or ()
        if len(axes) > 1 and len(set(axes)) == 1:
            said = f"all sizes of the answer are {axes[0]}: rows and columns exchanged would not be told"
            yield _at(part, part.answer.lines[0], str(axes[0]), "coinciding-dimensions", said, "ask it of n and m")


def _sizes_in(ask: str) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """The sizes that a question gives to matrices (`W \\in \\mathbb{R}^{n \\times m}`), and all that it names."""
    named: dict[str, tuple[str, str]] = {}
    sizes: set[str] = set()
    for formula in _MATHS.findall(ask):
        for found in _SIZES.finditer(formula.replace("{", " ").replace("}", " ")):
            sizes |= set(found.groups())
            if "\\in" in formula:
                for name in formula.split("\\in")[0].split(","):
                    named[name.strip()] = (found.group("rows"), found.group("columns"))
    return named, sizes


def _square(part: Part, scope: Scope) -> Iterator[tuple[str, Line]]:
    for line in part.given:
        for name in (n.strip() for n in line.text.split("\\in")[0].split(",") if "\\in" in line.text):
            declaration = scope.model.declarations.get(name)
            if declaration is not None and len(declaration.shape) == 2 and declaration.shape[0] == declaration.shape[1]:
                yield name, line


def _unstated(part: Part) -> Iterator[Finding]:
    """Names that the question uses and `in` leaves out, where the question does not say in which terms it wants its
    answer: a right answer that uses them would lose its marks."""
    from derivcheck.checking.oracle import ScopeOracle, scope_of
    from derivcheck.kinds.asked import asked_of
    from derivcheck.problems.fields import split_names

    if part.kind != "expression" or part.terms is None or part.ask is None or _SAYS_TERMS.search(part.ask.text):
        return
    oracle = ScopeOracle.of(part)
    asked = asked_of(part, oracle).names or frozenset()
    find = oracle.read(part.find.text) if part.find else None
    inside = find.tensor.body if find is not None and find.tensor is not None else None
    of = set(inside.body.symbols) if isinstance(inside, Derivative) else set[str]()
    found = _SPACE.sub("", part.find.text) if part.find else ""
    sides = (line.text.partition("=") for line in part.given)
    of |= {left.strip() for left, _, right in sides if right and _SPACE.sub("", right) == found}  # `H = \\nabla^2 L`
    line = part.terms.lines[0]
    maths = " ".join(_MATHS.findall(part.ask.text))
    for name, known in scope_of(part).model.declarations.items():
        plain = known.law is None and not (known.domain.kind == "integer" and not known.shape)
        if plain and name not in asked and name not in of and mentions(maths, name):
            terms = [f"${term}$" for term in split_names(part.terms.text)]
            words = " and ".join([", ".join(terms[:-1]), terms[-1]] if len(terms) > 1 else terms)
            said = f"the question speaks of `{name}` and does not say that the answer may not hold it"
            help = f"say in the question `in terms of {words}`, or add it here"
            yield _at(part, line, "", "unstated-terms", said, help)
            return


def _at(part: Part, line: Line, name: str, code: str, message: str, help: str) -> Finding:
    column = line.column + max(line.text.find(name), 0)
    return Finding(code, "warning", message, line.line, column, column + len(name), help=help, file=part.file)
