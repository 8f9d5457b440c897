package harness_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/contendbench/contend/"

// layers says which of the module's own packages each package may import, by prefix. It
// must not import others. Tests may import any.
var layers = []struct {
	pkg   string
	below []string
}{
	{"results", nil},
	{"results/reference", []string{"results"}},
	{"plots", []string{"results"}},

	{"impls", nil},
	{"impls/cpu", nil},
	{"impls/loopback", nil},
	{"impls/implstest", []string{"impls"}},
	{"impls/", []string{"impls", "impls/cpu", "impls/loopback"}},
	{"impls/mutex/delegation", []string{"impls", "impls/cpu", "impls/mutex"}},
	{"impls/rwlock/shared", []string{"impls", "impls/cpu", "impls/rwlock"}},
	{"impls/txn/", []string{"impls", "impls/cpu", "impls/txn", "impls/txn/index", "impls/txn/writeset"}},

	{"harness/machine", []string{"results", "impls/cpu"}},
	{"harness/histogram", []string{"results"}},
	{"harness/process", []string{"results", "impls"}},
	{"harness", []string{
		"harness/machine", "harness/histogram", "harness/process", "results", "impls", "impls/cpu",
	}},
	{"harness/child", []string{"harness", "harness/process", "results", "impls"}},
	{"harness/history", []string{"harness"}},
	{"harness/history/", []string{"harness", "harness/history"}},
	{"harness/history/serializable", nil},
	{"harness/ledger", []string{"harness", "harness/child", "results", "impls"}},
	{"harness/layout", nil},
	{"harness/rounds", []string{"harness", "harness/child", "harness/layout", "results", "impls"}},
	{"harness/profiling", []string{"harness", "harness/child", "results"}},
	{"harness/selftest", []string{
		"harness", "harness/child", "harness/history", "harness/layout", "harness/machine", "results", "impls",
	}},
	{"harness/cli", []string{
		"harness", "harness/child", "harness/layout", "harness/machine", "harness/process", "harness/ledger",
		"harness/rounds", "harness/profiling", "harness/selftest", "results", "results/reference", "plots", "impls",
	}},
	{"harness/cmd/contend", []string{"harness/cli", "workloads"}},
	{"harness/examples", nil},
	{"harness/examples/", nil},

	{"workloads/load", []string{"harness", "impls", "impls/cpu"}},
	{"workloads/models", []string{"harness/history", "harness/history/linearizable"}},
	{"workloads/faults", []string{"harness", "impls"}},
	{"workloads/", []string{
		"harness", "harness/machine", "harness/history", "workloads/load", "workloads/models", "workloads/faults",
		"results", "impls", "impls/*",
	}},
	{"workloads/txn", []string{
		"harness", "harness/history/serializable", "workloads/load", "workloads/faults", "workloads/txn/tpcc", "impls", "impls/*",
	}},
	{"workloads", []string{"harness", "workloads/*"}},
}

// The arrows between packages point one way. Package results imports nothing of this
// module, implementations import neither the harness nor the workloads, and the harness
// imports no pattern.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}: {{join .Imports \" \"}}", module+"...").Output()
	if err != nil {
		t.Fatalf("listing the packages: %v", err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(line, ":")
		pkg := strings.TrimPrefix(path, module)
		allowed, ok := layerOf(pkg)
		if !ok {
			t.Errorf("%s: got no layer, want one", pkg)
			continue
		}
		seen++
		for imported := range strings.FieldsSeq(imports) {
			own, ok := strings.CutPrefix(imported, module)
			if ok && !within(own, allowed) {
				t.Errorf("%s: got an import of %s, want only %v", pkg, own, allowed)
			}
		}
	}
	if seen < 5 {
		t.Errorf("got %d packages, want at least 5", seen)
	}
}

// layerOf returns what the most specific layer of pkg may import.
func layerOf(pkg string) (below []string, ok bool) {
	longest := -1
	for _, l := range layers {
		fits := pkg == l.pkg || strings.HasSuffix(l.pkg, "/") && strings.HasPrefix(pkg, l.pkg)
		if fits && len(l.pkg) > longest {
			below, ok, longest = l.below, true, len(l.pkg)
		}
	}
	return below, ok
}

func within(pkg string, allowed []string) bool {
	for _, a := range allowed {
		below, all := strings.CutSuffix(a, "*")
		if pkg == a || all && strings.HasPrefix(pkg, below) {
			return true
		}
	}
	return false
}
