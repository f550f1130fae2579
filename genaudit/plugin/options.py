"""Options of components: frozen dataclasses, filled from ``--set name.option=value`` and the configuration file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """The options of a component that has none."""
