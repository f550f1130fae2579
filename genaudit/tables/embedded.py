"""Tables of counts that come with genaudit: public facts, with their source and what to know before reading them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.tables.cells import Cells, Tally, cells_of
from genaudit.tables.score_scale import no_scores
from genaudit.tables.source import TableFacts

if TYPE_CHECKING:
    import pandas as pd

    from genaudit.tables.columns import TableColumns
    from genaudit.tables.source import Progress

COUNT = "count"
"""The column of counts of every embedded table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedTable:
    """What is said of a table beside its counts."""

    name: str
    summary: str
    source: str
    caveats: tuple[str, ...]
    example: str
    """The columns in the words of the command line."""


EMBEDDED = {
    table.name: table
    for table in (
        EmbeddedTable(
            name="compas",
            summary="COMPAS scores of 6,150 Black and White defendants in Broward County, Florida, 2013 and 2014: "
            "flagged is a decile of 5 or more, reoffended an arrest within two years.",
            source="Angwin, Larson, Mattu and Kirchner 2016, Machine Bias, ProPublica; counts from their file "
            "compas-scores-two-years.csv, github.com/propublica/compas-analysis.",
            caveats=(
                "Reoffended means arrested again, and who is arrested depends on where police look.",
                (
                    "Two years of follow-up were kept for those who reoffended later than the others were observed, "
                    "which inflates the rate: 45.1 % here, 36.2 % when corrected (Barenstein 2019, arXiv:1906.04711)."
                ),
                "The 1,064 defendants of other groups are left out.",
            ),
            example="--group race --truth reoffended --decision flagged",
        ),
        EmbeddedTable(
            name="berkeley-admissions",
            summary="4,526 applicants to the six largest departments of the University of California at Berkeley, "
            "autumn 1973.",
            source="Bickel, Hammel and O'Connell 1975, Sex Bias in Graduate Admissions: Data from Berkeley, Science "
            "187, 398-404; counts as in Freedman, Pisani and Purves, Statistics.",
            caveats=(
                "Nothing is known of how well applicants would have done, so only admissions can be compared.",
                "Whether the choice of a department is a cause or a consequence is not in the data.",
            ),
            example="--group sex --decision admitted --stratum department --role unknown",
        ),
        EmbeddedTable(
            name="kidney-stones",
            summary="700 operations on kidney stones: open surgery (A) against percutaneous nephrolithotomy (B).",
            source="Charig, Webb, Payne and Wickham 1986, Comparison of treatment of renal calculi, BMJ 292, 879-882; "
            "counts as in Julious and Mullee 1994, Confounding and Simpson's paradox, BMJ 309, 1480-1481.",
            caveats=(
                "Patients were not assigned at random: large stones went to open surgery more often.",
                "The two treatments were given in different years.",
            ),
            example="--group treatment --decision success --stratum stone --role confounder",
        ),
        EmbeddedTable(
            name="death-penalty",
            summary="674 defendants in cases of multiple murder in Florida, 1976 to 1987, and who was sentenced to "
            "death.",
            source="Radelet and Pierce 1991, Choosing Those Who Will Die: Race and the Death Penalty in Florida, "
            "Florida Law Review 43, 1-34; counts as in Agresti, An Introduction to Categorical Data Analysis, "
            "table 2.6.",
            caveats=(
                "Only indictments are counted: who was charged, and with what, came before.",
                "Nobody of 16 White defendants with Black victims was sentenced to death: that stratum says little.",
            ),
            example="--group defendant --decision death --stratum victim --role confounder",
        ),
    )
}
"""Name to table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedSource:
    """An embedded table as a source."""

    table: EmbeddedTable

    @property
    def facts(self) -> TableFacts:
        """As ``TableSource.facts``."""
        return TableFacts(
            name=self.table.name,
            columns=tuple(self._rows()[0]),
            how="counts that come with genaudit",
            summary=self.table.summary,
            source=self.table.source,
            caveats=self.table.caveats,
            weight=COUNT,
        )

    @property
    def people(self) -> int:
        """Everybody who is counted."""
        header, *rows = self._rows()
        return sum(int(row[header.index(COUNT)]) for row in rows)

    def digest(self) -> str:
        """SHA-256 of the counts."""
        return hashlib.sha256(self._text().encode()).hexdigest()

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """As ``TableSource.read``; every row counts as many people as its ``count`` says."""
        if columns.score:
            raise no_scores(self.table.name, columns.score)
        header, *rows = self._rows()
        counted = []
        for row in rows:
            named = dict(zip(header, row, strict=True))
            count = int(named[COUNT])
            counted.append((tuple(named[name] for name in columns.keys), Tally(count, float(count), float(count))))
        progress(sum(tally.rows for _, tally in counted))
        return cells_of(columns.keys, counted)

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:  # noqa: ARG002 - as every source
        """As ``TableSource.rows``: there are none."""
        raise GenauditError(f"{self.table.name} holds counts and no rows.", "Give a table of rows.")

    def _rows(self) -> list[list[str]]:
        return list(csv.reader(self._text().splitlines()))

    def _text(self) -> str:
        return files("genaudit.tables.data").joinpath(f"{self.table.name}.csv").read_text(encoding="utf-8")
