"""Ring and grid are the mixtures that they say, and their modes are read exactly."""

import numpy as np
import pytest
import torch

from genaudit.datasets.plane import SPLITS, build_grid, build_ring
from genaudit.errors import UnknownName
from genaudit.extractors import plane
from genaudit.metrics.high_quality import high_quality_rate
from genaudit.metrics.options import HighQualityOptions
from genaudit.plugin.options import NoOptions
from genaudit.stats.plane import GRID, RING
from genaudit.stats.seeds import generator
from genaudit.values.observations import ModeDistances

CPU = torch.device("cpu")
WORLDS = {"ring": (build_ring, plane.build_ring, RING), "grid": (build_grid, plane.build_grid, GRID)}


@pytest.fixture(params=WORLDS)
def world(request, installed):
    build, read, mixture = WORLDS[request.param]
    spec = installed.dataset(request.param).spec
    return build(NoOptions()), read(NoOptions(), CPU), mixture, spec, installed.extractor(spec.extractor).spec


def rate(points, reference, mixture, **options):
    distances = ModeDistances(
        generated=mixture.distances(points), reference=mixture.distances(reference), modes=mixture.names
    )
    return high_quality_rate(distances, options=HighQualityOptions(**options), rng=generator(0))


def test_specs_name_the_modes_and_sizes(world):
    data, _, mixture, spec, extractor = world
    assert spec.attributes["mode"] == extractor.classes == mixture.names
    assert spec.splits == SPLITS
    assert len({tuple(np.round(centre, 6)) for centre in mixture.centres}) == len(mixture.names)
    split = data.split("holdout")
    assert split.images.shape == (2000, 2)
    assert split.images.dtype == np.float32


def test_points_lie_around_their_mode_with_the_stated_width(world):
    data, _, mixture, _, _ = world
    split = data.split("train")
    offsets = split.images - np.asarray(mixture.centres)[split.labels["mode"]]
    # 20,000 numbers: their standard deviation is known to half a per cent
    assert offsets.std() == pytest.approx(mixture.deviation, rel=0.02)
    shares = np.bincount(split.labels["mode"]) / len(split.images)
    # four standard errors of a share of an eighth or less
    assert np.abs(shares - 1 / len(mixture.names)).max() < 0.0135


def test_the_same_points_every_time_and_others_in_every_split(world):
    data = world[0]
    assert data.split("evaluation").digest == data.split("evaluation").digest
    assert data.split("evaluation").digest != data.split("holdout").digest
    with pytest.raises(UnknownName, match="nothing"):
        data.split("nothing")


def test_modes_are_read_as_they_were_drawn(world):
    data, extractor, _, _, _ = world
    split = data.split("evaluation")
    outputs = extractor.extract(torch.from_numpy(split.images))
    assert (outputs["logits"].argmax(dim=1).numpy() == split.labels["mode"]).all()
    assert outputs["features"].dtype == torch.float64


def test_g45_a_perfect_sampler_has_98_89_per_cent_near_a_mode(world):
    _, _, mixture, _, _ = world
    points, _ = mixture.drawn(50_000, generator(1, "perfect"))
    found = rate(points, points[:100], mixture)
    assert found.details["expected_of_a_perfect_model"] == pytest.approx(0.9888910035, abs=1e-9)
    # four standard errors of 50,000 draws
    assert found.value == pytest.approx(0.9888910035, abs=0.0019)
    assert found.interval.low < 0.98889 < found.interval.high
    assert found.details["modes_reached"] == len(mixture.names)
    assert not found.note


def test_order_does_not_matter_and_noise_and_lost_modes_show():
    points, modes = RING.drawn(2000, generator(2, "some"))
    plain = rate(points, points, RING)
    assert rate(points[::-1], points, RING).value == plain.value
    noisy = points + 0.05 * generator(3, "noise").standard_normal(points.shape)
    assert rate(noisy, points, RING).value < 0.5
    fewer = rate(points[modes < 6], points, RING)
    assert fewer.value == pytest.approx(plain.value, abs=0.01)
    assert fewer.note == "No such point at 2 of 8 modes: 270, 315."


def test_points_that_are_no_points_are_refused():
    with pytest.raises(ValueError, match=r"points \(n, 2\)"):
        plane.build_ring(NoOptions(), CPU).extract(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="numbers above 0"):
        HighQualityOptions(deviations=0.0)
