"""How the loss went down: a hundred bins or so of the training loss, and the validation loss of each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import BLUE, NARROW, VERMILION, WIDE, Spec, chart, plain_axis
from genaudit_reports.number_format import count, rounded_value
from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.run import TrainingCurve

MOST_BINS = 150
FEWEST_BINS = 40
"""With fewer, every step can be read and the axis holds them all."""
FIRST_PART = 0.03
"""Share of the steps whose loss may lie above the axis, so that the rest can be read."""


def training_figure(record: RunRecord) -> Figure | None:
    """Mean and range of the training loss in each bin of steps, and the validation loss as points."""
    curve = record.training
    if curve is None or len(curve.loss) < 2:
        return None
    bins = binned(curve)
    top, hidden = _top(bins)
    unit = clean(curve.unit, LONGEST_NAME)
    key = [Key(sign="━", role="blue", text="training loss, mean of a bin; the band is its range")]
    if curve.validation_loss:
        key.append(Key(sign="◆", role="vermilion", text="validation loss"))
    caption = f"Loss over {count(curve.steps[-1])} steps: {unit}."
    if hidden:
        caption += f" The first {count(hidden)} steps lie above the axis, at up to {rounded_value(max(curve.loss))}."
    return Figure(
        name="training_curve",
        finding=_finding(curve),
        caption=caption,
        columns=("Step", f"Loss on data not trained on, {unit}")
        if curve.validation_loss
        else ("Step", f"Training loss, {unit}"),
        rows=tuple(
            (count(step), rounded_value(loss))
            for step, loss in (
                zip(curve.validation_steps, curve.validation_loss, strict=False)
                if curve.validation_loss
                else ((row["step"], row["mean"]) for row in bins)
            )
        ),
        spec=_spec(curve, bins, top, WIDE),
        narrow=_spec(curve, bins, top, NARROW),
        key=tuple(key),
    )


def binned(curve: TrainingCurve) -> list[dict[str, float]]:
    """At most ``MOST_BINS`` rows with the middle step and the mean, smallest and largest loss of each bin."""
    pairs = list(zip(curve.steps, curve.loss, strict=False))
    size = -(-len(pairs) // MOST_BINS)
    rows = []
    for start in range(0, len(pairs), size):
        part = pairs[start : start + size]
        losses = [loss for _, loss in part]
        rows.append(
            {
                "step": part[len(part) // 2][0],
                "mean": float(f"{sum(losses) / len(losses):.6g}"),
                "low": min(losses),
                "high": max(losses),
            }
        )
    return rows


def _top(bins: list[dict[str, float]]) -> tuple[float, int]:
    """Upper end of the axis, and how many first steps lie above it."""
    if len(bins) < FEWEST_BINS:
        return max(row["high"] for row in bins), 0
    settled = bins[int(len(bins) * FIRST_PART) + 1 :]
    highest = max(row["high"] for row in settled)
    lowest = min(row["low"] for row in bins)
    top = highest + 0.06 * (highest - lowest)
    above = [row["step"] for row in bins if row["mean"] > top]
    return (top, int(max(above))) if above else (max(row["high"] for row in bins), 0)


def _finding(curve: TrainingCurve) -> str:
    unit = clean(curve.unit, LONGEST_NAME)
    text = (
        f"The training loss ({unit}) went from {rounded_value(curve.loss[0])} at step {count(curve.steps[0])} to "
        f"{rounded_value(curve.loss[-1])} at step {count(curve.steps[-1])}."
    )
    tail = curve.loss[-(len(curve.loss) // 20) :]
    if len(curve.loss) >= FEWEST_BINS:
        of_steps = curve.steps[-1] - curve.steps[-len(tail) - 1]  # a file may keep the loss of every tenth step alone
        text += f" Its mean over the last {count(of_steps)} steps is {rounded_value(sum(tail) / len(tail))}."
    if not curve.validation_loss:
        return text
    best = min(curve.validation_loss)
    at = curve.validation_steps[curve.validation_loss.index(best)]
    last = curve.validation_loss[-1]
    end = f" On data not trained on it ended at {rounded_value(last)}"
    if last == best:
        return text + end + ", its lowest."
    return text + end + f"; its lowest, {rounded_value(best)}, was at step {count(at)}."


def _spec(curve: TrainingCurve, bins: list[dict[str, float]], top: float, width: int) -> Spec:
    values: list[dict[str, Any]] = [dict(row) for row in bins]
    values += [
        {"step": step, "validation": loss}
        for step, loss in zip(curve.validation_steps, curve.validation_loss, strict=False)
    ]
    lowest = min(row["low"] for row in bins)
    if curve.validation_loss:
        lowest = min(lowest, *curve.validation_loss)
    domain = [lowest - 0.04 * (top - lowest), top]
    x = {
        "field": "step", "type": "quantitative", "scale": {"nice": False, "domainMin": 0},
        "axis": plain_axis("training step", grid=False, tickCount=6 if width == WIDE else 4),
    }  # fmt: skip
    y = {
        "field": "mean", "type": "quantitative", "scale": {"domain": domain, "nice": False},
        "axis": plain_axis(tickCount=5),
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.mean)"}],
            "mark": {"type": "area", "color": BLUE, "opacity": 0.22, "clip": True},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "isValid(datum.mean)"}],
            "mark": {"type": "line", "strokeWidth": 1.75, "clip": True},
            "encoding": {"x": x, "y": y},
        },
    ]
    if curve.validation_loss:
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.validation)"}],
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "filled": True,
                    "color": VERMILION,
                    "size": 46,
                    "opacity": 1,
                    "clip": True,
                },
                "encoding": {"x": x, "y": {**y, "field": "validation"}},
            }
        )
    return chart(values, layers, width=width, height=280 if width == WIDE else 230, y_title=clean(curve.unit, 60))
