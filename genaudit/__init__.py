"""Evaluation and fairness audit of generative models."""

from genaudit import version

__version__ = version.VERSION
