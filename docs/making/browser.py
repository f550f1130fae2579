"""Pages as pictures, by the Chromium that is installed."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
NAMES = ("chromium", "chromium-browser", "google-chrome")


def picture_of(page: Path, width: int, height: int) -> Image.Image:
    """What a window of ``width`` × ``height`` pixels shows of a page on a light screen.

    Raises:
        SystemExit: There is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        shown = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        shown.goto(page.resolve().as_uri())
        taken = shown.screenshot()
        browser.close()
    return Image.open(io.BytesIO(taken)).convert("RGB")
