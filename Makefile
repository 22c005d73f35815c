# Two commands do everything: `make site` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: site test serve bench clean

site: .venv/ready
	$(BIN)/transparency build

test: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto

serve: .venv/ready
	$(BIN)/transparency serve

bench: .venv/ready
	$(BIN)/python -m pytest -m bench -s tests/bench

# The lock holds what is installed, with hashes; the package itself is only linked.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf .venv .cache .site-next .site-old
