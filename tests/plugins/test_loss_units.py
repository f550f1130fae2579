"""What the losses of each training are counted in, as its chart says."""

import pytest

from genaudit_autoencoders import SPECS as AUTOENCODERS
from genaudit_cyclegan import CYCLEGAN, PIX2PIX
from genaudit_dcgan import DCGAN
from genaudit_gans import CGAN, GAN, GRID_GAN, RANDOM_PAIRING, RING_GAN
from genaudit_stylegan import STYLEGAN
from genaudit_vae import VAE

UNITS = {spec.name: spec.loss_unit for spec in AUTOENCODERS}


@pytest.mark.parametrize("spec", [DCGAN, STYLEGAN, GAN, CGAN, RING_GAN, GRID_GAN], ids=lambda spec: spec.name)
def test_an_adversarial_training_names_whose_nats_they_are(spec):
    assert spec.loss_unit == "nats of the discriminator"


def test_only_bounds_and_cross_entropies_of_images_are_plain_nats_an_image():
    plain = {name for name, unit in UNITS.items() if unit == "nats per image"}
    assert plain == {"autoencoder", "denoising-autoencoder", "cvae"}
    assert VAE.loss_unit == "nats per image"


def test_a_loss_of_several_terms_says_so():
    assert UNITS["sparse-autoencoder"] == "nats per image, penalty included"
    assert UNITS["beta-vae"] == "nats per image, KL term weighted"
    assert UNITS["vq-vae"] == "nats per image, of pixels and then of codes"
    assert "weighted sum" in CYCLEGAN.loss_unit
    assert "weighted sum" in PIX2PIX.loss_unit


def test_squared_errors_are_no_nats():
    assert UNITS["pca"] == UNITS["linear-autoencoder"] == "squared error, summed over an image"
    assert RANDOM_PAIRING.loss_unit == "squared error, mean over the values of an image"
