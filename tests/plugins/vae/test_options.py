"""Options are checked before anything heavy is loaded."""

import subprocess
import sys

import pytest

from genaudit_vae.checkpoints import SHIPPED, shipped
from genaudit_vae.options import VaeOptions


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"likelihood": "poisson"}, "allowed: bernoulli, continuous-bernoulli, gaussian, laplace"),
        ({"latent_dim": 0}, "allowed: none, or a whole number from 1 to 512"),
        ({"steps": 0}, "allowed: from 1"),
        ({"batch_size": 0}, "allowed: from 1"),
        ({"beta": -1.0}, "allowed: a finite number from 0"),
        ({"beta": float("nan")}, "allowed: a finite number from 0"),
        ({"learning_rate": 0.0}, "allowed: a finite number above 0"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(given, said):
    with pytest.raises(ValueError, match=said):
        VaeOptions(**given)


def test_the_code_is_as_long_as_the_likelihood_wants_unless_said_otherwise():
    assert VaeOptions().code_size == 16
    assert VaeOptions(likelihood="continuous-bernoulli").code_size == 8
    assert VaeOptions(likelihood="continuous-bernoulli", latent_dim=16).code_size == 16


def test_the_likelihood_alone_finds_the_shipped_weights():
    assert shipped(VaeOptions()).name == "bernoulli.safetensors"
    assert shipped(VaeOptions(latent_dim=16)).name == "bernoulli.safetensors"
    assert shipped(VaeOptions(likelihood="continuous-bernoulli")).name == "continuous-bernoulli.safetensors"
    assert all(shipped(options).is_file() for options in SHIPPED.values())


@pytest.mark.parametrize("other", [{"likelihood": "gaussian"}, {"latent_dim": 8}, {"beta": 2.0}, {"steps": 10}])
def test_other_options_have_no_shipped_weights(other):
    assert shipped(VaeOptions(**other)) is None


def test_specs_options_and_checkpoints_are_light():
    program = (
        "import sys, genaudit_vae, genaudit_vae.options, genaudit_vae.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
