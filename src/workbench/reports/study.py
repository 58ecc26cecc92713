"""A study of one's own: a folder with the notebooks, an example article and what a render needs."""

import shutil
from pathlib import Path

README = """# {name}

1. Put your articles into `seeds/` (the file there is an example: take it away).
2. `workbench render` writes a page for each article and an overview to `reports/`; open `reports/index.html`.
3. `jupyter lab` opens the notebooks to explore and to change.
"""
IGNORED = "reports/*\n!reports/.gitkeep\ncoded/\n*.parquet/\n.ipynb_checkpoints/\n"


def new_study(folder: str | Path) -> Path:
    """Make the study `folder`: notebooks/, seeds/ with an example, reports/, README.md and .gitignore; gives its path.

    Raises FileExistsError where the folder exists and is not empty.
    """
    folder = Path(folder)
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileExistsError(f"{folder}: is there already; name a new folder, or take it away")
    carried, there = _carried(), folder.exists()
    try:
        for part, files in {"notebooks": "*.ipynb", "seeds": "*_ferry-strike.txt"}.items():
            (folder / part).mkdir(parents=True)
            for path in sorted((carried / part).glob(files)):
                shutil.copyfile(path, folder / part / path.name)
        (folder / "reports").mkdir()
        (folder / "reports" / ".gitkeep").touch()
        (folder / "README.md").write_text(README.format(name=folder.resolve().name), "utf-8")
        (folder / ".gitignore").write_text(IGNORED, "utf-8")
    except OSError:  # half a study would be in the way of the next try
        for made in [*folder.iterdir()] if there else [folder]:
            if made.is_file():
                made.unlink()
            shutil.rmtree(made, ignore_errors=True)
        raise
    return folder


def _carried() -> Path:
    """Where this installation has the notebooks: inside the package (a wheel), else in the checkout around it."""
    package = Path(__file__).parents[1]
    return next(path for path in (package / "study", package.parents[1]) if (path / "notebooks").is_dir())
