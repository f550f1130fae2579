"""Specs of the audits of a user's table, in the order in which a reader needs them."""

from __future__ import annotations

from genaudit.plugin import AuditSpec
from genaudit.stats.rates import RATES

GROUP_RATES = AuditSpec(
    name="group_rates",
    title="Rates of each group",
    summary="How often each group is flagged, wrongly flagged, missed and rightly left alone.",
    target="genaudit.audits.group_rates:group_rates",
    options="genaudit.audits.table_options:GroupRatesOptions",
    needs=("count_table",),
    values={name: rate.text for name, rate in RATES.items()},
    meaning="Shows on which group which error falls, and how sure that is.",
    caveat="The truth is what was written down (a re-arrest, not a re-offence), with its own errors; a rate whose "
    "denominator is empty is undefined and never 0.",
    source="Wilson 1927, score interval of a proportion; Newcombe 1998, method 3; Kish 1965 for weights.",
)

TABLE_AUDITS = (GROUP_RATES,)
