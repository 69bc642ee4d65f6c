"""LaTeX mathematics to tokens: one regular expression, offsets kept, meanings looked up in the notation table."""

from __future__ import annotations

import re
import unicodedata

from derivcheck.language.parsing.decimals import plain_digits
from derivcheck.language.parsing.linked import Token, link
from derivcheck.language.parsing.notation import ACCENTS, SPELLINGS, WORD_OPERATORS
from derivcheck.language.parsing.notation_commands import ABBREVIATIONS, LINE_ENVIRONMENTS, PROSE
from derivcheck.language.parsing.notation_letters import SUBSCRIPTS, SUPERSCRIPTS
from derivcheck.record import replace
from derivcheck.regex import lazy

_DELIMITER = r"\\[{}|]|\\[A-Za-z]+(?![A-Za-z])|[()\[\]|/.<>‖⟨⟩⌈⌉⌊⌋]"
_TEXT_COMMANDS = (
    r"text(?:rm|it|bf|sf|tt|normal|up|sc|md)?|math(?:rm|it|sf|tt|up)|operatorname\*?|operatornamewithlimits|mbox|emph|symrm"
)
_UNITS = r"pt|em|ex|mm|cm|in|mu|px"
_COMBINING = "\u0300-\u036f\u20d7"

TOKEN = re.compile(
    rf"""
    (?P<space>[\s\u200b-\u200d\u2060-\u2064\ufeff]+|%[^\n]*)
  | (?P<broken>\\right\s*\.(?:\s|\\\\|&|\\qquad|\\quad|\\[,;:!\ ]|\{{\}})*\\left\s*\.)
  | (?P<sized>\\(?:left|right|middle|[bB]igg?[lrm]?)\s*(?:{_DELIMITER}))
  | (?P<text>\\(?:{_TEXT_COMMANDS})\s*\{{(?:[^{{}}$\\]|\\[,;:!_\ \-%&\#/@])*\}})
  | (?P<env>\\(?:begin|end)\s*\{{\s*[A-Za-z]+\*?\s*\}})
  | (?P<ellipsis>\\cdot(?:\s*\\cdot){{2,}}(?![A-Za-z]))
  | (?P<row>\\\\\*?(?:\s*\[\s*-?[\d.]+\s*(?:{_UNITS})\s*\])?)
  | (?P<command>\\(?:[A-Za-z]+|.))
  | (?P<number>[1-9]\d{{0,2}}(?:(?:\{{,\}}|\\,|\{{\\,\}})\d{{3}})+(?:\.\d+)?(?!\d)
      |\d+\{{,\}}\d+|1(?:\.0+)?e-\d+(?![\d.])|\d+(?:\.\d+)?(?:e\d+(?![\d.]))?|\.\d+)
  | (?P<abbreviation>s\.\s?t\.|i\.\s?i\.\s?d\.|w\.\s?r\.\s?t\.|i\.e\.|e\.g\.)
  | (?P<word>[A-Za-z]{{2,}}(?:\\_[A-Za-z0-9]+)+)
  | (?P<letters>[A-Za-z]+(?![{_COMBINING}]))
  | (?P<accented>.[{_COMBINING}]+)
  | (?P<primes>['’′″‴`]+)
  | (?P<operator>:=|=:|<=>|<=|>=|=>|->|==|\|\||\.\.\.|(?<=\s)!=)
  | (?P<raised>[{"".join(SUPERSCRIPTS)}]+)
  | (?P<lowered>[{"".join(SUBSCRIPTS)}]+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_MEANT = {"\\_": ("sub", ""), "\\d": ("letter", "d"), "\\dd": ("letter", "d"), "\\diff": ("letter", "d")}
"""An underscore that Markdown was kept from reading (`x\\_k`), and what many call the d of a differential."""
_ACCENT_OF = {mark: row.key for row in ACCENTS for mark in row.spellings if not mark.startswith("\\")}
_BRACKET_AHEAD = re.compile(r"\s*(?:\\left\s*|\\[bB]igg?l?\s*|\\,|\\!)*(?:[(\[]|\\\{)")
_TEXT = re.compile(r"\\(?P<command>[A-Za-z]+\*?)\s*\{(?P<body>.*)\}", re.DOTALL)
_SPACING = re.compile(r"\\[,;:! ]|\s+|~")
_PROSE_COMMANDS = frozenset({"text", "mbox", "textnormal", "textrm", "emph", "textit", "mathrm"})
_EDGE = " \t\n\r,;:."


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, ending with one of kind 'end'. Linear in the length; never raises."""
    tokens: list[Token] = []
    grids: list[bool] = []
    scan = TOKEN.match
    position, length = 0, len(text)
    while position < length:
        match = scan(text, position)
        assert match is not None
        position = match.end()
        group = match.lastgroup
        if group == "space":
            continue
        start, end = match.span()
        raw = match.group()
        if group == "letters":
            _letters(tokens, text, raw, start, end)
        elif group == "env":
            _environment(tokens, grids, raw, start, end)
        elif group == "number":
            tokens.append(Token("number", plain_digits(raw), start, end))
        elif group == "row":
            tokens.append(Token("row" if grids and grids[-1] else "line", "\\\\", start, end))
        elif group in _MADE:
            _MADE[group](tokens, raw, start, end)
        else:
            kind, key = SPELLINGS.get(raw) or _MEANT.get(raw) or _unknown(raw)
            if kind == "amp" and not (grids and grids[-1]):
                continue
            if kind == "row" and not (grids and grids[-1]):
                kind = "line"
            if kind == "text" and (rest := _sentence(tokens, text, raw, start, end)):
                position = rest
            elif kind != "drop":
                tokens.append(Token(kind, key, start, end))
    tokens.append(Token("end", "", len(text), len(text)))
    link(tokens)
    return tokens


def _unknown(raw: str) -> tuple[str, str]:
    if raw.startswith("\\"):
        return ("unknown", raw)
    decomposed = unicodedata.normalize("NFD", raw)
    if len(decomposed) == 2 and decomposed[1] in _ACCENT_OF:
        return ("accented", decomposed)
    if raw.isalpha():
        return ("foreign", raw)
    return ("stop", ".") if raw in ".。" else ("stray", raw)


def _letters(tokens: list[Token], text: str, raw: str, start: int, end: int) -> None:
    """A run of bare letters: single names, except a function's name directly before a bracket."""
    if end - start > 1 and _BRACKET_AHEAD.match(text, end):
        for skip in (0, 1):
            word = raw[skip:]
            if len(word) > 1 + skip and word in WORD_OPERATORS:
                tokens.extend(Token("letter", raw[k], start + k, start + k + 1) for k in range(skip))
                tokens.append(Token(*WORD_OPERATORS[word], start + skip, end))
                return
    for k, letter in enumerate(raw):
        tokens.append(Token("letter", letter, start + k, start + k + 1))


def _environment(tokens: list[Token], grids: list[bool], raw: str, start: int, end: int) -> None:
    """`\\begin{x}` and `\\end{x}`. Environments of lines vanish, unless they stand inside a matrix."""
    name = raw[raw.index("{") + 1 : -1].strip()
    inside_grid = bool(grids) and grids[-1]
    if name in LINE_ENVIRONMENTS and not inside_grid:
        return
    if raw.startswith("\\begin"):
        grids.append(name not in LINE_ENVIRONMENTS)
        tokens.append(Token("begin", name, start, end))
    else:
        if grids:
            grids.pop()
        tokens.append(Token("finish", name, start, end))


def _sized(tokens: list[Token], raw: str, start: int, end: int) -> None:
    """`\\left(`, `\\bigr|`, `\\middle|`, `\\right.`: a delimiter that says which side it is."""
    found = re.match(rf"\\([A-Za-z]+?)\s*({_DELIMITER})$", raw)
    size, delimiter = found.groups() if found else ("", raw)
    delimiter = {"<": "\\langle", ">": "\\rangle"}.get(delimiter, delimiter)
    left, right = size == "left" or size.endswith("l"), size == "right" or size.endswith("r")
    kind, key = SPELLINGS.get(delimiter, ("", ""))
    if delimiter == ".":
        kind, key = ("open", "") if left else ("close", "")
    elif kind == "bar" and (left or right or size == "middle" or size.endswith("m")):
        kind = "baropen" if left else "barclose" if right else "cond"
    elif not kind:
        kind, key = ("unknown", delimiter)
    if kind != "drop":
        tokens.append(Token(kind, key, start, end))


_SPREAD = lazy(r"[A-Za-z](?: [A-Za-z]){2,}")
"""`s o f t m a x`: a word whose letters scanning drew apart."""


def _text(tokens: list[Token], raw: str, start: int, end: int) -> None:
    found = _TEXT.match(raw)
    assert found is not None
    text_tokens(tokens, found["command"], found["body"], start, end)


def text_tokens(tokens: list[Token], command: str, body: str, start: int, end: int) -> None:
    """The content of \\text, \\mathrm, \\operatorname: a function of the table, a name, or words."""
    plain = _SPACING.sub(" ", body).replace("\\_", "_").replace("\\-", "").replace("\\", "")
    word = plain.strip()
    joined = word.replace(" ", "")
    if not word:
        return
    if _SPREAD.fullmatch(word):
        word = plain = joined
    if word in WORD_OPERATORS or (joined in WORD_OPERATORS and command != "text"):
        tokens.append(Token(*WORD_OPERATORS[joined], start, end))
        return
    if word.lower().replace(" ", "") in ABBREVIATIONS:
        tokens.append(Token("words", word.replace(" ", ""), start, end))
        return
    core = word.strip(_EDGE)
    scripted = _in_script(tokens)
    if core == "T" and scripted == "sup":
        tokens.append(Token("symbol", "\\top", start, end))
    elif not core:
        tokens.append(Token("sep", ",", start, end))
    elif core.isdecimal():
        tokens.append(Token("number", core, start, end))
    elif command in _PROSE_COMMANDS and is_prose(core, plain) and not (scripted and plain == core and " " not in core):
        if word[0] in ",;":
            tokens.append(Token("sep", word[0], start, start))
        spoken = ("sep", "and") if core == "and" else ("words", core)
        tokens.append(Token(*spoken, start, end))
        if word[-1] in ",;":
            tokens.append(Token("sep", word[-1], end, end))
    elif len(core) == 1 and core.isalpha():
        tokens.append(Token("letter", core, start, end))
    else:
        tokens.append(Token("word", core if command.startswith(("text", "mbox")) else joined.strip(_EDGE), start, end))
        if word[-1] in ",;":
            tokens.append(Token("sep", word[-1], end, end))


def _in_script(tokens: list[Token]) -> str:
    """'sub' or 'sup' where what comes next is the whole of a script or its beginning."""
    place = len(tokens) - (2 if tokens and tokens[-1].kind == "lbrace" else 1)
    kind = tokens[place].kind if place >= 0 else ""
    return kind if kind in ("sub", "sup") else ""


def is_prose(core: str, plain: str) -> bool:
    """Words, not a name: a word of the language alone or among others, or anything with a full clause in it."""
    if any(char.isalpha() and not char.isascii() and char not in SPELLINGS for char in core):
        return True
    words = core.split()
    if len(words) == 1:
        known = core.lower() in PROSE and not (core.isupper() and len(core) > 1)
        return known and (len(core) > 1 or plain != core)
    return any(w.strip(_EDGE).lower() in PROSE for w in words) or len(words) > 3


def _abbreviation(tokens: list[Token], raw: str, start: int, end: int) -> None:
    tokens.append(Token("words", re.sub(r"\s", "", raw), start, end))


def _word(tokens: list[Token], raw: str, start: int, end: int) -> None:
    tokens.append(Token("word", raw.replace("\\_", "_"), start, end))


def _accented(tokens: list[Token], raw: str, start: int, end: int) -> None:
    tokens.append(Token("accented", raw, start, end))


def _primes(tokens: list[Token], raw: str, start: int, end: int) -> None:
    count = sum({"″": 2, "‴": 3}.get(char, 1) for char in raw)
    tokens.append(Token("primes", "'" * count, start, end))


def _raised(tokens: list[Token], raw: str, start: int, end: int) -> None:
    _unicode_script(tokens, "sup", [SUPERSCRIPTS[char] for char in raw], start, end)


def _lowered(tokens: list[Token], raw: str, start: int, end: int) -> None:
    _unicode_script(tokens, "sub", [SUBSCRIPTS[char] for char in raw], start, end)


def _unicode_script(tokens: list[Token], kind: str, chars: list[str], start: int, end: int) -> None:
    """`x₁₂`, `A⁻¹`: as if `_{12}`, `^{-1}` had been written."""
    tokens.append(Token(kind, "", start, start))
    tokens.append(Token("lbrace", "", start, start))
    digits = ""
    for k, char in enumerate(chars):
        if char.isdecimal():
            digits += char
            if k + 1 < len(chars) and chars[k + 1].isdecimal():
                continue
            tokens.append(Token("number", digits, start + k + 1 - len(digits), start + k + 1))
            digits = ""
        else:
            named = ("letter", char) if char.isalpha() else SPELLINGS[char]
            tokens.append(Token(*named, start + k, start + k + 1))
    tokens.append(Token("rbrace", "", end, end))


def _ellipsis(tokens: list[Token], raw: str, start: int, end: int) -> None:
    tokens.append(Token("dots", "dots", start, end))


def _sentence(tokens: list[Token], text: str, command: str, start: int, end: int) -> int:
    """`\\text{if $x > 0$}`: the words, and the formulas between dollars. Returns the place after it, or 0 where it is
    no such text (then its braces are read as mathematics in upright letters)."""
    opened = re.compile(r"\s*\{").match(text, end)
    if not command.startswith(("\\text", "\\mbox", "\\emph")) or opened is None:
        return 0
    closed = _closing_brace(text, opened.end())
    if closed < 0:
        return 0
    place = opened.end()
    for k, piece in enumerate(text[place:closed].split("$")):
        if k % 2:
            for token in tokenize(piece)[:-1]:
                tokens.append(replace(token, start=token.start + place, end=token.end + place, mate=0))
        else:
            text_tokens(tokens, "text", re.sub(r"\\[A-Za-z]+|[{}]", "", piece), place, place + len(piece))
        place += len(piece) + 1
    return closed + 1


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, start + 1000):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return -1


def _broken(tokens: list[Token], raw: str, start: int, end: int) -> None:
    """`\\right. \\\\ \\left.`: a fence that is broken over lines; nothing stands there."""


_MADE = {
    "sized": _sized, "text": _text, "abbreviation": _abbreviation, "word": _word, "accented": _accented,
    "primes": _primes, "ellipsis": _ellipsis, "raised": _raised, "lowered": _lowered, "broken": _broken,
}  # fmt: skip


def accent_of(mark: str) -> str:
    return _ACCENT_OF.get(mark, "hat")


