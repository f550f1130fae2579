"""``genaudit compare`` as a user meets it."""

import json
import subprocess
import sys

import pytest
from commands import genaudit
from records import record, result

from genaudit.values.results import EvaluationProtocol


@pytest.fixture
def runs(tmp_path):
    paths = []
    for place, value in enumerate((4.0, 3.0)):
        paths.append(tmp_path / str(place) / "run.json")
        paths[-1].parent.mkdir()
        record(results=(result("fid", value, interval=(value - 0.1, value + 0.1)),)).save(paths[-1])
    return paths


def test_the_table_says_value_interval_and_change(runs, site):
    done = genaudit("compare", *runs, site=site)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("fid"))
    assert "4.00 (3.90 to 4.10)" in line
    assert "-1.00 (-1.14 to -0.86) better" in line


def test_files_are_written_where_they_are_asked_for(runs, tmp_path, site):
    done = genaudit("compare", *runs, "--out", tmp_path / "side by side", "--label", "old", "--label", "new", site=site)
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "side by side").iterdir()}
    assert written == {"comparison.html", "comparison.csv", "comparison.json", "charts"}


def test_with_the_layout_of_a_folder_the_page_has_style_and_script_beside_it(runs, tmp_path, site):
    done = genaudit("compare", *runs, "--out", tmp_path / "out", "--layout", "dir", site=site)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "out" / "comparison"
    assert {path.name for path in page.iterdir()} == {"index.html", "style.css", "sort.js"}
    assert "<style" not in (page / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "comparison.csv").exists()


def test_an_unknown_layout_leaves_with_2_before_anything_is_written(runs, tmp_path, site):
    done = genaudit("compare", *runs, "--out", tmp_path / "out", "--layout", "dirs", site=site)
    assert done.returncode == 2
    assert "No layout 'dirs'. Did you mean 'dir'?" in done.stderr
    assert not (tmp_path / "out" / "comparison.csv").exists()


def test_json_is_all_that_is_on_stdout(runs, site):
    plain = json.loads(genaudit("compare", *runs, "--json", site=site).stdout)
    assert plain["numbers"][0]["cells"][1]["change"]["difference"] == -1.0


def test_unlike_protocols_leave_with_2_and_name_the_field(runs, site):
    record(results=(result("fid", protocol=EvaluationProtocol(extractor="inception")),)).save(runs[1])
    done = genaudit("compare", *runs, site=site)
    assert done.returncode == 2
    assert "extractor is 'digits' in run vae 1 and 'inception' in run vae 2" in done.stderr
    assert "--skip-unlike" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "at least 2 runs, not 0"), (("nowhere", "nothing"), "Cannot read nowhere")],
)
def test_mistakes_leave_with_2_and_what_to_do(arguments, said, site):
    done = genaudit("compare", *arguments, site=site)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_comparing_imports_no_torch(runs, tmp_path):
    code = (
        "import sys; from genaudit.cli import main;"
        f"code = main(['compare', {str(runs[0])!r}, {str(runs[1])!r}, '--out', {str(tmp_path / 'out')!r}]);"
        "print('torch' in sys.modules, code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False 0"
