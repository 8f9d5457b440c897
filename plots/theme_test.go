package plots

import (
	"fmt"
	"testing"

	"github.com/contendbench/contend/results"
)

// No two implementations look the same, by colour and shape, and each looks the same in all charts of a run.
func TestLooksDiffer(t *testing.T) {
	run := new(results.Run)
	for i := range 40 {
		run.Info.Impls = append(run.Info.Impls, results.ImplInfo{Contract: "mutex", Name: fmt.Sprint(i)})
	}
	seen := map[string]string{}
	for name, s := range styles(run)["mutex"] {
		look := fmt.Sprintf("%v %T", s.glyph.Color, s.glyph.Shape)
		if other, ok := seen[look]; ok {
			t.Errorf("%s looks like %s", name, other)
		}
		seen[look] = name
	}
}
