"""A pipeline folder becomes a sampler without a connection, and what cannot be used is said before torch is loaded."""

import json
import shutil
import warnings
from pathlib import Path

import pytest
import torch

import genaudit
from genaudit.errors import GenauditError, PluginError, WeightsError
from genaudit.plugin.manager import load_plugins
from genaudit.stats.seeds import generator
from genaudit.testing import Verdict, run_checks
from genaudit.testing.contract.subject import subject_of
from genaudit_files.diffusion import build
from genaudit_files.diffusion_options import DiffusionOptions, settle

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own dependencies, about each other
    diffusers = pytest.importorskip("diffusers")

CPU = torch.device("cpu")
SPEC = next(found.spec for found in load_plugins().all("generator") if found.spec.name == "diffusers")


def saved(folder, **changes):
    """A tiny random pipeline, written by the library itself."""
    with warnings.catch_warnings(), torch.random.fork_rng():
        warnings.simplefilter("ignore")
        network = diffusers.UNet2DModel(
            **{
                "sample_size": 16, "in_channels": 3, "out_channels": 3, "layers_per_block": 1,
                "block_out_channels": (8,), "down_block_types": ("DownBlock2D",), "up_block_types": ("UpBlock2D",),
                "norm_num_groups": 4, "add_attention": False, **changes,
            }
        )  # fmt: skip
        scheduler = diffusers.DDPMScheduler(num_train_timesteps=100)
        diffusers.DDPMPipeline(network, scheduler).save_pretrained(folder)
    return folder


def saved_transformer(folder, classes):
    """A tiny random DiT: codes of 4×4 pixels, images of 16×16, a learnt variance."""
    with warnings.catch_warnings(), torch.random.fork_rng():
        warnings.simplefilter("ignore")
        transformer = diffusers.DiTTransformer2DModel(
            num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=1, sample_size=4,
            num_embeds_ada_norm=classes, norm_num_groups=4,
        )  # fmt: skip
        for weight in transformer.parameters():  # the class is not heard while the modulation is zero
            torch.nn.init.normal_(weight, std=0.3, generator=torch.Generator().manual_seed(weight.numel()))
        decoder = diffusers.AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
            block_out_channels=(4, 8, 8), latent_channels=4, norm_num_groups=4, sample_size=16,
        )  # fmt: skip
        scheduler = diffusers.DDIMScheduler(num_train_timesteps=100)
        diffusers.DiTPipeline(transformer, decoder, scheduler).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def transformer(tmp_path_factory):
    return saved_transformer(tmp_path_factory.mktemp("pipelines") / "dit", classes=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("pipelines") / "plain")


@pytest.fixture
def copied(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "copied"))


def options(folder, **changes):
    return DiffusionOptions(folder=str(folder), **{"steps": 5, "batch": 4, **changes})


def test_images_are_those_of_the_librarys_own_deterministic_pipeline(folder):
    z = torch.from_numpy(generator(0, "z").normal(size=(4, 3, 16, 16))).float()
    found = build(options(folder), CPU).decode(z)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = diffusers.DDIMPipeline.from_pretrained(folder, local_files_only=True)
        pipeline.set_progress_bar_config(disable=True)
        drawn = z.clone()
        pipeline_noise = "diffusers.pipelines.ddim.pipeline_ddim.randn_tensor"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline_noise, lambda *_, **__: drawn)
            expected = pipeline(batch_size=4, num_inference_steps=5, eta=0.0, output_type="np").images
    assert torch.allclose(found, torch.from_numpy(expected).permute(0, 3, 1, 2), atol=1e-5)  # float32, many steps


def test_a_run_has_numbers_and_the_digest_of_the_folder(folder, tmp_path):
    record = genaudit.run(
        plugin="diffusers", samples=20, metrics=["fid"], formats=("json",), out=tmp_path,
        options={"diffusers.folder": str(folder), "diffusers.steps": "2"},
    )  # fmt: skip
    assert record.value("fid") > 1
    assert record.generator.digest == build(options(folder), CPU).digest


def test_it_keeps_every_promise_without_a_connection(folder):
    subject = subject_of("diffusers", load_plugins(), {"folder": str(folder), "steps": "3"})
    assert [(one.check, one.said) for one in run_checks(subject) if one.verdict is Verdict.BROKEN] == []


def test_a_conditional_network_needs_the_names_of_its_classes(tmp_path):
    place = saved(tmp_path / "given", num_class_embeds=3)
    with pytest.raises(GenauditError, match=r"is conditional on 3 classes, and diffusers\.classes names 0"):
        settle(SPEC, options(place))
    named = options(place, classes=("a", "b", "c"))
    assert settle(SPEC, named).capabilities == ("Sampler", "ClassConditional")
    z = torch.zeros(2, 3, 16, 16)
    one, other = build(named, CPU).decode(z, torch.tensor([0, 2]))
    assert not torch.equal(one, other)


def test_classes_of_a_network_without_any_are_refused(folder):
    with pytest.raises(GenauditError, match=r"has no classes, and diffusers\.classes names 2"):
        settle(SPEC, options(folder, classes=("a", "b")))


def test_the_shape_is_that_of_the_network(folder):
    settled = settle(SPEC, options(folder))
    assert settled.image_shape == (3, 16, 16)
    assert settled.summary == "Diffusion pipeline in the folder plain: UNet2DModel, 5 deterministic DDIM steps."


@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_images_of_a_transformer_are_those_of_the_librarys_own_pipeline(tmp_path, guidance):
    transformer = saved_transformer(tmp_path / "dit", classes=1000)  # the library's guidance knows no other number
    z = torch.from_numpy(generator(0, "codes").normal(size=(3, 4, 4, 4))).float()
    labels = torch.tensor([0, 1, 2])
    ours = build(options(transformer, classes=tuple(map(str, range(1000))), guidance=guidance), CPU)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = diffusers.DiTPipeline.from_pretrained(transformer, local_files_only=True)
        pipeline.set_progress_bar_config(disable=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("diffusers.pipelines.dit.pipeline_dit.randn_tensor", lambda *_, **__: z.clone())
            expected = pipeline(
                labels.tolist(), guidance_scale=guidance, num_inference_steps=5, output_type="np"
            ).images  # fmt: skip
    found = ours.decode(z, labels)
    assert torch.allclose(found, torch.from_numpy(expected).permute(0, 3, 1, 2), atol=1e-4)  # float32, many steps
    assert not torch.allclose(found[0], ours.decode(z, labels.flip(0))[0], atol=1e-3)  # the class is heard


def test_a_transformer_has_the_shape_of_what_its_decoder_makes(transformer):
    made = settle(SPEC, options(transformer, classes=("a", "b", "c")))
    assert made.image_shape == (3, 16, 16)
    assert made.capabilities == ("Sampler", "ClassConditional")


def test_a_transformer_keeps_every_promise_without_a_connection(transformer):
    given = {"folder": str(transformer), "steps": "3", "classes": "a,b,c"}
    subject = subject_of("diffusers", load_plugins(), given)
    assert [(one.check, one.said) for one in run_checks(subject) if one.verdict is Verdict.BROKEN] == []


def test_a_decoder_that_is_a_pickle_is_refused(transformer, tmp_path):
    place = Path(shutil.copytree(transformer, tmp_path / "copied"))
    weights = place / "vae" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(WeightsError, match="vae holds no weights in safetensors format"):
        settle(SPEC, options(place, classes=("a", "b", "c")))


def test_guidance_is_refused_where_no_class_stands_for_none(folder):
    with pytest.raises(GenauditError, match=r"guidance is 2\.0, and a UNet2DModel has no answer without a class"):
        settle(SPEC, options(folder, guidance=2.0))


def test_a_pipeline_that_is_asked_in_words_is_refused_by_its_name(copied):
    index = json.loads((copied / "model_index.json").read_text())
    parts = {name: ["diffusers", "X"] for name in ("vae", "text_encoder", "tokenizer")}
    (copied / "model_index.json").write_text(json.dumps({**index, **parts, "_class_name": "StableDiffusionPipeline"}))
    with pytest.raises(GenauditError, match=r"holds a StableDiffusionPipeline of .*It is asked in words") as why:
        settle(SPEC, options(copied))
    assert "Allowed: a UNet2DModel with a scheduler" in why.value.message
    assert "--plugin samples" in why.value.hint


def test_a_folder_without_a_pipeline_is_refused(tmp_path):
    with pytest.raises(GenauditError, match=r"Cannot read .*model_index\.json"):
        settle(SPEC, options(tmp_path))


def test_a_pipeline_with_other_parts_is_sent_to_samples(copied):
    index = json.loads((copied / "model_index.json").read_text())
    (copied / "model_index.json").write_text(json.dumps({**index, "vae": ["diffusers", "AutoencoderKL"]}))
    with pytest.raises(GenauditError, match=r"holds a DDPMPipeline of scheduler, unet, vae\. Allowed: ") as why:
        settle(SPEC, options(copied))
    assert "--plugin samples" in why.value.hint


def test_weights_that_are_a_pickle_are_refused(copied):
    weights = copied / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(WeightsError, match="holds no weights in safetensors format"):
        settle(SPEC, options(copied))


@pytest.mark.parametrize("file", ["unet/config.json", "scheduler/scheduler_config.json", "model_index.json"])
def test_a_damaged_configuration_is_refused(copied, file):
    (copied / file).write_text("{")
    with pytest.raises(GenauditError, match="is damaged"):
        settle(SPEC, options(copied))


def test_damaged_weights_are_refused(copied):
    (copied / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="Cannot read the pipeline"):
        build(options(copied), CPU)


@pytest.mark.parametrize("changes", [{"steps": 0}, {"steps": 1001}, {"batch": 0}, {"guidance": 0.5}])
def test_options_that_cannot_be_are_refused(folder, changes):
    with pytest.raises(ValueError, match="allowed"):
        options(folder, **changes)


def test_a_missing_package_is_said_with_the_command(monkeypatch):
    monkeypatch.setattr("genaudit.plugin.catalog.find_spec", lambda name: None)
    with pytest.raises(PluginError, match="needs diffusers, which is not installed") as why:
        load_plugins().generator("diffusers")
    assert why.value.hint == "Run: pip install 'genaudit[diffusers]'"
