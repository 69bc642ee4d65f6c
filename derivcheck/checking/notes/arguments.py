"""The arguments of functions: `$f(x) = x^2 e^{-x}$` says that f is a function of a number x, so that `$f'(x) = ...$`
speaks of any number, although nothing else introduces x."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection

from derivcheck.checking.notes.declarations import names_in
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Func, Group, Name, Node, Product, Scripted, Symbol
from derivcheck.language.parsing.trees import children
from derivcheck.language.scope import FunctionMacro, Scope
from derivcheck.terms.model import Declaration

_NUMBER = re.compile(r"(?:[a-z]|\\(?!Sigma|Lambda|Phi|Psi|Omega|Gamma|Theta|Delta|Pi)[a-z]+)(?:_\w+)?")
_OF_TENSORS = frozenset({"tr", "det", "rank", "diag", "softmax", "vec"})
_TRANSPOSES = frozenset({"T", "\\top", "\\intercal"})
_CONSTANTS = frozenset({"e", "i", "\\pi"})
_RANDOM = re.compile(
    r"\\mathbb\s*\{?[EVP](?![A-Za-z])|(?<![A-Za-z\\])(?:E|P|Var|Cov|Pr)\s*(?:\\left|\\bigl?|\\Bigl?)?\s*[\[({]|\\Pr|"
    r"\\operatorname\*?\{(?:E|Var|Cov|P)\}|\\mathrm\{(?:E|Var|Cov|P)\}|\\sim"
)


def with_arguments(missing: Collection[str], functions: Scope, scope: Scope, text: str) -> Scope | None:
    """`scope` with those of the missing names declared as numbers that are arguments of `functions` of numbers; None
    where there are none. A line that speaks of chance may mean a random variable by them."""
    if _RANDOM.search(text):
        return None
    known = {
        name
        for macro in functions.functions.values()
        for function in (macro, *macro.others)
        if _of_numbers(function)
        for name in function.parameters
    }
    of = [f for name in missing if (f := functions.functions.get(name)) is not None and _of_numbers(f)]
    missing = {*missing, *(name for function in of for name in function.parameters)}
    found = [name for name in sorted(missing) if name in known and _NUMBER.fullmatch(name) and name not in scope.names]
    for name in found:
        scope = scope.declare(Declaration(name, latex=name))
    return scope if found else None


def with_unknowns(node: Node, scope: Scope) -> Scope:
    """The scope in which the letters of an equation to be solved that nothing introduces are numbers, where all else in
    it are numbers."""
    names = names_in(node)
    missing = sorted(n for n in names - scope.names if not n.isdigit() and "^" not in n)
    known = (scope.model.declarations.get(name) for name in names & scope.names)
    if _speaks_of_tensors(node) or not all(_NUMBER.fullmatch(n) and n not in _CONSTANTS for n in missing):
        return scope
    if any(d is None or d.shape or d.family for d in known) or _called(node) & set(missing):
        return scope
    for name in missing:
        scope = scope.declare(Declaration(name, latex=name))
    return scope


def _called(node: Node) -> set[str]:
    """The names that stand directly before a bracket: functions, or factors."""
    found = {name for child in children(node) for name in _called(child)}
    items = node.items if isinstance(node, Product) else ()
    for (_, head), (sign, group) in itertools.pairwise(items):
        if sign == "" and isinstance(group, Group) and isinstance(head, Name) and head.span.end == group.span.start:
            found.add(canonical(head) or "")
    return found


def _of_numbers(function: FunctionMacro) -> bool:
    """Whether a function is surely one of numbers: one of vectors may be written the same (`\\|x\\|^2`)."""
    return function.body is not None and not _speaks_of_tensors(function.node)


def _speaks_of_tensors(node: Node) -> bool:
    match node:
        case Group(open="‖" | "<"):
            return True
        case Func(text=text) if text in _OF_TENSORS:
            return True
        case Scripted(sup=(Name() | Symbol()) as sup) if sup.text in _TRANSPOSES:
            return True
        case Name(style="bold"):
            return True
    return any(_speaks_of_tensors(child) for child in children(node))
