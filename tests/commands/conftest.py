from pathlib import Path

import distributions
import pytest

TINY = """
    from genaudit.plugin import GeneratorSpec, hookimpl

    @hookimpl
    def genaudit_generators():
        for name in ("tiny", "tiny-raises", "tiny-interrupted", "tiny-talks"):
            yield GeneratorSpec(name=name, summary="Flat colours.", capabilities=("Sampler",), image_shape=(3, 16, 16),
                                target=f"tiny_model:{name.replace('-', '_')}", options="tiny_options:Options")
"""
OPTIONS = """
    from dataclasses import dataclass

    @dataclass(frozen=True, kw_only=True)
    class Options:
        contrast: float = 1.0
"""
MODEL = """
    class Tiny:
        latent_shape = (3,)

        def __init__(self, options, device, event=None):
            self.event = event

        def decode(self, z, labels=None):
            if self.event == "talk":
                print("the plugin talks on stdout")
            elif self.event:
                raise self.event
            return z.sigmoid()[:, :, None, None].expand(-1, 3, 16, 16)

    tiny = Tiny

    def tiny_raises(options, device):
        return Tiny(options, device, ZeroDivisionError("one over none"))

    def tiny_interrupted(options, device):
        return Tiny(options, device, KeyboardInterrupt())

    def tiny_talks(options, device):
        return Tiny(options, device, "talk")
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Genaudit and one small foreign generator are installed; the working directory is empty."""
    for name in ("GENAUDIT_BLOCK", "GENAUDIT_CONFIG", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "site").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    with distributions.site(tmp_path / "site") as place:
        place.install_genaudit()
        place.install("tiny-models", {"tiny": "tiny_plugin"}, tiny_plugin=TINY, tiny_options=OPTIONS, tiny_model=MODEL)
        yield place


@pytest.fixture
def broken(site):
    """A plugin that cannot be imported is installed beside the others."""
    site.install("odd-models", {"odd": "odd_plugin"}, odd_plugin="raise RuntimeError('no licence')")
    return site


@pytest.fixture
def project(site, monkeypatch):
    """The working directory is a project; no pipeline's variables are set."""
    from gate_project import CONFIGURATION, PLUGIN, newest, weights

    from genaudit.cli import main

    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    site.install("tiny-world", {"tiny_world": "tiny_world_plugin"}, tiny_world_plugin=PLUGIN)
    Path("genaudit.toml").write_text(CONFIGURATION)
    weights("good.safetensors", 0.0)
    weights("worse.safetensors", 2.0)
    assert main(["run", "--weights", "good.safetensors", "--no-gate", "-q", "-o", "runs"]) == 0
    words = ["--update-baseline", "--reason", "first release"]
    assert main(["check", str(newest()), *words]) == 0
    return site
