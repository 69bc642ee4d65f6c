"""The table of all lemmas. A new one is one `Lemma` value in one of the modules; the tests sample it by themselves."""

from __future__ import annotations

from derivcheck.deciding.order.facts import Lemma
from derivcheck.deciding.order.lemmas_functions import FUNCTION_LEMMAS, composite_exponentials
from derivcheck.deciding.order.lemmas_matrices import MATRIX_LEMMAS
from derivcheck.deciding.order.lemmas_norms import NORM_LEMMAS
from derivcheck.deciding.order.lemmas_sums import SUM_LEMMAS

LEMMAS: tuple[Lemma, ...] = (*FUNCTION_LEMMAS, *NORM_LEMMAS, *MATRIX_LEMMAS, *SUM_LEMMAS)

__all__ = ["LEMMAS", "composite_exponentials"]
