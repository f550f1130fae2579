import subprocess
import sys

import genaudit_reports
from genaudit.values.serialisation import record_from_json
from genaudit_reports.json_report import json_report


def test_every_format_is_registered_with_its_file():
    specs = genaudit_reports.genaudit_reporters()
    assert {spec.name: spec.filename for spec in specs} == {
        "json": "run.json",
        "csv": "results.csv",
        "html": "report.html",
        "html-dir": "report/index.html",
        "parquet": "results.parquet",
        "card": "card.md",
        "junit": "junit.xml",
        "md": "summary.md",
    }


def test_every_target_is_a_function_of_record_and_folder():
    from importlib import import_module

    for spec in genaudit_reports.genaudit_reporters():
        module, _, name = spec.target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_listing_the_reporters_loads_nothing_heavy():
    code = (
        "import sys, genaudit_reports; genaudit_reports.genaudit_reporters();"
        "print(*{'jinja2', 'pandas', 'vl_convert', 'PIL', 'torch', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_rendering_the_page_does_not_load_torch():
    code = "import sys, genaudit_reports.html_report; print('torch' in sys.modules, 'vl_convert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_json_report_reads_back_as_the_record(rich, run_folder):
    again = record_from_json(json_report(rich, run_folder).decode())
    assert again.value("fid") == rich.value("fid")
    assert again.images == rich.images


def test_charts_are_offered_as_specifications_by_name(rich):
    specs = genaudit_reports.charts(rich)
    assert list(specs) == [
        "fid_views",
        "training_curve",
        "mode_share",
        "reconstruction_error",
        "step_length",
        "share_share_of_colour_orange_within_each_digit",
    ]
    assert all(spec["$schema"].endswith("v5.json") for spec in specs.values())
