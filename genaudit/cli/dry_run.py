"""What a run would do: every value with its origin, what would be measured, what would not and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from genaudit.cli.output import columns, print_json, print_lines
from genaudit.cli.places import near
from genaudit.cli.request import DEFAULT, FLAG, origin_of
from genaudit.cli.result_rows import missing_lines
from genaudit.engine.request import USUAL_DATASET

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

    from genaudit.cli.request import Request
    from genaudit.engine.plan import Plan
    from genaudit.engine.request import RunInputs


DOWNLOAD = "inception.download"
Values = list[tuple[str, Any, str]]
"""Name, value in force and where it was said."""


def print_plan(plan: Plan, values: Values, *, as_json: bool) -> None:
    """Print a plan, with the values in force, as columns or as one JSON object."""
    downloads = [text for options in plan.options.values() for text in getattr(options, "downloads", ())]
    if as_json:
        print_json(
            {
                "values": {name: {"value": value, "origin": origin} for name, value, origin in values},
                "metrics": [{"name": found.spec.name, "view": found.spec.view} for found in plan.metrics],
                "audits": [found.spec.name for found in plan.audits],
                "unavailable": [asdict(item) for item in plan.unavailable],
                "warnings": list(plan.warnings),
                "downloads": downloads,
            }
        )
        return
    rows = [(name, _text(value), origin) for name, value, origin in values]
    lines = columns([("value", "", "origin"), *rows])
    lines += ["", "measured: " + _list(found.spec.name + _view(found.spec.view) for found in plan.metrics)]
    lines += ["audited:  " + _list(found.spec.name for found in plan.audits)] if plan.audits else []
    lines += missing_lines(plan.unavailable)
    lines += [f"would be downloaded: {text}" for text in downloads]
    print_lines([*lines, "", "Nothing was computed or downloaded: this is a dry run."])


def values_of_run(plan: Plan, request: Request) -> Values:
    """Name, value in force and origin; of what is derived, the origin of what it derives from."""
    inputs, asked, origins = plan.inputs, plan.request, request.origins
    samples_from = origins["samples"] if inputs.samples is not None else f"profile {asked.profile}"
    extractor_from = origins["extractor"] if inputs.extractor else f"data set {asked.dataset}"
    own = not inputs.dataset and asked.dataset != USUAL_DATASET
    dataset_from = f"generator {asked.plugin}" if own else origins["dataset"]
    values: Values = [
        ("plugin", asked.plugin, origins["plugin"]),
        ("dataset", asked.dataset, dataset_from),
        ("extractor", asked.extractor, extractor_from),
        ("profile", asked.profile, origins["profile"]),
        ("samples", asked.samples, samples_from),
        ("metrics", list(inputs.metrics), origins["metrics"]),
        ("skip", list(inputs.skip), origins["skip"]),
        ("annotators", list(inputs.annotators), origins["annotators"]),
        ("seed", asked.seed, origins["seed"]),
        ("device", inputs.device, origins["device"]),
        ("batch_size", inputs.batch_size, origins["batch_size"]),
        ("weights", str(inputs.weights or ""), origins["weights"]),
        ("retrain", inputs.retrain, origins["retrain"]),
        ("keep_features", inputs.keep_features, origins["keep_features"]),
        ("purpose", inputs.purpose, origins["purpose"]),
        ("baseline", str(inputs.baseline or ""), _baseline_from(inputs, origins)),
        ("strict", inputs.strict, origins["strict"]),
        ("allow_mismatch", list(inputs.allow_mismatch), origins["allow_mismatch"]),
        ("out", str(near(inputs.out)), origins["out"]),
        ("cache", str(near(inputs.cache)) if inputs.cache else "", origins["cache"]),
        ("formats", list(inputs.formats), origins["formats"]),
        ("layout", inputs.layout, origins["layout"]),
        ("track", list(inputs.track), origins["track"]),
    ]
    derived = {DOWNLOAD: origins["allow_download"]}
    return values + [(key, value, {**derived, **origins}.get(key, DEFAULT)) for key, value in asked.options.items()]


def values_of_score(plan: Plan, context: click.Context) -> Values:
    """Likewise for two sets; of what is derived, what decided it."""
    inputs, asked = plan.inputs, plan.request
    own: dict[str, Any] = {"metrics": list(inputs.metrics), "skip": list(inputs.skip), "seed": asked.seed}
    own |= {"device": inputs.device, "batch_size": inputs.batch_size, "allow_download": inputs.allow_download}
    own |= {"cache": str(near(inputs.cache)) if inputs.cache else ""}
    own |= {"out": str(near(inputs.out)), "formats": list(inputs.formats), "layout": inputs.layout}
    said = dict.fromkeys(inputs.options, context.obj.path.name) if context.obj.path else {}
    said |= dict.fromkeys([text.partition("=")[0] for text in context.params["settings"]], FLAG)
    said |= dict.fromkeys([f"{text.partition('=')[0]}.weights" for text in context.params["weights"]], FLAG)
    said |= {DOWNLOAD: origin_of(context, "allow_download", context.obj)}
    return [
        ("generated", asked.plugin, "argument"),
        ("reference", asked.dataset, "argument"),
        *((("training", str(given), FLAG),) if (given := context.params["training"]) else ()),
        ("samples", asked.samples, "generated set"),
        ("extractor", asked.extractor, origin_of(context, "extractor", context.obj) if inputs.extractor else "sets"),
        *((name, value, origin_of(context, name, context.obj)) for name, value in own.items()),
        *((key, value, said.get(key, DEFAULT)) for key, value in asked.options.items()),
    ]


def _baseline_from(inputs: RunInputs, origins: Mapping[str, str]) -> str:
    configured = inputs.baseline is not None and origins["baseline"] == DEFAULT
    return "[gate]" if configured else origins["baseline"]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value in {None, ""} else str(value)


def _view(view: str) -> str:
    return f" [{view}]" if view else ""


def _list(names: Any) -> str:  # noqa: ANN401 - an iterable of texts
    return ", ".join(names)
