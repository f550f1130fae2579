"""What this distribution brings. The module is light: torch is imported when a blob is drawn."""

from genaudit.plugin import GeneratorSpec, MetricSpec, ReporterSpec, hookimpl
from genaudit.values.results import Direction


@hookimpl
def genaudit_generators():
    yield GeneratorSpec(
        name="stranger-blobs",
        title="Coloured blobs",
        summary="One soft blob an image, its place, size and colour read from the latent.",
        target="strange_blobs.model:Blobs",
        options="strange_blobs.options:BlobOptions",
        capabilities=("Sampler",),
        image_shape=(3, 16, 16),
        version="0.3.0",
        licence="Apache-2.0",
        source="drawn by hand",
    )


@hookimpl
def genaudit_metrics():
    return [
        MetricSpec(
            name="stranger_mean_gap",
            title="Distance of the mean features",
            summary="Euclidean distance between the mean generated and the mean reference feature.",
            target="strange_blobs.metric:mean_gap",
            needs=("features",),
            unit="feature distance",
            direction=Direction.LOWER,
            bounds=(0.0, None),
            formula="|m1 - m2|",
            meaning="0 if both sets have the same mean feature.",
            caveat="Blind to everything but the mean.",
            version="1",
            source="the Fréchet distance without its covariances",
        )
    ]


@hookimpl
def genaudit_reporters():
    return [
        ReporterSpec(
            name="stranger-text",
            summary="One line a number.",
            target="strange_blobs.reporter:as_text",
            filename="stranger.txt",
        )
    ]
