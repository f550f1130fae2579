"""All that is needed to run it again, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.record import GIVEN_DATE
from genaudit_reports.content.metric_rows import parameter
from genaudit_reports.content.scored import is_scored, items, translates
from genaudit_reports.number_format import count, plain, seconds
from genaudit_reports.safe_text import LONGEST_NAME, clean, words

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.run import ComponentInfo

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Model, data or extractor, with its digest."""

    role: str
    name: str
    summary: str
    digest: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduce:
    """The last section."""

    command: str
    asked: Facts
    options: Facts
    components: tuple[Component, ...]
    environment: Facts
    stages: tuple[tuple[str, str, str], ...]
    total: str
    memory: str


def reproduce(record: RunRecord) -> Reproduce:
    """Command, seeds, digests, versions, time and memory."""
    request, environment, scored = record.request, record.environment, is_scored(record)
    total = sum(stage.seconds for stage in record.stages)
    audited = bool(record.audits)
    asked = (
        *(() if scored else (("profile", clean(request.profile, LONGEST_NAME)),)),
        _made(record),
        ("seed", str(request.seed)),
        ("metrics", clean(", ".join(request.metrics)) or "all that apply"),
        *(() if scored else (("weights", clean(request.weights) or _weights(request.retrain)),)),
    )
    versions = [
        (clean(name, LONGEST_NAME), clean(version, LONGEST_NAME)) for name, version in environment.versions.items()
    ]
    return Reproduce(
        command=clean(request.command or _command(record), 2_000),
        asked=asked,
        options=tuple(
            (clean(name, LONGEST_NAME), parameter(value) + _said_in(request.origins.get(name, "flag")))
            for name, value in request.options.items()
        ),
        components=tuple(
            _component(role, component)
            for role, component in (
                ("Generated set" if scored else "Generator", record.generator),
                ("Table" if audited else "Reference set" if scored else "Data set", record.dataset),
                ("Extractor", record.extractor),
            )
            if component.name
        ),
        environment=(
            ("genaudit", clean(record.genaudit_version, LONGEST_NAME)),
            ("python", clean(environment.python, LONGEST_NAME)),
            *versions,
            ("device", clean(environment.device, LONGEST_NAME)),
            ("threads", str(environment.threads)),
            ("platform", clean(environment.platform)),
            ("git", clean(environment.git, LONGEST_NAME) or "not a repository"),
            *_given_date(record),
        ),
        stages=tuple(
            (words(stage.name), count(stage.items) if stage.items else "", seconds(stage.seconds))
            for stage in record.stages
        ),
        total=seconds(total),
        memory=f"{plain(record.memory_peak_mib, 0)}\u202fMiB" if record.memory_peak_mib else "",
    )


def _made(record: RunRecord) -> tuple[str, str]:
    """How many items the run was asked for; a translator is given every held-out image, whatever was asked."""
    if translates(record):
        return "translated images", "the held-out ones, in each direction"
    return f"generated {items(record)}", count(record.request.samples)


def _given_date(record: RunRecord) -> Facts:
    """That the page's date was given, and why no time stands below."""
    given = clean(record.extra.get(GIVEN_DATE, ""), LONGEST_NAME)
    return (("date", f"given as SOURCE_DATE_EPOCH={given}; neither time nor memory was kept"),) if given else ()


def _command(record: RunRecord) -> str:
    request = record.request
    if record.audits:
        return f"genaudit audit --table {request.dataset}"
    if is_scored(record):
        return f"genaudit score {request.plugin} {request.dataset}"
    return f"genaudit run --plugin {request.plugin} --dataset {request.dataset}"


def _said_in(origin: str) -> str:
    """Where a value stands, if it was not typed."""
    return "" if origin == "flag" else f" (from {clean(origin, LONGEST_NAME)})"


def _weights(retrain: bool) -> str:  # noqa: FBT001 - the request's own flag
    return "retrained" if retrain else "those that come with the plugin"


def _component(role: str, info: ComponentInfo) -> Component:
    facts = [
        ("from", clean(info.distribution, LONGEST_NAME)),
        ("licence", clean(info.licence, LONGEST_NAME)),
        ("source", clean(info.source)),
        ("capabilities", clean(", ".join(info.capabilities))),
        *((words(key), parameter(value)) for key, value in list(info.facts.items())[:30]),
    ]
    return Component(
        role=role,
        name=f"{clean(info.name, LONGEST_NAME)} {clean(info.version, LONGEST_NAME)}".strip(),
        summary=clean(info.summary),
        digest=clean(info.digest, LONGEST_NAME).removeprefix("sha256:"),
        facts=tuple((key, value) for key, value in facts if value),
    )
