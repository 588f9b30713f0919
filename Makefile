# Needs Python 3.11 or newer with venv, and make. Everything else goes into .venv/.
#   make demo     try Kumpel on a page in the browser, without any account or network
#   make test     all tests
#   make check    formatting, lint, types, layers, translations, lock file
#   make audit    known weaknesses of the dependencies; asks the internet
#   make run      the bot, as set up in .env
#   make lock     pin the dependencies anew after pyproject.toml changed
#   make clean    remove what the other targets made

PYTHON ?= python3
TRIES ?= --reruns 0
WORKERS ?= $(shell echo $$((4 * $$(getconf _NPROCESSORS_ONLN))))  # most tests wait for the wire, not for a core
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

unexport PYTHONDONTWRITEBYTECODE  # where it is set, each of the tests' processes would compile all of them anew

PACKAGES := bot handlers storage benchmarks
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev pyproject.toml \
	--no-header --no-emit-find-links --no-emit-index-url

.PHONY: demo test check check-style check-types check-layers check-tests check-lock audit run lock clean
.DELETE_ON_ERROR:

demo: $(INSTALLED)
	@$(BIN)/kumpel demo

test: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal tests --ignore tests/browser $(TRIES)
	$(BIN)/pytest -n 2 --dist loadfile tests/browser $(TRIES)  # a browser needs a core of its own

# With -j2 they run side by side; the types take longest.
check: check-types check-style check-layers check-tests check-lock

check-style: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: $(INSTALLED)
	$(BIN)/mypy --strict $(PACKAGES)

check-layers: $(INSTALLED)
	$(BIN)/lint-imports --no-cache

check-tests: $(INSTALLED)
	$(BIN)/pytest -q tests/unit/test_translations.py
	$(BIN)/pytest -qq --collect-only tests > /dev/null  # compiles them once, for all processes of "make test"

check-lock: $(INSTALLED)
	cp requirements.lock $(VENV)/requirements.lock
	$(LOCK) --output-file $(VENV)/requirements.lock > /dev/null
	@cmp -s requirements.lock $(VENV)/requirements.lock || \
		{ echo 'requirements.lock does not fit pyproject.toml: run "make lock" and commit it.' >&2; exit 1; }

audit: $(INSTALLED)
	$(BIN)/uv tool run --quiet --from pip-audit==2.10.1 \
		pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off

run: $(INSTALLED)
	@$(BIN)/kumpel run

lock: $(INSTALLED)
	$(LOCK) --output-file requirements.lock > /dev/null

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot handlers storage benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Hashes for everything that is downloaded; Kumpel itself is linked in, so that edits count at once.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit( \
		"Kumpel needs Python 3.11 or newer, and %s is %d.%d. Try: make PYTHON=python3.11" \
		% ((sys.executable,) + sys.version_info[:2]))'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'Python lacks venv. On Debian and Ubuntu: sudo apt install python3-venv' >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@
