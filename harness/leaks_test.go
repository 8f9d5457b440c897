//go:build goexperiment.goroutineleakprofile

package harness_test

import (
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

// A build that knows which goroutines nothing can wake reports them. Make leaks has it.
func TestStressFindsGoroutinesThatAreLeft(t *testing.T) {
	for _, leaves := range []bool{false, true} {
		suites := toy(func(_ *harness.Trial, w *harness.Window) error {
			w.Go("worker", 1, func(w *harness.Worker) {
				for w.Next() {
				}
				if leaves {
					go func() { <-make(chan int) }()
				}
			})
			return nil
		})
		s := spec()
		s.Cell.Work, s.Stress = "", 100*time.Millisecond
		_, err := harness.Stress(t.Context(), suites, s)
		if found := err != nil && strings.Contains(err.Error(), "nothing can wake"); found != leaves {
			t.Errorf("leaves a goroutine: %v, got error %v", leaves, err)
		}
	}
}
