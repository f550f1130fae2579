"""The gallery: every embedded generator is run, its report kept for the site, a picture and headline values committed.

usage: tox -e gallery                     (all of them; some ten minutes of processor time)
       tox -e gallery -- stylegan vae     (these; the others' sections stay)

Writes ``docs/gallery.md`` and ``docs/gallery/NAME.png``, and for the site ``build/gallery/NAME.html``: where these are
there, ``tox -e docs`` links them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from thumbnails import thumbnail

from genaudit.cli.numbers import shown, shown_range
from genaudit.plugin.loading import load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions
from genaudit.values.serialisation import load_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.plugin.catalog import Catalog
    from genaudit.values.record import RunRecord

ROOT = Path(__file__).parents[2]
PAGE, PICTURES, REPORTS = ROOT / "docs" / "gallery.md", ROOT / "docs" / "gallery", ROOT / "build" / "gallery"
LARGEST = 25_000
HEADLINE = (
    "fid", "precision", "recall", "mode_count", "high_quality_rate", "reconstruction_mse", "elbo",
    "conditional_accuracy", "translation_accuracy", "cycle_consistency", "attribute_flip_rate",
)  # fmt: skip
INTRODUCTION = """# Gallery

What every generator that comes with genaudit makes, with its shipped weights and seed 0: the first 64 images in order,
none chosen; of translators the image, its translation, the truth and the way back, from top to bottom; of points the
data in grey and what is generated in orange. The values are those of `--profile smoke`, 1,000 samples:
[Generators](generators.md) has those of 10,000, and how each model came to be. Distances at different n do not compare.
`tox -e gallery` makes this page and the reports that the site links.
"""


def main(names: list[str]) -> None:
    """Run the named generators, or all of them, and write what is shown of each."""
    catalog = load_plugins()
    every = sorted(one.spec.name for one in catalog.all("generator") if one.plugin != "files")
    sections = _sections()
    for name in names or every:
        with tempfile.TemporaryDirectory() as place:
            sections[name] = _section(name, _run(name, Path(place)), catalog)
    PAGE.write_text(
        "\n".join([INTRODUCTION, *(sections[name] for name in every if name in sections)]), encoding="utf-8"
    )


def _run(name: str, place: Path) -> Path:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GENAUDIT_")}
    command = [
        sys.executable,
        "-m",
        "genaudit",
        "run",
        "-p",
        name,
        "--profile",
        "smoke",
        "--quiet",
        "--out",
        str(place),
    ]
    subprocess.run(command, check=True, cwd=place, env=environment, stdout=subprocess.DEVNULL)
    (made,) = place.iterdir()
    return made


def _section(name: str, folder: Path, catalog: Catalog) -> str:
    """The page's text about one run; its picture and its report are written."""
    record = load_record(folder)
    target = PICTURES / f"{name}.png"
    for made in (PICTURES, REPORTS):
        made.mkdir(parents=True, exist_ok=True)
    points = _points_of(record, catalog)
    thumbnail(record, folder, points).save(target, optimize=True)
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target} has {target.stat().st_size:,} bytes; {LARGEST:,} are allowed.")
    shutil.copyfile(folder / "report.html", REPORTS / f"{name}.html")
    lines = [
        f"## {name}\n",
        f"{record.generator.summary}\n",
        f"![{_seen(record, points=points is not None)}](gallery/{name}.png)\n",
        f"`genaudit run -p {name} --profile smoke`<!-- report of {name} -->\n",
        "| metric | value | 95 % interval | n |",
        "|---|---|---|---|",
        *_rows(record),
    ]
    return "\n".join(lines) + "\n"


def _points_of(record: RunRecord, catalog: Catalog):  # noqa: ANN202 - an array, or None for images
    spec = catalog.dataset(record.request.dataset)
    if spec.spec.data_kind == "image":
        return None
    return load_target(spec)(NoOptions()).split("evaluation").images


def _seen(record: RunRecord, *, points: bool) -> str:
    if points:
        return (
            f"Points of the data set {record.request.dataset}, and beside them those that {record.request.plugin} makes"
        )
    if record.images[0].name.startswith("translations"):
        return record.images[0].caption.rstrip(".")
    return f"The first 64 images of {record.request.plugin}"


def _rows(record: RunRecord) -> Iterator[str]:
    for result in record.results:
        if result.metric in HEADLINE and not result.group:
            around = (
                shown_range(result.interval) if result.interval else result.reason_without.partition(":")[0].rstrip(".")
            )
            yield f"| `{result.metric}` | {shown(result.value, result.interval)} | {around} | {result.n:,} |"


def _sections() -> dict[str, str]:
    """Name to text of what stands on the page."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## ").strip(): part.rstrip("\n") + "\n" for part in parts}


if __name__ == "__main__":
    main(sys.argv[1:])
