"""Make README's picture, docs/report.png: the top of a report as Chromium shows it. Run `python docs/picture.py`."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import workbench as wb

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "2024-03-14_harbour-city-news_ferry-strike.txt"
REPORT = "quote_density"
TARGET = Path(__file__).parent / "report.png"
WIDTH, HEIGHT, LARGEST = 1200, 1100, 300_000


def main() -> None:
    """Render the one document's reports in a folder that is thrown away, and photograph the first screen of one."""
    executable = shutil.which("chromium") or sys.exit("no Chromium: apt-get install chromium")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        seeds, reports = Path(folder, "seeds"), Path(folder, "reports")
        seeds.mkdir()
        shutil.copy(SEED, seeds)
        rendered = wb.render(seeds, ROOT / "notebooks", reports, progress=False)
        report = reports / SEED.stem / f"{REPORT}.html"
        if not report.exists():
            sys.exit("\n".join(rendered.message[rendered.status == "failed"]))
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_context(offline=True, viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        page.goto(report.as_uri())
        page.screenshot(path=TARGET)
        browser.close()
    size = TARGET.stat().st_size
    if size > LARGEST:
        sys.exit(f"{TARGET}: {size} bytes, more than {LARGEST}; make it smaller")
    print(f"{TARGET}: {WIDTH} by {HEIGHT} pixels, {size} bytes")


if __name__ == "__main__":
    main()
