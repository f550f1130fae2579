"""Audits of tables that say what a test wants, registered beside what is installed."""

from dataclasses import dataclass, replace

from genaudit.errors import NotApplicable
from genaudit.plugin.catalog import Registered
from genaudit.plugin.specs import AuditSpec
from genaudit.values.findings import AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate, Interval, Unavailable


@dataclass(frozen=True, kw_only=True)
class GapOptions:
    tolerance: float | None = None
    verdict: str = "DESCRIBED"


@dataclass(frozen=True, kw_only=True)
class SharesOptions:
    population: dict[str, float] | None = None


def gap(table, *, options, rng):
    """The largest difference of selection rates, judged as the option says."""
    flagged = table.confusion[:, :, 1].sum(axis=1) / table.confusion.sum(axis=(1, 2))
    value = float(flagged.max() - flagged.min())
    interval = Interval(low=value / 2, high=min(1.0, value * 1.5) + 1e-9, level=0.95, method="a fake")
    estimate = Estimate(value=value, interval=interval, n_reference=int(table.total))
    finding = Finding(
        audit="gap", attribute=table.group, group="", statement=f"Selection rates differ by {value:.3f}.", value=value,
        interval=interval, verdict=Verdict(options.verdict), rule=f"Tolerance {options.tolerance}, set by the project.",
    )  # fmt: skip
    return AuditOutcome(values=(AuditValue(name="gap", unit="fraction", estimate=estimate),), findings=(finding,))


def undefined(table, *, options, rng):
    missing = Unavailable(
        component="thing", reason_code="no_negatives", reason="There are no negatives.", group=f"{table.group}=x"
    )
    return AuditOutcome(values=(), findings=(), unavailable=(missing,))


def undeclared(table, *, options, rng):
    raise NotApplicable("not-declared", "No price was declared.", "Give --price.")


def sampling(table, *, options, rng):
    said = "nothing declared" if options.population is None else ", ".join(options.population)
    finding = Finding(
        audit="sampling", attribute=table.group, group="", statement=f"{table.group}: {said}.", value=None,
        interval=None, verdict=Verdict.DESCRIBED, rule="",
    )  # fmt: skip
    return AuditOutcome(values=(), findings=(finding,))


def broken(table, *, options, rng):
    raise ZeroDivisionError("one over none")


def interrupting(table, *, options, rng):
    raise KeyboardInterrupt


def registered(name, options="genaudit.plugin.options:NoOptions", needs=("count_table",)):
    spec = AuditSpec(name=name, title=name.capitalize(), summary="A fake.", target=f"fake_audits:{name}",
                     options=options, needs=needs)  # fmt: skip
    return Registered(spec=spec, plugin="fakes", distribution="fakes", version="1")


GAP = registered("gap", "fake_audits:GapOptions")
SAMPLING = registered("sampling", "fake_audits:SharesOptions")


def catalog_of(installed, *audits):
    """What is installed, with these audits of tables instead of its own."""
    others = [item for item in installed.registered if item.spec.kind != "audit"]
    return replace(installed, registered=(*others, *audits))
