"""Reports and notebooks as their readers meet them: in Chromium, with the network off, and in JupyterLab itself."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

import pandas as pd
import pytest
from newsrooms import nobody_quoted, ten_outlets, two_a_group

import workbench as wb
from workbench.display.article import LAYERS
from workbench.reports.parameters import Notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [Notebook.read(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
SEED = ROOT / "seeds" / "2024-03-14_harbour-city-news_ferry-strike.txt"
AWKWARD = f"""Nothing is quoted here & nobody <b>speaks</b>.

{"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3} is one word.

The council of Anna Berg met the mayor of Copenhagen. https://example.org/{"a-very-long-address/" * 20}
"""
PAGES = [
    f"{folder}{'index' if notebook.name == 'overview' else notebook.name}.html"
    for notebook in NOTEBOOKS
    for folder in ((f"{SEED.stem}/", "awkward/") if "document" in notebook.parameters else ("",))
]
WIDTHS = (320, 375, 768, 1440)
NOTHING = ("comparison.html", "validation.html")  # say what they need

CLIPPED = """() => {
  const width = document.documentElement.clientWidth, found = [];
  const scrolls = element => element && element !== document.body &&
    (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth}`);
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const wide = box.width && (box.right > width + 1 || box.left < -1) && !scrolls(element.parentElement);
    const cut = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    if (wide || cut) found.push(`${element.tagName}.${element.className} ${box.left} to ${box.right}`);
  }
  return found;
}"""
LOOKS = """() => [...document.querySelectorAll(".wb-text *")].flatMap(mark => ["", "::before", "::after"].map(part => {
  const style = getComputedStyle(mark, part || null);
  return ["background", "border", "boxShadow", "color", "content", "display", "fontWeight", "outline", "textDecoration"]
    .map(name => style[name]).join("; ");
})).join("\\n")"""


def unavailable(reason):
    """Skip with the reason; on the machine that decides whether a change lands, fail instead."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"browser tests need {reason}")


@pytest.fixture(scope="module")
def chromium():
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        unavailable("playwright: pip install playwright")
    executable = shutil.which("chromium") or unavailable("Debian's Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        except Error as error:
            unavailable(f"a Chromium that starts, unlike this one: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendered")
    seeds = folder / "seeds"
    seeds.mkdir()
    shutil.copy(SEED, seeds)
    (seeds / "awkward.txt").write_text(AWKWARD, "utf-8")
    rendered = wb.render(seeds, ROOT / "notebooks", folder / "reports", progress=False)
    print("\n".join(rendered.message[rendered.status == "failed"]))  # whose pages are then missing below
    return folder / "reports"


@pytest.fixture
def opened(chromium, reports):
    """Open a report with the network off; at the end the console and the requests must have been clean."""
    complaints, contexts = [], []

    def open_(address, **settings):
        contexts.append(chromium.new_context(offline=True, **settings))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        page.on("request", lambda request: None if is_local(request.url) else complaints.append(request.url))
        page.goto((reports / address).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def is_local(address):
    return address.startswith(("file:", "data:", "blob:", "about:")) or re.match(r"(http|ws)://127\.0\.0\.1:", address)


def barriers(page, rules=None):
    """What axe finds serious or critical, by all its rules or by some."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        unavailable("axe: pip install axe-playwright-python")
    options = {"preload": False} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response
    assert found["passes"]
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


@pytest.mark.parametrize("address", PAGES)
def test_a_report_opens_with_its_style_and_its_figures(opened, address):
    page = opened(address)
    assert page.locator("h1").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    figures = page.evaluate(
        "[...document.querySelectorAll('figure .wb-drawn img')].map(image => [image.naturalWidth, image.alt])"
    )
    assert figures or address.endswith(("/quote_density.html", *NOTHING))
    assert [alt for width, alt in figures if width < 100 or len(alt.split()) < 5] == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_in_a_report_is_clipped_at_any_width(opened, address):
    page = opened(address)
    unfold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CLIPPED) == [], width


@pytest.mark.parametrize("address", PAGES)
def test_every_value_of_every_figure_is_in_the_page_of_a_phone(opened, address):
    page = opened(address, viewport={"width": 320, "height": 900})
    text = page.evaluate("document.body.innerText")
    drawn = page.evaluate("[...document.querySelectorAll('figure .wb-drawn img')].map(image => image.alt)")
    numbers = [re.findall(r"−?\d+(?:\.\d+)?", alt) for alt in drawn if "running mean" not in alt]
    assert [number for found in numbers for number in found if number not in text] == []
    assert page.evaluate("[...document.querySelectorAll('img.wb-narrow')].every(image => image.clientWidth > 200)")


@pytest.mark.parametrize("address", PAGES)
def test_a_table_shows_its_last_columns_on_a_wide_page(opened, address):
    page = opened(address, viewport={"width": 1440, "height": 900})
    unfold(page)
    scrolled = "[...document.querySelectorAll('.wb-scroll')].filter(frame => frame.scrollWidth > frame.clientWidth + 1)"
    assert page.evaluate(f"{scrolled}.map(frame => frame.ariaLabel)") == []


@pytest.mark.parametrize("page_", ["comparison", "validation"])
def test_a_page_with_nothing_to_show_says_what_it_needs_and_nothing_else(opened, page_):
    page = opened(f"{page_}.html")
    assert page.locator("figure, table, h2").count() == 0
    assert "workbench render -p" in page.locator("main").inner_text()


def test_a_bar_leads_to_its_first_passage(opened):
    page = opened(f"{SEED.stem}/quote_density.html")
    page.locator("#share-of-voice .wb-drawn a").first.click()
    assert page.evaluate("document.querySelector('.wb-text mark:target').innerText")


@pytest.mark.parametrize(
    ("address", "scheme"),
    [(page, "light") for page in PAGES]
    + [pytest.param(page, "dark", marks=[pytest.mark.slow] * (not page.startswith(SEED.stem))) for page in PAGES],
)
def test_a_report_is_accessible(opened, address, scheme):
    page = opened(address, color_scheme=scheme, viewport={"width": 375, "height": 900})
    unfold(page)
    assert barriers(page, None if scheme == "light" else ["color-contrast"]) == []  # the rest is the same in both


@pytest.mark.parametrize("address", PAGES)
def test_a_report_prints_with_nothing_cut_off(opened, address):
    page = opened(address, viewport={"width": 718, "height": 1000})  # A4 between margins of 10 mm
    page.emulate_media(media="print")
    assert page.evaluate(CLIPPED) == []
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) < 40


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_switches_on_and_off_without_any_script(opened, layer):
    page = opened(f"{SEED.stem}/quote_density.html")
    switch = page.get_by_role("checkbox", name=re.compile(layer, re.IGNORECASE))
    before = page.evaluate(LOOKS)
    switch.focus()
    page.keyboard.press("Space")
    switched = page.evaluate(LOOKS)
    assert switched != before
    page.locator("label", has=switch).click()
    assert page.evaluate(LOOKS) == before


ROWS = """() => [...document.querySelectorAll(".wb-overview tbody tr")]
  .map(row => [row.getBoundingClientRect().y, ...row.querySelectorAll("th, td:nth-child(5)")])
  .map(([top, title, speakers]) => [top, title.innerText, speakers.innerText])
  .sort((one, other) => one[0] - other[0])"""


@pytest.mark.parametrize("width", [375, 1440])
def test_the_overview_is_sorted_by_what_is_chosen(opened, width):
    page = opened("index.html", viewport={"width": width, "height": 900})
    titles = [title for _, title, _ in page.evaluate(ROWS)]
    assert len(titles) == 2
    assert titles == sorted(titles, key=str.lower)
    page.get_by_role("radio", name="speakers").check()
    speakers = [int(figure.split()[-1]) for _, _, figure in page.evaluate(ROWS)]
    assert speakers == sorted(speakers, reverse=True)
    assert speakers[0] > speakers[1]


def test_a_figure_is_no_white_box_on_a_dark_page(opened):
    page = opened(f"{SEED.stem}/quote_density.html", color_scheme="dark")
    assert "invert" in page.evaluate("getComputedStyle(document.querySelector('figure img')).filter")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('figure img')).filter") == "none"


def test_a_quotation_is_reached_by_keyboard_and_says_who_speaks(opened):
    page = opened(f"{SEED.stem}/quote_density.html")
    page.get_by_role("checkbox").last.focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.closest('.wb-text') && document.activeElement.title")
        if said:
            break
    assert re.search(r"direct|mixed|scare|indirect", said)
    assert said in page.evaluate("getComputedStyle(document.activeElement, '::after').content").replace("\\", "")


OVERLAPPING = """() => [...document.querySelectorAll("svg")].flatMap(figure => {
  const labels = [...figure.querySelectorAll("g[id^=xtick] text")]
    .map(label => [label.textContent, label.getBoundingClientRect()]);
  return labels.flatMap(([text, box], place) => labels.slice(place + 1).filter(([_, other]) =>
    box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom
  ).map(([other]) => `${text} on ${other}`));
})"""


@pytest.mark.slow
@pytest.mark.parametrize("corpus", [ten_outlets, two_a_group, nobody_quoted])
def test_pages_of_a_whole_corpus_are_whole_at_every_width(chromium, tmp_path, corpus):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("overview", "comparison", "words", "quote_density")[: 4 if corpus is nobody_quoted else 3]:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", notebooks)
    seeds, reports = corpus(tmp_path / "seeds"), tmp_path / "reports"
    by = {} if corpus is nobody_quoted else {"by": "outlet"}
    rendered = wb.render(seeds, notebooks, reports, parameters=by, progress=False)
    assert list(rendered.message[rendered.status == "failed"]) == []
    page = chromium.new_page()
    for path in sorted(reports.rglob("*.html")):
        page.goto(path.as_uri())
        unfold(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(CLIPPED) == [], (path.name, width)
        for figure in re.findall(r"data:image/svg[^,]*,([\w+/=]{4000,})", path.read_text("utf-8")):
            page.set_content(b64decode(figure).decode())
            assert page.evaluate(OVERLAPPING) == [], path.name
    overview = (reports / "index.html").read_text("utf-8")
    linked = re.findall(r'href="([^"#:]+/[^"#]+\.html)"', overview)
    assert bool(linked) == (corpus is nobody_quoted)
    assert all((reports / unquote(address)).exists() for address in linked)
    page.goto((reports / "comparison.html").as_uri())
    assert bool(page.locator("figure").count()) == (corpus is ten_outlets)
    page.close()


EVIL = [
    "<script>window.caught = 1; alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "[Log in](https://evil.example/)", "![a](https://evil.example/a.png)", "[a](javascript:alert(1))", "</style><b>",
    "<a href='https://evil.example/'>here</a>", "<iframe src='https://evil.example/'></iframe>", "<!--", "{{7*7}}",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>", "<base href='https://evil.example/'>", "=1+1",
    '"><form action=https://evil.example/><input autofocus onfocus=alert(1)>', "$\\href{javascript:alert(1)}{a}$",
    "' onmouseover='alert(1)", "&lt;script&gt;alert(1)&lt;/script&gt;", "@import 'https://evil.example/a.css'",
    "\u202eevil",
]  # fmt: skip
LEADING_AWAY = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes].filter(
  ({name, value}) => /^on/i.test(name) || (/^(href|src|srcset|action|formaction|data|xlink:href)$/i.test(name) &&
  !/^(#|data:image|(?![\\w.+-]+:|[/])[\\w%.-])/.test(value))
).map(({name, value}) => `${element.tagName} ${name}=${value}`))"""


@pytest.mark.slow
def test_no_text_title_name_column_or_file_name_does_anything_on_any_page(chromium, tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    said = "".join(f"“The river {evil} rose,” said Anna {evil} Berg of {evil} in Oslo on Monday.\n" for evil in EVIL)
    columns = ["text", "title", "author", *EVIL]
    rows = pd.DataFrame([[said, evil, evil, *EVIL] for evil in EVIL[:2]], columns=columns)
    rows.to_csv(seeds / "<img src=x onerror=alert(1)>.csv", index=False)
    (seeds / "a' onmouseover='alert(1)' b=\".txt").write_text(said)
    (seeds / "[a](https:evil.example) <b>.md").write_text(f"---\ntitle: '{EVIL[3]}'\nauthor: {EVIL[0]}\n---\n{said}")
    rendered = wb.render(seeds, ROOT / "notebooks", tmp_path / "reports", progress=False)
    assert list(rendered.message[rendered.status == "failed"]) == []
    happened = []
    context = chromium.new_context(offline=True)
    context.on("page", lambda page: happened.append(f"opened {page.url}") if happened else happened.append("began"))
    context.on("request", lambda request: None if is_local(request.url) else happened.append(f"asked {request.url}"))
    page = context.new_page()
    page.on("dialog", lambda dialog: (happened.append(f"said {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: happened.append(f"console: {message.text}"))
    pages = sorted((tmp_path / "reports").rglob("*.html"))
    assert len(pages) > 4 * sum("document" in notebook.parameters for notebook in NOTEBOOKS)
    for path in pages:
        page.goto(path.as_uri())
        unfold(page)
        page.mouse.move(300, 300)
        assert page.url == path.as_uri()
        assert page.evaluate("window.caught") is None
        assert page.evaluate("document.querySelectorAll('script, iframe, object, embed, form, base').length") == 0
        assert page.evaluate(LEADING_AWAY) == []
    context.close()
    assert happened == ["began"]


# JupyterLab


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):
    """JupyterLab, open on a copy of the notebooks and two seeds, with settings of its own and no way out."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "seeds").mkdir()
    for name in ("000_a061b665f34dc456.txt", SEED.name):
        shutil.copy(ROOT / "seeds" / name, folder / "seeds")
    (folder / "notebooks" / "explore.ipynb").write_text(notebook("import workbench as wb\n\nwb.explore()"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    settings += ["--IdentityProvider.token=", "--no-browser", "--allow-root", "--LabApp.expose_app_in_browser=True"]
    homes = {f"JUPYTER_{name}_DIR": str(folder / f".{name}") for name in ("CONFIG", "DATA", "RUNTIME")}
    homes |= {f"JUPYTERLAB_{name}_DIR": str(folder / f".{name}") for name in ("SETTINGS", "WORKSPACES")}
    with open(folder / "log", "w") as log:
        command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", *settings]
        server = subprocess.Popen(command, cwd=folder, env=os.environ | homes, stdout=log, stderr=log)
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    context.route(lambda address: not is_local(address), lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{address}/api"), 60, lambda: (folder / "log").read_text())
        page.goto(f"{address}/lab?reset")
        page.wait_for_function("window.jupyterapp?.restored.then(() => true)")
        yield page
    finally:
        context.close()
        server.terminate()
        server.wait(30)


def notebook(source):
    import nbformat

    cells = [nbformat.v4.new_code_cell(source)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=kernel))


def answers(address):
    try:
        return urlopen(address, timeout=5).status == 200
    except OSError:
        return False


def wait_for(condition, seconds, explain):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, explain()
        time.sleep(0.2)


CELLS = """() => jupyterapp.shell.currentWidget.content.widgets
  .map(cell => cell.model)
  .filter(cell => cell.type === "code")
  .map(cell => ({
    ran: cell.executionCount !== null && cell.executionState !== "running",
    outputs: cell.outputs.toJSON(),
  }))"""
KERNEL = "jupyterapp.shell.currentWidget?.context?.sessionContext"


@pytest.fixture
def run(lab):
    """Open a notebook, choose Run All Cells and wait; gives each code cell's outputs."""
    complaints = []
    lab.on("pageerror", lambda error: complaints.append(str(error)))

    def run_(name):
        lab.evaluate("path => { jupyterapp.commands.execute('docmanager:open', { path }) }", f"notebooks/{name}.ipynb")
        path = f"{KERNEL}.path === 'notebooks/{name}.ipynb'"
        lab.wait_for_function(f"{path} && {KERNEL}.session?.kernel?.status === 'idle'")
        lab.get_by_role("menuitem", name="Run", exact=True).click()
        lab.get_by_role("menuitem", name="Run All Cells", exact=True).click()

        def over():
            cells = lab.evaluate(CELLS)
            return all(cell["ran"] for cell in cells) or any(errors(cell) for cell in cells)

        wait_for(over, 120, lambda: lab.evaluate(CELLS))
        return lab.evaluate(CELLS)

    yield run_
    complained = list(complaints)
    lab.evaluate(f"{KERNEL}.shutdown().then(() => jupyterapp.shell.currentWidget.dispose())")
    assert complained == []


def errors(cell):
    return [output for output in cell["outputs"] if output["output_type"] == "error"]


IN_LAB = {"readability", "overview"}  # one on a document, one on all; the others take a minute and are slow


@pytest.mark.parametrize(
    "name", [pytest.param(n.name, marks=[pytest.mark.slow] * (n.name not in IN_LAB)) for n in NOTEBOOKS]
)
def test_a_notebook_runs_in_jupyterlab_from_top_to_bottom(run, lab, name):
    cells = run(name)
    assert [error["evalue"] for cell in cells for error in errors(cell)] == []
    assert all(cell["ran"] for cell in cells)
    drawn = sum("image/svg+xml" in output.get("data", {}) for cell in cells for output in cell["outputs"])
    if f"{name}.html" not in NOTHING:
        assert drawn
        lab.locator(".jp-RenderedSVG").first.wait_for()


def _in_view(passage, text):
    """Whether the passage lies within the frame of the text; not while either is being drawn anew."""
    box, frame = passage.bounding_box(), text.bounding_box()
    return bool(box and frame) and 0 <= box["y"] - frame["y"] < frame["height"]


BACKGROUND = "mark => getComputedStyle(mark).backgroundColor"


def test_the_explorer_answers_a_click_with_the_passages_behind_a_bar(run, lab):
    assert errors(run("explore")[0]) == []
    lab.get_by_label("document", exact=True).select_option(index=1)
    lab.locator(".wb-explored", has_text="patient for 14 months").wait_for()  # the text comes last, its bars before
    lab.get_by_role("button", name="Denise Arsenault").click()
    pointed = lab.locator("mark.wb-chosen")
    wait_for(lambda: "patient for 14 months" in " ".join(pointed.all_inner_texts()), 60, lambda: "nothing pointed out")
    assert pointed.first.evaluate(BACKGROUND) == "rgb(255, 230, 128)"

    lab.get_by_role("button", name="sentiment", exact=True).click()
    lab.get_by_role("button", name="narration", exact=True).click()
    passages = lab.get_by_label("evidence", exact=True)
    passages.locator("option", has_text="sentiment, narration").wait_for(state="attached")
    row = passages.locator("option", has_text="she would be waiting by the phone")
    passages.select_option(label=row.inner_text())
    pointed.first.wait_for()
    assert pointed.first.evaluate(BACKGROUND) == "rgb(255, 230, 128)"
    wait_for(lambda: _in_view(pointed.first, lab.locator(".wb-explored")), 30, lambda: "out of view")


CONTRAST = """() => {
  const light = color => {
    const [red, green, blue] = color.match(/[0-9.]+/g).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const ink = light(getComputedStyle(document.querySelector(".wb-text p")).color);
  const paper = light(getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor);
  return Math.max(ink, paper) / Math.min(ink, paper);
}"""


def test_the_annotated_article_is_legible_on_both_sides_of_jupyterlab(run, lab):
    run("explore")
    lab.locator(".wb-text p").first.wait_for()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        lab.wait_for_function(f"document.body.dataset.jpThemeName === '{theme}'")
        assert lab.evaluate(CONTRAST) >= 7, theme
