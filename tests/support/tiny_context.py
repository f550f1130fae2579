"""The tiny world as a probe sees it."""

import tiny
import torch

from genaudit.probes.context import ProbeContext


def tiny_context(**changes):
    """A context of 50 samples of the tiny VAE; anything may be another."""
    specs = {spec.name: spec for spec in tiny.SPECS}
    origin = "Plugin 'tiny' (tiny-world 1.0)"
    usual = {
        "generator": tiny.TinyVae(tiny.TinyOptions()),
        "generator_origin": origin,
        "extractor_origin": origin,
        "dataset_origin": origin,
        "annotator_origins": dict.fromkeys(("light", "tone"), origin),
        "image_shape": tiny.SHAPE,
        "dataset": tiny.TinyDataset(),
        "dataset_spec": specs["tiny"],
        "extractor": tiny.TinyExtractor(),
        "extractor_spec": specs["tiny-net"],
        "annotators": {},
        "device": torch.device("cpu"),
        "seed": 0,
        "samples": 50,
        "batch_size": 16,
        "demands": {},
        "progress": lambda _: None,
    }
    return ProbeContext(**(usual | changes))
