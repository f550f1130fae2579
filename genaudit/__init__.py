"""Evaluation and fairness audit of generative models."""

from genaudit.version import VERSION as __version__

__all__ = ["__version__"]
