"""Records of runs of one protocol for tests of the gate: numbers as given, all else equal."""

from dataclasses import replace

import records

from genaudit.stats.intervals import normal_interval
from genaudit.values.results import Direction, EvaluationProtocol
from genaudit.values.run import MetricDescription

PROTOCOL = EvaluationProtocol(
    extractor="digits",
    extractor_digest="e" * 64,
    preprocessing="none",
    reference="colored-digits/evaluation",
    reference_digest="d" * 64,
    samples=1_000,
    seed=0,
)
HIGHER = ("recall", "precision", "elbo")


def number(metric, value, error=0.01, group="", **changes):
    interval = None if error is None else normal_interval(value, error, how="test")
    fields = {
        "direction": Direction.HIGHER if metric in HIGHER else Direction.LOWER,
        "interval": interval,
        "reason_without": "" if interval else "A count has no interval.",
        "n_generated": 1_000,
        "protocol": PROTOCOL,
        "group": group,
    }
    return replace(records.result(), metric=metric, value=value, **{**fields, **changes})


def described(metric):
    return MetricDescription(
        name=metric, view="", title=metric, summary="", unit="", direction="lower", bounds=(None, None), formula="",
        meaning="", caveat="", source="", version="1",
    )  # fmt: skip


def run(*results, weights="w" * 64, seed=0, samples=1_000, **changes):
    """A complete run with these numbers, all of which are described metrics but those about groups."""
    base = records.record()
    fields = {
        "results": results,
        "metrics": tuple(
            described(name) for name in dict.fromkeys(one.metric for one in results if "=" not in one.group)
        ),
        "findings": (),
        "not_available": (),
        "failures": (),
        "generator": replace(base.generator, digest=weights),
        "extractor": replace(base.extractor, digest="e" * 64),
        "dataset": replace(base.dataset, digest="d" * 64),
        "request": replace(base.request, seed=seed, samples=samples),
    }
    return replace(base, **{**fields, **changes})
