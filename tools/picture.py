"""Takes the pictures of the report that the READMEs show: `make picture`.

Judges the demo's month into a scratch folder, and photographs the top of its page with Chromium, in both languages.
Needs `chromium` and a font with Chinese (Debian: apt-get install chromium fonts-noto-cjk), and makes the files smaller
with `pngquant` where it is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from parcelproof.demo import run_demo

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH, HEIGHT = 1180, 1330


def photograph(browser: str, page: Path, lang: str, picture: Path) -> None:
    """One picture of the top of a page, in a language."""
    size = f"--window-size={WIDTH},{HEIGHT}"
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=3000")
    subprocess.run([browser, *quiet, size, f"--screenshot={picture}", f"file://{page}?lang={lang}&theme=light"], check=True, capture_output=True)  # noqa: S603  a browser that was looked up
    if quantiser := shutil.which("pngquant"):
        subprocess.run([quantiser, "--force", "--output", str(picture), "64", str(picture)], check=True)  # noqa: S603  the same


def main() -> None:
    """Both pictures."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk)")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(run_demo(Path(scratch), echo=lambda _: None)["report"]).resolve()
        for lang in ("en", "zh"):
            photograph(browser, page, lang, IMAGES / f"report-{lang}.png")
            print(f"{IMAGES / f'report-{lang}.png'}: {(IMAGES / f'report-{lang}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
