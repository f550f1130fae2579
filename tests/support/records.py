"""A small record for tests, with one of everything."""

from genaudit.values.findings import Finding, Verdict
from genaudit.values.record import RunRecord
from genaudit.values.results import Direction, EvaluationProtocol, Failure, Interval, MetricResult, Unavailable
from genaudit.values.run import ComponentInfo, Environment, MetricDescription, PluginStatus, RunRequest, Stage


def result(metric="fid", value=4.11, group="", interval=(3.94, 4.28), **changes):
    fields = {
        "version": "1",
        "unit": "squared feature units",
        "direction": Direction.LOWER,
        "interval": interval and Interval(low=interval[0], high=interval[1], level=0.95, method="block jackknife"),
        "reason_without": "" if interval else "a count of what was seen",
        "n_generated": 10_000,
        "n_reference": 2_000,
        "protocol": EvaluationProtocol(extractor="digits", seed=0),
        "seconds": 0.1,
    }
    return MetricResult(metric=metric, value=value, group=group, **{**fields, **changes})


def record(**changes):
    fields = {
        "run_id": "vae-colored-digits-20261120-101200",
        "created": "2026-11-20T10:12:00+00:00",
        "genaudit_version": "0.1.0",
        "request": RunRequest(
            plugin="vae",
            dataset="colored-digits",
            extractor="digits",
            profile="standard",
            samples=10_000,
            seed=0,
            metrics=(),
        ),
        "environment": Environment(
            python="3.11.7", platform="Linux", device="cpu", threads=2, versions={"torch": "2.15.0"}
        ),
        "generator": ComponentInfo(
            name="vae", version="0.1.0", distribution="genaudit 0.1.0", capabilities=("Sampler",)
        ),
        "dataset": ComponentInfo(name="colored-digits", version="1", distribution="genaudit 0.1.0"),
        "extractor": ComponentInfo(name="digits", version="1", distribution="genaudit 0.1.0"),
        "metrics": (
            MetricDescription(
                name="fid",
                view="",
                title="Fréchet distance",
                summary="Distance of two Gaussians.",
                unit="squared feature units",
                direction="lower",
                bounds=(0.0, None),
                formula="|m1-m2|^2 + …",
                meaning="",
                caveat="",
                source="",
                version="1",
            ),
        ),
        "results": (result(), result("mode_count", 10.0, interval=None, unit="modes", direction=Direction.HIGHER)),
        "findings": (
            Finding(
                audit="representation",
                attribute="colour",
                group="digit=6",
                statement="Of 1,000 generated sixes, about 790 are orange.",
                value=0.79,
                interval=None,
                verdict=Verdict.DESCRIBED,
                rule="no tolerance was set",
            ),
        ),
        "not_available": (
            Unavailable(
                component="bits_per_dim",
                reason_code="not-a-density",
                reason="Not a density.",
                hint="Use another likelihood.",
            ),
        ),
        "failures": (Failure(component="kid", stage="metric", error="ValueError: broken"),),
        "stages": (Stage(name="samples", seconds=1.0, items=10_000),),
        "plugins": (PluginStatus(name="vae", distribution="genaudit", version="0.1.0", state="loaded"),),
    }
    return RunRecord(**{**fields, **changes})
