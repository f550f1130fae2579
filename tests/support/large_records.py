"""A record far larger than any run writes: 500 metrics, 1,000 groups, and texts in many scripts."""

from dataclasses import replace

from records import result
from rich_records import rich_record

from genaudit.values.findings import Finding, Verdict
from genaudit.values.run import MetricDescription

METRICS, GROUPS = 500, 1_000
NAMES = ("größe", "уровень", "年齢", "العمر", "ηλικία", "emoji 🙂", "naïve café")


def large_record(folder=None, metrics=METRICS, groups=GROUPS):
    """The rich record with many more numbers, each with its text."""
    rich = rich_record(folder)
    texts = tuple(
        MetricDescription(
            name=f"theirs_{number}",
            view="",
            title=f"Metric {number} of {NAMES[number % len(NAMES)]}",
            summary="Says how near the samples come to what was wanted.",
            unit="points",
            direction="higher",
            bounds=(0.0, 1.0),
            formula="mean of f(x) over all x",
            meaning="Higher is nearer. A difference within the interval is noise.",
            caveat="Says nothing about what the extractor does not see.",
            source="Doe 2026, On Numbers, eq. 7",
            version="1",
        )
        for number in range(metrics)
    )
    whole = tuple(result(text.name, 0.5, interval=(0.4, 0.6), unit="points") for text in texts)
    named = [f"{NAMES[number % len(NAMES)]}={number // 20}, colour={number % 20}" for number in range(groups)]
    split = tuple(result("theirs_0", 0.5, group, (0.4, 0.6), unit="points") for group in named)
    shares = tuple(
        result(name, 0.001, group, (0.0005, 0.002), unit="fraction")
        for group in named
        for name in ("share_generated", "share_reference")
    )
    findings = tuple(
        Finding(
            audit="representation",
            attribute="colour",
            group=group,
            value=0.5,
            interval=None,
            statement=f"Of 1,000 generated images, about 1 is {group}; in the training data 1 is.",
            caveats=("Labels were read by a rule.",),
            verdict=Verdict.DESCRIBED,
            rule="No tolerance was set.",
        )
        for group in named
    )
    return replace(
        rich,
        metrics=(*rich.metrics, *texts),
        results=(*rich.results, *whole, *split, *shares),
        findings=(*rich.findings, *findings),
    )
