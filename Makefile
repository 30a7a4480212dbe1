# The portal's commands. Every target does the set-up that it needs.
# A fresh Debian 12+ or Ubuntu 24.04+ needs only Python 3.11+ with venv, and make.

PYTHON ?= python3
PORT   ?= 8000
SOAK   ?= 60
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
NODE   := tests/site/node_modules/.ready

.PHONY: help setup serve build test lint lock check screenshots clean system soak recall bench bench-short

help:
	@echo "make serve        show the portal at http://localhost:8000 (live reload, drafts shown);"
	@echo "                  make serve PORT=8001 takes another port"
	@echo "make test         run every test"
	@echo "make build        build the demo into output/"
	@echo "make lint         ruff and mypy --strict"
	@echo "make screenshots  pictures of every page family into build/screenshots"
	@echo "make soak         the long proof of incremental builds: random edits for SOAK=60 minutes"
	@echo "make recall       the long proof of search: the demo with the corpus, 2,000 questions"
	@echo "make bench        beside Hugo, Eleventy, Pelican and stock Pagefind at 10,000 records (about an hour)"
	@echo "make bench-short  beside them at 1,000 records (2 minutes)"
	@echo "make clean        remove everything that was built"

setup: $(READY)

$(READY): requirements.lock pyproject.toml tools/system.sh
	@sh tools/system.sh venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the tests of the built site need from npm; Node comes from PyPI with the other tools.
$(NODE): tests/site/package-lock.json $(READY)
	cd tests/site && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# New versions: the lock carries hashes and no address of a registry.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra test --extra build --extra bench --upgrade pyproject.toml -o requirements.lock

# What apt must bring for the browser tests: installed where this runs as root, otherwise looked for.
system:
	@sh tools/system.sh browser

serve: setup
	$(BIN)/portal serve --port $(PORT)

build: setup
	$(BIN)/portal build --timings

check: setup
	$(BIN)/portal check

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup system $(NODE)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/python -m pytest -n 2 --dist loadfile

screenshots: setup system
	$(BIN)/python tools/screenshots.py

# SOAK: minutes. The seed of what fails is printed: PORTAL_SOAK_SEED=… runs it again.
soak: setup
	PORTAL_SOAK=$(SOAK) $(BIN)/python -m pytest -n 0 -s tests/soak

recall: setup system
	$(BIN)/python tools/recall.py

bench: setup system
	$(BIN)/python bench/speed.py --growth 100000
	$(BIN)/python bench/search.py

bench-short: setup
	$(BIN)/python bench/speed.py --number 1000 --rounds 2

clean:
	rm -rf /dev/shm/portal-bench
	rm -rf $(VENV) tests/site/node_modules .local .cache build output releases .pytest_cache .mypy_cache .ruff_cache .hypothesis
