# Everything a developer types. The virtual environment is made once, and anew when what it must hold changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench screenshots audit sbom clean

help:
	@echo "make demo         a made-up municipality on http://127.0.0.1 (Ctrl-C stops it)"
	@echo "make test         every test (PYTEST_ARGS=... is passed on)"
	@echo "make lint         ruff, its formatter, mypy in strict mode"
	@echo "make bench        the figures, as ratios measured side by side"
	@echo "make screenshots  the pictures of docs/screenshots, taken anew from the demo"
	@echo "make audit        asks the public advisory service about every pinned package"
	@echo "make sbom         dist/sbom.json: what is installed, in CycloneDX"
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

AUDIT := .venv-audit
AUDIT_TOOLS := pip-audit==2.10.1 cyclonedx-bom==7.5.0
AUDIT_READY := $(AUDIT)/.ready-$(subst $() ,-,$(AUDIT_TOOLS))
ADVISORIES := https://pypi.org

$(AUDIT_READY):
	@$(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check $(AUDIT_TOOLS)
	@touch "$@"

# An index that knows of no hole in a release that is known for one cannot say that there is none
audit: $(AUDIT_READY)
	@if $(AUDIT)/bin/python -c 'import json, sys, urllib.request as net; \
		sys.exit(not json.load(net.urlopen("$(ADVISORIES)/pypi/urllib3/1.26.4/json", timeout=20)).get("vulnerabilities"))' 2>/dev/null; \
	then $(AUDIT)/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip --progress-spinner off; \
	else echo "The audit was left out: the advisories of $(ADVISORIES) cannot be had from here."; fi

sbom: $(READY) $(AUDIT_READY)
	@mkdir -p dist
	@$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json $(BIN)/python
	@echo "dist/sbom.json"

clean:
	rm -rf $(VENV) $(AUDIT)
