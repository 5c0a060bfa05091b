# make open | test | check | build | bench. Each one sets itself up: all that it needs first is Python 3.11 or newer.
#   make open LAB=1              the same course in JupyterLab
#   make open PYTHON=python3.12  a Python of your choice
PYTHON ?=
LAB ?=
BIN := .venv/bin
PYTHONS := $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3
# A stamp for what is installed: it changes when the packages that we ask for change, or when the folder was moved.
STATE := $(shell { cat pyproject.toml constraints.txt; pwd; } | cksum | tr -d ' ')
READY := .venv/.ready-$(STATE)
PARTS := $(if $(LAB),lab,learn)
NOTEBOOKS := modules assessments/source

.PHONY: help open teach test check build bench style types spelling content built floors
help:
	@echo 'make open    open the course on this computer (LAB=1: in JupyterLab)'
	@echo 'make teach   set up what marking needs, with nbgrader'
	@echo 'make check   look for mistakes in the text and in the code'
	@echo 'make build   make the notebooks from the text'
	@echo 'make test    everything that `make check` does, and all tests, in a real browser too'
	@echo 'make bench   how long things take'

open: $(READY)-$(PARTS)
	@$(BIN)/alongside open $(if $(LAB),--lab)

teach: $(READY)-grade
	@echo 'Ready. In this terminal type:  . .venv/bin/activate'
	@echo 'Then:  alongside release empathy'

build: $(READY)-learn
	@$(BIN)/alongside build

bench: $(READY)-dev
	@$(BIN)/python tests/bench.py

# All of them run, so that every fault is told at once.
check: $(READY)-dev
	@$(MAKE) --no-print-directory --keep-going style types spelling content built floors

style: $(READY)-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)-dev
	$(BIN)/mypy

spelling: $(READY)-dev
	$(BIN)/codespell

content: $(READY)-dev
	$(BIN)/alongside check

built: $(READY)-dev
	$(BIN)/alongside build --check

floors: $(READY)-dev
	$(BIN)/python -m alongside.floors

# Tests never touch the record of whoever runs them. A file's tests stay together, so that its servers start once.
test: check
	@browser=$$($(BIN)/python tests/apps/browser.py) || exit 1; \
	home=$$(mktemp -d) || exit 1; \
	trap 'rm -rf "$$home"' EXIT; \
	ALONGSIDE_HOME="$$home" ALONGSIDE_BROWSER="$$browser" PATH="$(CURDIR)/$(BIN):$$PATH" \
	  $(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout=60 tests $(NOTEBOOKS)

# Whoever has the larger part has the smaller ones too. rfc3987-syntax costs every Jupyter process 4 seconds of work at
# its start, and jsonschema uses it only where it is installed.
$(READY)-learn: HAVE := learn
$(READY)-lab: HAVE := learn lab
$(READY)-grade: HAVE := learn lab grade
$(READY)-dev: HAVE := learn lab grade dev
$(READY)-%:
	@if ! grep -qF '$(CURDIR)/.venv' $(BIN)/pip 2>/dev/null || ! $(BIN)/python -c '' 2>/dev/null; then \
	  found=; \
	  for python in $(PYTHONS); do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo 'Python 3.11 or newer was not found on this computer. Install it (www.python.org), then try again.' >&2; \
	    exit 1; \
	  fi; \
	  if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "Your Python ($$found) came without venv. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	  "$$found" -m venv --clear .venv; \
	fi
	@echo 'Setting up. This takes a minute or two, the first time only.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$*]'
	@$(BIN)/python -m pip uninstall -qq --yes rfc3987-syntax
	@rm -f .venv/.ready-*
	@touch $(addprefix $(READY)-,$(HAVE))
