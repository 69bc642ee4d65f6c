"""Probability in the language: laws, distributions, expectations. (Being written.)"""

HANDLERS = ()
