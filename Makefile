# make run: everything, then the portal at http://127.0.0.1:8000 (PORT=… changes the port).
PYTHON_HERE = .venv/bin/python
PYTEST = $(PYTHON_HERE) -m pytest -n 2

.PHONY: setup run test test-all bench setup-test setup-test-all style
.NOTPARALLEL:

setup:
	@bash .ci/setup run

run: setup
	@exec setpriv --pdeathsig TERM $(PYTHON_HERE) -m portal.serve

setup-test:
	@bash .ci/setup test

setup-test-all:
	@bash .ci/setup test-all

style:
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m djlint --lint --quiet templates
	$(PYTHON_HERE) -m mypy

test: setup-test style
	$(PYTEST) -m "not long"

# The long checks, then the whole suite once more on PostgreSQL.
test-all: setup-test-all style
	$(PYTEST) -m "long or not long"
	$(PYTEST) -m "not long" --database postgresql

bench:
	@bash .ci/setup bench
	@exec $(PYTHON_HERE) -m tests.bench
