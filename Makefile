# contend: make help lists the targets.
GO         ?= go
BIN        := bin/contend
PRESET     ?= quick
RUN        ?= $(shell ls -td results/runs/20* 2>/dev/null | head -n 1)
FOR        ?= 5s
FUZZTIME   ?= 1m
GOFUMPT    := $(GO) run mvdan.cc/gofumpt@v0.12.0
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -checks inherit,ST1000
GOVULNCHECK := $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0
MYLOCK     := harness/examples/mylock
ENGINES    := impls/engines
# The transactions of bench-engines: the databases, and two stores in memory to compare them with.
STORES     := /work:mix /impl:(postgres-serializable OR postgres-for-update OR redis OR etcd-serializable OR sqlite-deferred OR sqlite-immediate OR silo OR global)

.PHONY: help build engines bench bench-engines test test-engines race leaks fuzz stress ledger selftest lint vuln compare scale plots report \
	profile reference readme clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

build: ## build the command, bin/contend
	$(GO) build -buildvcs=auto -o $(BIN) ./harness/cmd/contend

engines: ## build bin/contend-engines, which links etcd, NATS, Redis and PostgreSQL clients (the first build takes minutes)
	cd $(ENGINES) && $(GO) build -buildvcs=auto -o ../../bin/contend-engines ./cmd/contend-engines

bench: build ## measure every pattern (PRESET=quick|standard|full), with charts and a report
	$(BIN) run --preset $(PRESET)

bench-engines: build engines ## measure locks and transactions over servers too (scripts/servers.sh installs what is missing)
	$(BIN) run distlock --preset $(PRESET)
	$(BIN) run optimistic pessimistic --filter '$(STORES)' --set records=1000 --set yields=0

test: ## run all tests but those of the engines
	$(GO) test -timeout 15m ./...
	cd $(MYLOCK) && $(GO) test -timeout 5m ./...

test-engines: ## run the tests of the engines: a server that is missing skips its implementations
	cd $(ENGINES) && $(GO) vet ./... && $(STATICCHECK) ./... && $(GO) test -timeout 8m ./...

race: ## run all tests, and a short stress of every implementation, under the race detector
	$(GO) test -race -short -timeout 20m ./...
	$(GO) build -race -o bin/contend-race ./harness/cmd/contend
	bin/contend-race stress --for 2s

leaks: ## stress every implementation, and look for goroutines that nothing can wake any more
	GOEXPERIMENT=goroutineleakprofile $(GO) test -run TestStressFindsGoroutinesThatAreLeft ./harness
	GOEXPERIMENT=goroutineleakprofile $(GO) build -o bin/contend-leaks ./harness/cmd/contend
	bin/contend-leaks stress --for 2s

fuzz: ## run each fuzz target for a while (FUZZTIME=1m each)
	@git ls-files '*_test.go' | grep -v -e '^$(ENGINES)/' -e '^$(MYLOCK)/' | xargs grep -l '^func Fuzz' | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file"); do \
			echo "$$file $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" || exit 1; \
		done; \
	done

stress: build ## stress every implementation (FOR=5s each)
	$(BIN) stress --for $(FOR)

ledger: build ## try every seeded bug 20 times, and its correct twin
	$(BIN) stress --bugs --tries 20 --for 5s --twin 2s

selftest: build ## measure the harness itself, with the null test and the power test
	$(BIN) selftest --null 200 --power 40

lint: ## gofumpt, go vet (also for macOS and arm64) and staticcheck
	@bad=$$($(GOFUMPT) -l $$(git ls-files '*.go')); [ -z "$$bad" ] || { echo "not gofumpt-clean:"; echo "$$bad"; exit 1; }
	$(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...
	$(STATICCHECK) ./...
	cd $(MYLOCK) && $(GO) vet ./... && $(STATICCHECK) ./...

vuln: ## look for known vulnerabilities in what is linked
	$(GOVULNCHECK) ./...
	cd $(ENGINES) && $(GOVULNCHECK) ./...

compare: build ## compare two results: make compare OLD=a/bench.txt NEW=b/bench.txt
	$(BIN) compare $(OLD) $(NEW)

scale: ## compare two files of half a million lines with contend and with benchstat: time and memory of both
	scripts/scale

plots: build ## draw the charts of a run (RUN=folder, default: the newest)
	$(BIN) plot $(RUN)

report: build ## write the report of a run (RUN=folder, default: the newest)
	$(BIN) report $(RUN)

profile: build ## profile a few cells: make profile FILTER='/work:counter /impl:mcs /goroutines:8'
	$(BIN) profile $(if $(FILTER),--filter '$(FILTER)',--filter '/work:counter /impl:sync /goroutines:8')

reference: ## measure results/reference anew, and the charts of the README
	scripts/reference

readme: build ## write the README's table of patterns, and the pages in impls, from the code and results/reference
	scripts/readme

clean: ## remove what was built and measured
	rm -rf bin results/runs
