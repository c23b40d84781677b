# searchapp: everything a person or a machine runs. Needs make and Python 3.11 or newer, nothing else beforehand.
# Plain POSIX make. `make` lists the targets. Packages come from whatever index pip is configured for.

.POSIX:
.PHONY: help serve test bench soak screenshots messages evaluate wheels clean env env-bench env-test test-whoosh \
	opensearch opensearch-stop test-opensearch

CORPUS =
SAMPLE = corpus
INDEX = index
DATA =
ENGINE = whoosh
HOST = 127.0.0.1
PORT = 5000
ARGS =
PYTHON =

VENV = .venv
PY = $(VENV)/bin/python
WHOOSH_VENVS = .venv-whoosh
WHOOSHES = whoosh==2.7.4 whoosh-reloaded whoosh3==3.54.0

help:
	@echo 'make serve         建好环境，打开 http://$(HOST):$(PORT)：用 INDEX 里已有的索引，还没有就索引样例；给了 CORPUS 就索引它'
	@echo '                   例：make serve CORPUS=../some/folder INDEX=/tmp/index PORT=5001'
	@echo 'make test          格式、规范、类型、引入规则和全部测试'
	@echo 'make test-whoosh   三种 Whoosh 上的引擎契约测试（各用一个环境，首次较慢）'
	@echo 'make bench         与其他引擎并列的性能测量，更新 docs/benchmarks/；ARGS="--help" 看选项'
	@echo 'make soak          40 个浏览器同时用一分钟，再加重活用一分钟，其间索引不断更新；ARGS="--help" 看选项'
	@echo 'make opensearch    取得 OpenSearch（要 Maven 和 Java 21 以上），在本机起三个进程的集群'
	@echo '                   端口被占时：make opensearch OPENSEARCH_HTTP_PORT=9421 OPENSEARCH_TRANSPORT_PORT=9431'
	@echo 'make opensearch-stop   停下这个集群（数据留在 .opensearch/）'
	@echo 'make test-opensearch   在真的集群上测试 opensearch 引擎；集群没开就先开，测完停下'
	@echo 'make evaluate      检索质量：DATA=文件夹（corpus.jsonl、queries.jsonl、qrels.tsv），与 BM25 相比；可加 ENGINE=whoosh'
	@echo 'make screenshots   各页的截图（要有 chromium）'
	@echo 'make messages      把代码和模板里的文字收进译文目录，列出还没有译的'
	@echo 'make wheels        把离线安装要用的包放进 wheels/'
	@echo 'make clean         删去环境、缓存和 wheels/（不动索引）'
	@echo '变量：CORPUS=（报告文件夹） INDEX=$(INDEX) HOST=$(HOST) PORT=$(PORT) PYTHON=（默认自己找）'

serve: env
	@if [ -n "$(CORPUS)" ]; then $(PY) -m searchapp index "$(CORPUS)" --index "$(INDEX)" --replace; \
	elif [ ! -e "$(INDEX)/CURRENT" ]; then $(PY) -m searchapp index "$(SAMPLE)" --index "$(INDEX)"; fi
	$(PY) -m searchapp serve --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)"

test: env-test
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest --numprocesses auto --dist loadfile $(ARGS)

bench: env-bench
	$(PY) -m benchmarks $(ARGS)

soak: env
	$(PY) -m benchmarks.soak $(ARGS)

evaluate:
	@test -n '$(DATA)' || { echo '请写明：make evaluate DATA=文件夹（corpus.jsonl、queries.jsonl、qrels.tsv）' >&2; exit 1; }
	@$(MAKE_ENV)
	$(PY) -m benchmarks.evaluate "$(DATA)" --engine "$(ENGINE)" $(ARGS)

screenshots: env-test
	$(PY) -m tests.browser.screenshots

messages: env-test
	$(PY) -m tests.language.catalog

wheels: env
	rm -rf wheels
	$(PY) -m pip wheel --wheel-dir wheels .
	echo '*' > wheels/.gitignore
	@echo '离线安装：python -m pip install --no-index --find-links wheels searchapp'

clean:
	@if [ -d .opensearch ]; then $(FIND_PYTHON); "$$python" -m tests.opensearch.cluster remove; fi
	rm -rf $(VENV) $(WHOOSH_VENVS) wheels dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.hypothesis
	find searchapp tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. Its stamp holds where it was made and from which pyproject.toml: a moved or copied folder gets a new
# environment (scripts and the editable install hold absolute paths), a changed pyproject.toml a new installation, and
# anything else is left alone. An environment without a stamp was never finished.

env:
	@$(MAKE_ENV)

env-test:
	@EXTRA='[test]'; $(MAKE_ENV)

env-bench:
	@EXTRA='[bench]'; $(MAKE_ENV)

MAKE_ENV = set -eu; \
	here=$$(pwd -P); wanted=$$(cksum < pyproject.toml); \
	run="$(VENV)/.stamp"; stamp="$$run$${EXTRA:-}"; \
	if [ "$$(cat "$$stamp" 2>/dev/null)" = "$$here $$wanted" ]; then exit 0; fi; \
	case "$$(cat "$$run" 2>/dev/null)" in "$$here "*) "$(PY)" -c '' 2>/dev/null || rm -rf "$(VENV)";; \
	*) rm -rf "$(VENV)";; esac; \
	if [ ! -d "$(VENV)" ]; then $(FIND_PYTHON); echo "建立环境 $(VENV)（$$python）"; "$$python" -m venv "$(VENV)"; fi; \
	echo "安装 searchapp$${EXTRA:-} 及其依赖"; \
	"$(PY)" -m pip install --quiet --disable-pip-version-check -e ".$${EXTRA:-}"; \
	echo "$$here $$wanted" > "$$run"; echo "$$here $$wanted" > "$$stamp"

FIND_PYTHON = python=; asked='$(PYTHON)'; \
	for name in $${asked:-python3 python3.14 python3.13 python3.12 python3.11 python}; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo '没有找到 Python 3.11 或更新的版本。请先安装，或写明：make PYTHON=/路径/python3' >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	echo "$$python 缺少 venv。Debian、Ubuntu 上：apt install python3-venv" >&2; exit 1; fi

# The three Whooshes share an import name, so each has an environment, with all of searchapp's dependencies but
# whoosh-reloaded.

test-whoosh:
	@set -eu; $(FIND_PYTHON); \
	here=$$(pwd -P); wanted=$$(cksum < pyproject.toml); \
	mkdir -p $(WHOOSH_VENVS); echo '*' > $(WHOOSH_VENVS)/.gitignore; \
	for whoosh in $(WHOOSHES); do \
	venv=$(WHOOSH_VENVS)/$$whoosh; \
	if [ "$$(cat "$$venv/.stamp" 2>/dev/null)" != "$$here $$wanted" ]; then \
	echo "建立环境 $$venv"; rm -rf "$$venv"; "$$python" -m venv "$$venv"; \
	"$$venv/bin/python" -c '$(LIST_DEPENDENCIES)' > "$$venv/requirements.txt"; \
	"$$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$$whoosh" -r "$$venv/requirements.txt"; \
	"$$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .; \
	echo "$$here $$wanted" > "$$venv/.stamp"; fi; \
	echo "== $$whoosh"; "$$venv/bin/python" -m pytest -p no:cacheprovider tests/engines $(ARGS); \
	done

LIST_DEPENDENCIES = import tomllib; \
	project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	tools = ("pytest", "hypothesis"); \
	wanted = [d for d in project["dependencies"] if not d.startswith("whoosh")]; \
	wanted += [d for d in project["optional-dependencies"]["test"] if d.startswith(tools)]; \
	print("\n".join(wanted))

# OpenSearch as three processes of this machine, in the git-ignored folder .opensearch. tests/opensearch/cluster.py says
# what OPENSEARCH_… variables it knows; given to make, they reach it.

opensearch:
	@$(FIND_PYTHON); "$$python" -m tests.opensearch.cluster start

opensearch-stop:
	@$(FIND_PYTHON); "$$python" -m tests.opensearch.cluster stop

test-opensearch: env-test
	@$(PY) -m tests.opensearch.cluster run -- \
	$(PY) -m pytest tests/engines/test_opensearch*.py tests/opensearch $(ARGS)
