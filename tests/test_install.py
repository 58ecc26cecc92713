"""What a stranger installs is this project, whole, and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from workbench.cli import main

ROOT = Path(__file__).parent.parent
TEXTS = {".py", ".pyi", ".md", ".toml", ".yml", ".ipynb", ".cff", ""}


def test_nothing_tells_anybody_to_install_the_other_project_called_workbench():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    tracked = tracked or ["README.md", "docs/corpora.md", "docs/installing.md", "src/workbench/cli.py"]  # no clone
    paths = [ROOT / name for name in tracked if Path(name).suffix in TEXTS and name != "tests/test_install.py"]
    said = re.compile(r"(?:pip|uv|conda|pipx)[\w -]* install [^\n]*?['\"` ]workbench\b(?![-/\w])", re.I)
    assert any("pip install" in path.read_text() for path in paths)
    assert not [(path.name, found[0]) for path in paths if path.is_file() for found in said.finditer(path.read_text())]
    assert metadata.metadata("news-workbench")["Name"] == "news-workbench"


def test_the_doctor_names_another_package_that_has_our_import_name(monkeypatch, capsys):
    both = {"workbench": ["news-workbench", "pytest"]}
    monkeypatch.setattr(metadata, "packages_distributions", lambda: both)
    assert main(["doctor"]) == 1
    assert "pytest" in (said := capsys.readouterr().out)
    assert "uninstall" in said


def test_a_new_study_has_all_that_a_render_needs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my study"]) == 0
    made = {path.relative_to("my study").as_posix() for path in Path("my study").rglob("*") if path.is_file()}
    assert {"README.md", ".gitignore", "reports/.gitkeep", "notebooks/readability.ipynb"} <= made
    assert len([name for name in made if name.startswith("seeds/")]) == 1
    assert "cd my study" not in (said := capsys.readouterr().out) or "'my study'" in said
    assert main(["new", "my study"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_each_large_package_is_for_is_said():
    said = re.findall(r"[a-z0-9-]+", (ROOT / "docs" / "installing.md").read_text().partition("## What takes")[2])
    for requirement in (ROOT / "requirements.lock").read_text().splitlines():
        name = requirement.partition("==")[0] if re.match(r"[a-z0-9].*==", requirement) else ""
        try:
            files = metadata.files(name) if name else []
        except metadata.PackageNotFoundError:  # of another system or Python
            continue
        size = sum(path.stat().st_size for file in files or [] if (path := Path(file.locate())).is_file())
        assert size < 20_000_000 or name in said, f"{name}: {size / 1e6:.0f} MB"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The source archive (sdist) of what is committed, unpacked, and the names of what is committed."""
    folder = tmp_path_factory.mktemp("sdist")
    committed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True)
    if committed.returncode:
        pytest.skip("not a clone")
    (folder / "clone").mkdir()
    subprocess.run(["tar", "x"], cwd=folder / "clone", input=committed.stdout, check=True)
    names = {path.relative_to(folder / "clone").as_posix() for path in (folder / "clone").rglob("*") if path.is_file()}
    build(folder, folder / "clone", "sdist")
    shutil.unpack_archive(next(folder.glob("*.tar.gz")), folder / "source")
    return next((folder / "source").iterdir()), names


def build(target, source, kind):
    code = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, target], cwd=source, check=True, capture_output=True)


def test_the_source_archive_has_all_that_is_committed(unpacked):
    source, names = unpacked
    assert {
        "tests/test_install.py",
        "src/workbench/cli.py",
        "seeds/2024-03-14_harbour-city-news_ferry-strike.txt",
    } < names
    assert not [name for name in sorted(names) if not (source / name).is_file()]


@pytest.mark.slow
def test_the_tests_of_the_source_archive_run_from_it(unpacked):
    source, _ = unpacked
    some = ["tests/test_project.py", "tests/test_cli.py", "tests/test_architecture.py"]
    path = {**os.environ, "PYTHONPATH": str(source / "src")}
    ran = subprocess.run([sys.executable, "-m", "pytest", *some], cwd=source, env=path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_a_wheel_made_from_the_source_archive_carries_the_notebooks(unpacked, tmp_path):
    build(tmp_path, unpacked[0], "wheel")
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert "workbench/study/notebooks/readability.ipynb" in names
    assert "workbench/display/style/report.css" in names
    assert any(name.endswith("LICENSE-unicode.txt") for name in names)
