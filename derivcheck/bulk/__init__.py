"""Numeric checks in bulk: claims lowered to register programs, which are data to one compiled interpreter.

Floats screen and search; what they flag is certified in exact or ball arithmetic (deciding/) before any verdict."""
