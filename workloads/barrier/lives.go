package barrier

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh barrier through a short life: its parties meet a few times and end.
var lives = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a barrier", About: "the parties of a fresh barrier meet a few times, and end",
		Params: []harness.AnyParam{parties, meetings},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(parties, 1, 40), harness.Within(meetings, 1, 40)),
			harness.Over(harness.Within(parties, 40, 1200), harness.Within(meetings, 1, 3)),
		}},
	},
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		n, phases := parties.Of(t), meetings.Of(t)
		return load.Rounds(t, func(*rand.Rand) error { return live(newBarrier(n), n, phases) })
	},
}

var meetings = harness.Param[int]{
	Key: "meetings", About: "phases in the life of a barrier, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// live takes n parties through some phases.
func live(b barriers.Barrier, n, phases int) error {
	notes, first := newBoard(n), new(firstError)
	var group sync.WaitGroup
	for id := range n {
		group.Go(func() {
			for phase := uint64(1); phase <= uint64(phases); phase++ {
				notes.enter(id, phase)
				if b.Wait(id) {
					notes.lead(first, id, phase)
				}
				notes.look(first, id, phase)
			}
		})
	}
	group.Wait()
	if first.err == nil && notes.led != uint64(phases) {
		return fmt.Errorf("the parties completed %d phases, and the last one with a leader is %d", phases, notes.led)
	}
	return first.err
}

// firstError is a judge that keeps the first failure. err may be read when all who fail
// have ended.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}
