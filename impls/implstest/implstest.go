// Package implstest tests tables of implementations.
package implstest

import (
	"os"
	"strings"
	"testing"

	"github.com/contendbench/contend/impls"
)

// Each runs test as a subtest for every contender of a table that makes all of the
// promises. A table without one fails the test.
func Each[C any](t *testing.T, table []impls.Impl[C], test func(*testing.T, impls.Impl[C]), promises ...impls.Promise) {
	t.Helper()
	found := false
	for _, i := range table {
		if i.Role != impls.Contender || !makes(i.Card, promises) {
			continue
		}
		found = true
		t.Run(i.Name, func(t *testing.T) { test(t, i) })
	}
	if !found {
		t.Errorf("no contender makes %v", promises)
	}
}

func makes(c impls.Card, promises []impls.Promise) bool {
	for _, p := range promises {
		if !c.Has(p) {
			return false
		}
	}
	return true
}

// Tables checks a contract's tables: names, sources and twins, and that the file of the
// seeded bugs declares each with at most five marked lines.
func Tables[C any](t *testing.T, all, broken []impls.Impl[C], file string) {
	t.Helper()
	if err := impls.Check(append(all[:len(all):len(all)], broken...)); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	checkBugs(t, string(text), len(broken))
}

// maxBugLines is how many lines of a bug may differ from its twin.
const maxBugLines = 5

// checkBugs looks at the declarations of a file of seeded bugs. A line that differs from
// the twin is marked by "// bug", and a line that goes with it by "// …".
func checkBugs(t *testing.T, text string, want int) {
	t.Helper()
	got := 0
	for _, b := range strings.Split(text, "\n// ")[1:] {
		if !strings.Contains(b, "struct{") && !strings.Contains(b, "struct {") {
			continue
		}
		got++
		marked := strings.Count(b, "// bug") + strings.Count(b, "// …")
		if marked < 1 || marked > maxBugLines {
			t.Errorf("got %d marked lines, want 1 to %d, in %.60q", marked, maxBugLines, b)
		}
	}
	if got < want {
		t.Errorf("got %d bugs in the file, want the %d of the table", got, want)
	}
}
