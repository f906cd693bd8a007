# Everything builds .venv by itself: a fresh machine needs only Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.built
DEV_STAMP := $(VENV)/.built-dev
BENCH_STAMP := $(VENV)/.built-bench
PLOT_STAMP := $(VENV)/.built-plot
WORKERS ?= 2
# The tests on real servers wait more than they work: for locks, for lags, for sessions that end.
SERVER_WORKERS ?= 4
COVERED ?= tests/unit tests/integration

.PHONY: help demo test test-busy lint types contracts unit integration console e2e coverage prove-draft prove-rehearsal wheel locks screenshots demo-evidence chaos bench bench-quick bench-backfill bench-foreground bench-console bench-locks bench-lag bench-watching bench-check bench-widen-key bench-large-plan bench-step bench-beside bench-agents bench-rehearsal bench-plot clean

help: ## What there is to make
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

demo: $(STAMP) ## The console on an embedded PostgreSQL with a standby and live traffic
	@$(BIN)/zdtui demo

test: lint types contracts unit integration console e2e wheel ## Everything, cheap first
	@echo "all parts passed: lint types contracts unit integration console e2e wheel"

test-busy: $(DEV_STAMP) ## The same while every core is kept busy by something else
	$(BIN)/python -m tests.busy $(MAKE) test

lint: $(DEV_STAMP) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP) ## mypy --strict
	$(BIN)/mypy

contracts: $(DEV_STAMP) ## Imports point one way
	$(BIN)/lint-imports

unit: $(DEV_STAMP) ## No server
	$(BIN)/pytest -q -n $(WORKERS) tests/unit

integration: $(DEV_STAMP) ## Real PostgreSQL 16 and 18, with a standby
	$(BIN)/pytest -q -n $(SERVER_WORKERS) tests/integration

console: $(DEV_STAMP) ## The screens, drawn headless
	$(BIN)/pytest -q -n $(WORKERS) tests/console

e2e: $(DEV_STAMP) ## The real program in a real terminal and a real tmux
	$(BIN)/pytest -q -n $(WORKERS) tests/e2e

coverage: $(DEV_STAMP) ## Which lines the tests without a screen run, those of started programs too; build/coverage/index.html
	rm -f build/coverage/data*
	$(BIN)/coverage run -m pytest -q -n $(WORKERS) $(COVERED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage html --quiet
	$(BIN)/coverage report --skip-covered --skip-empty

prove-draft: $(DEV_STAMP) ## Every kind of draft on both servers: traced, there and back, and beside six kinds of writers with 25 seeds
	PROVE_SEEDS=$${PROVE_SEEDS:-25} $(BIN)/pytest -q -n $(WORKERS) tests/integration/draft

prove-rehearsal: $(DEV_STAMP) ## Every plan in plans/ rehearsed on a scratch server, beside readers and writers
	PROVE_REHEARSAL=1 $(BIN)/pytest -q -n $(WORKERS) tests/integration/rehearse/test_prove.py

wheel: $(DEV_STAMP) ## The wheel, installed into an empty environment
	$(BIN)/pytest -q tests/wheel

locks: $(DEV_STAMP) ## Observe the corpus on real servers, and make docs/locks.md and docs/hazards of it
	$(BIN)/python -m tests.corpus.observing
	$(BIN)/python -m tests.corpus.locks_page
	$(BIN)/zdtui explain --write docs/hazards

lock: $(DEV_STAMP) ## constraints.txt, of what is installed here: look at the difference before you commit it
	$(BIN)/python -m tests.dependencies > constraints.txt.new && mv constraints.txt.new constraints.txt

screenshots: $(DEV_STAMP) ## The pictures of the README, from the running demo
	$(BIN)/python docs/screenshots.py
	$(BIN)/python docs/screenshots_production.py

demo-evidence: $(DEV_STAMP) ## A real rehearsal of the demo's plan, some minutes: what the demo shows beside its steps
	$(BIN)/python docs/demo_evidence.py

chaos: $(DEV_STAMP) ## A thousand faults against the console: kills, freezes, dead links, promotions, full disks
	$(BIN)/python benchmarks/chaos.py --workers $(WORKERS)

bench: bench-backfill bench-foreground bench-console bench-locks bench-lag bench-watching bench-check bench-widen-key bench-large-plan bench-step bench-agents bench-rehearsal ## Every benchmark

bench-quick: $(BENCH_STAMP) ## The same in under three minutes: short runs, which show that it works and roughly where it stands
	$(BIN)/python benchmarks/backfill.py --quick
	$(BIN)/python benchmarks/foreground.py --quick --ways idle normal gentle
	$(BIN)/python benchmarks/console.py --quick
	$(BIN)/python benchmarks/locks.py --quick
	$(BIN)/python benchmarks/lag.py --quick
	$(BIN)/python benchmarks/watching.py --quick
	$(BIN)/python benchmarks/check.py --statements 2000 --steps 2000
	$(BIN)/python benchmarks/step.py --quick
	$(BIN)/python benchmarks/rehearsal.py --migrations 20

bench-backfill: $(DEV_STAMP) ## Filling a column: zdtui beside one UPDATE, pgroll's way and the usual loop
	$(BIN)/python benchmarks/backfill.py

bench-foreground: $(DEV_STAMP) ## What the application feels of a backfill, at each setting of the dial
	$(BIN)/python benchmarks/foreground.py

bench-plot: $(PLOT_STAMP) ## Draw docs/benchmarks-*.svg from the figures in benchmarks/latest.jsonl
	$(BIN)/python benchmarks/plot.py

bench-console: $(DEV_STAMP) ## First paint, bytes and processor time of the console
	$(BIN)/python benchmarks/console.py

bench-locks: $(DEV_STAMP) ## What taking a strong lock costs the application, and others' ways beside it
	$(BIN)/python benchmarks/locks.py

bench-lag: $(DEV_STAMP) ## A backfill beside a standby that replays slowly, and the best constant rate
	$(BIN)/python benchmarks/lag.py

bench-watching: $(BENCH_STAMP) ## What watching costs the server and us, beside pg_activity
	$(BIN)/python benchmarks/watching.py

bench-beside: $(BENCH_STAMP) ## This checkout beside another one (BEFORE=folder), measured in turns
	$(BIN)/python benchmarks/beside.py $(BEFORE)

bench-large-plan: $(DEV_STAMP) ## A key in the console with ten steps, and with ten thousand
	$(BIN)/python benchmarks/large_plan.py

bench-step: $(DEV_STAMP) ## What a step costs besides its statement
	$(BIN)/python benchmarks/step.py

bench-rehearsal: $(DEV_STAMP) ## A folder of 300 migrations up, down and up, beside psql and pg_dump by hand
	$(BIN)/python benchmarks/rehearsal.py

bench-widen-key: $(DEV_STAMP) ## A key with three tables that refer to it made bigint under load: there, back and there
	$(BIN)/python benchmarks/widen_key.py

bench-agents: $(DEV_STAMP) ## What `zdtui mcp` costs: its first answer, its list of tools, and a run that is followed
	$(BIN)/python benchmarks/agents.py

bench-check: $(DEV_STAMP) ## Ten thousand statements and ten thousand steps checked
	$(BIN)/python benchmarks/check.py

clean: ## Remove what was built
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "zdtui needs Python 3.11 or later; this is $$($(PYTHON) --version 2>&1). Set PYTHON to another one."; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu install python3-venv."; exit 2; }
	$(BIN)/python -m pip install --quiet --upgrade pip

$(STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[local,mcp,notify]'
	@touch $@

$(DEV_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

$(BENCH_STAMP): $(DEV_STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	@touch $@

$(PLOT_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group plot
	@touch $@
