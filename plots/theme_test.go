package plots

import (
	"fmt"
	"testing"

	"github.com/contendbench/contend/results"
)

// No two implementations have the same colour and shape.
func TestLooksDiffer(t *testing.T) {
	run := new(results.Run)
	for i := range 40 {
		run.Info.Impls = append(run.Info.Impls, results.ImplInfo{Contract: "mutex", Name: fmt.Sprint(i)})
	}
	seen := map[string]string{}
	for name, s := range styles(run, nil) {
		look := fmt.Sprintf("%v %T", s.glyph.Color, s.glyph.Shape)
		if other, ok := seen[look]; ok {
			t.Errorf("%s and %s: got the same look, want different ones", name.name, other)
		}
		seen[look] = name.name
	}
}
