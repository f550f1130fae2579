"""A project with a gate: its configuration, its generator's plugin, and checkpoints that are good or worse."""

from pathlib import Path

from safetensors.torch import save_file
from tiny import TinyOptions, TinyVae

PLUGIN = """
    import tiny
    from genaudit.plugin import hookimpl

    def of_kind(kind):
        return [spec for spec in tiny.SPECS if spec.kind == kind]

    @hookimpl
    def genaudit_generators():
        return of_kind("generator")

    @hookimpl
    def genaudit_datasets():
        return of_kind("dataset")

    @hookimpl
    def genaudit_extractors():
        return of_kind("extractor")

    @hookimpl
    def genaudit_annotators():
        return of_kind("annotator")
"""
CONFIGURATION = """
[run]
plugin = "tiny-vae"
dataset = "tiny"
samples = 300
metrics = ["fid", "kid", "reconstruction_mse"]
formats = ["json", "csv", "html", "junit", "md"]
keep_features = true
[gate]
baseline = "baselines/tiny.json"
[gate.metrics]
fid = { level = "error", rel = 0.1 }
"""


def weights(name, shift):
    """A checkpoint whose images are brighter by ``shift``."""
    state = TinyVae(TinyOptions()).state()
    save_file({**state, "bias": state["bias"] + shift}, name)


def newest():
    return max(Path("runs").iterdir(), key=lambda path: (path / "run.json").stat().st_mtime_ns)
