# The habits of the house. Everything happens inside .venv; nothing is installed elsewhere.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test test-browser check audit bench profile format words lock clean

run: .venv/ready ## start the daemon on the real outlets
	$(BIN)/rasad run

demo: .venv/ready ## the whole walk against a simulated press on loopback
	$(BIN)/rasad demo $(DEMO_FLAGS)

test: .venv/ready ## every test, PostgreSQL included, with branch coverage
	$(BIN)/python -m pytest -n auto -m "not browser" --cov --cov-report=term

test-browser: .venv/ready ## the pages in a real browser; needs Debian's chromium
	$(BIN)/python -m pytest -m browser

check: .venv/ready ## style, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/ready ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

words: .venv/ready ## put what pages and mails say today into their catalogues, to be translated
	$(BIN)/python -m service.web.catalogues

audit: .venv/ready ## known faults of what we depend on; needs the advisory service, and says so
	$(BIN)/pip-audit --disable-pip --require-hashes --strict -r requirements.txt

bench: .venv/bench-ready ## speed and scores beside the peers, in one run
	$(BIN)/python -m tests.benchmarks.run $(BENCH_FLAGS)

profile: .venv/bench-ready ## where each stage's time goes, drawn into docs/flames
	$(BIN)/python -m tests.benchmarks.flame

.venv/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/bench-ready: .venv/ready requirements-bench.txt
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-bench.txt
	touch $@

lock: ## write the locked requirements anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.txt
	uv pip compile pyproject.toml --extra dev --extra bench --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-bench.txt

clean:
	rm -rf .venv data demo-data .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
