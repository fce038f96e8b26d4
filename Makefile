# make help says what there is.
.DEFAULT_GOAL := help
.PHONY: help build test test-aarch64 lint demo bench equivalence evolution dist test-dist clean

help: ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 22

build: ## the release binary, .build/release/midflight: static, so that it runs wherever it is copied to
	swift build -c release --static-swift-stdlib -Xswiftc -static-executable --product midflight

demo: ## attach to a running shop, edit it, see the answers change
	python3 scripts/demo.py

dist: ## the packages in dist/: wheel, sdist, .deb, .tar.gz, SBOM, SHA256SUMS
	scripts/dist

test-dist: ## installs the packages where no checkout is, and runs the demo from them; needs root
	scripts/test-dist

test: ## installs what is missing, then linters and all tests
	scripts/test

test-aarch64: ## cross-builds for aarch64 and tests it in an emulated machine; needs root and, at first, the network
	scripts/test-aarch64

lint: ## swift format, ruff, the layer rules
	scripts/lint

bench: ## save -> new answer and its cost beside jurigged; the scanner and the differ
	scripts/bench

equivalence: build ## upgrades of PyPI packages over live processes, compared with fresh ones
	python3 Tests/Equivalence/equivalence.py --table .equivalence/table.md

evolution: build ## random programs, changed at random, compared with fresh ones
	python3 Tests/Equivalence/evolution.py

clean: ## everything that was built
	rm -rf .build .build-dist .equivalence .pythons dist .venv-test .venv-bench .venv-dist Benchmarks/.build .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
