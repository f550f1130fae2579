"""The same run on a CUDA device."""

import pytest
import torch

import genaudit

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device"),
]


def test_a_run_on_the_device_gives_the_numbers_of_the_processor(tmp_path):
    given = {"plugin": "vae", "samples": 500, "out": tmp_path, "formats": ("json",)}
    processor, device = (genaudit.run(**given, device=name) for name in ("cpu", "cuda"))
    assert device.environment.device != "cpu"
    expected = {(r.metric, r.group): r.value for r in processor.results}
    # float64 on both; other orders of summation
    assert {(r.metric, r.group): r.value for r in device.results} == pytest.approx(expected, rel=1e-6)


def test_training_on_the_device_lowers_the_loss(tmp_path):
    record = genaudit.run(
        plugin="vae", samples=50, metrics=("fid",), retrain=True, options={"vae.steps": 60}, device="cuda", out=tmp_path
    )
    assert record.training.loss[-1] < record.training.loss[0]
