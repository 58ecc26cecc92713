"""Whether the reports are as they were written, and come out the same when they are rendered again."""

import tempfile
from pathlib import Path

import pandas as pd

from workbench.reports import warm_process
from workbench.reports.manifest import differing, recorded
from workbench.reports.render import RenderError, render


def verify(
    reports: str | Path = "reports",
    seeds: str | Path = "seeds",
    notebooks: str | Path = "notebooks",
    text: str | None = None,
) -> pd.DataFrame:
    """A row a file that the manifest in `reports` records: file, status, message.

    The status is same, changed or missing (the file is not as it was written), different (rendered again from
    `seeds` and `notebooks`, other bytes come out; the message says what it was made from that is different now), or
    unknown (it could not be rendered again; the message says why).
    `text` names the column of texts in tables.
    """
    reports = Path(reports)
    entries, rows = recorded(reports), []
    if not entries:
        raise RenderError(f"{reports}: no reports in it; render them first, or name another folder")
    given = {name: value for entry in entries.values() for name, value in entry["inputs"].get("parameters", {}).items()}
    warm_process.warm.start()  # which takes the folder away should this process be killed
    with tempfile.TemporaryDirectory(dir=warm_process.warm.temporary, ignore_cleanup_errors=True) as folder:
        again = Path(folder, reports.name)
        rendered = render(seeds, notebooks, again, parameters=given, progress=False, text=text)
        failed = rendered[rendered.status == "failed"]
        now = recorded(again)
        for report, entry in entries.items():
            touched = dict(differing(reports, entry))
            fresh = now.get(report, {"inputs": {}, "outputs": {}})
            if len(failed) and not fresh["inputs"]:
                place = failed.document.str.cat(failed.notebook, "/").str.removeprefix("/")
                why = [*failed.message[[report.startswith(start) for start in place]], *failed.message][0]
                rows += [(name, touched.get(name, "unknown"), why) for name in entry["outputs"]]
                continue
            causes = [name for name, value in entry["inputs"].items() if fresh["inputs"].get(name) != value]
            for name, written in entry["outputs"].items():
                same = fresh["outputs"].get(name) == written
                why = f"made from another {' and another '.join(causes)}" if causes else "not the same bytes"
                rows.append((name, touched.get(name, "same" if same else "different"), "" if same else why))
    return pd.DataFrame(rows, columns=["file", "status", "message"])
