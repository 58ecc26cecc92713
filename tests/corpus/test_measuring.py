"""A corpus measured: the figures of each document alone, nothing lost, nothing twice, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from pathlib import Path
from threading import Timer
from zipfile import ZipFile

import pandas as pd
import pytest
from filelock import FileLock

import workbench as wb
from workbench.corpus import measuring as corpus, stored as measured, workers
from workbench.measurement import Asked, figures

PARAGRAPHS = [
    "The council of {place} met on Monday. “We agreed on the budget,” said Anna Berg.",
    "Nobody in {place} was glad. Carl Lund, a baker, said that prices would rise by {number} %.",
    "“It is a terrible day for {place},” Lund told reporters. The minister praised the wonderful result.",
]
PLACES = ["Oslo", "Bergen", "Turin", "Leeds", "Lyon", "Porto", "Ghent"]


def text(number: int) -> str:
    parts = PARAGRAPHS[: 1 + number % 3] * (1 + number % 2)
    return "\n".join(part.format(place=PLACES[number % 7], number=number) for part in parts) + "\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(7):
        (folder / f"2024-01-0{number + 1}_{PLACES[number]}.txt").write_text(text(number))
    return folder


@pytest.fixture
def small(monkeypatch):
    """Partitions of two documents, so that a few documents are several partitions."""
    monkeypatch.setattr(corpus, "SMALLEST", 2)
    monkeypatch.setattr(corpus, "LARGEST", 2)


@pytest.fixture
def quick(monkeypatch):
    """Measuring made quick, for tests of what is measured when, and what is written."""
    whole = figures(wb.Document.from_text("Oslo is good."), Asked.of(None))
    own = lambda document: {"document": document.name, "n": len(document.text)}  # noqa: E731
    monkeypatch.setattr(corpus, "figures", lambda document, asked: [{**row, **own(document)} for row in whole])


def contents(target: Path) -> dict[str, bytes]:
    """Every file of a measured corpus, by its path from the folder that it is in."""
    return {
        str(p.relative_to(target.parent)): p.read_bytes()
        for p in target.parent.rglob("*")
        if p.is_file() and p.name != ".lock"
    }


def measure(folder, target, scheduler="sync", **options):
    return wb.measure_corpus(folder, target, scheduler, progress=False, **options)


def test_the_figures_are_those_of_each_document_alone_to_the_last_digit(folder, tmp_path, small):
    assert measure(folder, tmp_path / "out" / "c.parquet").empty
    table = pd.read_parquet(tmp_path / "out" / "c.parquet")
    alone = pd.concat([wb.measures(wb.read(path)) for path in sorted(folder.iterdir())], ignore_index=True)
    pd.testing.assert_frame_equal(table, alone, check_exact=True)
    pd.testing.assert_frame_equal(table, wb.measure_all(folder)[0], check_exact=True)


def test_only_what_is_asked_for_is_measured_and_kept_apart_from_the_rest(folder, tmp_path, small):
    asked, target = ["lix", "vader_compound"], tmp_path / "out" / "c.parquet"
    assert measure(folder, target, only=asked).empty
    table = pd.read_parquet(target)
    alone = [wb.measures(wb.read(path), only=asked) for path in sorted(folder.iterdir())]
    pd.testing.assert_frame_equal(table, pd.concat(alone, ignore_index=True), check_exact=True)
    pd.testing.assert_frame_equal(table, wb.measure_all(folder, only=asked)[0], check_exact=True)
    before = contents(target)
    measure(folder, target, only=reversed(asked))
    assert contents(target) == before
    for other in ({"only": "lix"}, {}, {"only": [*asked, "narration"]}):
        with pytest.raises(ValueError, match="holds other figures"):
            measure(folder, target, **other)
    assert contents(target) == before


def test_one_headline_in_many_partitions_is_measured_alike_in_all(tmp_path, small):
    """What spaCy learned of a text is forgotten with its partition; nothing of it may be used in the next."""
    folder = tmp_path / "copies"
    folder.mkdir()
    for number in range(8):
        words = " ".join(f"Wordling{number}x{k}" for k in range(300))
        head = "Anna Berg Slams Terrible Plans Of Yaxqwzington Leaders"
        (folder / f"{number}.txt").write_text(f"{head}\n\nThe council of Oslo met on Monday. {words} met there.\n")
    assert measure(folder, tmp_path / "out" / "c.parquet", evidence=True).empty
    towards = pd.read_parquet(tmp_path / "out" / "c.towards.parquet")
    judged = (
        towards[towards.start < 54].groupby("document")[["entity", "score", "words"]].apply(lambda t: t.values.tolist())
    )
    assert len(judged) == 8
    assert len({str(rows) for rows in judged}) == 1


def test_what_needs_no_parse_loads_no_model(folder, tmp_path):
    code = """import sys, workbench
workbench.measure_corpus(*sys.argv[1:], "sync", progress=False, only=["readability", "sentiment"])
print("spacy" in sys.modules)"""
    command = [sys.executable, "-c", code, str(folder), str(tmp_path / "out" / "c.parquet")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_measuring_leaves_the_callers_environment_as_it_was(folder, tmp_path, quick, monkeypatch):
    monkeypatch.delenv("WORKBENCH_MODEL", raising=False)
    wb.measure_corpus(folder, tmp_path / "out" / "c.parquet", progress=False)
    assert "WORKBENCH_MODEL" not in os.environ


@pytest.mark.parametrize("scheduler", ["threads", pytest.param("processes", marks=pytest.mark.slow)])
def test_several_at_once_write_the_same_bytes_as_one_alone(folder, tmp_path, scheduler):
    made = []
    for name in ("sync", scheduler):
        measure(folder, tmp_path / name / "c.parquet", name, jobs=2, evidence=True)
        made.append(contents(tmp_path / name / "c.parquet"))
    assert len(made[0]) == 12
    assert made[0] == made[1]


def test_evidence_is_written_and_its_offsets_point_at_the_text(folder, tmp_path):
    measure(folder, tmp_path / "out" / "c.parquet", evidence=True)
    documents = {document.name: document for document in wb.read_all(folder)}
    for name in measured.EVIDENCE:
        table = pd.read_parquet(measured.folder(tmp_path / "out" / "c.parquet", name))
        assert len(table) > 5
        for row in table.itertuples():
            if "text" in table:
                assert documents[row.document].text[row.start : row.end] == row.text


def test_what_is_known_of_the_documents_is_written(folder, tmp_path, quick):
    measure(folder, tmp_path / "out" / "c.parquet")
    known = pd.read_parquet(measured.folder(tmp_path / "out" / "c.parquet", "documents"))
    assert list(known) == ["document", "field", "value"]
    assert set(known.document) == {path.stem for path in folder.iterdir()}
    pd.testing.assert_frame_equal(known, measured.known(folder))


def test_a_measured_corpus_says_what_its_tables_and_columns_are(folder, tmp_path):
    target = tmp_path / "out" / "c.parquet"
    measure(folder, target, evidence=True)
    said = (tmp_path / "out" / "c.md").read_text("utf-8")
    assert "Measured with workbench " in said
    for name in measured.EVIDENCE:
        assert f"c.{name}.parquet" in said
        for column in pd.read_parquet(measured.folder(target, name)):
            assert column in said
    for column in pd.read_parquet(target):
        assert f"`{column}" in said or f", {column}`" in said
    wide = pd.read_csv(tmp_path / "out" / "c.documents.csv", dtype="str").set_index("document")
    assert list(wide.index) == sorted(path.stem for path in folder.iterdir())
    known = measured.known(target).set_index(["document", "field"]).value
    assert wide.loc["2024-01-03_Turin", "sha256"] == known["2024-01-03_Turin", "sha256"]


@pytest.mark.parametrize("evidence", [True, False])
def test_near_copies_are_found_in_a_measured_corpus(folder, tmp_path, evidence):
    (folder / "copy.txt").write_text(text(5) + "\n(This version was sent out again.)\n")
    measure(folder, target := tmp_path / "out" / "c.parquet", evidence=evidence)
    copies = measured.copies(folder)
    assert {"2024-01-06_Porto", "copy"} in [{row.document, row.duplicate} for row in copies.itertuples()]
    pd.testing.assert_frame_equal(copies, measured.copies(target))


def test_without_a_terminal_progress_is_a_line_a_minute(folder, tmp_path, quick, small, monkeypatch, capsys):
    minutes = iter(range(0, 10**6, 61))
    monkeypatch.setattr(corpus, "monotonic", lambda: next(minutes))
    wb.measure_corpus(folder, tmp_path / "out" / "c.parquet", "sync")
    assert "7 of 7 documents measured\n" in capsys.readouterr().err


def test_what_has_been_measured_is_not_measured_again(folder, tmp_path, quick, small, monkeypatch):
    target = tmp_path / "out" / "c.parquet"
    measure(folder, target)
    before = contents(target)
    monkeypatch.setattr(corpus, "figures", lambda *_: pytest.fail("measured again"))
    measure(folder, target)
    assert contents(target) == before


def test_only_the_partition_of_a_changed_document_is_measured_again(folder, tmp_path, quick, small):
    target = tmp_path / "out" / "c.parquet"
    measure(folder, target)
    before = set(contents(target))
    (folder / "2024-01-03_Turin.txt").write_text("An altogether new article about Turin and Milan.\n")
    measure(folder, target)
    after = set(contents(target))
    assert len(before) == len(after) == 4 * 4 + 3
    assert len(before - after) == 4  # of measures, documents, sketches and errors one part each
    assert (pd.read_parquet(target).n == len(wb.read(folder / "2024-01-03_Turin.txt").text)).any()


def test_other_versions_are_measured_again(folder, tmp_path, quick, monkeypatch):
    target = tmp_path / "out" / "c.parquet"
    measure(folder, target)
    before = set(contents(target))
    monkeypatch.setattr(corpus, "_versions", lambda *_: "others")
    measure(folder, target)
    assert {name for name in before & set(contents(target)) if "part-" in name} == set()


def test_a_worker_with_other_versions_is_refused(folder, tmp_path):
    folders = corpus.folders_of(tmp_path / "out" / "c.parquet", evidence=False)
    with pytest.raises(RuntimeError, match="not the workbench"):
        corpus.measure_partition(corpus.Partition(0, ()), folders, corpus.model_name(), Asked.of(None), "others")


@pytest.mark.parametrize("at", range(1, 10, 2))
def test_a_run_that_breaks_off_and_is_started_again_writes_the_same_bytes(
    folder, tmp_path, quick, small, monkeypatch, at
):
    measure(folder, tmp_path / "whole" / "c.parquet")
    writes, write = [], corpus.write

    def breaking(table, path):
        writes.append(path)
        if len(writes) == at:
            (path.parent / f".{path.stem}.torn").write_bytes(b"half")
            raise KeyboardInterrupt
        write(table, path)

    monkeypatch.setattr(corpus, "write", breaking)
    with pytest.raises(KeyboardInterrupt):
        measure(folder, tmp_path / "broken" / "c.parquet")
    assert contents(tmp_path / "broken" / "c.parquet") != contents(tmp_path / "whole" / "c.parquet")
    measure(folder, tmp_path / "broken" / "c.parquet")
    assert contents(tmp_path / "broken" / "c.parquet") == contents(tmp_path / "whole" / "c.parquet")


def test_documents_that_cannot_be_read_or_measured_are_rows_with_their_reasons(
    folder, tmp_path, quick, small, monkeypatch
):
    (folder / "empty.txt").write_text("")
    figures = corpus.figures

    def failing(document, asked):
        if "Leeds" in document.name:
            raise ZeroDivisionError("of all things")
        return figures(document, asked)

    monkeypatch.setattr(corpus, "figures", failing)
    errors = measure(folder, tmp_path / "out" / "c.parquet")
    reasons = dict(zip(errors.document.str.rsplit("/").str[-1], errors.reason, strict=True))
    assert set(reasons) == {"2024-01-04_Leeds", "empty.txt"}
    assert "of all things" in reasons["2024-01-04_Leeds"]
    assert pd.read_parquet(tmp_path / "out" / "c.parquet").document.nunique() == 6
    pd.testing.assert_frame_equal(errors, pd.read_parquet(tmp_path / "out" / "c.errors.parquet"))


def test_a_text_that_cannot_be_parsed_takes_no_other_document_with_it(folder, tmp_path, monkeypatch):
    language = sys.modules["workbench.language.parsing"]
    nlp = language.pipeline(language.model_name())

    def refusing(name):
        def refuse(parsed):
            if "Leeds" in parsed.text:
                raise MemoryError("too much")
            return parsed

        monkeypatch.setattr(nlp, "_components", [*nlp._components, ("refuse", refuse)])
        return nlp

    monkeypatch.setattr(language, "pipeline", cache(refusing))
    errors = measure(folder, tmp_path / "out" / "c.parquet")
    assert list(errors.document) == ["2024-01-04_Leeds"]
    assert "too much" in errors.reason[0]
    assert pd.read_parquet(tmp_path / "out" / "c.parquet").document.nunique() == 6


@pytest.mark.parametrize("kind", ["zip", "csv", "jsonl"])
def test_a_zip_or_a_table_of_documents_is_measured_as_their_folder_is(folder, tmp_path, quick, small, kind):
    articles = {path.stem: path.read_text() for path in sorted(folder.iterdir())}
    source = tmp_path / f"all.{kind}"
    if kind == "zip":
        with ZipFile(source, "w") as archive:
            for name, content in articles.items():
                archive.writestr(f"{name}.txt", content)
    else:
        table = pd.DataFrame({"name": articles.keys(), "text": articles.values(), "outlet": "Post"})
        table.to_csv(source, index=False) if kind == "csv" else table.to_json(source, orient="records", lines=True)
    measure(folder, tmp_path / "one" / "c.parquet")
    measure(source, tmp_path / "two" / "c.parquet", "threads", jobs=2)
    one, two = (pd.read_parquet(tmp_path / name / "c.parquet") for name in ("one", "two"))
    pd.testing.assert_frame_equal(one, two)
    known = measured.known(tmp_path / "two" / "c.parquet")
    assert kind == "zip" or list(known.value[known.field == "outlet"]) == ["Post"] * 7


def test_documents_of_the_same_name_stay_apart(folder, tmp_path, quick, small):
    for place in ("a", "b"):
        (folder / place).mkdir()
        (folder / place / "same.txt").write_text(f"It rained in {place} all day long.")
    measure(folder, tmp_path / "out" / "c.parquet")
    names = set(pd.read_parquet(tmp_path / "out" / "c.parquet").document)
    assert {"same", "same-2"} <= names
    assert names == {document.name for document in wb.read_all(folder)}


def test_every_part_has_the_same_columns_and_types_even_without_a_document(folder, tmp_path, small):
    for number in range(4):
        (folder / f"0{number}.txt").write_text("")
    measure(folder, tmp_path / "out" / "c.parquet", evidence=True)
    from pyarrow import parquet

    for table in ("measures", "documents", "errors", *measured.EVIDENCE):
        parts = sorted(measured.folder(tmp_path / "out" / "c.parquet", table).glob("*.parquet"))
        assert len(parts) == 6
        schemas = [parquet.read_schema(part).remove_metadata() for part in parts]
        assert all(schema == schemas[-1] for schema in schemas), table


def test_an_empty_folder_is_an_error_and_one_without_a_readable_document_gives_empty_tables(tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(wb.DocumentError, match="nothing to read in it"):
        measure(tmp_path / "none", tmp_path / "out" / "c.parquet")
    (tmp_path / "none" / "empty.txt").touch()
    assert len(measure(tmp_path / "none", tmp_path / "out" / "c.parquet")) == 1
    table = pd.read_parquet(tmp_path / "out" / "c.parquet")
    assert len(table) == 0
    assert list(table) == list(wb.measures(wb.Document.from_text("A word.")))


@pytest.mark.parametrize(
    ("target", "source", "scheduler", "message"),
    [
        ("out/notes.parquet", "articles", "sync", "a file"),
        ("articles", "articles", "sync", "lies in"),
        ("own", "articles", "sync", "not a part of a corpus"),
        ("c.parquet", "nowhere", "sync", "nowhere"),
        ("c.parquet", "articles", "quantum", "no such scheduler"),
    ],
)
def test_a_wrong_call_is_said_and_nothing_of_the_users_is_touched(folder, tmp_path, target, source, scheduler, message):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.parquet").write_text("mine")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("mine")
    before = contents(folder)
    with pytest.raises(ValueError, match=message):
        measure(tmp_path / source, tmp_path / target, scheduler)
    assert {path: before[path] for path in before if "c." not in path} == {
        path: content for path, content in contents(folder).items() if "c." not in path
    }


def test_a_source_that_is_not_there_leaves_nothing_behind(tmp_path):
    with pytest.raises(wb.DocumentError, match="nowhere"):
        measure(tmp_path / "nowhere", tmp_path / "c.parquet")
    assert not list(tmp_path.iterdir())


def test_no_more_of_the_source_is_read_than_is_being_measured():
    read = []
    partitions = corpus._partitions(iter(read.append(n) or Path(str(n)) for n in range(10**6)))
    sizes = [len(next(partitions).unread) for _ in range(300)]
    assert len(read) == sum(sizes)
    assert (sizes[0], sizes[-1]) == (corpus.SMALLEST, corpus.LARGEST)


def test_the_source_is_looked_through_while_workers_are_at_work_but_not_further_than_a_window():
    found: list[int] = []  # of each part, how many were done when it was looked for
    finished: list[int] = []

    def numbered():
        for number in range(60):
            found.append(len(finished))
            yield corpus.Partition(number, (Path("a"),))

    workers.work_through(lambda part: part.number, numbered(), 4, "sync", 1, finished.append)
    assert sorted(finished) == list(range(60))
    assert found == [0, 0, 0, *range(57)]


def test_what_a_dead_worker_had_is_done_again():
    deaths, finished = iter([True] * workers.LOSSES), []

    def dying(partition):
        if partition.number == 5 and next(deaths, False):
            raise BrokenProcessPool
        return corpus.Measured(str(partition.number), 1)

    numbered = (corpus.Partition(number, (Path("a"),)) for number in range(40))
    workers.work_through(dying, numbered, 16, "sync", 1, finished.append)
    assert {done.file for done in finished} == {str(number) for number in range(40)}


def test_workers_that_keep_dying_are_said_so():
    def dying(partition):
        raise BrokenProcessPool

    with pytest.raises(RuntimeError, match="workers died"):
        workers.work_through(dying, iter([corpus.Partition(0, ())]), 16, "sync", 1, print)


def die_once(mark: str, partition: "corpus.Partition") -> "corpus.Measured":
    if partition.number == 2 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return corpus.Measured(str(partition.number), 1)


@pytest.mark.slow
def test_a_worker_process_that_is_killed_loses_nothing(tmp_path):
    finished = []
    numbered = (corpus.Partition(number, (Path("a"),)) for number in range(12))
    workers.work_through(partial(die_once, str(tmp_path / "died")), numbered, 16, "processes", 2, finished.append)
    assert (tmp_path / "died").exists()
    assert {done.file for done in finished} == {str(number) for number in range(12)}


MEASURE_PARTITION = corpus.measure_partition  # a forked worker has it replaced, too


def measure_and_die(partition: "corpus.Partition", **given: object) -> "corpus.Measured":
    whole = corpus.figures

    def dying(document, asked):
        if "Leeds" in document.name:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(document, asked)

    corpus.figures = dying
    return MEASURE_PARTITION(partition, **given)


@pytest.mark.slow
def test_a_document_that_kills_its_workers_is_a_row_among_the_errors_and_takes_no_other_with_it(
    folder, tmp_path, small, monkeypatch
):
    monkeypatch.setattr(corpus, "measure_partition", measure_and_die)
    errors = measure(folder, tmp_path / "out" / "c.parquet", "processes", jobs=2)
    assert list(errors.document) == ["2024-01-04_Leeds"]
    assert "3 workers died" in errors.reason[0]
    assert pd.read_parquet(tmp_path / "out" / "c.parquet").document.nunique() == 6
    assert not list((tmp_path / "out" / "c.errors.parquet").glob("*deaths*"))


RUN = (
    "import sys, workbench\nif __name__ == '__main__': workbench.measure_corpus(*sys.argv[1:3], jobs=2, progress=False)"
)


@pytest.mark.slow
def test_a_run_killed_on_its_way_and_started_again_writes_the_same_bytes(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(48):
        (folder / f"{number:03d}.txt").write_text(text(number))
    measure(folder, tmp_path / "whole" / "c.parquet")
    killed = tmp_path / "killed" / "c.parquet"
    run = tmp_path / "run.py"
    run.write_text(RUN)
    started = subprocess.Popen([sys.executable, str(run), str(folder), str(killed)])
    while not list(killed.glob("part-*")):
        time.sleep(0.01)
    started.kill()
    started.wait()
    time.sleep(1)
    workers = [p for p in Path("/proc").glob("[0-9]*/cmdline") if f"parent_pid={started.pid}" in _text(p)]
    assert not workers
    assert contents(killed) != contents(tmp_path / "whole" / "c.parquet")
    subprocess.run([sys.executable, str(run), str(folder), str(killed)], check=True)
    assert contents(killed) == contents(tmp_path / "whole" / "c.parquet")


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@pytest.mark.slow
def test_a_cluster_whose_workers_are_killed_writes_the_same_bytes(folder, tmp_path, small):
    distributed = pytest.importorskip("distributed", reason="needs the package distributed")
    measure(folder, tmp_path / "whole" / "c.parquet")
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = [worker.pid for worker in cluster.workers.values()]
        Timer(1, os.kill, (workers[0], signal.SIGKILL)).start()
        measure(folder, tmp_path / "cluster" / "c.parquet", cluster.scheduler_address)
    assert contents(tmp_path / "cluster" / "c.parquet") == contents(tmp_path / "whole" / "c.parquet")


@pytest.mark.parametrize("damage", ["cut", "emptied", "no table"])
@pytest.mark.parametrize("table", ["c.parquet", "c.errors.parquet", "c.documents.parquet"])
def test_a_part_that_is_not_whole_is_made_again(folder, tmp_path, small, table, damage):
    target = tmp_path / "out" / "c.parquet"
    measure(folder, target)
    whole = contents(target)
    part = next((tmp_path / "out" / table).glob("part-*.parquet"))
    part.write_bytes({"cut": part.read_bytes()[:-20], "emptied": b"", "no table": b"PAR1" * 10}[damage])
    measure(folder, target)
    assert contents(target) == whole


def test_runs_that_were_killed_are_not_the_fault_of_the_document_that_they_were_at(folder, tmp_path, small):
    errors = tmp_path / "out" / "c.errors.parquet"
    errors.mkdir(parents=True)
    for note in ("an earlier run\n" + "\n".join(["2024-01-04_Leeds"] * 9), "\xff\xfe2024-01-04_Leeds"):
        (errors / ".part-000000-deaths").write_bytes(note.encode("latin-1"))
        assert measure(folder, tmp_path / "out" / "c.parquet").empty
    assert not list(errors.glob("*deaths*"))


def test_two_runs_into_one_target_are_kept_apart(folder, tmp_path, small):
    target = tmp_path / "out" / "c.parquet"
    target.mkdir(parents=True)
    with FileLock(target / ".lock"), pytest.raises(ValueError, match="another run is writing here"):
        measure(folder, target)
    measure(folder, target)


def test_a_target_among_the_documents_is_refused(folder, small):
    with pytest.raises(ValueError, match="name a target outside it"):
        measure(folder, folder / "out" / "c.parquet")


def test_a_folder_or_table_beside_a_measured_corpus_is_none(tmp_path):
    seeds = tmp_path / "corpus"
    seeds.mkdir()
    (seeds / "a.txt").write_text("The council met on Monday.")
    (tmp_path / "corpus.csv").write_text("text\nThe council met on Monday.\n")
    corpus.measure_corpus(seeds, tmp_path / "corpus.parquet", scheduler="sync", progress=False, only="lix")
    assert measured.is_measured(tmp_path / "corpus.parquet")
    assert not any(map(measured.is_measured, (seeds, tmp_path / "corpus.csv", tmp_path, "", ".")))


def test_what_a_table_calls_its_columns_breaks_nothing():
    document = corpus.Document.from_text("It rained.", "a", {"document": "x", "k\udc41": "v", "title": "Rain"})
    rows = {field: value for _, field, value in corpus.fields(document)}
    assert (rows["document (column)"], rows["k?"], rows["title"]) == ("x", "v", "Rain")
