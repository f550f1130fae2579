"""One of two plugins that bring a generator of the same name."""

from genaudit.plugin import GeneratorSpec, hookimpl


@hookimpl
def genaudit_generators():
    return [
        GeneratorSpec(
            name="stranger-clash",
            summary="Number two of two.",
            target="strange_blobs.model:Blobs",
            options="strange_blobs.options:BlobOptions",
            capabilities=("Sampler",),
            image_shape=(3, 16, 16),
        )
    ]
