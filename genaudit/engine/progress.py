"""What an onlooker of a run is told while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genaudit.values.results import Failure, MetricResult, Unavailable


class RunObserver:
    """Hears of stages that begin, advance and end, and of each result as it comes; on its own it does nothing."""

    def planned(self, headline: str) -> None:
        """The plan stands: one line on what will be done."""

    def stage_started(self, name: str, total: int) -> None:
        """A stage begins that goes through ``total`` items (0: not known)."""

    def stage_advanced(self, name: str, items: int, note: str = "") -> None:
        """``items`` more are done; ``note`` is short, such as the training loss."""

    def stage_finished(self, name: str, seconds: float) -> None:
        """The stage is over."""

    def result(self, result: MetricResult | Unavailable | Failure) -> None:
        """One more answer is known."""

    def warning(self, text: str) -> None:
        """Something that the user should know, in one line."""
