"""All charts of a record, as hand-written Vega-Lite specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.figures.amplification import amplification_figures
from genaudit_reports.figures.changes import change_figure
from genaudit_reports.figures.curves import series_figure
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.flips import flip_figures
from genaudit_reports.figures.modes import mode_figure
from genaudit_reports.figures.shares import share_figures
from genaudit_reports.figures.training import training_figure
from genaudit_reports.figures.truncation import truncation_figures
from genaudit_reports.figures.views import view_figure

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

MOST_FIGURES = 24

__all__ = ["Figure", "Key", "figures"]


def figures(record: RunRecord) -> list[Figure]:
    """Every chart that the record has data for, each name once."""
    single = [change_figure(record), view_figure(record), training_figure(record), mode_figure(record)]
    curves = [series_figure(series, record.results) for series in record.series]
    drawn = [figure for figure in (*single, *curves) if figure]
    of_groups = [*share_figures(record), *amplification_figures(record), *flip_figures(record)]
    of_groups += truncation_figures(record)
    unique = {figure.name: figure for figure in reversed([*drawn, *of_groups])}
    return list(reversed(unique.values()))[:MOST_FIGURES]
