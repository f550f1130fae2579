"""Loads like any other plugin; each generator breaks its contract when it is used."""

from genaudit.plugin import GeneratorSpec, hookimpl

BROKEN = {
    "stranger-build-raises": "BuildRaises",
    "stranger-decode-raises": "DecodeRaises",
    "stranger-decode-nan": "DecodeNaN",
    "stranger-wrong-shape": "WrongShape",
    "stranger-out-of-range": "OutOfRange",
    "stranger-exits": "Exits",
}


@hookimpl
def genaudit_generators():
    for name, target in BROKEN.items():
        yield GeneratorSpec(
            name=name,
            summary="Breaks its contract.",
            target=f"strange_defects.models:{target}",
            capabilities=("Sampler",),
            image_shape=(3, 16, 16),
            version="0",
        )
