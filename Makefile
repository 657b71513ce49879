# `make` alone prints the targets. What they need is installed into .venv, from requirements/, once.

# Where `make run` listens and where it writes.
PORT ?= 6543
DATA ?= var
HOST ?= 127.0.0.1

BIN = .venv/bin
INI = development.ini
KERN = src/servicedir/web/static/kern/VERSION
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
# Wheels only, so that nothing is ever compiled.
LOCKED = $(INSTALL) --require-hashes --only-binary=:all:
# These are pure Python and have no wheel.
SOURCE_ONLY = --no-binary=pyramid-chameleon,jstyleson
COMPILE = UV_NO_CONFIG=1 UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --python-version 3.11 --no-emit-index-url $(UPGRADE)

.PHONY: help run test sure lock messages screens clean
.DELETE_ON_ERROR:

help:
	@echo 'make run       serves the catalogue with its sample (PORT=$(PORT) HOST=$(HOST) DATA=$(DATA))'
	@echo 'make test      runs the tests; ARGS is handed to pytest'
	@echo 'make sure      what CI runs: format, lint, types, import contracts, tests'
	@echo 'make lock      writes requirements/*.txt and package-lock.json anew (UPGRADE=--upgrade for newer versions)'
	@echo 'make messages  collects the texts to translate into src/servicedir/locale'
	@echo 'make screens   takes the pictures for docs/'
	@echo 'make clean     removes what these made, except DATA'

# exec, so that a signal meets the server itself and it ends at once.
run: export SERVICEDIR_DATA = $(DATA)
run: export SERVICEDIR_HOST = $(HOST)
run: export SERVICEDIR_PORT = $(PORT)
run: .venv/run.stamp $(KERN)
	@$(BIN)/servicedir -c $(INI) migrate
	@$(BIN)/servicedir -c $(INI) sample
	@exec $(BIN)/servicedir -c $(INI) serve

test: .venv/test.stamp $(KERN)
	$(BIN)/python -m pytest $(ARGS)

sure: .venv/test.stamp $(KERN)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# The order matters: the others are held to the versions of run.txt.
lock: .venv/test.stamp
	for name in run build test bench node; do $(COMPILE) requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

messages: .venv/test.stamp
	tools/messages

screens: .venv/test.stamp $(KERN)
	$(BIN)/python docs/screenshots.py

clean:
	rm -rf .venv build node_modules src/servicedir.egg-info $(dir $(KERN)) .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis .coverage htmlcov
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# Stamps say that .venv holds what the lock files say. Once they stand, nothing here needs a network.
.venv/run.stamp: requirements/build.txt requirements/run.txt setup.cfg pyproject.toml tools/venv
	@tools/venv .venv
	@echo 'Installing what the application needs.'
	@$(LOCKED) -r requirements/build.txt
	@$(LOCKED) $(SOURCE_ONLY) -r requirements/run.txt
	@$(INSTALL) --no-deps --editable .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.txt
	@echo 'Installing what the tests need.'
	@$(LOCKED) $(SOURCE_ONLY) -r requirements/test.txt
	@touch $@

$(KERN): package-lock.json tools/kern.py | .venv/run.stamp
	@$(BIN)/python tools/kern.py
