package load

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// Apart is the time between two arrivals: enough for the first to stand in line.
const Apart = 50 * time.Microsecond

// Line starts f on a goroutine of group, and returns when it should stand in line. An arrival cannot be seen from
// outside, so what rests on it is judged over many rounds.
func Line(group *sync.WaitGroup, f func()) {
	var started atomic.Bool
	group.Go(func() {
		started.Store(true)
		f()
	})
	for !started.Load() {
		runtime.Gosched()
	}
	time.Sleep(Apart)
}

const (
	inOrder  = 0.5 // share of rounds that a promise of order holds in at the least
	evidence = 5   // rounds before a verdict
)

// InOrder runs rounds for a window and fails it when too few were right; complaint says of a round what went wrong. A
// waiter may be preempted just before it stands in line, so one wrong round proves nothing.
func InOrder(t *harness.Trial, round func() bool, complaint string) error {
	return t.Window(func(w *harness.Window) error {
		var rounds, right int
		w.Lasts(50 * time.Millisecond)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				rounds++
				if round() {
					right++
				}
			}
		})
		w.Check(func() error {
			if rounds >= evidence && float64(right) < inOrder*float64(rounds) {
				return fmt.Errorf("%s in %d of %d rounds", complaint, rounds-right, rounds)
			}
			return nil
		})
		return nil
	})
}
