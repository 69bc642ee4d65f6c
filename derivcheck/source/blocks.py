"""From leaves of a file's structure (ranges of text) to blocks of prose and formulas. Shared by all formats."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from derivcheck.record import dataclass, replace
from derivcheck.regex import lazy
from derivcheck.source.bare import find_bare
from derivcheck.source.formulas import formula
from derivcheck.source.labels import only_label, region_of
from derivcheck.source.maths import Region
from derivcheck.source.values import Block, BlockKind, Formula, Piece, Prose, Span

ITEM_LABEL = lazy(
    r"\s*(?:[-*+•●◦▪]\s+)?"
    r"(?P<label>\((?:[A-Za-z]|[ivxIVX]{1,4}|\d{1,2})\)|(?:[a-z]|[ivx]{2,4}|\d{1,2}[a-z]?|[A-Z](?=\)))[.)])(?=\s|$)"
)
BULLET = lazy(r"\s*[•●◦▪‣]\s*")
_QUESTION = r"(?:Q|P|Question|Problem|Exercise|Part|Task|Aufgabe)"
_NAMED_LINE = (
    rf"\s*(?P<named>{_QUESTION}\.?\s?\d{{1,2}}(?:\s?\(?[a-z]\)|\s?\(\d\)|[a-z](?=[:.)]))?\s?(?:[:.)]|(?<=\))))(?=\s)"
)
_NEW_ITEM_LINE = lazy(rf"(?m)^(?:{ITEM_LABEL.pattern}|{BULLET.pattern}|{_NAMED_LINE})")
_FIRST_LETTER = lazy(
    rf"\W{{0,4}}(?:(?:{_QUESTION}\.?\s?)?\d{{1,2}}[.):]?\W{{0,4}}\s*)?"
    r"(?:\((?P<letter>[a-y1-8])\)|(?<!\()(?P<half>[a-y1-8])\))(?=\s)"
)
_LETTER = lazy(r"(?<=\s)(?:\((?P<letter>[b-z2-9])\)|(?P<half>[b-z2-9])\))(?=\s)")
_ENDED = lazy(r"[.?!:;,$)]\s*$")
_SENTENCE_END = lazy(r"[.?!:;)]\W*$")
_CONTENTS_LINE = lazy(r"(?:\t|\s{2,}|\.{3,}|(?:\. ){3,})\s*\d{1,3}\s*$")
_NUMBER_ALONE = lazy(r"[-–—\s]*\d{1,3}[-–—\s]*")
_PAGE_OF = lazy(r"[-–—\s]*page\s+\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?[-–—\s.]*", re.I)
_EQUATION_NUMBER = lazy(r"\s*\(\s*(\d+(?:\.\d+)*[a-z]?)\s*\)\s*\.?\s*")
_MARKDOWN_MARKUP = lazy(
    r"\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|(?m:^[ \t]*(?:>[ \t]?)+)|(?m:^#{1,6}[ \t])|`"
)
_BROKEN = lazy(r"(?<![A-Za-z\\])(?P<first>[A-Za-z]?[a-z]+)-\n[ \t]*(?P<second>[a-z]+[.,;:!?)]*)")
_COMPOUNDS = frozenset(("self", "non", "cross", "multi", "one", "two", "well", "semi", "low", "high", "row", "column"))
_PROMPT = lazy(r"\s*[A-Za-z]+:\s")
_TITLE_WORDS = 10
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with", "is")
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch of text that the format's structure calls one paragraph, heading, item or row."""

    kind: BlockKind
    start: int
    end: int
    label: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What blocks are cut from: the text with what is not content blanked, and the maths in it."""

    masked: str
    regions: Sequence[Region]
    starts: Sequence[int]
    clean: Callable[[str], str]
    bare: bool = True
    furniture: bool = False


def build_blocks(page: Page, leaves: Iterable[Leaf]) -> tuple[Block, ...]:
    """The blocks of a file in reading order."""
    blocks: list[Block] = []
    for leaf in leaves:
        made = list(_leaf_blocks(page, leaf))
        for number, block in enumerate(made):
            leads = (number == 0 and len(made) > 1) or page.masked[block.span.start :].startswith(("*", "_"))
            if not leads and (tag := _stray_number(blocks, block)):  # `(2b) $$...$$` is a label
                blocks[-1] = _tagged(blocks[-1], tag)
                block = replace(block, kind="furniture", label="")
            elif _PAGE_OF.fullmatch(block.text) or (page.furniture and _is_page_number(blocks, block)):
                block = replace(block, kind="furniture")
            blocks.append(block)
    if all(block.kind == "furniture" for block in blocks):  # a file that says `12` and no more answers with it
        blocks = [replace(block, kind="paragraph") for block in blocks]
    return tuple(blocks)


def clean_markdown(text: str) -> str:
    """Prose with emphasis and quote marks blanked and broken words joined, same length."""
    text = _BROKEN.sub(_joined, text) if "-\n" in text else text
    return _MARKDOWN_MARKUP.sub(lambda match: " " * len(match.group()), text)


def _joined(match: re.Match[str]) -> str:
    """`denomi-` and, on the next line, `nator`: one word. Of a compound (`self-` `loops`) the hyphen stays."""
    first, second = match.group("first"), match.group("second")
    hyphen = "-" if first in _COMPOUNDS else ""
    return (first + hyphen + second).ljust(len(match.group()))


_CONNECTIVES = lazy(
    r"(?:hence|thus|therefore|so|then|now|and|or|but|where|with|finally|also|moreover|furthermore|similarly|consequently|"
    r"accordingly|likewise|next|since|because|giving|yielding|namely|again|equivalently|i\.e)",
    re.I,
)


def looks_like_title(text: str) -> bool:
    """Whether a line of words stands as a title: short, capitalised, no sentence."""
    words = text.split()
    if not words or len(words) > _TITLE_WORDS or text.rstrip()[-1] in ".,;:!" or _PROMPT.match(text):
        return False
    long = [word.strip("()\"'“”") for word in words if word.lower().strip("()") not in _SMALL_WORDS]
    if all(_CONNECTIVES.fullmatch(word) for word in long):
        return False
    capital = sum(1 for word in long if word[:1].isupper() or not word[:1].isalpha())
    return bool(long) and text.lstrip()[:1].isalnum() and capital >= 0.7 * len(long) and any(c.isalpha() for c in text)


def _leaf_blocks(page: Page, leaf: Leaf) -> Iterator[Block]:
    if leaf.kind == "code":
        yield Block("code", (), Span(leaf.start, leaf.end), leaf.label, leaf.depth)
        return
    if leaf.kind == "paragraph" and (kind := _whole(page.masked[leaf.start : leaf.end])):
        yield Block(kind, tuple(_pieces(page, leaf.start, leaf.end)), Span(leaf.start, leaf.end), "", leaf.depth)
        return
    first = True
    for start, end in _cuts(page, leaf):
        pieces = _with_leads(_pieces(page, start, end))
        for group in _groups(pieces):
            whole = len(group) == len(pieces)
            block = _block(group, leaf if first else replace(leaf, kind=_later(leaf.kind), label=""), whole)
            if block:
                yield block
                first = False


def _later(kind: BlockKind) -> BlockKind:
    return "paragraph" if kind == "item" else kind


def _whole(text: str) -> BlockKind | None:
    """A paragraph that is a table of contents or a table set by tabs."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) >= 3 and sum(1 for line in lines if _CONTENTS_LINE.search(line[-40:])) >= 0.6 * len(lines):
        return "contents"
    if len(lines) >= 2 and all(line.count("\t") >= 2 for line in lines):
        return "table"
    return None


def _cuts(page: Page, leaf: Leaf) -> Iterator[tuple[int, int]]:
    """A leaf cut where a line begins with a bullet or a label that structure did not see (`(b)`, `•`)."""
    if leaf.kind not in ("paragraph", "item"):
        yield leaf.start, leaf.end
        return
    at = leaf.start
    for match in _NEW_ITEM_LINE.finditer(page.masked, leaf.start + 1, leaf.end):
        line = match.start()
        if line == 0 or page.masked[line - 1] != "\n" or _inside_maths(page, match.end() - 1):
            continue
        before = page.masked[at:line]
        ended = _SENTENCE_END.search(before) or "$" in before[-3:]
        listed = BULLET.match(match.group()) or match.group("named") or _continues(before, match.group("label") or "")
        if before.strip() and (ended or listed):
            yield from _inline_items(page, at, line, leaf.label if at == leaf.start else "")
            at = line
    yield from _inline_items(page, at, leaf.end, leaf.label if at == leaf.start else "")


def _continues(before: str, label: str) -> bool:
    """Whether a line begins with the label behind the one that the lines before it begin with: `(1) n x m`, then
    `(2) ...`; or with the first label, under a label that stands alone (`Q2`)."""
    sign = re.sub(r"\W", "", label)
    if len(sign) != 1:
        return False
    earlier = ITEM_LABEL.match(before)
    if earlier is not None:
        written = earlier.group("label")
        one = re.sub(r"\W", "", written)
        return len(one) == 1 and ord(one) + 1 == ord(sign) and written.replace(one, "") == label.replace(sign, "")
    return sign in "1a" and re.fullmatch(rf"[\W_]*{_QUESTION}\.?\s?\d{{1,2}}[\W_]*", before) is not None


def _inline_items(page: Page, start: int, end: int, label: str) -> Iterator[tuple[int, int]]:
    """Items that stand in one line, `(a) False. (b) True, as ... (c) $O(n)$`: cut before each label that follows the
    one before it and stands after the end of a sentence or a formula; or where all are a word or two (`a) T b) F`)."""
    first = _FIRST_LETTER.match(page.masked, start, end)
    expected, half = _sign(first) if first else (label[:1], True) if re.fullmatch(r"[a-z1-9]\)", label) else ("", False)
    found: list[re.Match[str]] = []
    for match in _LETTER.finditer(page.masked, first.end() if first else start if expected else end, end):
        sign, alike = _sign(match)
        if sign == chr(ord(expected) + 1) and alike == half and not _inside_maths(page, match.start()):
            found.append(match)
            expected = sign
    places = [match.start() for match in found]
    words = [page.masked[a:b] for a, b in zip([first.end() if first else start, *(m.end() for m in found)],
                                              [*places, end], strict=True)]  # fmt: skip
    brief = len(found) > 1 and all(0 < len(said.split()) <= 3 and not _LEADS_ON.search(said) for said in words)
    at = start
    for place in places:
        if brief or _ENDED.search(page.masked[at:place]):
            yield at, place
            at = place
    yield at, end


_LEADS_ON = lazy(r"\b(?:from|by|and|or|of|in|see|to|with|as|part|eq|than|for|at|on|under|that|if|then|so)\W*$", re.I)


def _sign(match: re.Match[str]) -> tuple[str, bool]:
    """The letter or digit of a label, and whether it has but one bracket."""
    return match.group("letter") or match.group("half"), match.group("half") is not None


def _inside_maths(page: Page, offset: int) -> bool:
    index = bisect_left(page.starts, offset + 1) - 1
    return index >= 0 and offset < page.regions[index].end


def _pieces(page: Page, start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for index in range(bisect_left(page.starts, start), len(page.regions)):
        region = page.regions[index]
        if region.start >= end:
            break
        pieces.extend(_prose(page, at, region.start))
        pieces.append(formula(page.masked, region))
        at = max(at, region.end)
    if at < end:
        pieces.extend(_prose(page, at, end))
    return pieces


def _prose(page: Page, start: int, end: int) -> Iterator[Piece]:
    text = page.masked[start:end]
    at = start
    for span in find_bare(text, start) if page.bare else ():
        if page.masked[at : span.start].strip():
            yield Prose(page.clean(page.masked[at : span.start]), Span(at, span.start))
        yield Formula(page.masked[span.start : span.end], span, bare=True)
        at = span.end
    if page.masked[at:end].strip():
        yield Prose(page.clean(page.masked[at:end]), Span(at, end))


_NAMED = re.compile(r"(?:^|[\s(;:])(\\?[A-Za-z](?:_(?:\w|\{[^{}]{1,12}\}))?|\\[A-Za-z]+)\s*=$")


def _with_leads(pieces: list[Piece]) -> list[Piece]:
    """A short name or label directly before a formula is kept with it; so is `s =` where only the right side stands
    between dollars (`s = $\\sqrt d$`)."""
    led = list(pieces)
    for index in range(1, len(pieces)):
        piece, before = pieces[index], pieces[index - 1]
        if isinstance(piece, Formula) and not piece.bare and isinstance(before, Prose):
            line = before.text.rstrip(" \t").removesuffix("\n").rsplit("\n", 1)[-1].strip(" \t•●◦▪")
            alone = piece.display and before.text.rstrip(" \t").endswith("\n")
            if named := _NAMED.search(line):
                led[index] = replace(piece, lead=f"{named.group(1)} =")
            elif len(line.split()) <= 5 and (alone or line.endswith(":")) and looks_like_title(line.rstrip(":")):
                led[index] = replace(piece, lead=line)
    return led


def _groups(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Displays stand in blocks of their own."""
    group: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Formula) and piece.display:
            if group:
                yield group
            yield [piece]
            group = []
        else:
            group.append(piece)
    if group:
        yield group


def _block(pieces: list[Piece], leaf: Leaf, whole: bool) -> Block | None:
    words = "".join(piece.text for piece in pieces if isinstance(piece, Prose))
    formulas = [piece for piece in pieces if isinstance(piece, Formula)]
    if not formulas and not words.strip():
        return None
    span = Span(pieces[0].span.start, pieces[-1].span.end)
    kind, label, depth = leaf.kind, leaf.label, leaf.depth
    written = ITEM_LABEL.match(words) if isinstance(pieces[0], Prose) else None
    if kind in ("paragraph", "item") and written:
        outer = leaf.label if kind == "item" and leaf.label != written.group("label") else ""
        kind, label = "item", f"{outer} {written.group('label')}".strip()
    elif kind == "paragraph" and BULLET.match(words) and isinstance(pieces[0], Prose):
        kind = "item"
    elif kind == "paragraph" and formulas and not re.search(r"\w", words):
        kind = "display"
        if len(formulas) == 1:  # alone in its paragraph, whatever its delimiters
            pieces = [replace(piece, display=True) if isinstance(piece, Formula) else piece for piece in pieces]
    elif kind == "paragraph" and whole and not formulas and _is_title(words.strip()):
        kind, depth = "heading", 7
    return Block(kind, tuple(pieces), span, label, depth)


def _is_title(words: str) -> bool:
    return "\n" not in words and looks_like_title(words)


def _stray_number(blocks: list[Block], block: Block) -> str:
    """The number of an equation that stands on its own after its display."""
    match = _EQUATION_NUMBER.fullmatch(block.text) if block.kind in ("paragraph", "item") else None
    last = blocks[-1].formulas if blocks else ()
    return match.group(1) if match and last and blocks[-1].kind == "display" else ""


def _tagged(block: Block, tag: str) -> Block:
    last = block.pieces[-1]
    return replace(block, pieces=(*block.pieces[:-1], replace(last, tag=tag))) if isinstance(last, Formula) else block


def _is_page_number(blocks: list[Block], block: Block) -> bool:
    """A paragraph that is a small number, unless it stands right under a label, where it may be an answer."""
    if block.kind != "paragraph" or not _NUMBER_ALONE.fullmatch(block.text):
        return False
    before = next((earlier for earlier in reversed(blocks[-3:]) if earlier.kind != "furniture"), None)
    if before is None:
        return True
    return not (only_label(before) or region_of(before.prose) or before.text.endswith(":"))
