"""Evaluation and fairness audit of generative models.

``import genaudit`` is light: torch is loaded when something is computed.

>>> import genaudit
>>> record = genaudit.run(plugin="vae", profile="smoke")  # doctest: +SKIP
>>> record.result("fid").interval.low  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genaudit.values.comparison import Comparison
    from genaudit.values.gate import GateReport
    from genaudit.values.record import RunRecord

__version__ = version.VERSION

__all__ = ["__version__", "audit", "check", "compare", "load", "run", "score"]


def run(  # noqa: PLR0913 - the options of one command
    plugin: str,
    dataset: str = "",
    *,
    profile: str = "standard",
    samples: int | None = None,
    seed: int = 0,
    metrics: Iterable[str] | None = None,
    options: Mapping[str, Any] | None = None,
    out: str | Path = "runs",
    **further: Any,  # noqa: ANN401 - fields of RunInputs
) -> RunRecord:
    """Evaluate and audit a generator: what ``genaudit run`` does.

    Args:
        plugin: Name of the generator.
        dataset: Name of the reference data; the generator's own, or ``colored-digits``, if not given.
        profile: ``smoke`` (1,000 images), ``standard`` (10,000) or ``full`` (50,000).
        samples: Generated images, if not the profile's.
        seed: Seed of every random stream of the run.
        metrics: Identifiers of metrics; None for all that apply.
        options: ``component.option`` to value, such as ``{"precision.k": 5}``.
        out: Folder in which the run folder is made.
        further: Other fields of ``genaudit.engine.request.RunInputs``: ``extractor``, ``skip``, ``device``,
            ``batch_size``, ``weights``, ``retrain``, ``formats``, ``purpose``, ``annotators``, ``cache`` (a folder in
            which features are kept and found again).

    Returns:
        The record, which also lies in the run folder as ``run.json``.

    Raises:
        GenauditError: The request cannot be met; see its message.
    """
    from genaudit.engine.running import run_request

    given: dict[str, Any] = {
        "metrics": () if metrics is None else metrics,
        "options": {} if options is None else options,
        "samples": samples,
    }
    return run_request(plugin=plugin, dataset=dataset, profile=profile, seed=seed, out=out, **given, **further).record


def score(  # noqa: PLR0913 - the options of one command
    generated: object,
    reference: object,
    metrics: Iterable[str] | None = None,
    *,
    seed: int = 0,
    options: Mapping[str, Any] | None = None,
    training: object | None = None,
    extractor: str | None = None,
    resize: int | None = None,
    resize_policy: str = "pil-bicubic",
    skip_corrupt: bool = False,
    labels: str | Path | None = None,
    reference_labels: str | Path | None = None,
    out: str | Path | None = None,
    **further: Any,  # noqa: ANN401 - fields of RunInputs
) -> RunRecord:
    """Compare two sets that are there already, without a generator: what ``genaudit score`` does.

    Args:
        generated: A folder or zip file of images, an ``.npz`` or ``.npy`` file, or an array or tensor: images
            ``(n, h, w, 3)`` or ``(n, 3, h, w)``, uint8 or float in [0, 1], or features ``(n, d)``, float.
        reference: Likewise, and of the same kind.
        metrics: Identifiers of metrics; None for all that apply.
        seed: Seed of every random stream.
        options: ``component.option`` to value, such as ``{"kid.subsets": 10}`` or ``{"inception.weights": "FILE"}``.
        training: Likewise: what the generator was trained on, for the metrics of memorisation. The reference should
            then be data that it never saw.
        extractor: Name of the feature network; None: ``identity`` for features, ``digits`` for 16 × 16 images,
            ``inception`` if its weights are given.
        resize: Height and width to bring every image to.
        resize_policy: How: ``pil-bicubic`` (antialiased, not rounded), ``pil-bicubic-8bit`` or ``tf1-bilinear``;
            ``none`` only without ``resize``.
        skip_corrupt: Leave out files that cannot be read, and warn.
        labels: A CSV or Parquet file with a row for each generated item and a column for each attribute, for shares,
            amplification and quality by group.
        reference_labels: Likewise of the reference; columns that both files have are compared.
        out: Folder in which a run folder is made; None to write nothing.
        further: Other fields of ``genaudit.engine.request.RunInputs``: ``skip``, ``device``, ``batch_size``,
            ``formats``, ``cache``.

    Returns:
        The record.

    Raises:
        GenauditError: A set cannot be read, or the two cannot be compared; see its message.

    >>> import genaudit, numpy as np
    >>> grid = np.stack(np.meshgrid(np.linspace(0, 1, 8), np.linspace(0, 1, 8)), axis=-1).reshape(-1, 2)
    >>> round(genaudit.score(grid + 3, grid, metrics=["fid"]).value("fid"), 9)
    18.0
    """
    from genaudit.engine.running import score_request
    from genaudit.engine.scored_labels import label_options
    from genaudit.engine.scoring import ScoredSets

    sets = ScoredSets(
        generated=generated,
        reference=reference,
        training=training,
        resize=resize,
        resize_policy=resize_policy,
        skip_corrupt=skip_corrupt,
    )
    given: dict[str, Any] = {
        "metrics": () if metrics is None else metrics,
        "options": {**label_options(labels, reference_labels), **({} if options is None else options)},
        "extractor": extractor or "",
    }
    return score_request(sets, seed=seed, out=out, **given, **further)


def compare(
    records: Iterable[RunRecord],
    labels: Iterable[str] = (),
    *,
    metrics: Iterable[str] = (),
    skip_unlike: bool = False,
) -> Comparison:
    """Put finished runs side by side: what ``genaudit compare`` does.

    Args:
        records: Two or more; the first is what the others are compared with.
        labels: A name for each run; the generator's where none is given.
        metrics: Identifiers of the numbers to compare; all if empty.
        skip_unlike: Leave out, and list, what runs define differently.

    Returns:
        Every number that the runs share, with its change from the first run and the interval of that.

    Raises:
        GenauditError: Fewer than two runs, or runs that define a number differently; the message names the field.
    """
    from genaudit.engine.comparing import compare_records

    return compare_records(list(records), list(labels), metrics=list(metrics), skip_unlike=skip_unlike)


def check(
    runs: Any,  # noqa: ANN401 - records, run folders or run.json files, one or several
    baseline: Any,  # noqa: ANN401 - a baseline or its file
    settings: Mapping[str, Any] | None = None,
    *,
    allowed: Iterable[str] = (),
    strict: bool = False,
) -> GateReport:
    """Compare a run with a baseline: what ``genaudit check`` does.

    Args:
        runs: A record, a run folder or its ``run.json``; or several, which count as one candidate.
        baseline: The file that ``genaudit check --update-baseline`` wrote.
        settings: What ``[gate]`` of the configuration file says; 5 % of the baseline for every metric if None.
        allowed: Fields that may differ although numbers then mean something else.
        strict: Whether inconclusive gated metrics count as incomplete.

    Returns:
        A verdict with its grounds for every metric; ``exit_code`` is that of the command.

    Raises:
        GenauditError: The comparison cannot be made; see its message.
    """
    from genaudit.gate.checking import check as checked

    return checked(runs, baseline, settings, allowed=tuple(allowed), strict=strict)


def audit(  # noqa: PLR0913 - the columns and declarations of one command
    table: object,
    *,
    group: str | Iterable[str],
    truth: str | None = None,
    decision: str | None = None,
    weight: str | None = None,
    stratum: str | Iterable[str] | None = None,
    reference: Mapping[str, float] | str | None = None,
    cost: Mapping[str, float] | None = None,
    prevalence: Mapping[str, float] | float | None = None,
    tolerance: float | None = None,
    out: str | Path | None = None,
    **further: Any,  # noqa: ANN401 - what is declared more seldom
) -> RunRecord:
    """Audit a table of decisions about people, group by group: what ``genaudit audit --table`` does.

    What is not declared is not assessed, and the record says so in ``not_available``.

    Args:
        table: A DataFrame, the path of a CSV or Parquet file, or the name of an embedded table.
        group: The column of who is compared, or several: each alone and all combinations.
        truth: The column of what was the case; without it only decisions are compared.
        decision: The column of what was decided or predicted.
        weight: The column of how many people a row stands for, or of survey weights; ``weight_kind`` says which of
            the two, ``count`` or ``survey``.
        stratum: The column that is held fixed, or several; say with ``role`` what each is thought to be, in one word
            or as ``{"department": "mediator"}``.
        reference: Share of each group in the population that the table should stand for; its source is
            ``population_source``. ``population`` is another name for it.
        cost: Cost of each outcome in one unit, ``{"fp": 1, "fn": 5}``; further ``actions`` are ``{"ask a judge": (0.3,
            0.35)}``, their costs if the truth is no and if it is yes; who bears each of these is ``who_pays``.
        prevalence: Share of positives where the decisions will be used, one for all or of each group.
        tolerance: Largest difference that is tolerated, of the one named by ``primary``.
        out: Folder in which a run folder is made; None to write nothing.
        further: ``role``, ``margin``, ``score`` and ``threshold``, ``positive``, ``features``, ``metric``,
            ``population_source``, ``actions``, ``who_pays``, ``primary``, ``tolerance_source``, ``purpose``, ``seed``,
            ``options``, ``formats``, ``weight_kind``, ``score_kind`` (``probability`` or ``rank``).

    Returns:
        The record, with ``findings`` and ``results``.

    Raises:
        GenauditError: The table cannot be read, or the request does not fit it; see its message.

    >>> import genaudit
    >>> record = genaudit.audit("compas", group="race", truth="reoffended", decision="flagged")
    >>> round(record.value("false_positive_rate", group="race=Black"), 4)
    0.4485
    """
    from genaudit.engine.auditing import audit_request

    columns = {"truth": truth, "decision": decision, "weight": weight, "stratum": stratum}
    declared = {"prevalence": prevalence, "tolerance": tolerance}
    return audit_request(table, group=group, reference=reference, cost=cost, out=out, **columns, **declared, **further)


def load(path: str | Path) -> RunRecord:
    """The record of a run folder or of a ``run.json``.

    Of a run that was killed it is what the run had found by then: ``complete`` is False, and ``not_available`` lists
    what it did not come to, with the reason code ``not-reached``.

    Raises:
        RecordError: There is none, or it cannot be read.
    """
    from genaudit.values.serialisation import load_record

    return load_record(path)
