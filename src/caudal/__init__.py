"""Caudal: the commercial management system of a municipal water utility."""

__version__ = "0.1.0"
