package harness

import (
	"slices"
	"testing"

	"github.com/contendbench/contend/impls"
)

// A workload that an implementation is not under is named with the promises that it needs.
func TestUnclaimed(t *testing.T) {
	load := func(name string, needs ...impls.Promise) Workload[func()] {
		return Workload[func()]{
			Load: Load{Name: name, Turn: "turn", About: "about", Needs: needs},
			Run:  func(*Trial, func()) error { return nil },
		}
	}
	mine := impls.New("mine", impls.Atomic, "here", func() {}, impls.Bounded)
	s := NewSuite(About{Pattern: "toy", Contract: "toy", Baseline: "mine"}, Under([]impls.Impl[func()]{mine},
		load("plain"), load("has", impls.Bounded), load("lacks", impls.Bounded, impls.Unbounded, impls.ZeroValue)))
	want := []string{"workload lacks, for lack of promise unbounded and zero-value"}
	if got := s.unclaimed("mine"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
