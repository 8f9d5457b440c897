package task

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/results"
)

func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// Each check sees what it is for.
func TestChecksFindWhatTheyShould(t *testing.T) {
	all := func(more ...impls.Promise) []impls.Promise { return append(waits[:len(waits):len(waits)], more...) }
	type change = func(*lab)
	unchanged := func(*lab) {}
	for _, c := range []struct {
		name     string
		flaw     flaw
		change   change
		promises []impls.Promise
		finds    map[string]string // complaint by load
	}{
		{"drops a task", drops, unchanged, waits, map[string]string{
			"lives": "ran 0 times", "closers": "ran 0 times", "submit": hangs, "wait": hangs,
		}},
		{"runs a task twice", twice, boundless, takes, map[string]string{
			"lives": "ran 2 times", "submit": "", "unbounded": "ran 2 times",
		}},
		{"runs what it refused", runsRefused, rejecting, refuses, map[string]string{"full": "refused", "lives": "refused"}},
		{"closes early", closesEarly, unchanged, waits, map[string]string{"lives": "", "closers": "", "limit": ""}},
		{"does not wait in Close", runsLate, unchanged, waits, map[string]string{"closers": "", "beside": ""}},
		{"has one worker more", extraWorker, unchanged, waits, map[string]string{
			"limit": "at once", "full-waits": "at once",
		}},
		{"has one worker less", fewerWorkers, unchanged, waits, map[string]string{"limit": hangs}},
		{"takes one more", takesOneMore, rejecting, refuses, map[string]string{"full": "more"}},
		{"takes more", takesOneMore, unchanged, waits, map[string]string{"full-waits": "took"}},
		{"takes one less", takesOneLess, rejecting, refuses, map[string]string{"full": "room for"}},
		{"loses room", losesRoom, unchanged, waits, map[string]string{"cancelled": hangs}},
		{"runs what was cancelled", runsCancelled, unchanged, waits, map[string]string{"cancelled": "refused"}},
		{"hears no cancellation", deaf, unchanged, waits, map[string]string{"cancelled": "", "wake": "cancellation"}},
		{"returns another error", anotherError, unchanged, waits, map[string]string{
			"cancelled": "must not", "wake": "timeout",
		}},
		{"forgets a wake-up", wakesOne, boundless, takes, map[string]string{"wake": "", "wait": hangs}},
		{"polls", polls, boundless, takes, map[string]string{"wake": "1 ms"}},
		{"shrinks", shrinks, unchanged, waits, map[string]string{"panics": hangs, "exits": hangs}},
		{"leaks", leaks, unchanged, waits, map[string]string{"traces": "goroutines"}},
		{"accepts after Close", acceptsLate, boundless, takes, map[string]string{"late": "want ErrClosed"}},
		{"forgets waiters", forgetsWaiters, unchanged, waits, map[string]string{"close-wakes": hangs}},
		{"waits inside", none, unchanged, all(tasks.Nested), map[string]string{
			"inside": hangs, "nested": hangs,
		}},
		{"is bounded", none, unchanged, []impls.Promise{impls.Unbounded}, map[string]string{"unbounded": hangs}},
		{"rejects", none, rejecting, waits, map[string]string{"lives": "must not"}},
		{"churns", churns, unchanged, all(tasks.Threads), map[string]string{"threads": "threads"}},
	} {
		pool := func(n, room int) tasks.Pool { return newLab(n, room, c.flaw, c.change) }
		liar := Threads(impls.New("liar", impls.Mutex, "here", pool, c.promises...))
		for load, complaint := range c.finds {
			t.Run(c.name+"/"+load, func(t *testing.T) {
				if underRace() && slices.Contains([]flaw{twice, runsRefused, runsLate, closesEarly}, c.flaw) {
					t.Skip("the race detector finds it first, and fails the test")
				}
				find(t, liar, load, complaint)
			})
		}
	}
}

// hangs is the complaint of the watchdog.
const hangs = "have not returned"

// find is harness.Finds with a watchdog that waits only for as long as it must: many of
// these pools hang.
func find(t *testing.T, s harness.Suite, load, complaint string) {
	t.Helper()
	spec := harness.DefaultSpec(results.Cell{Contract: s.Contract, Work: load, Impl: s.Impls[0].Name, Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, 2*time.Second, 500*time.Millisecond
	_, err := harness.Stress(t.Context(), []harness.Suite{s}, spec)
	if err == nil || !strings.Contains(err.Error(), complaint) {
		t.Errorf("got %v, want an error with %q", err, complaint)
	}
}
