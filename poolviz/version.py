"""The version of poolviz, where every part may read it."""

__version__ = "0.1.0"
