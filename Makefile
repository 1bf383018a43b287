# The commands of the project. Each does its own set-up first.
#
#   make course   execute every lesson and build the pages: build/course/index.html
#   make solved   execute every lesson with its exercises solved
#   make test     style, types, doctests and tests
#   make test-ui  every lesson and widget in a real JupyterLab, in a real browser
#   make lab      open JupyterLab on the lessons
#   make bench    measure; writes build/bench.json
#   make clean    remove what these made (.venv too)

PYTHON ?= python3
PROFILE ?= laptop
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

export HF_HUB_OFFLINE := 1

.PHONY: course solved lab test test-ui bench notebooks lock clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

course: $(READY)
	$(BIN)/t4s course --profile $(PROFILE)

solved: $(READY)
	$(BIN)/t4s course --solved --profile $(PROFILE)

lab: $(READY)
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup -m "not ui"

# Alone, so that nothing competes with the browser; pictures go to build/ui.
test-ui: $(READY)
	tests/ui/install_browser.sh
	$(BIN)/pytest -m ui tests/ui

bench: $(READY)
	$(BIN)/python -m benchmarks

# For those who write lessons: execute them in place, so that they read well as
# they stand. See README.md.
notebooks: $(READY)
	$(BIN)/t4s course --refresh

# For those who change versions: write what pip resolves today to constraints.txt.
# What only a GPU's owner installs is not installed for it: change its pins by hand.
lock:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet '.[course,model,test]'
	{ echo '# Tested together. `make lock` writes this file; pyproject.toml holds the ranges.'; \
	{ build/lock/bin/python -m pip freeze | grep -v '^t4s-lib' | sed 's/+cpu$$//'; \
	grep -E '^(bitsandbytes|deepspeed)==' constraints.txt; } | LC_ALL=C sort -f -t= -k1,1; } > build/lock/constraints.txt
	mv build/lock/constraints.txt constraints.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else \
	"make: python3 is %d.%d, expected 3.11 or newer; try: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[course,model,test]'
	@touch $(READY)
