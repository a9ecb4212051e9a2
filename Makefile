# Everything a developer types. The virtual environment is made once, and anew when what it must hold changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench screenshots clean

help:
	@echo "make demo         a made-up municipality on http://127.0.0.1 (Ctrl-C stops it)"
	@echo "make test         every test (PYTEST_ARGS=... is passed on)"
	@echo "make lint         ruff, its formatter, mypy in strict mode"
	@echo "make bench        the figures, as ratios measured side by side"
	@echo "make screenshots  the pictures of docs/screenshots, taken anew from the demo"
	@echo "make clean        removes .venv"
	@echo "PYTHON=python3.12 chooses the interpreter (3.11 or newer)"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Sideblik needs Python 3.11 or newer; '$(PYTHON)' is not. Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) >/dev/null || { \
		echo "'$(PYTHON)' could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing Sideblik and what it needs into $(VENV) (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' || { \
		echo "The installation did not finish; what pip said stands above. 'make' carries on where it stopped." >&2; exit 1; }
	@touch $(READY)

demo: $(READY)
	@$(BIN)/sideblik demo

test: $(READY)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(READY)
	@$(BIN)/python -m benchmarks.run

screenshots: $(READY)
	@SIDEBLIK_SCREENSHOTS=1 SIDEBLIK_NEED_BROWSER=1 $(BIN)/python -m pytest -m browser

clean:
	rm -rf $(VENV)
