"""What a stranger installs is this project, whole, and nothing else."""

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
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    paths = [ROOT / name for name in tracked if name and Path(name).suffix in TEXTS and name != "tests/test_install.py"]
    said = re.compile(r"(?:pip|uv|conda|pipx)[\w -]* install [^\n]*?['\"` ]workbench\b(?![-/\w])", re.I)
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


@pytest.mark.slow
def test_a_wheel_made_from_the_source_archive_carries_the_notebooks(tmp_path):
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    (tmp_path / "clone").mkdir()
    subprocess.run(["tar", "x"], cwd=tmp_path / "clone", input=archive, check=True)
    build = "from setuptools import build_meta as b; import sys; print(b.build_sdist(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=tmp_path / "clone", check=True, capture_output=True)
    shutil.unpack_archive(next(tmp_path.glob("*.tar.gz")), tmp_path / "source")
    source = next((tmp_path / "source").iterdir())
    assert (source / "tests" / "test_install.py").exists()
    build = build.replace("build_sdist", "build_wheel")
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=source, check=True, capture_output=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert "workbench/study/notebooks/readability.ipynb" in names
    assert "workbench/display/style/report.css" in names
    assert any(name.endswith("LICENSE-unicode.txt") for name in names)
