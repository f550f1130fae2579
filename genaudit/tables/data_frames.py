"""A pandas DataFrame as a table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.tables.cells import Cells, cells_of
from genaudit.tables.counting import count_rows, numbers, weights_of
from genaudit.tables.score_scale import check_probabilities, check_scores, scale_of, spread_of
from genaudit.tables.source import TableFacts

if TYPE_CHECKING:
    import pandas as pd  # noqa: TC004 - an annotation that nothing reads while the program runs

    from genaudit.tables.columns import TableColumns
    from genaudit.tables.score_scale import ScoreScale
    from genaudit.tables.source import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSource:
    """The frame that a caller has in memory."""

    frame: pd.DataFrame

    @property
    def facts(self) -> TableFacts:
        """As ``TableSource.facts``."""
        return TableFacts(name="table", columns=tuple(map(str, self.frame.columns)), how="a DataFrame")

    def digest(self) -> str:
        """SHA-256 of the values of all columns."""
        import pandas as pd

        digest = hashlib.sha256("\n".join(self.facts.columns).encode())
        for place in range(self.frame.shape[1]):
            column = self.frame.iloc[:, place].astype(str)
            digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """As ``TableSource.read``."""
        rows = self.frame.set_axis(list(self.facts.columns), axis=1)[list(columns.named)]
        scale = self._scale(rows, columns) if columns.score and not columns.decision else None
        progress(len(rows))
        return cells_of(columns.keys, count_rows(rows, columns, scale=scale), scale)

    def _scale(self, rows: pd.DataFrame, columns: TableColumns) -> ScoreScale:
        check_scores(columns.score, rows[columns.score].nunique())
        scores = numbers(rows[columns.score], columns.score)
        check_probabilities(columns.score, scores, kind=columns.score_kind)
        return scale_of(spread_of(scores, weights_of(rows, columns)), columns)

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:
        """As ``TableSource.rows``."""
        return self.frame.set_axis(list(self.facts.columns), axis=1)[list(names)]
