"""A page of hostile text in headless Chromium: nothing executes, nothing is asked of the network, all of it is read."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from workbench.reports.page import page, style_sheet

HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(2)> </style><svg onload=alert(3)> </title>
<iframe src="javascript:alert(4)"></iframe> <a href="javascript:alert(5)">follow</a> <base href="https://example.org/">
$x$ \\\\(y\\\\) $$z$$ [link](javascript:alert(6))
![image](https://example.org/pixel.png) <!-- <script>alert(7)</script> -->
<math><mtext></table><img src=x onerror=alert(8)> \x1b[31mred\x1b[0m
<link rel=stylesheet href="https://example.org/x.css">
<details open ontoggle=alert(9)><summary>s</summary></details>
<noscript><p title="</noscript><img src=x onerror=alert(10)>">"""
DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(11)</script><image href="https://example.org/x.png"/></svg>'
)


@pytest.fixture
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    executable = shutil.which("chromium") or pytest.skip("needs Debian's Chromium: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


def hostile_notebook():
    kinds = [
        {kind: HOSTILE} for kind in ("text/html", "text/markdown", "text/plain", "text/latex", "application/javascript")
    ]
    outputs = [new_output("display_data", data) for data in kinds]
    outputs += [new_output("stream", text=HOSTILE), new_output("stream", name="stderr", text=HOSTILE)]
    outputs += [new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE])]
    drawn = new_output("display_data", {"image/svg+xml": DRAWN, "text/plain": HOSTILE})
    return new_notebook(cells=[new_markdown_cell(HOSTILE), new_code_cell(HOSTILE, outputs=[*outputs, drawn])])


def test_hostile_text_is_only_text(chromium, tmp_path):
    (tmp_path / "report.css").write_text(style_sheet(), "utf-8")
    written = page(hostile_notebook(), title=HOSTILE, links=[(HOSTILE, "#")], provenance=[(HOSTILE, HOSTILE)])
    (tmp_path / "page.html").write_text(written, "utf-8")
    nbformat.validate(hostile_notebook())
    asked, executed = [], []
    opened = chromium.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("dialog", lambda dialog: (executed.append(dialog.message), dialog.dismiss()))
    opened.on("pageerror", lambda error: executed.append(error))
    opened.goto((tmp_path / "page.html").as_uri())
    for summary in opened.query_selector_all("summary"):
        summary.click()
    opened.wait_for_timeout(200)
    assert executed == []
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert opened.evaluate("document.querySelectorAll('script, iframe, base, body link, main svg, form').length") == 0
    assert opened.evaluate("getComputedStyle(document.body).maxWidth !== null && document.styleSheets.length") == 1
    assert opened.inner_text("pre.output >> nth=0").startswith("<script>alert(1)</script> <img src=x onerror=alert(2)>")


def test_what_a_cell_says_of_its_documents_is_no_link_and_no_image():
    said = {
        "text/markdown": "From *Oslo*: [Log in](https://evil.example/) ![p](https://evil.example/p.png) <https://evil.example>"
    }
    cell = new_code_cell("", outputs=[new_output("display_data", said)])
    written = page(new_notebook(cells=[cell, new_markdown_cell("[Method](https://doi.org/1)")]), title="x")
    assert "Log in" in written
    assert "<em>Oslo</em>" in written
    assert 'href="https://evil' not in written
    assert "<img" not in written
    assert 'href="https://doi.org/1"' in written


def test_no_line_begins_with_a_sign_of_per_cent_and_code_stays_as_it_is():
    cell = new_code_cell("1", outputs=[new_output("display_data", {"text/markdown": "92 % are, `7 % 2` is"})])
    written = page(new_notebook(cells=[new_markdown_cell("Intervals: 95 %, as `95 % 2`."), cell]), title="x")
    assert "95&nbsp;%, as <code>95 % 2</code>" in written
    assert "92&nbsp;% are, <code>7 % 2</code> is" in written
