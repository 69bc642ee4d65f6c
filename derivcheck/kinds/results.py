"""Which expressions of an answer are offered as its result: the operands of chains that begin with what was
asked, and, where no line speaks of it, the end of a chain that begins with an expression of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from derivcheck.deciding.verdict import ORDER
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle
from derivcheck.kinds.matching import Match, match, squeezed
from derivcheck.problems.schema import Entry as Listed
from derivcheck.problems.schema import Text, text_of
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import mul, number
from derivcheck.terms.model import Model
from derivcheck.terms.node import Cases, Entry, Var
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import unfold

CHECKED = ("claim", "definition", "expression", "repeated", "unreadable")
_JOIN = {("=", r): r for r in ("=", "<", "<=", ">", ">=", "~", "in_O", "propto")}
_JOIN |= {("<", "<"): "<", ("<=", "<="): "<=", ("<", "<="): "<", ("<=", "<"): "<"}
_JOIN |= {(">", ">"): ">", (">=", ">="): ">=", (">", ">="): ">", (">=", ">"): ">"}
BACK = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def joined(first: str, second: str) -> str:
    """The relation between the ends of a chain of two, '' where there is none."""
    return _JOIN.get((first, second)) or _JOIN.get((second, first), "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was asked, `relation`, this operand: as the answer states it in a line. `words`: the verdicts of the links
    between the two; `shown`: are they enough, step by step (an inequality that was only tested is not)? `match`: how
    the answer's expression is what was asked (None: the operand stands alone). `rounded`: it is so up to the digits
    written."""

    operand: Operand
    relation: str
    line: JudgedLine
    match: Match | None = None
    words: tuple[str, ...] = ()
    rounded: bool = False
    shown: bool = True

    @property
    def word(self) -> str:
        """The weakest verdict on the way ('proved' where there is no way)."""
        return min(self.words, key=_rank, default="proved")


def _rank(word: str) -> int:
    return ORDER.index(word) if word in ORDER else ORDER.index("undecided")


@dataclass(frozen=True, slots=True)
class _Link:
    """`rounded`: it holds up to the digits written."""

    relation: str
    word: str
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class _Chain:
    """Operands in order, the line of each, and the links between neighbours."""

    operands: tuple[Operand, ...]
    lines: tuple[JudgedLine, ...]
    links: tuple[_Link, ...]


def chains(answer: JudgedAnswer) -> Iterator[_Chain]:
    """The answer's chains in the order in which they begin."""
    checked = [line for line in answer.lines if line.role in CHECKED and line.operands]
    order = sorted(range(len(checked)), key=lambda k: checked[k].chain)
    for _, group in groupby(order, key=lambda k: checked[k].chain):
        yield _chain([checked[k] for k in group])


def _chain(lines: list[JudgedLine]) -> _Chain:
    operands: list[Operand] = []
    owners: list[JudgedLine] = []
    links: list[_Link] = []
    for line in lines:
        start = 0
        continues = operands and line.operands and operands[-1] == line.operands[0]
        if continues:
            start = 1
        elif operands:
            links.append(_Link("", "proved"))  # the same chain number, but nothing joins them
        operands += line.operands[start:]
        owners += [line] * (len(line.operands) - start)
        links += [_link(line, k) for k in range(len(line.relations))]
    return _Chain(tuple(operands), tuple(owners), tuple(links[: max(len(operands) - 1, 0)]))


def _link(line: JudgedLine, position: int) -> _Link:
    relation = line.relations[position]
    method = line.verdicts[position].evidence.get("method") if position < len(line.verdicts) else ""
    return _Link("=" if relation == ":=" else relation, _word(line, position), method == "rounding")


def _word(line: JudgedLine, position: int) -> str:
    if line.role in ("definition", "repeated") and line.word in ("proved", "holds"):
        return line.word
    return line.verdicts[position].word if position < len(line.verdicts) else line.word


def candidates(asked: Operand, answer: JudgedAnswer, choice: frozenset[str] = frozenset()) -> list[Candidate]:
    """Every statement of the answer that relates what was asked to another expression, in reading order."""
    found: list[Candidate] = []
    for chain in chains(answer):
        rows = list(_of_chain(asked, chain, choice, answer.model))
        found += [c for c in rows if not c.rounded] or rows  # `q = \\sqrt{7} = 2.65` says \\sqrt{7}
    return found


def _of_chain(asked: Operand, chain: _Chain, choice: frozenset[str], model: Model) -> Iterator[Candidate]:
    anchors = _anchors(asked, chain, choice, model)
    if not anchors and (opposite := _negated(chain)) is not None:
        chain, anchors = opposite, _anchors(asked, opposite, choice, model)
    for position, operand in enumerate(chain.operands):
        before = [(k, how) for k, how in anchors if k < position]
        after = [(k, how) for k, how in anchors if k > position]
        if any(k == position for k, _ in anchors):
            continue
        if before:
            k, how = before[-1]
            yield from _path(chain, k, position, how, operand, False)
        elif after:
            k, how = after[0]
            yield from _path(chain, position, k, how, operand, True)


def _anchors(asked: Operand, chain: _Chain, choice: frozenset[str], model: Model) -> list[tuple[int, Match]]:
    """Where in a chain what was asked stands."""
    return [(k, how) for k, o in enumerate(chain.operands) if (how := _is_asked(asked, o, choice, model))]


def _negated(chain: _Chain) -> _Chain | None:
    """`-\\nabla L = a - b` as what it says of the gradient: the chain of the negatives."""
    begins = any(operand.latex.lstrip().startswith("-") for operand in chain.operands)
    if not begins or any(link.relation not in ("=", "") for link in chain.links):
        return None
    return replace(chain, operands=tuple(_minus(operand) for operand in chain.operands))


def _minus(operand: Operand) -> Operand:
    tensor, latex = operand.tensor, operand.latex.strip()
    negative = Tensor(tensor.axes, mul(number(-1), tensor.body)) if tensor is not None else None
    lone = latex.startswith("-") and not re.search(r"[-+]", latex[1:])
    return replace(operand, latex=latex[1:] if lone else f"-({latex})", tensor=negative)


def _path(chain: _Chain, low: int, high: int, how: Match, operand: Operand, back: bool) -> list[Candidate]:
    links = chain.links[low:high]
    relation = "="
    for link in links:
        relation = joined(relation, link.relation)
    if back:
        relation = BACK.get(relation, "")
    line = chain.lines[low if back else high]
    words, rounded = tuple(link.word for link in links), any(link.rounded for link in links)
    shown = all(link.word == "proved" or (link.word, link.relation) == ("holds", "=") for link in links)
    return [Candidate(operand, relation, line, how, words, rounded, shown)] if relation else []


def _is_asked(asked: Operand, written: Operand, choice: frozenset[str], model: Model) -> Match | None:
    """By structure; a given name for what is asked (`\\delta = \\partial J / \\partial p`) is it as well."""
    if asked.tensor is not None and written.tensor is not None:
        for tensor in (written.tensor, defined_as(written.tensor, model)):
            how = match(asked.tensor, tensor, choice) if tensor is not None else None
            if how is not None:
                return how
    return Match() if squeezed(asked.latex) == squeezed(written.latex) else None


def defined_as(tensor: Tensor, model: Model) -> Tensor | None:
    """What a name is defined as, where it is a name and the definition holds everywhere."""
    if not isinstance(tensor.body, Entry) or tensor.body.symbol not in model.declarations:
        return None
    body = unfold(tensor.body, model)
    return Tensor(tensor.axes, body) if body is not None and not isinstance(body, Cases) else None


def lone(answer: JudgedAnswer) -> list[Candidate]:
    """The operands of chains that begin with an expression on its own line, or with a relation: the answer as a bare
    expression."""
    found: list[Candidate] = []
    for chain in chains(answer):
        if not chain.lines or chain.lines[0].role != "expression":
            continue
        relation, words = "=", []
        for position, operand in enumerate(chain.operands):
            if position:
                link = chain.links[position - 1]
                relation = joined(relation, link.relation)
                words.append(link.word)
            if relation:
                found.append(Candidate(operand, relation, chain.lines[position], None, tuple(words)))
    return found


def of_equals(asked: Operand | None, answer: JudgedAnswer, oracle: Oracle) -> list[Candidate]:
    """The ends of chains that begin with what was asked written otherwise, in the names of the givens (a divergence as
    `$\\sum_i p_i \\log p_i - \\sum_i p_i \\log q_i = ...$`)."""
    if asked is None or asked.tensor is None:
        return []
    known = frozenset(oracle.givens().declarations)
    found: list[Candidate] = []
    for chain in chains(answer):
        if _anchors(asked, chain, frozenset(), answer.model):
            continue  # it only says the question again
        first = chain.operands[0].tensor if chain.operands else None
        if len(chain.operands) < 2 or first is None or isinstance(first.body, Entry) or chain.lines[0].conditional:
            continue
        if not first.body.symbols or not first.body.symbols <= known or any(x.relation != "=" for x in chain.links):
            continue
        if len(first.axes) == len(asked.tensor.axes) and oracle.relate(first, "=", asked.tensor).word == "proved":
            words = tuple(link.word for link in chain.links)
            found.append(Candidate(chain.operands[-1], "=", chain.lines[-1], Match(), words))
    return found


def under_own_name(answer: JudgedAnswer, reference: Tensor) -> Candidate | None:
    """The last chain, where it gives a name of the student's own to something of the shape asked (`J_{ij} = ...`)."""
    chain = next(iter(list(chains(answer))[-1:]), None)
    named = chain.operands[0].tensor if chain is not None and chain.lines[0].role == "definition" else None
    if chain is None or named is None or not isinstance(named.body, Entry) or chain.lines[0].conditional:
        return None
    known = answer.model.declarations.get(named.body.symbol)
    if known is None or known.name not in answer.own or known.family or known.shape != reference.shape:
        return None
    axes = reference.renamed().axes
    entry = Entry(known.name, tuple(Var(axis) for axis in axes))
    whole = Tensor(axes, unfold(entry, answer.model) or entry)
    words = tuple(link.word for link in chain.links)
    if any(link.relation != "=" for link in chain.links):
        return None
    return Candidate(replace(chain.operands[0], tensor=whole), "=", chain.lines[-1], None, words)


_MATHS = re.compile(r"\$[^$]*\$|\\[A-Za-z]+|[^A-Za-z\s]")


def only_repeats(asked: Operand | None, answer: JudgedAnswer, choice: frozenset[str]) -> JudgedLine | None:
    """The last line, where every expression of the answer is what was asked and hardly a word stands beside."""
    rows = list(chains(answer))
    operands = [operand for row in rows for operand in row.operands]
    if asked is None or not operands or not all(_is_asked(asked, o, choice, answer.model) for o in operands):
        return None
    words = re.findall(r"[A-Za-z]{4,}", _MATHS.sub(" ", "\n".join(line.text for line in answer.text)))
    return rows[-1].lines[-1] if len(words) <= 3 else None


def offered(
    asked: Operand | None, answer: JudgedAnswer, choice: frozenset[str] = frozenset(), oracle: Oracle | None = None
) -> list[Candidate]:
    """The candidates for a result: those that speak of what was asked, else bare expressions (which an oracle reads
    beside what was asked). Statements under a condition of the student's own only count where there is no other."""
    found = candidates(asked, answer, choice) if asked is not None else []
    if not found:
        found = lone(answer)
        if asked is not None and oracle is not None:
            found = [_beside(asked, candidate, oracle) for candidate in found]
    free = [c for c in found if not c.line.conditional]
    return free or found


def _beside(asked: Operand, candidate: Candidate, oracle: Oracle) -> Candidate:
    if candidate.operand.order or candidate.line.word == "refuted":
        return candidate
    read = oracle.beside(asked.latex, candidate.operand.latex)
    return candidate if read is None else replace(candidate, operand=replace(candidate.operand, tensor=read.tensor))


def entry_result(entry: Listed, asked: Operand | None, oracle: Oracle) -> Candidate | None:
    """The result that an entry of the problem file states. A bare expression is read beside what was asked, which
    introduces its indices."""
    text = entry.text.text
    found = offered(asked, JudgedAnswer(oracle.read_entry(text)))
    if (not found or found[-1].match is None) and asked is not None and "$" not in text and "\n" not in text.strip():
        beside = offered(asked, JudgedAnswer(oracle.read_entry(f"{asked.latex} = {text}")))
        found = [c for c in beside if c.operand.tensor is not None] or found
    return found[-1] if found else None


def question_and_reference(
    find: Text | None, relation: str, answer: Text | None, oracle: Oracle
) -> tuple[Operand | None, Operand | None]:
    """What is asked and the reference, read as one line so that they share their indices; where the givens do not
    know the name of what is asked, its text alone."""
    if find and answer:
        for line in oracle.read_entry(f"{find.text} {relation} {answer.text}"):
            if len(line.operands) == 2 and line.operands[1].tensor is not None:
                known = line.operands[0].tensor if line.role != "definition" else None
                return Operand(find.text, known), line.operands[1]
    return read_or_text(find, oracle), read_or_text(answer, oracle)


def read_or_text(text: Text | None, oracle: Oracle) -> Operand | None:
    """An expression of the problem as read; where the givens do not know its name, its text alone."""
    if text is None or not text:
        return None
    return oracle.read(text.text) or Operand(text.text)


def targets(find: Text | None, answer: Text | None) -> list[tuple[Text | None, Text | None]]:
    """What is asked with its reference, one by one: as many lines of `find` as of `answer` are as many results."""
    asked = [line.text for line in find if line.text.strip()] if find else []
    given = [line.text for line in answer if line.text.strip()] if answer else []
    if len(asked) > 1 and len(asked) == len(given):
        return [(text_of(f), text_of(a)) for f, a in zip(asked, given, strict=True)]
    one = text_of(" ".join(given)) if given else None
    return [(text_of(" ".join(asked)) if asked else None, one)]
