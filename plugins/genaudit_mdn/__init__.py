"""A mixture density network for an inverse problem, and the data of that problem, as a genaudit plugin."""

from __future__ import annotations

from genaudit.plugin import DatasetSpec, GeneratorSpec, hookimpl

INVERSE_PROBLEM = DatasetSpec(
    name="inverse-problem",
    summary="Points (x, t) with x = t + 0.3 sin(2 pi t) and some noise: up to three t belong to one x.",
    target="genaudit_mdn.data:build",
    version="1",
    source="Bishop 2006, Pattern Recognition and Machine Learning, section 5.6",
    data_kind="vector",
    image_shape=(2,),
    splits={"train": 5_000, "evaluation": 2_000, "holdout": 2_000},
    extractor="identity",
    licence="Apache-2.0",
)
MDN = GeneratorSpec(
    name="mdn",
    title="Mixture density network",
    summary="A network that gives, for each x, a mixture of normals over t.",
    target="genaudit_mdn.model:build",
    options="genaudit_mdn.options:MdnOptions",
    checkpoint="genaudit_mdn.checkpoints:shipped",
    dataset="inverse-problem",
    version="1",
    source="Bishop 1994, Mixture Density Networks, Technical Report NCRG/94/004",
    capabilities=("Sampler", "Trainable"),
    data_kind="vector",
    image_shape=(2,),
    loss_unit="nats per point",
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generator of this plugin."""
    return [MDN]


@hookimpl
def genaudit_datasets() -> list[DatasetSpec]:
    """The data that it is about."""
    return [INVERSE_PROBLEM]
