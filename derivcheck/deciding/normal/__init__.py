"""The normal form: proves equalities for every dimension, or passes on."""

from derivcheck.deciding.normal.rung import rung

__all__ = ["rung"]
