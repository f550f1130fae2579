"""The known results hold here, and a function that is wrong is found out."""

import pytest

from genaudit.selftest.golden_case import GoldenCase, GoldenResult, run_case
from genaudit.selftest.running import GOLDEN
from genaudit.stats import frechet, kernels, neighbours, proportions


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_a_golden_case_holds(case):
    result = run_case(case)
    assert result.passed, (result.found, result.error)


def test_every_case_says_where_its_value_comes_from_and_is_named_once():
    assert all(case.source for case in GOLDEN)
    assert len({case.name for case in GOLDEN}) == len(GOLDEN)


def test_the_cases_reach_every_family_of_numbers():
    heads = {case.name.partition(":")[0].split(",")[0] for case in GOLDEN}
    assert heads >= {
        "fid",
        "kid",
        "inception_score",
        "precision",
        "mode_kl",
        "psnr",
        "ssim",
        "elbo_kl",
        "iwae",
        "log_likelihood",
        "latent_mutual_information",
        "vendi",
        "ndb",
        "mind",
    }


@pytest.mark.parametrize(
    ("found", "passed"),
    [((1.0, 2.0), True), ((1.0, 2.2), False), ((1.0,), False), ((), False), ((1.0, float("nan")), False)],
)
def test_a_result_passes_only_if_every_entry_is_there_and_near(found, passed):
    case = GoldenCase(name="pair", compute=lambda: found, expected=(1.0, 2.0), tolerance=0.1)
    assert run_case(case).passed is passed


def test_a_computation_that_raises_fails_with_its_error():
    result = run_case(GoldenCase(name="broken", compute=lambda: {}["x"], expected=(1.0,)))
    assert result == GoldenResult(case=result.case, found=(), error="KeyError: 'x'")


@pytest.mark.parametrize(
    ("module", "function", "head"),
    [
        (frechet, "frechet_distance", "fid"),
        (kernels, "polynomial_mmd", "kid"),
        (neighbours, "expected_coverage", "coverage"),
        (proportions, "wilson_interval", "Wilson"),
    ],
)
def test_a_missing_function_fails_its_own_cases_and_no_others(monkeypatch, module, function, head):
    monkeypatch.setattr(module, function, None)
    failed = {case.name for case in GOLDEN if not run_case(case).passed}
    assert failed
    assert {name for name in failed if not name.startswith(head)} <= {
        "density, coverage of a perfect model: mean of 200 pairs of sets less 1 and less the expected",
    }
