"""Both translators keep the contract of their capabilities, the same at any batch size."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from watching import Watcher

from genaudit.datasets import COLORED_DIGITS
from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.plugin import capabilities
from genaudit.plugin.components import LabelledImages, of_both_domains
from genaudit.stats.seeds import generator
from genaudit_cyclegan import CYCLEGAN, PIX2PIX, genaudit_generators, model, paired
from genaudit_cyclegan.checkpoints import shipped, shipped_pairs
from genaudit_cyclegan.domains import SKEW, unpaired
from genaudit_cyclegan.network import initialised_discriminator
from genaudit_cyclegan.options import DOMAINS, CycleGanOptions, Pix2PixOptions
from genaudit_cyclegan.pool import SIZE, ImagePool

CPU = torch.device("cpu")
MODELS = {
    "cyclegan": (CYCLEGAN, model.build, CycleGanOptions()),
    "pix2pix": (PIX2PIX, paired.build, Pix2PixOptions()),
}


@pytest.fixture(params=MODELS)
def kind(request):
    return MODELS[request.param]


@pytest.fixture(scope="module")
def images():
    return torch.from_numpy(ColoredDigits().split("holdout").images[:40]).float() / 255


def both(names, count=64, split="holdout"):
    """A few images of both domains."""
    looks = ColoredDigits().translation_pairs(split, *names)
    few = (
        LabelledImages(
            images=look.images[:count],
            labels={name: rows[:count] for name, rows in look.labels.items()},
            clusters=look.clusters[:count],
        )
        for look in looks
    )
    return of_both_domains(*few)


def fitted(kind, seed=0, budget=3, count=64):
    _, build, options = kind
    made, watcher = build(options, CPU), Watcher()
    data = both(options.names, count)
    made.fit(data, data, budget=budget, seed=seed, progress=watcher)
    return made, watcher


def test_the_hook_brings_the_specs():
    assert genaudit_generators() == [CYCLEGAN, PIX2PIX]


def test_the_declared_capabilities_are_there(kind):
    spec, build, options = kind
    for name in spec.capabilities:
        assert isinstance(build(options, CPU), capabilities.CAPABILITIES[name])


def test_domains_are_known_to_the_embedded_data():
    assert set(DOMAINS.values()) == set(COLORED_DIGITS.translations)


@pytest.mark.parametrize(("name", "count"), [("cyclegan", 2 * 52_259), ("pix2pix", 52_259)])
def test_the_generators_have_the_parameters_that_the_documentation_counts(name, count):
    _, build, options = MODELS[name]
    assert sum(tensor.numel() for tensor in build(options, CPU).state().values()) == count


def test_the_discriminator_judges_four_by_four_patches_with_20_thousand_parameters():
    judge = initialised_discriminator(torch.Generator().manual_seed(0))
    assert sum(tensor.numel() for tensor in judge.parameters()) == 20_089
    assert judge(torch.zeros(2, 3, 16, 16)).shape == (2, 1, 4, 4)


@pytest.mark.parametrize("size", [1, 7])
def test_batch_size_changes_no_image(kind, images, size):
    _, build, options = kind
    made = build(options, CPU)
    together = made.translate(images, *options.names)
    apart = torch.cat([made.translate(part, *options.names) for part in torch.split(images, size)])
    assert torch.equal(together, apart)
    assert together.dtype == torch.float32
    assert together.shape == images.shape
    assert 0 <= float(together.min()) <= float(together.max()) <= 1


def test_translations_are_differentiable_in_the_images(kind, images):
    _, build, options = kind
    x = images[:4].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(build(options, CPU).translate(x, *options.names).sum(), x)
    assert float(gradient.abs().sum()) > 0


def test_the_two_directions_have_two_generators(images):
    made = model.build(CycleGanOptions(), CPU)
    assert not torch.equal(made.translate(images, "orange", "blue"), made.translate(images, "blue", "orange"))


def test_other_domains_are_refused(kind, images):
    _, build, options = kind
    with pytest.raises(ValueError, match="not horse to zebra"):
        build(options, CPU).translate(images, "horse", "zebra")


def test_pix2pix_knows_no_way_back(images):
    made = paired.build(Pix2PixOptions(), CPU)
    assert made.directions == (("thin", "thick"),)
    with pytest.raises(ValueError, match="thin to thick, not thick to thin"):
        made.translate(images, "thick", "thin")


def test_weights_go_out_and_in_unchanged(kind, images):
    _, build, options = kind
    made = build(options, CPU)
    before = made.translate(images, *options.names)
    other = {name: tensor + 0.01 for name, tensor in made.state().items()}
    made.load_state(other)
    assert all(torch.equal(tensor, made.state()[name]) for name, tensor in other.items())
    assert not torch.equal(made.translate(images, *options.names), before)


def test_training_twice_gives_the_same_bits_and_another_seed_gives_others(kind):
    (first, watched), (second, again) = fitted(kind), fitted(kind)
    assert all(torch.equal(tensor, second.state()[name]) for name, tensor in first.state().items())
    assert watched.losses == again.losses
    other = fitted(kind, seed=1)[0].state()
    assert not all(torch.equal(tensor, other[name]) for name, tensor in first.state().items())


def test_every_step_is_reported_and_the_last_is_validated(kind):
    _, watcher = fitted(kind)
    assert watcher.steps == [(1, 3), (2, 3), (3, 3)]
    assert watcher.epochs[-1][0] == 3
    assert np.isfinite([*watcher.losses, *(loss for _, loss in watcher.epochs)]).all()


def test_the_process_is_left_as_it_was(kind):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    _, watcher = fitted(kind, budget=1)
    assert watcher.threads == {1}
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_a_few_steps_improve_the_loss(kind):
    _, watcher = fitted(kind, budget=30)
    assert np.mean(watcher.losses[-5:]) < np.mean(watcher.losses[:5])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            LabelledImages(images=np.zeros((4, 1, 28, 28), np.uint8)),
            r"images \(n, 3, 16, 16\), not on \(4, 1, 28, 28\)",
        ),
        (LabelledImages(images=np.zeros((4, 3, 16, 16), np.uint8)), "this data set does not know them"),
        (
            LabelledImages(images=np.zeros((3, 3, 16, 16), np.uint8), labels={"domain": np.array([0, 1, 1])}),
            "not on 1 and 2",
        ),
    ],
)
def test_images_that_cannot_be_trained_on_are_refused(kind, wrong, said):
    _, build, options = kind
    with pytest.raises(ValueError, match=said):
        build(options, CPU).fit(wrong, wrong, budget=1, seed=0, progress=Watcher())


def test_a_budget_of_nothing_is_refused(kind):
    with pytest.raises(ValueError, match="allowed: a whole number from 1"):
        fitted(kind, budget=0)


def test_unpaired_domains_share_no_source_and_have_the_same_classes():
    data = both(("orange", "blue"), count=6000, split="train")
    first, second = unpaired(data, "model", skew=0.0, seed=0)
    assert abs(len(first) - len(second)) <= 60  # a source of six renders may be left over in each of ten classes
    light = [{grey.tobytes() for grey in images.amax(dim=1).numpy()} for images in (first, second)]
    assert len(light[0] & light[1]) < 5  # by chance alone, such as two equal digits


def test_skewed_domains_have_the_shares_that_were_asked_for():
    data = both(("orange", "blue"), count=6000, split="train")
    digit = data.labels["digit"][:6000]
    grey = {image.tobytes(): label for image, label in zip(data.images[:6000], digit, strict=True)}
    first, _ = unpaired(data, "model", skew=1.0, seed=0)
    levels = ((first + 1) * 127.5).round().to(torch.uint8).numpy()
    read = np.array([grey[image.tobytes()] for image in levels])
    shares = np.bincount(read) / np.bincount(digit)
    assert shares == pytest.approx(0.5 + np.array(SKEW), abs=0.01)  # rounding to whole sources of about 100


def test_skewed_domains_need_classes():
    unlabelled = LabelledImages(images=np.zeros((4, 3, 16, 16), np.uint8), labels={"domain": np.array([0, 0, 1, 1])})
    with pytest.raises(ValueError, match="needs images with the label 'digit'"):
        unpaired(unlabelled, "model", skew=0.5, seed=0)


def test_the_pool_keeps_fifty_and_gives_half_of_them_back():
    pool, fresh = ImagePool(torch.Generator().manual_seed(0)), torch.arange(50.0)[:, None]
    assert torch.equal(pool.exchanged(fresh), fresh)
    shown = pool.exchanged(torch.arange(50.0, 1050.0)[:, None]).flatten()
    old = (shown != torch.arange(50.0, 1050.0)).sum()
    assert abs(int(old) - 500) < 4 * 250**0.5  # four standard deviations
    assert len(shown.unique()) == 1000  # each is shown once: what goes in leaves once or stays
    assert len(pool._kept) == SIZE


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        (CycleGanOptions, {"domains": "size"}, "allowed: colour, thickness"),
        (Pix2PixOptions, {"domains": "size"}, "allowed: colour, thickness"),
        (CycleGanOptions, {"class_skew": 1.5}, "allowed: from 0 to 1"),
        (CycleGanOptions, {"cycle_weight": 0.0}, "allowed: a finite number above 0"),
        (CycleGanOptions, {"identity_weight": -1.0}, "allowed: a finite number from 0"),
        (CycleGanOptions, {"steps": 0}, "allowed: a whole number from 1"),
        (Pix2PixOptions, {"pixel_weight": float("nan")}, "allowed: a finite number above 0"),
        (Pix2PixOptions, {"batch_size": 0}, "allowed: a whole number from 1"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(options, given, said):
    with pytest.raises(ValueError, match=said):
        options(**given)


def test_only_the_default_options_have_shipped_weights():
    assert shipped(CycleGanOptions()).is_file()
    assert shipped_pairs(Pix2PixOptions()).is_file()
    assert shipped(CycleGanOptions(class_skew=1.0)) is None
    assert shipped_pairs(Pix2PixOptions(steps=10)) is None


def test_specs_options_and_checkpoints_are_light():
    program = (
        "import sys, genaudit_cyclegan, genaudit_cyclegan.options, genaudit_cyclegan.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_noise_in_the_images_shows_in_the_translation(images):
    made = model.build(CycleGanOptions(), CPU)
    noise = torch.from_numpy(generator(0, "noise").normal(size=images.shape)).float()
    before, after = (made.translate(x.clamp(0, 1), "orange", "blue") for x in (images, images + 0.3 * noise))
    assert float((before - after).abs().mean()) > 0
