"""Which values an answer gives to the names that are its to choose: `w_{AND} = (1, 1)^\\top`, `w = ..., b = -1.5` after
the words "for AND", `W_f = [0, -1]`, `C_0 = h_0 = 0`, entries one by one, a gate as a formula of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from flint import fmpq

from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand
from derivcheck.kinds.numbers import number_in
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import Listing, Node, Num, Scripted
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Definition, Model
from derivcheck.terms.node import Entry, Var
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.arithmetic import is_exact, tidy
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.running import Blocks, Plain, is_initial
from derivcheck.worlds.world import Block, Value, World, positions, shape_at

_ROW = re.compile(r"\s*(?:\\left)?\s*[\[(](.+?)(?:\\right)?\s*[\])]\s*(?:\^\s*\{?\s*(?:\\top|T|\\intercal)\s*\}?)?\s*")
_GAP = re.compile(r"\\[ ,;:!]|\\q?quad|,|;|&|~")


@dataclass(slots=True)
class Assignments:
    """`plain`, `entries`: numbers by name (and member). `formulas`: names computed by the answer in its own way.
    `lines`: where each name got its value. `doubts`: what could not be read, or stands there twice."""

    plain: dict[Block, Plain] = field(default_factory=dict)
    entries: Blocks = field(default_factory=dict)
    formulas: dict[str, Definition] = field(default_factory=dict)
    lines: dict[str, JudgedLine] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def model(self, model: Model) -> Model:
        """The givens with the answer's own formulas in place of theirs."""
        for name, definition in self.formulas.items():
            declaration = model.declarations[name]
            kept = tuple(d for d in declaration.definitions if is_initial(d))
            model = model.declare(replace(declaration, definitions=(*kept, definition)))
        return model


@dataclass(frozen=True, slots=True)
class _Target:
    """A name of the givens: all of it, one member of a family, or one entry."""

    name: str
    at: tuple[int, ...] = ()


def assignments(answer: JudgedAnswer, model: Model, choice: frozenset[str]) -> Assignments:
    """Every value that the answer states, the last one said where it says several."""
    found = Assignments()
    names = _Names(model, choice)
    for line in answer.lines:
        if "=" not in line.relations or len(line.operands) < 2:
            continue
        cue = names.cue(_text_before(answer, line), _text_of(answer, line))
        value = line.operands[-1]
        for operand in line.operands[:-1]:
            target = names.resolve(operand.latex, cue)
            if target is not None:
                _note(found, target, operand, value, line, model)
    return found


def _note(
    found: Assignments, target: _Target, left: Operand, right: Operand, line: JudgedLine, model: Model
) -> None:
    declaration = model.declarations[target.name]
    found.lines[target.name] = line
    plain = numbers_of(right)
    family = len(declaration.family)
    if plain is None:
        definition = _formula(left, right, declaration.name, family, len(declaration.shape))
        if definition is not None and not target.at:
            found.formulas[target.name] = definition
        else:
            found.doubts.append(right.latex)
        return
    if len(target.at) <= family and (not family or target.at):
        block = (target.name, target.at)
        if found.plain.get(block, plain) != plain:
            found.doubts.append(f"{left.latex} stands there with several values")
        found.plain[block] = plain
    elif len(plain.numbers) == 1 and len(target.at) == family + len(declaration.shape):
        place = found.entries.setdefault((target.name, target.at[:family]), {})
        place[target.at[family:]] = plain.numbers[0]
    elif family and not target.at:  # a constant gate
        definition = _formula(left, right, declaration.name, family, len(declaration.shape))
        if definition is not None:
            found.formulas[target.name] = definition


def numbers_of(operand: Operand) -> Plain | None:
    """The numbers that an expression without names is; a row written with gaps (`[0 \\; -1]`) too."""
    row = _ROW.fullmatch(operand.latex)
    cells = [number_in(cell) for cell in _GAP.split(row[1]) if cell.strip()] if row else []
    if len(cells) > 1 and None not in cells:
        return Plain((len(cells),), tuple(_exact(cell.value) for cell in cells if cell))
    single = number_in(operand.latex)
    if single is not None:
        return Plain((), (_exact(single.value),))
    tensor = operand.tensor
    if tensor is None or tensor.body.symbols or tensor.body.free - set(tensor.axes):
        return None
    return _evaluated(tensor)


def _exact(value: Fraction) -> Value:
    return tidy(fmpq(value.numerator, value.denominator))


def _evaluated(tensor: Tensor) -> Plain | None:
    if any(dim.number is None for dim in tensor.shape):
        return Plain((), (0,)) if _is_zero(tensor) else None
    shape = shape_at(tensor.shape, {})
    evaluator = Evaluator(Model(), World({}, "value"))
    try:
        numbers = [
            evaluator.value(tensor.body, dict(zip(tensor.axes, at, strict=True))) for at in positions(shape)
        ]
    except NoValue:
        return None
    return Plain(shape, tuple(numbers)) if all(is_exact(n) for n in numbers) else None


def _is_zero(tensor: Tensor) -> bool:
    """`0` beside a vector of any length."""
    try:
        return not tensor.body.free and Evaluator(Model(), World({}, "value")).value(tensor.body) == 0
    except NoValue:
        return False


def _formula(left: Operand, right: Operand, name: str, family: int, axes: int) -> Definition | None:
    """`f_t = ...` as a definition of the family."""
    one, other = left.tensor, right.tensor
    if one is None or other is None or not family or not isinstance(one.body, Entry) or one.body.symbol != name:
        return None
    indices = one.body.indices[:family]
    if not all(isinstance(i, Var) for i in indices) or len(one.axes) != axes:
        return None
    params = (*(i.index for i in indices if isinstance(i, Var)), *one.axes)
    if len(other.axes) not in (0, len(one.axes)):
        return None
    body = other.at([Var(axis) for axis in one.axes]) if other.axes else other.body
    return Definition(params, body)


@dataclass(slots=True)
class _Names:
    """The names that may get values, as they may be written: in full, without their label after a word that says
    it, one member or one entry of them."""

    model: Model
    choice: frozenset[str]

    def cue(self, before: str, line: str) -> str:
        """The label said last before a formula, else one said on its line."""
        labels = {label for name in self.choice if (label := labelled(name)[1])}
        for text in (before, line):
            said = [(found.start(), label) for label in labels for found in _said(label, text)]
            if said:
                return max(said)[1]
        return ""

    def resolve(self, latex: str, cue: str) -> _Target | None:
        node = parse(latex).node
        for name, at in _readings(node):
            for full in (name, f"{name}_{{{cue}}}" if cue else ""):
                declaration = self.model.declarations.get(full)
                if declaration is None or (full not in self.choice and not (declaration.family and at)):
                    continue
                return _Target(full, at)
        return None


def labelled(name: str) -> tuple[str, str]:
    """(`w`, `AND`) of `w_{AND}`; the label is '' where there is none."""
    node = parse(name).node
    if isinstance(node, Scripted) and node.sub is not None and node.sup is None:
        base, label = canonical(node.base), canonical(node.sub)
        if base and label and len(label) > 1 and label.isalpha():
            return base, label
    return name, ""


def _readings(node: Node) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The names that a node may be, with the numbers that stand behind them."""
    whole = canonical(node)
    if whole:
        yield whole, ()
    if not isinstance(node, Scripted):
        return
    base = canonical(node.base)
    sub = list(node.sub.items) if isinstance(node.sub, Listing) else [node.sub] if node.sub is not None else []
    digits = [int(item.text) for item in sub if isinstance(item, Num) and item.text.isdigit()]
    words = [text for item in sub if not isinstance(item, Num) and (text := canonical(item))]
    above = canonical(node.sup) if node.sup is not None else ""
    if above is None or base is None or len(digits) + len(words) != len(sub):
        return
    labels = [*words, *([above.strip("()")] if above else [])]
    name = f"{base}_{{{','.join(labels)}}}" if labels else base
    if labels and len(labels[0]) == 1 and len(labels) == 1:
        name = f"{base}_{labels[0]}"
        if not digits:
            yield base, ()  # `f_t`: the family itself
    yield name, tuple(digits)


def _said(label: str, text: str) -> Iterator[re.Match[str]]:
    """As it is spelt (`AND`, not the word and), or before a word that makes it a name (`the and gate`)."""
    return re.finditer(rf"(?<![A-Za-z])(?:{label}(?![A-Za-z])|(?i:{label})(?=[ -](?:gate|neuron|unit|function)))", text)


def _text_before(answer: JudgedAnswer, line: JudgedLine) -> str:
    rows: list[str] = []
    for row in answer.text:
        if (row.cell, row.line) == (line.cell, line.line):
            return "\n".join([*rows, row.text[: max(line.column - row.column, 0)]])
        rows.append(row.text)
    return "\n".join(rows)


def _text_of(answer: JudgedAnswer, line: JudgedLine) -> str:
    return next((row.text for row in answer.text if (row.cell, row.line) == (line.cell, line.line)), "")
