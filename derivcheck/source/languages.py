"""Words of other languages between the formulas: the few that say what a formula is there for, as English ones, so that
one table of cues (cues.py) serves them all. A row is a pattern and what it says in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from derivcheck.record import replace
from derivcheck.source.sentences import HOLE, Sentence

# Words that are seen in any text of a language, and in no other of these.
_COMMON = {
    "en": r"the|is|are|of|we|and|let|be|that|then|with|for|this|which|get|have|where|so|to|by|if|it|as|since|hence|"
    r"show|find|suppose|assume|given|prove|compute|using|from|derivative|gradient|problem|solution|answer|step|note",
    "de": r"der|die|das|und|ist|sei|seien|wir|mit|für|eine?|nicht|gilt|folgt|wobei|dann|also|auf|von|aus|daher|zeige|"
    r"lösung|aufgabe|ableitung",
    "fr": r"le|la|les|est|une?|soit|soient|donc|alors|avec|pour|où|nous|par|que|sont|dans|montrer|dérivée|exercice",
    "es": r"el|la|los|las|es|una?|sea|sean|donde|entonces|con|para|por|que|son|tenemos|ejercicio|derivada|luego",
    "it": r"il|lo|la|gli|è|una?|sia|siano|dove|allora|con|per|che|sono|abbiamo|quindi|esercizio|derivata",
}
_ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        (r"gegeben (?:sei|seien|ist|sind)|sei(?:en)?(?: nun)?", "let"),
        (r"(?:wir )?(?:definieren|setzen|bezeichnen)(?: wir)?|definiere|bezeichne", "define"),
        (r"wobei", "where"), (r"mit", "with"), (r"dann|so gilt", "then"),
        (r"daraus folgt|es folgt|folgt|also|somit|daher|folglich|deshalb", "hence"),
        (r"(?:es )?gilt|(?:wir )?(?:haben|erhalten|bekommen)(?: wir)?|ergibt sich|ergibt|liefert", "we have"),
        (r"(?:da|weil|denn)(?= )", "because"), (r"wenn|falls|sofern", "if"), (r"für (?:alle|jedes?|jeden)", "for all"),
        (r"für", "for"), (r"angenommen|nehmen wir an|wir nehmen an", "suppose"), (r"ist", "is"), (r"sind", "are"),
        (r"einen?|einer|einem|ein", "a"), (r"der|die|das|den|dem|des", "the"), (r"und|sowie", "and"), (r"oder", "or"),
        (r"nicht", "not"), (r"zu zeigen(?: ist)?", "to show"), (r"(?:man )?(?:zeigen? sie|zeige|beweise)", "show"),
        (r"(?:sonst|andernfalls)", "otherwise"), (r"fall", "case"), (r"wir", "we"),
        (r"schiefsymmetrisch\w*", "skew-symmetric"), (r"symmetrisch\w*", "symmetric"),
        (r"(?:invertierbar|regulär)\w*", "invertible"), (r"orthogonal\w*", "orthogonal"),
        (r"(?:symmetrisch(?:e|en)? )?positiv definit\w*", "positive definite"),
        (r"positiv semidefinit\w*", "positive semidefinite"), (r"nichtnegativ\w*", "non-negative"),
        (r"positiv\w*", "positive"), (r"negativ\w*", "negative"), (r"idempotent\w*", "idempotent"),
        (r"einheitsvektor(?:en)?", "unit vector"), (r"zufalls(?:variablen?|größen?)", "random variable"),
        (r"(?:stochastisch )?unabhängig\w*", "independent"), (r"konstante?\w*", "constant"),
        (r"vektor(?:en)?", "vector"), (r"matrizen", "matrices"),
        (r"reelle? zahl(?:en)?", "real number"), (r"zahl(?:en)?", "number"), (rf"(?:aus|im?)(?= {HOLE})", "in"),
        (r"voll(?:em|er|en) spaltenrang", "full column rank"), (r"einheitsmatrix", "identity matrix"),
        (r"nullsetzen", "setting to zero"), (r"gleich null", "equal to zero"),
    ),
    "fr": (
        (r"soi(?:t|ent)", "let"), (r"(?:on |nous )?(?:posons|pose|définissons|définit|notons|note)", "define"),
        (r"où", "where"), (r"avec", "with"), (r"alors", "then"), (r"donc|d'où|ainsi|par conséquent", "hence"),
        (r"on a|nous avons|on obtient|nous obtenons|on trouve|il vient", "we have"),
        (r"(?:car|puisque?|comme)(?= |')", "because"), (r"si et seulement si", "if and only if"), (r"si", "if"),
        (r"pour (?:tout(?:es?)?|tous|chaque)", "for all"), (r"pour", "for"),
        (r"(?:on |nous )?suppos(?:ons|e|er)(?: que)?", "suppose"), (r"est", "is"), (r"sont", "are"), (r"une?", "a"),
        (r"l[ea]s?", "the"), (r"et", "and"), (r"ou", "or"), (r"n'est pas|pas|ne", "not"), (r"cas", "case"),
        (r"(?:il faut |on veut |à )?(?:montrer|démontrer|prouver)(?: que)?", "to show that"), (r"sinon", "otherwise"),
        (r"antisymétriques?", "skew-symmetric"), (r"symétriques?", "symmetric"), (r"inversibles?", "invertible"),
        (r"orthogona(?:le?s?|ux)", "orthogonal"), (r"(?:semi-?définie?s? positi(?:ve|f)s?)", "positive semidefinite"),
        (r"définie?s? positi(?:ve|f)s?", "positive definite"), (r"strictement positi(?:ve|f)s?", "positive"),
        (r"positi(?:ve|f)s?", "non-negative"), (r"strictement négati(?:ve|f)s?", "negative"), (r"unitaires?", "unit"),
        (r"non nulle?s?", "non-zero"), (r"idempotente?s?", "idempotent"), (r"vecteurs?", "vector"),
        (r"variables? aléatoires?", "random variable"), (r"indépendante?s?", "independent"), (r"matrices?", "matrix"),
        (r"réels?", "real number"), (r"constante?s?", "constant"), (r"égale?s? à", "equal to"), (r"zéro", "zero"),
        (rf"d[eu](?= {HOLE})|dans", "in"),
    ),
    "es": (
        (r"sean?", "let"), (r"(?:definimos|denotamos|ponemos|se define)", "define"),
        (r"donde", "where"), (r"con", "with"),
        (r"entonces", "then"), (r"por (?:lo )?tanto|luego|así(?: que)?|de donde", "hence"),
        (r"(?:se )?(?:tenemos|tiene|obtenemos|obtiene|resulta)", "we have"),
        (r"como|porque|ya que|puesto que|dado que", "because"), (r"si y s[oó]lo si", "if and only if"), (r"si", "if"),
        (r"para (?:tod[oa]s?|cada|cualquier)", "for all"), (r"para", "for"),
        (r"sup(?:ongamos|onemos|óngase)(?: que)?", "suppose"), (r"es", "is"), (r"son", "are"), (r"una?", "a"),
        (r"el|la|los|las", "the"), (r"y|e", "and"), (r"o", "or"), (r"no nul[oa]s?", "non-zero"), (r"no", "not"),
        (r"(?:queremos |hay que )?(?:demostrar|probar|mostrar)(?: que)?", "to show that"), (r"caso", "case"),
        (r"en otro caso|de lo contrario", "otherwise"), (r"antisimétric[oa]s?", "skew-symmetric"),
        (r"simétric[oa]s?", "symmetric"), (r"invertibles?", "invertible"), (r"ortogonal(?:es)?", "orthogonal"),
        (r"semidefinid[oa]s? positiv[oa]s?", "positive semidefinite"),
        (r"definid[oa]s? positiv[oa]s?", "positive definite"),
        (r"positiv[oa]s?", "positive"), (r"negativ[oa]s?", "negative"), (r"unitari[oa]s?", "unit"),
        (r"idempotentes?", "idempotent"), (r"vector(?:es)?", "vector"), (r"variables? aleatorias?", "random variable"),
        (r"independientes?", "independent"), (r"matri(?:z|ces)", "matrix"), (r"constantes?", "constant"),
        (r"númer(?:o|os) reales|número real", "real number"), (r"igual(?:es)? a cero", "equal to zero"),
        (rf"(?:en|de)(?= {HOLE})", "in"),
    ),
    "it": (
        (r"sia(?:no)?", "let"), (r"(?:definiamo|denotiamo|poniamo|si definisce)", "define"), (r"dove", "where"),
        (r"con", "with"), (r"allora", "then"), (r"quindi|dunque|pertanto|perciò|da cui", "hence"),
        (r"(?:si )?(?:abbiamo|ha|otteniamo|ottiene|segue)", "we have"), (r"poiché|perché|dato che|siccome", "because"),
        (r"se e solo se", "if and only if"), (r"se", "if"), (r"per (?:ogni|tutti|tutte)", "for all"), (r"per", "for"),
        (r"supponiamo(?: che)?", "suppose"), (r"è", "is"), (r"sono", "are"), (r"un[ao]?", "a"),
        (r"il|lo|la|i|gli|le", "the"), (r"ed?", "and"), (r"o", "or"), (r"non null[oaie]", "non-zero"), (r"non", "not"),
        (r"(?:vogliamo |bisogna )?(?:di)?mostrare(?: che)?", "to show that"), (r"caso", "case"),
        (r"altrimenti", "otherwise"), (r"antisimmetric\w+", "skew-symmetric"), (r"simmetric\w+", "symmetric"),
        (r"invertibil[ei]", "invertible"), (r"ortogonal[ei]", "orthogonal"),
        (r"semidefinit[aoie] positiv[aoie]", "positive semidefinite"),
        (r"definit[aoie] positiv[aoie]", "positive definite"),
        (r"positiv[aoie]", "positive"), (r"negativ[aoie]", "negative"), (r"unitari[oa]?", "unit"),
        (r"idempotent[ei]", "idempotent"), (r"vettor[ei]", "vector"), (r"variabil[ei] aleatori[ae]", "random variable"),
        (r"indipendent[ei]", "independent"), (r"matric[ei]", "matrix"), (r"costant[ei]", "constant"),
        (r"numer[oi] real[ei]", "real number"), (r"uguale a zero", "equal to zero"), (rf"(?:in|di)(?= {HOLE})", "in"),
    ),
}  # fmt: skip
_ADJECTIVE = (
    r"(?:skew-symmetric|symmetric|invertible|orthogonal|positive (?:semi)?definite|positive|negative|non-negative|"
    r"non-zero|unit|idempotent|independent|constant)"
)
_AFTER_ITS_NOUN = re.compile(rf"\b(matrix|matrices|vector|random variable|number)((?: (?:and )?{_ADJECTIVE})+)\b")
_WORD = re.compile(r"[^\W\d_]+")
LEAST = 2


@cache
def _common(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_COMMON[language]})(?![\w-])", re.I)


@cache
def _table(language: str) -> re.Pattern[str]:
    rows = "|".join(f"(?P<r{k}>{pattern})" for k, (pattern, _) in enumerate(_ROWS[language]))
    return re.compile(rf"(?<![\w'-])(?:{rows})(?![\w-])", re.I)


def language_of(parts: Sequence[Sentence]) -> str:
    """The language of a text: 'en' where too little speaks for another one, '' where its words are of none."""
    text = " ".join(part.text for part in parts)
    counts = {language: len(_common(language).findall(text)) for language in _COMMON}
    best = max(counts, key=lambda language: counts[language])
    if counts[best] > counts["en"] and counts[best] >= LEAST:
        return best
    letters = "".join(_WORD.findall(text))
    foreign = sum(not char.isascii() for char in letters)
    return "" if counts["en"] < LEAST and foreign > len(letters) / 2 else "en"


def in_english(parts: Sequence[Sentence], language: str) -> list[Sentence]:
    """Sentences of a language with the words that matter in English."""
    return [_translated(part, language) for part in parts] if language in _ROWS else list(parts)


def _translated(sentence: Sentence, language: str) -> Sentence:
    rows = _ROWS[language]

    def english(match: re.Match[str]) -> str:
        return rows[int((match.lastgroup or "r0")[1:])][1]

    sentence = _with(sentence, [(m.start(), m.end(), english(m)) for m in _table(language).finditer(sentence.text)])
    turned = _AFTER_ITS_NOUN.finditer(sentence.text)
    return _with(sentence, [(m.start(), m.end(), f"{m.group(2).strip()} {m.group(1)}") for m in turned])


def _with(sentence: Sentence, changes: Sequence[tuple[int, int, str]]) -> Sentence:
    """The sentence with stretches of its text changed; what stands behind keeps its place in the file."""
    if not changes:
        return sentence
    text, at, shifts = "", 0, []
    for start, end, new in changes:
        text += sentence.text[at:start] + new
        at = end
        shifts.append((end, len(text) - end, len(text)))
    text += sentence.text[at:]

    def moved(offset: int) -> int:
        return offset + next((shift for end, shift, _ in reversed(shifts) if end <= offset), 0)

    places = tuple(replace(place, at=moved(place.at)) for place in sentence.places)
    anchors = [(moved(offset), file) for offset, file in sentence.offsets]
    anchors += [(new, sentence.offset(end)) for end, _, new in shifts]
    return replace(sentence, text=text, places=places, offsets=tuple(sorted(anchors)))
