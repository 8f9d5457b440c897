package harness_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/contendbench/contend/"

// layers says which of the module's own packages each may import, by prefix; what is not named may not be
// imported. Tests may look up.
var layers = []struct {
	pkg   string
	below []string
}{
	{"results", nil},
	{"impls", nil},
	{"impls/", []string{"impls"}},
	{"plots", []string{"results"}},
	{"harness", []string{"results", "impls"}},
	{"harness/cli", []string{"harness", "results", "plots", "impls"}},
	{"harness/cmd/", []string{"harness/cli", "workloads"}},
	{"harness/", []string{"harness", "results", "impls"}},
	{"workloads", []string{"harness", "workloads"}},
	{"workloads/", []string{"harness", "impls", "workloads/load", "workloads/models"}},
}

// The arrows between packages point one way: results know nothing of ours, implementations
// know neither harness nor workloads, the harness knows no pattern.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}: {{join .Imports \" \"}}", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), ": ")
		pkg := strings.TrimPrefix(path, module)
		allowed, ok := layerOf(pkg)
		if !ok {
			t.Errorf("package %s belongs to no layer", pkg)
			continue
		}
		seen++
		for imported := range strings.FieldsSeq(imports) {
			own, ok := strings.CutPrefix(imported, module)
			if ok && !within(own, allowed) {
				t.Errorf("%s imports %s; it may import %v", pkg, own, allowed)
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d packages seen", seen)
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
		if pkg == a || strings.HasPrefix(pkg, a+"/") {
			return true
		}
	}
	return false
}
