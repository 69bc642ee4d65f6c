"""Letters: greek, letter-like symbols and the Unicode characters for them."""

from __future__ import annotations

import unicodedata

_PLAIN = """
alpha α | beta β | gamma γ | delta δ | epsilon ϵ | varepsilon ε | zeta ζ | eta η | theta θ | vartheta ϑ | iota ι
kappa κ | varkappa ϰ | lambda λ | mu μ µ | nu ν | xi ξ | omicron ο | pi π | varpi ϖ | rho ρ | varrho ϱ
sigma σ | varsigma ς
tau τ | upsilon υ | phi ϕ | varphi φ | chi χ | psi ψ | omega ω
Gamma Γ | Delta Δ ∆ | Theta Θ | Lambda Λ | Xi Ξ | Pi Π | Sigma Σ | Upsilon Υ | Phi Φ | Psi Ψ | Omega Ω
varGamma | varDelta | varTheta | varLambda | varXi | varPi | varSigma | varPhi | varPsi | varOmega
ell ℓ | hbar ℏ | imath ı | jmath ȷ | wp ℘ | digamma ϝ | beth | eth
"""

GREEK: dict[str, tuple[str, ...]] = {
    "\\" + words[0]: ("\\" + words[0], *words[1:])
    for cell in _PLAIN.replace("\n", "|").split("|")
    if (words := cell.split())
}

_UNICODE_GREEK = {char: name for name, spellings in GREEK.items() for char in spellings[1:]}


def _styled_letters() -> dict[str, str]:
    """The mathematical alphanumerics (U+1D400 to U+1D7FF): character to 'style:letter'."""
    found: dict[str, str] = {}
    for code in range(0x1D400, 0x1D800):
        char = chr(code)
        name = unicodedata.name(char, "")
        if not name:
            continue
        plain = unicodedata.normalize("NFKC", char)
        style = "cal" if "SCRIPT" in name else "frak" if "FRAKTUR" in name else "bb" if "DOUBLE-STRUCK" in name else ""
        style = style or ("bold" if "BOLD" in name else "")
        found[char] = f"{style}:{_UNICODE_GREEK.get(plain, plain)}"
    for char, letter in zip("ℬℰℱℋℐℒℳℛ", "BEFHILMR", strict=True):
        found[char] = f"cal:{letter}"
    return found


UNICODE_LETTERS: dict[str, str] = _styled_letters()

SUPERSCRIPTS: dict[str, str] = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", "0123456789+-=()abcdefghijklmnoprstuvwxyz", strict=True)
)
SUPERSCRIPTS["ᵀ"] = "\\top"
SUBSCRIPTS: dict[str, str] = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True)
)
