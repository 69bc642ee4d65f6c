"""Terms as LaTeX, in index notation: for counterexamples, residuals and readings of a term that no line has written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from derivcheck.language.parsing.names import script
from derivcheck.language.scope import Scope
from derivcheck.terms import functions
from derivcheck.terms.build import ONE
from derivcheck.terms.node import (
    Add,
    Apply,
    Cases,
    Compare,
    Constant,
    Delta,
    Derivative,
    Entry,
    Expectation,
    Fold,
    Function,
    Hole,
    Index,
    Integral,
    Lambda,
    Limit,
    Logic,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
)
from derivcheck.terms.tensor import Tensor

_CONSTANTS = {"pi": "\\pi", "e": "e", "infinity": "\\infty"}
_RELATIONS = {"!=": "\\ne", "<=": "\\le", ">=": "\\ge"}
_REDUCE = {
    "sum": "\\sum",
    "prod": "\\prod",
    "max": "\\max",
    "min": "\\min",
    "argmax": "\\arg\\max",
    "argmin": "\\arg\\min",
}
_MATRIX = {
    "det": "\\det", "rank": "\\operatorname{rank}", "eigmax": "\\lambda_{\\max}", "eigmin": "\\lambda_{\\min}",
    "radius": "\\rho", "cond": "\\kappa", "exp": "\\exp",
}  # fmt: skip
_SUM, _PRODUCT, _POWER = 0, 1, 2


def show_tensor(tensor: Tensor, scope: Scope | None = None) -> str:
    """A tensor as LaTeX: the term of a number, else `[term]_{ij}` with its axes below."""
    shown = _Shown(scope or Scope())
    axes = "".join(shown.index(a) for a in tensor.axes)
    body = shown.term(tensor.body)
    return f"\\left[{body}\\right]_{script(axes)}" if axes else body


def show_term(term: Term, scope: Scope | None = None) -> str:
    """A term as LaTeX."""
    return _Shown(scope or Scope()).term(term)


class _Shown:
    """Names for the bound indices of one term: the letter they were written with, with a prime where it is taken."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: dict[Index, str] = {}

    def index(self, index: Index) -> str:
        if index not in self.names:
            name = index.name.split("#")[0] or "k"
            while name in self.names.values():
                name += "'"
            self.names[index] = name
        return self.names[index]

    def term(self, term: Term, level: int = _SUM) -> str:
        rule = _RULES.get(type(term))
        if rule is None:
            return f"\\text{{{type(term).__name__}}}"
        text, own = rule(self, term)
        return f"\\left({text}\\right)" if own < level else text

    def symbol(self, name: str) -> str:
        declaration = self.scope.declaration(name)
        return declaration.latex or name if declaration is not None else name

    def below(self, terms: tuple[Term, ...]) -> str:
        parts = [self.term(t) for t in terms]
        return ("" if all(len(p) == 1 for p in parts) else ",").join(parts)


Text = tuple[str, int]


def _number(s: _Shown, t: Number) -> Text:
    value: Fraction = t.value
    if value.denominator == 1:
        return str(value), _POWER if value >= 0 else _SUM
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", _PRODUCT if value >= 0 else _SUM


def _entry(s: _Shown, t: Entry) -> Text:
    return s.symbol(t.symbol) + (f"_{script(s.below(t.indices))}" if t.indices else ""), _POWER


def _add(s: _Shown, t: Add) -> Text:
    text = ""
    for arg in t.args:
        shown = s.term(arg, _PRODUCT if isinstance(arg, Add) else _SUM)
        text += shown if not text else (f" - {shown[1:]}" if shown.startswith("-") else f" + {shown}")
    return text, _SUM


def _mul(s: _Shown, t: Mul) -> Text:
    args, sign = list(t.args), ""
    if args and isinstance(args[0], Number) and args[0].value == -1 and len(args) > 1:
        args, sign = args[1:], "-"
    above = [a for a in args if not _is_reciprocal(a)]
    under = [a.base for a in args if isinstance(a, Power) and _is_reciprocal(a)]
    text = _juxtaposed(s, above)
    if under:
        text = f"\\frac{{{text or '1'}}}{{{_juxtaposed(s, under) if len(under) > 1 else s.term(under[0])}}}"
    return sign + text, _SUM if sign else _PRODUCT


def _juxtaposed(s: _Shown, args: list[Term]) -> str:
    text = ""
    for arg in args:
        shown = s.term(arg, _PRODUCT)
        both_digits = text[-1:].isdigit() and shown[:1].isdigit()
        text += f" \\cdot {shown}" if both_digits else f" {shown}" if text else shown
    return text


def _is_reciprocal(term: Term) -> bool:
    return isinstance(term, Power) and isinstance(term.exponent, Number) and term.exponent.value == -1


def _power(s: _Shown, t: Power) -> Text:
    if isinstance(t.exponent, Number) and t.exponent.value == Fraction(1, 2):
        return f"\\sqrt{{{s.term(t.base)}}}", _POWER
    if _is_reciprocal(t):
        return f"\\frac{{1}}{{{s.term(t.base)}}}", _PRODUCT
    base = s.term(t.base, _POWER)
    if isinstance(t.base, Power | Function):
        base = f"\\left({s.term(t.base)}\\right)"
    return f"{base}^{script(s.term(t.exponent))}", _POWER


def _function(s: _Shown, t: Function) -> Text:
    args = ", ".join(s.term(a) for a in t.args)
    if t.name == "exp":
        return f"e^{script(args)}", _POWER
    if t.name == "abs":
        return f"\\lvert {args} \\rvert", _POWER
    row = functions.TABLE.get(t.name)
    return f"{row.latex if row else t.name}\\left({args}\\right)", _POWER


def _reduce(s: _Shown, t: Reduce) -> Text:
    name = s.index(t.index)
    whole = t.lower is ONE and t.index.dim is not None and isinstance(t.upper, Size) and t.upper.dim == t.index.dim
    below = f"{name}={s.term(t.lower)}" if t.where is None else f"{name}: {s.term(t.where)}"
    sign = _REDUCE[t.kind]
    limits = f"_{{{below}}}" if t.kind not in ("sum", "prod") else f"_{{{below}}}^{script(s.term(t.upper))}"
    if whole and t.where is None:
        limits = f"_{script(name)}"
    return f"{sign}{limits} {s.term(t.body, _PRODUCT)}", _SUM


def _compare(s: _Shown, t: Compare) -> Text:
    return f"{s.term(t.left)} {_RELATIONS.get(t.relation, t.relation)} {s.term(t.right)}", _SUM


def _logic(s: _Shown, t: Logic) -> Text:
    if t.op == "not":
        return f"\\neg {s.term(t.args[0], _POWER)}", _SUM
    return f" \\text{{ {t.op} }} ".join(s.term(a) for a in t.args), _SUM


def _cases(s: _Shown, t: Cases) -> Text:
    rows = [f"{s.term(value)} & {s.term(condition)}" for condition, value in t.branches]
    if t.otherwise is not None:
        rows.append(f"{s.term(t.otherwise)} & \\text{{otherwise}}")
    return "\\begin{cases} " + " \\\\ ".join(rows) + " \\end{cases}", _POWER


def _derivative(s: _Shown, t: Derivative) -> Text:
    sign = "\\partial^+" if t.immediate else "\\partial"
    under = f"\\partial {s.term(t.wrt)}"
    if isinstance(t.body, Entry):
        return f"\\frac{{{sign} {s.term(t.body)}}}{{{under}}}", _POWER
    return f"\\frac{{{sign}}}{{{under}}}\\left({s.term(t.body)}\\right)", _PRODUCT


def _bracketed(s: _Shown, rows: Index, cols: Index, body: Term) -> str:
    return f"\\left[{s.term(body)}\\right]_{{{s.index(rows)}{s.index(cols)}}}"


def _matrix(s: _Shown, t: MatrixOp) -> Text:
    inside = _bracketed(s, t.rows, t.cols, t.body)
    out = f"_{script(s.below(t.out))}" if t.out else ""
    if t.name in ("inverse", "pinv", "power"):
        above = {"inverse": "-1", "pinv": "+"}.get(t.name) or s.term(t.params[0])
        return f"\\left({inside}^{{{above}}}\\right){out}", _POWER
    if t.name in ("norm2", "nuclear"):
        return f"\\left\\|{inside}\\right\\|_{'2' if t.name == 'norm2' else '*'}", _POWER
    return f"{_MATRIX.get(t.name, t.name)}\\left({inside}\\right){out}", _POWER


def _fold(s: _Shown, t: Fold) -> Text:
    inside = _bracketed(s, t.rows, t.cols, t.body)
    limits = f"_{{{s.index(t.index)}={s.term(t.lower)}}}^{script(s.term(t.upper))}"
    return f"\\left(\\prod{limits} {inside}\\right)_{script(s.below(t.out))}", _POWER


def _apply(s: _Shown, t: Apply) -> Text:
    args = ", ".join(s.term(a.body) if isinstance(a, Lambda) else s.term(a) for a in t.args)
    order = f"^{{({len(t.orders)})}}" if t.orders else ""
    out = f"_{script(s.below(t.out))}" if t.out else ""
    return f"{t.function}{order}{out}\\left({args}\\right)", _POWER


_RULES: Mapping[type[Term], Callable[..., Text]] = {
    Number: _number,
    Constant: lambda s, t: (_CONSTANTS[t.name], _POWER),
    Size: lambda s, t: (str(t.dim), _POWER if len(t.dim.terms) < 2 else _SUM),
    Var: lambda s, t: (s.index(t.index), _POWER),
    Entry: _entry,
    Add: _add,
    Mul: _mul,
    Power: _power,
    Function: _function,
    Reduce: _reduce,
    Compare: _compare,
    Logic: _logic,
    Cases: _cases,
    Delta: lambda s, t: (f"\\delta_{script(s.below((t.left, t.right)))}", _POWER),
    Derivative: _derivative,
    MatrixOp: _matrix,
    Fold: _fold,
    Apply: _apply,
    Expectation: lambda s, t: (f"\\mathbb{{E}}\\left[{s.term(t.body)}\\right]", _POWER),
    Integral: lambda s, t: (
        f"\\int_{script(s.term(t.lower))}^{script(s.term(t.upper))} {s.term(t.body, _PRODUCT)} \\, d"
        f"{t.variable.split('#')[0]}",
        _SUM,
    ),
    Limit: lambda s, t: (
        f"\\lim_{{{t.variable.split('#')[0]} \\to {s.term(t.point)}}} {s.term(t.body, _PRODUCT)}",
        _SUM,
    ),
    Hole: lambda s, t: (f"\\text{{({t.reason})}}", _POWER),
}
