"""Files as they come: each gives an honest document or one line that names the file and what to do; nothing else."""

import base64
import io
import os
import random
import resource
import shutil
import socket
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from damaged_files import DAMAGES, FORMATS, MANY
from hypothesis import HealthCheck, given, settings, strategies as st
from matplotlib.figure import Figure

import workbench as wb
from workbench.documents.document import Document, DocumentError
from workbench.documents.reading import Unread, parts, unread

SENTENCE = "The ministers of both countries met on Tuesday to talk about the water of the river. "
CORE = '<c xmlns:dc="d"><dc:title>T</dc:title></c>'
LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))


def zipped(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(body: str) -> bytes:
    return zipped(**{"word/document.xml": body, "docProps/core.xml": CORE})


def scan() -> bytes:
    stream = io.BytesIO()
    figure = Figure()
    figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[]).imshow([[0, 1]])
    figure.savefig(stream, format="pdf")
    return stream.getvalue()


def encrypted_zip() -> bytes:
    raw = bytearray(zipped(**{"a.txt": SENTENCE}))
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        raw[raw.index(signature) + flags] |= 1
    return bytes(raw)


# an empty page, encrypted with the password "secret"
LOCKED_PDF = zlib.decompress(
    base64.b85decode(
        r"""c-oCo%Wl*_5WLS<^kt7^-VaOG9!Rnh0+iJzaEWr5N6%ukvLo-Tl<<=r_yhP6W*tbZEC(!&HLk9zZg(x#7pph?Op?XVU*CTa4h)9y"""
        r"""m9#CP>v2ejh$FPFksO1r?<H9-3HIs85i{=1<2?dh`z`JXJs%Ez0Z!=qF74qKR3&cUZYGr{(sN(@ZrGA14>)>nW&-ukUW9INKODwb"""
        r"""6}3|7^dqLuza1WGTXx2#!`aihJDQJJM|<tAXYQXtR9ldQe!zZPz5o}l3PFiRHO7jjmRH@b)V<K_;``*sMCcW?47I3L?IkL7Rz(@J"""
        r"""j{&ph+*|3R!YD#=MyHr$Qbt(ARl}_hIayS7_)pL##-z?VXcN!~??q${CX_z7#_7z23t6GAEv$B4aibWk-zMkm8E0-D(8GwCFffEY"""
        r"""KVY<$8Zta%y#D-D>0dD2oM4>0Q_R>COc?%xmC<)Q9H+frci*s%LN~)uKu!VBcYPj!|G8h($Xdf~bZDL9Au=t4vc|`(9Jj_wt()cl"""
        r"""P-@VZeH<U}3+TT|?~5PHw2;ati^b*Diu?vkQ^Ls"""
    )
)

# name of the file, its bytes, and what the message must say
REFUSED: list[tuple[str, bytes, str]] = [
    ("empty.txt", b"", "empty; fill or remove it"),
    ("blank.txt", b" \n\t\r\n \xc2\xa0", "empty; fill or remove it"),
    ("bom.txt", b"\xef\xbb\xbf", "empty; fill or remove it"),
    ("control.txt", b"\x1b" * 100, "empty; fill or remove it"),
    ("furniture.txt", b"Advertisement\nShare\n20/11/2024", "no article in it; read it with clean=False"),
    ("binary.txt", bytes(range(256)) * 20, "a binary file, not text; convert it"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + b"x" * 99, "an image, not text"),
    ("pdf.txt", b"%PDF-1.7 ...", "a PDF, not text; convert it, or correct the file's ending"),
    ("zip.txt", zipped(**{"a.txt": SENTENCE}), "a zip or an Office document, not text"),
    ("word.txt", b"\xd0\xcf\x11\xe0" + b"x" * 99, "an old Word or Excel file, not text"),
    ("gzip.md", b"\x1f\x8b\x08" + b"x" * 99, "compressed with gzip, not text"),
    ("photo.jpg", b"\xff\xd8\xff", ".jpg: not a format that is read; run OCR and save its text as .txt"),
    ("noending", SENTENCE.encode(), "no ending: not a format that is read"),
    ("old.doc", b"\xd0\xcf\x11\xe0", ".doc: not a format that is read; open it in Word or LibreOffice"),
    ("large.txt", b"x" * 10_000_001, "10 MB, too large for an article; split it"),
    ("lines.txt", b"\n" * 300_000, "has more than 200,000 lines; split it"),
    (
        "german.txt",
        ("Die Minister beider Länder trafen sich am Dienstag. " * 5).encode(),
        "language is German, not English",
    ),
    ("tags.html", b"<b>" * 60_000, "has more than 50,000 tags"),
    ("empty.html", b"<html><body></body></html>", "no article found on this page; save its text as .txt"),
    ("nothing.html", b"", "no article found on this page"),
    ("binary.html", bytes(range(256)) * 20, "a binary file, not text"),
    ("deep.html", b"<div>" * 40_000, "no article found on this page"),
    ("damaged.pdf", b"%PDF-1.4 and then nothing", "damaged, or not a PDF; open it in a PDF viewer"),
    ("text.pdf", SENTENCE.encode(), "damaged, or not a PDF"),
    ("cut.pdf", scan()[:500], "damaged, or not a PDF"),
    ("scan.pdf", scan(), "no text found on its page; it looks like a scan, so run OCR first"),
    ("locked.pdf", LOCKED_PDF, "protected by a password; save a copy without one"),
    ("text.docx", SENTENCE.encode(), "damaged, protected by a password, or of another format"),
    ("cut.docx", docx("<w/>")[:100], "damaged, protected by a password, or of another format"),
    ("locked.docx", b"\xd0\xcf\x11\xe0" + b"x" * 99, "damaged, protected by a password, or of another format"),
    ("other.docx", zipped(**{"content.xml": "<o/>"}), "damaged, protected by a password, or of another format"),
    ("xml.docx", docx("<w:document>"), "damaged, protected by a password, or of another format"),
    ("deep.docx", docx("<p>" * 100_000 + "</p>" * 100_000), "damaged, protected by a password, or of another format"),
    (
        "laughs.docx",
        docx(f'<!DOCTYPE l [<!ENTITY a "ha">{LAUGHS}]><w><p>&j;</p></w>'),
        "damaged, protected by a password, or of another format",
    ),
    ("bomb.docx", docx("<w>" + " " * 20_000_000 + "</w>"), "unpacks to more than 10 MB; split it"),
    ("empty.docx", docx("<w/>"), "empty; fill or remove it"),
    ("text.rtf", SENTENCE.encode(), "not an RTF document by its content"),
    ("braces.rtf", b"{\\rtf1 " + b"{" * 100_000, "empty; fill or remove it"),
    ("empty.mbox", b"", "no document in it; fill or remove it"),
    ("zeros.odt", b"\0" * 1000, "damaged, protected by a password, or of another format"),
]
INSTEAD = {
    "save it as .docx": ".doc",
    "export it as .docx": ".pages",
    "save the page as .html": ".mht .mhtml .webarchive",
    "unpack its pages with warcio": ".warc",
    "save the mail as .eml": ".msg",
    "save the table": ".rds .rdata .dta .sav .db .sqlite",
    "unpack it, or make a .zip of it": ".7z .rar .tar",
    "run OCR and save its text as .txt": ".jpeg .png .gif .tif .tiff",
    "save it as one of .txt .md": ".xyz",
    "copy its text": ".pptx",
}
REFUSED += [
    (f"a{ending}", b"x", f"{ending}: not a format that is read; ")
    for endings in INSTEAD.values()
    for ending in endings.split()
]
REFUSED_CORPORA: list[tuple[str, bytes, str]] = [
    ("cut.zip", zipped(**{"a.txt": SENTENCE})[:60], "damaged, cut short, or not a zip archive"),
    ("text.zip", SENTENCE.encode(), "not a zip archive"),
    ("bomb.zip", zipped(**{"a.txt": b"0" * 60_000_000}), "bomb.zip/a.txt: unpacks to more than 50 MB; split it"),
    ("locked.zip", encrypted_zip(), "locked.zip/a.txt: protected by a password; unpack it first"),
    (
        "nested.zip",
        zipped(**{"b.zip": zipped(**{"a.txt": SENTENCE})}),
        "nested.zip/b.zip: .zip: not a format that is read; unpack it",
    ),
    ("no_text.csv", b"headline,outlet\nA,B\n", "no column of texts among headline, outlet; name it with text="),
    ("empty_row.csv", b"text,outlet\n,B\n", "row 1: empty; fill or remove it"),
    (
        "quote.csv",
        b'text\n"' + b"word " * 2_100_000,
        "a quotation mark in it is never closed, or a cell is larger than 10 MB",
    ),
    ("binary.csv", bytes(range(256)) * 20, "a binary file, not text"),
    ("damaged.parquet", b"PAR1 and then nothing PAR1", "damaged, or not a .parquet table"),
    ("text.parquet", SENTENCE.encode(), "damaged, or not a .parquet table"),
    ("text.xlsx", SENTENCE.encode(), "damaged, not a spreadsheet; open it and save it anew"),
    ("bomb.xlsx", zipped(**{"x.xml": b"0" * 60_000_000}), "unpacks to more than 50 MB; save it as .csv"),
    ("damaged.jsonl", b"{not json\n", "line 1 is not a JSON object; correct it"),
    ("deep.jsonl", b"[" * 100_000, "line 1 is not a JSON object; correct it"),
    ("list.jsonl", b"[1, 2]\n", "line 1 is not a JSON object; correct it"),
]


def is_honest(reading: Callable[[], list[Document | DocumentError]], path: Path) -> bool:
    """Whether all that is read is documents with text and errors of one line that name the file."""
    try:
        items = reading()
    except DocumentError as error:
        items = [error]
    return all(
        item.text.strip() if isinstance(item, Document) else str(path) in str(item) and "\n" not in str(item)
        for item in items
    )


def message_of(reading: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        reading()
    return str(caught.value)


def test_each_ending_that_is_not_read_is_told_what_would_be(tmp_path: Path) -> None:
    assert len(REFUSED) + len(REFUSED_CORPORA) >= 79  # and 81 more in test_bombs
    for remedy, endings in INSTEAD.items():
        for ending in endings.split():
            (tmp_path / f"a{ending}").write_bytes(b"x")
            assert remedy in message_of(lambda path=tmp_path / f"a{ending}": wb.read(path))


@pytest.mark.parametrize(("name", "raw", "says"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_file_without_a_document_is_refused_in_a_line(name: str, raw: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    message = message_of(lambda: wb.read(path))
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message
    (item,) = wb.read_all(tmp_path)
    assert str(item) == message


@pytest.mark.parametrize(("name", "raw", "says"), REFUSED_CORPORA, ids=[name for name, _, _ in REFUSED_CORPORA])
def test_a_corpus_s_failures_come_as_errors(name: str, raw: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    (item,) = wb.read_all(tmp_path)
    assert isinstance(item, DocumentError)
    assert str(tmp_path / name) in str(item)
    assert says in str(item)
    assert "\n" not in str(item)
    assert "holds many documents; read it with read_all" in message_of(lambda: wb.read(tmp_path / name))


HONEST: list[tuple[str, bytes, str]] = [
    ("word.txt", b"Goal!", "Goal!"),
    ("emoji.txt", "🙂👩‍👩‍👧".encode(), "🙂👩‍👩‍👧"),
    ("number.txt", b"1,234.50", "1,234.50"),
    ("windows.txt", b"The caf\xe9 \x93rose\x94.", "The café “rose”."),
    ("nul.txt", b"The river\0 rose.", "The river rose."),
    ("old_mac.txt", b"The river rose.\rIt fell.", "The river rose.\n\nIt fell."),
    (
        "mixed.txt",
        "It’s the “river” café.\n".encode() + b"She said \x93no\x94.",
        "It’s the “river” café.\n\nShe said “no”.",
    ),
    ("half.txt", "The river rose. é".encode()[:-1], "The river rose. Ã"),
    ("right_to_left.txt", "نهر 5 כן".encode(), "نهر 5 כן"),
    ("surrogate.txt", b"The river \xed\xa0\x80 rose.", "The river"),
    ("unclosed.md", b"The **river [rose](", "The **river [rose]("),
    ("front.txt", b"---\ntitle: x\nThe river rose.", "---"),
]


@pytest.mark.parametrize(("name", "raw", "text"), HONEST, ids=[name for name, _, _ in HONEST])
def test_odd_but_honest_text_is_read(name: str, raw: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    assert wb.read(path, clean=name != "front.txt", language="any").text.startswith(text)


@pytest.mark.parametrize(
    "name", ["a b", 'it\'s "so"', "new\nline", "🙂", "é" * 120, "x" * 251, "100%", "-rf", "$HOME", "a\\b", "..txt"]
)
def test_any_file_name_is_read_and_named_in_a_line(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.txt").write_text(SENTENCE)
    document = wb.read(tmp_path / f"{name}.txt")
    assert document.text == SENTENCE.strip()
    assert document.name == " ".join(name.split())
    (tmp_path / f"{name}.txt").write_text("")
    assert "\n" not in message_of(lambda: wb.read(tmp_path / f"{name}.txt"))


def test_a_name_too_long_or_impossible_is_an_error_in_a_line(tmp_path: Path) -> None:
    assert "cannot be read" in message_of(lambda: wb.read(tmp_path / ("x" * 300 + ".txt")))
    assert "cannot be read" in message_of(lambda: wb.read("nul\0.txt"))
    assert "no such file or folder; check the name" in message_of(lambda: wb.read(tmp_path / "none.txt"))
    assert "no such file or folder; check the name" in message_of(lambda: list(wb.read_all(tmp_path / "none")))
    assert "a folder; read it with read_all" in message_of(lambda: wb.read(tmp_path))


@pytest.fixture
def shut() -> Iterator[Path]:
    """A folder of a file, a folder and a readable file, of which the first two are another user's."""
    folder = Path(tempfile.mkdtemp())
    (folder / "b").mkdir()
    for name in ("a.txt", "b/b.txt", "c.txt"):
        (folder / name).write_text(SENTENCE)
    folder.chmod(0o755)
    for name in ("a.txt", "b"):
        (folder / name).chmod(0)
    root = os.geteuid() == 0
    if root:  # who reads everything
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    (folder / "b").chmod(0o700)
    shutil.rmtree(folder)


def test_files_and_folders_that_may_not_be_read_are_errors(shut: Path) -> None:
    (document,) = [item for item in wb.read_all(shut) if isinstance(item, Document)]
    messages = sorted(str(item) for item in wb.read_all(shut) if isinstance(item, DocumentError))
    assert document.name == "c"
    assert [message.partition(":")[0] for message in messages] == [f"{shut}/a.txt", f"{shut}/b"]
    assert all("Permission denied" in message for message in messages)


def test_a_file_of_more_than_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    for name in ("huge.txt", "huge.pdf"):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, 50_000_001)
        assert f"{name}: larger than 50 MB; split it" in message_of(lambda: wb.read(tmp_path / name))  # noqa: B023


def test_loops_of_links_and_pipes_are_errors_and_end(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    messages = [str(item) for item in wb.read_all(tmp_path)]
    assert len(messages) == 2
    assert "loop.txt: cannot be read" in messages[0]
    assert "pipe.txt: a pipe or device, not a file" in messages[1]


def test_names_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(**{"../../escaped.txt": SENTENCE, "/rooted.txt": SENTENCE}))
    assert [item.name for item in wb.read_all(tmp_path / "a.zip") if isinstance(item, Document)] == [
        "escaped",
        "rooted",
    ]
    assert not list(tmp_path.parent.glob("**/escaped.txt"))


def test_duplicate_names_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,text\n" + f"x,{SENTENCE}\n" * 3 + f"x-2,{SENTENCE}\n")
    names = [item.name for item in wb.read_all(tmp_path / "a.csv") if isinstance(item, Document)]
    assert names == ["x", "x-2", "x-3", "x-2-2"]


def test_a_table_of_one_name_takes_no_longer_than_one_of_many(tmp_path: Path) -> None:
    def seconds(rows: list[str]) -> float:
        (tmp_path / "a.csv").write_text("\n".join(["name,text", *(f"{name},A text." for name in rows)]))
        begun = time.perf_counter()
        assert sum(isinstance(item, Unread) for item in unread(tmp_path / "a.csv")) == len(rows)
        return time.perf_counter() - begun

    assert seconds(["x"] * 5000) < 5 * seconds([str(number) for number in range(5000)])


@pytest.mark.parametrize(
    ("suffix", "raw"),
    [
        (".txt", b"word " * 1_000_000),
        (".txt", b"." * 5_000_000),
        (".txt", b"<a " * 600_000),
        (".txt", b"(photo by " * 300_000),
        (".txt", b"This article is more than 2 years old" * 50_000),
        (".txt", "Ã¢â‚¬â„¢".encode() * 30_000),
        (".txt", b"a b\n" * 100_000),
        (".md", b"[a" * 500_000),
        (".md", b"*a " * 500_000),
        (".html", b"<p class='" + b"x " * 500_000 + b"'>" + SENTENCE.encode() * 5),
        (".html", b"<table>" + b"<tr><td>a</td><td>b</td></tr>" * 4000),
        (".rtf", b"{\\rtf1 " + b"{\\b " * 100_000),
        (".docx", docx("<w>" + "<p/>" * 500_000 + "</w>")),
    ],
)
def test_hostile_input_takes_bounded_time_and_memory(suffix: str, raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"hostile{suffix}"
    path.write_bytes(raw)
    started = time.process_time()
    assert is_honest(lambda: [wb.read(path, language="any")], path)
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024**2  # KiB: less than 1 GiB


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    (tmp_path / "a.pdf").write_bytes(scan())
    assert "needs a package that is not installed; pip install pypdfium2" in message_of(
        lambda: wb.read(tmp_path / "a.pdf")
    )


LINES = ["Talks go on", *[SENTENCE] * 3, "“We agreed,” said Anna Berg, the mayor of Oslo. " * 2]
VALID = {ending: make("The council of Oslo meets", LINES) for ending, make in {**FORMATS, **MANY}.items()}
EXAMPLES = int(os.environ.get("WORKBENCH_EXAMPLES", "20"))  # of each


def readings(path: Path) -> Iterator[Callable[[], list[Document | DocumentError]]]:
    """By each of the ways to read what is in a file."""
    yield lambda: list(wb.read_all(path, language="any"))
    yield lambda: [wb.read(path, language="any")]
    yield lambda: [
        wb.read(part, clean=False, language="any") for part in [part for part, _ in parts(path).values()][-2:]
    ]


def reaching(file: Path, address: str) -> dict[str, bytes]:
    """A document of each format that asks for `file`, and for what is at `address`."""
    entities = f'<!ENTITY e SYSTEM "{file.as_uri()}"><!ENTITY n SYSTEM "{address}"><!ENTITY % p SYSTEM "{address}"> %p;'
    doctype, said = f"<!DOCTYPE a [{entities}]>", f"{SENTENCE * 3} &e; &n;"
    links = (
        f'<a href="{address}"/><img src="{address}"/><iframe src="{file.as_uri()}"></iframe><script src="{address}"/>'
    )
    page = f'{doctype}<html><head><base href="{address}"/><link rel="stylesheet" href="{address}"/></head><body>{links}<p>{said}</p></body></html>'
    external = f'<r><Relationship Id="r1" Target="{address}" TargetMode="External" Type="attachedTemplate"/></r>'
    word = {"word/document.xml": f"{doctype}<w><p><t>{said}</t></p></w>", "word/_rels/document.xml.rels": external}
    found = {
        ".xml": f"{doctype}<rss><item><title>T</title><description>{said}</description></item></rss>",
        ".html": page,
        ".md": f"![a]({address}) [a]({file.as_uri()}) {said}",
        ".eml": f'Content-Type: message/external-body; access-type=URL; URL="{address}"\n\n{said}',
        ".rtf": rf'{{\rtf1 {{\field{{\*\fldinst INCLUDETEXT "{file}"}}}}{{\field{{\*\fldinst INCLUDEPICTURE "{address}"}}}}{said}}}',
        ".csv": f'text\n"{said}=WEBSERVICE(""{address}"")"\n',
        ".docx": zipped(**word, **{"docProps/core.xml": f"{doctype}<c><title>&e;</title></c>"}),
        ".odt": zipped(
            **{"content.xml": f"{doctype}<o><text><p>{said}</p></text></o>", "meta.xml": f"{doctype}<m>&e;</m>"}
        ),
    }
    return {ending: item if isinstance(item, bytes) else item.encode() for ending, item in found.items()}


def test_no_document_reaches_for_another_file_or_the_network(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("xyzzy")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        asked = reaching(tmp_path / "secret.txt", f"http://127.0.0.1:{server.getsockname()[1]}/a.dtd")
        for ending, content in asked.items():
            path = tmp_path / f"a{ending}"
            path.write_bytes(content)
            for reading in readings(path):
                with suppress(DocumentError):
                    assert "xyzzy" not in repr([(item, getattr(item, "metadata", "")) for item in reading()])
            with pytest.raises(BlockingIOError):
                server.accept()


@pytest.mark.parametrize("ending", VALID)
def test_a_whole_file_of_each_format_is_read(ending: str, tmp_path: Path) -> None:
    (tmp_path / f"a{ending}").write_bytes(VALID[ending])
    found = list(wb.read_all(tmp_path))
    assert all(isinstance(item, Document) for item in found)
    assert "talk about the water of the river" in " ".join(item.text for item in found)


@pytest.mark.parametrize("ending", [*VALID, ".xls", ".markdown", ".xhtml", ".ndjson"])
@given(st.sampled_from([b"", *(content[:12] for content in VALID.values())]), st.binary(max_size=200))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_documents_or_errors_in_a_line(ending: str, tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / f"any{ending}"
    path.write_bytes(start + rest)
    assert all(is_honest(reading, path) for reading in readings(path))


@pytest.mark.parametrize("ending", VALID)
@given(
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=8),
    st.lists(st.sampled_from(DAMAGES), max_size=1),
    st.integers(0, 1 << 16),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_of_any_format_gives_documents_or_errors_in_a_line(
    ending: str, tmp_path: Path, changes: list[tuple[int, int, bytes]], damages: list[Callable[..., bytes]], seed: int
) -> None:
    content = VALID[ending]
    for place, length, instead in changes:
        at = place % len(content)
        content = content[:at] + instead + content[at + length :] or b"x"
    for damage in damages:
        content = damage(content, random.Random(seed))
    path = tmp_path / f"damaged{ending}"
    path.write_bytes(content)
    assert all(is_honest(reading, path) for reading in readings(path))
