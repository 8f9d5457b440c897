package semaphore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/results"
)

// Whoever serves a light waiter before a heavy one starves it, and must not promise otherwise.
func TestLoneFindsStarvation(t *testing.T) {
	for _, name := range []string{"barging", "cond", "broadcast", "spin", "passes-line", "skips-heavier"} {
		t.Run(name, func(t *testing.T) {
			table := append(sems.All(), sems.Broken()...)
			liar := table[slices.IndexFunc(table, func(i impls.Impl[sems.New]) bool { return i.Name == name })]
			liar.Promises = []impls.Promise{impls.StarvationFree}
			spec := harness.DefaultSpec(results.Cell{Contract: "semaphore", Work: "lone", Impl: name, Procs: 2})
			spec.Seed, spec.Stress, spec.Grace = 1, 2*time.Second, 20*time.Second
			if _, err := harness.Stress(t.Context(), harness.Rows(Pattern(liar)), spec); err == nil || !strings.Contains(err.Error(), "starved") {
				t.Errorf("%v", err)
			}
		})
	}
}
