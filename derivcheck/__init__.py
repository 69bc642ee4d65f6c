"""derivcheck: finds the first line of a written derivation that does not follow, and shows why."""

__version__ = "0.1.0"
