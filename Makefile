# Everything runs in .venv, which the first target that needs it builds from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
BENCH_READY := .venv/bench-ready
NOTE ?=
CASES ?= all

.PHONY: help demo test spark check docs picture wheel bench bench-large lock clean

help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Parcelproof needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "python3 cannot make an environment: install its venv module (Debian: apt-get install python3-venv)"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(READY) ## judge real sample payloads and a simulated month, and say which file to open
	@$(BIN)/parcelproof demo --out demo

test: $(READY) ## the tests, with branch coverage
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-fail-under=90 --cov-report=term:skip-covered

spark: $(READY) ## cases of every fact model on a Spark cluster of its own: all, or the richest of each with CASES=richest (minutes)
	@PARCELPROOF_SPARK=$(CASES) $(BIN)/python -m pytest tests/facts/test_spark.py::test_models

check: $(READY) ## lint, format, types, directions between rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(READY) ## write the pages that follow from the program and from the results of the benches
	@$(BIN)/python tools/write_reference.py
	@$(BIN)/python tools/write_benchmarks.py

picture: $(READY) ## take the pictures of the report again; needs Chromium
	@$(BIN)/python tools/picture.py

wheel: $(READY) ## build the wheel, install it in a fresh environment and run its demo
	@$(BIN)/python tools/try_wheel.py

$(BENCH_READY): $(READY) requirements-bench.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	@touch $@

bench: $(BENCH_READY) ## a million and ten million shipments beside the floor, a rules engine and pandas; 3 GB in bench/data, and what is spilled
	@$(BIN)/python bench/run.py bench --note "$(NOTE)" && kept=0 || kept=$$?; $(BIN)/python bench/policy.py && exit $$kept

bench-large: $(READY) ## ten and a hundred million shipments beside the floor; needs 25 GB of disk in bench/data, and more for what is spilled
	@$(BIN)/python bench/run.py large --note "$(NOTE)"

lock: ## renew requirements.lock and requirements-bench.lock from pyproject.toml
	@uv pip compile --quiet --universal --python-version 3.11 --group dev --generate-hashes --no-header --output-file requirements.lock pyproject.toml
	@uv pip compile --quiet --universal --python-version 3.11 --group pyproject.toml:bench --constraints requirements.lock \
		--generate-hashes --no-header --output-file requirements-bench.lock

clean: ## remove what make built
	@rm -rf .venv demo out .coverage
