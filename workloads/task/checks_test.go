package task

import (
	"runtime/debug"
	"slices"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
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
			"lives": "ran 0 times", "closers": "ran 0 times", "submit": "have not returned", "wait": "have not returned",
		}},
		{"runs a task twice", twice, boundless, takes, map[string]string{
			"lives": "ran 2 times", "submit": "", "unbounded": "ran 2 times",
		}},
		{"runs what it refused", runsRefused, rejecting, refuses, map[string]string{"full": "refused", "lives": "refused"}},
		{"closes early", closesEarly, unchanged, waits, map[string]string{"lives": "", "closers": "", "limit": ""}},
		{"does not wait in Close", runsLate, unchanged, waits, map[string]string{"closers": "", "beside": ""}},
		{"has one worker more", extraWorker, unchanged, waits, map[string]string{"limit": "at once", "full-waits": "at once"}},
		{"has one worker less", fewerWorkers, unchanged, waits, map[string]string{"limit": "have not returned"}},
		{"takes one more", takesOneMore, rejecting, refuses, map[string]string{"full": "more"}},
		{"takes more", takesOneMore, unchanged, waits, map[string]string{"full-waits": "took"}},
		{"takes one less", takesOneLess, rejecting, refuses, map[string]string{"full": "room for"}},
		{"loses room", losesRoom, unchanged, waits, map[string]string{"cancelled": "have not returned"}},
		{"runs what was cancelled", runsCancelled, unchanged, waits, map[string]string{"cancelled": "refused"}},
		{"hears no cancellation", deaf, unchanged, waits, map[string]string{"cancelled": "", "wake": "cancellation"}},
		{"returns another error", anotherError, unchanged, waits, map[string]string{"cancelled": "must not", "wake": "timeout"}},
		{"forgets a wake-up", wakesOne, boundless, takes, map[string]string{"wake": "", "wait": "have not returned"}},
		{"polls", polls, boundless, takes, map[string]string{"wake": "1 ms"}},
		{"shrinks", shrinks, unchanged, waits, map[string]string{"panics": "have not returned", "exits": "have not returned"}},
		{"leaks", leaks, unchanged, waits, map[string]string{"traces": "goroutines"}},
		{"accepts after Close", acceptsLate, unchanged, waits, map[string]string{"late": "want ErrClosed"}},
		{"forgets waiters", forgetsWaiters, unchanged, waits, map[string]string{"close-wakes": "have not returned"}},
		{"waits inside", none, unchanged, all(tasks.Nested), map[string]string{
			"inside": "have not returned", "nested": "have not returned",
		}},
		{"is bounded", none, unchanged, []impls.Promise{impls.Unbounded}, map[string]string{"unbounded": "have not returned"}},
		{"rejects", none, rejecting, waits, map[string]string{"lives": "must not"}},
		{"churns", churns, unchanged, all(tasks.Threads), map[string]string{"threads": "threads"}},
	} {
		pool := func(n, room int) tasks.Pool { return newLab(n, room, c.flaw, c.change) }
		liar := Threads(impls.New("liar", impls.Mutex, "here", pool, c.promises...))
		for load, complaint := range c.finds {
			t.Run(c.name+"/"+load, func(t *testing.T) {
				if underRace() && (c.flaw == twice || c.flaw == runsLate || c.flaw == closesEarly) {
					t.Skip("the race detector finds it first, and fails the test")
				}
				harness.Finds(t, liar, load, complaint)
			})
		}
	}
}
