"""Chromium, and the pages that it opens from files, without a network."""

import os
import shutil
from pathlib import Path

import pytest

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
EXAMPLE = Path(__file__).parents[2] / "reports" / "example" / "report.html"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def _missing(what):
    """Skip with a reason on a desk; in CI a test that cannot run is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and CI is set: browser tests must run there")
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _missing("playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        _missing("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Name to file: the committed example, and the pages of a rich, a troubled, a hostile and an empty run."""
    from audit_records import audit_record, hostile_audit_record
    from hostile_records import hostile_record
    from large_records import large_record
    from records import record
    from rich_records import rich_record, troubled_record

    from genaudit_reports.html_report import html_folder, html_report

    def written(name, make):
        folder = tmp_path_factory.mktemp(name)
        file = folder / "report.html"
        file.write_bytes(html_report(make(folder), folder))
        return file

    def judged(folder):
        """The rich run against two baselines of itself: verdicts of every kind."""
        from dataclasses import replace

        from genaudit.gate.baseline import updated
        from genaudit.gate.verdicts import gate

        rich = rich_record(folder)
        before = replace(
            rich,
            results=tuple(
                replace(one, value=one.value * (0.8 + 0.1 * (at % 5))) for at, one in enumerate(rich.results)
            ),
        )
        return replace(rich, gate=gate(updated(None, [before], "first release")[0], [rich]))

    def compared():
        from genaudit.engine.comparing import compare_records
        from genaudit_reports.comparison.html_file import html_files

        folder = tmp_path_factory.mktemp("compared")
        runs, labels = [rich_record(folder), rich_record(folder)], ["1.0", hostile_record(folder).run_id]
        file = folder / "comparison.html"
        file.write_bytes(html_files(compare_records(runs, labels))["comparison.html"])
        return file

    def folder():
        made = tmp_path_factory.mktemp("folder")
        for path, content in html_folder(rich_record(made), made).items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(content)
        return made / "report" / "index.html"

    empty = record(results=(), metrics=(), findings=(), not_available=(), failures=(), stages=(), plugins=())
    return {
        "example": EXAMPLE,
        "rich": written("rich", rich_record),
        "folder": folder(),
        "large": written("large", lambda folder: large_record(folder, metrics=60, groups=120)),
        "largest": written("largest", large_record),
        "judged": written("judged", judged),
        "troubled": written("troubled", troubled_record),
        "hostile": written("hostile", hostile_record),
        "compared": compared(),
        "empty": written("empty", lambda _: empty),
        "audit": written("audit", lambda _: audit_record()),
        "hostile audit": written("hostile-audit", lambda _: hostile_audit_record()),
    }


class Opened:
    """A page in the browser, and all that it complained about or asked for."""

    def __init__(self, browser, file, **context):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(Path(file).as_uri())


@pytest.fixture
def opened(browser, pages):
    """``opened("rich", color_scheme="dark")``: the page, closed after the test."""
    contexts = []

    def start(name, **context):
        seen = Opened(browser, pages[name], **context)
        contexts.append(seen.context)
        return seen

    yield start
    for context in contexts:
        context.close()
