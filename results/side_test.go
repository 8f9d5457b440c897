package results

import (
	"os"
	"path/filepath"
	"testing"
)

// A parameter may be called side; only the sides of a duet are taken out of the name.
func TestAParameterCalledSideStays(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bench.txt")
	lines := "Unit ns/op rounds=lines\nBenchmarkBarrier/work=stencil/impl=waitgroup/parties=2/side=64-2 100 5000 ns/op\n" +
		"BenchmarkBarrier/side=head/work=stencil/impl=waitgroup/parties=2/side=64-2 100 5000 ns/op\n" +
		"BenchmarkBarrier/side=base.again/work=stencil/impl=waitgroup/parties=2/side=64-2 100 5000 ns/op\n"
	if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := Open(file)
	if err != nil || len(run.Trials) != 3 {
		t.Fatalf("got %+v and error %v, want 3 trials", run, err)
	}
	for i, want := range []string{"", "head", "base.again"} {
		trial := run.Trials[i]
		if side, _ := trial.Get("side"); side != "64" || trial.Side != want {
			t.Errorf("got side %q of the grid and side %q of the duet, want 64 and %q", side, trial.Side, want)
		}
	}
}
