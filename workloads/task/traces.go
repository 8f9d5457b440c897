package task

import (
	"fmt"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// traces closes many pools and looks for goroutines that they leave behind.
var traces = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "traces", Turn: "40 lives of pools", About: "closed pools leave no goroutine behind",
		Params: []harness.AnyParam{workers, queue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools)}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(*harness.Worker) error {
			before := runtime.NumGoroutine()
			if err := liveMany(t, create, n, room); err != nil {
				return err
			}
			left := settled(func() int { return runtime.NumGoroutine() - before }, livesInRound/4)
			if left > livesInRound/4 {
				return fmt.Errorf("%d pools that were closed left %d goroutines", livesInRound, left)
			}
			return nil
		})
	},
}

// livesInRound is enough that one trace of each life exceeds what comes and goes by
// itself.
const livesInRound = 40

// liveMany takes pools through short lives, one after the other.
func liveMany(t *harness.Trial, create tasks.New, n, room int) error {
	for range livesInRound {
		l := newLedger(t, create, n, room)
		if err := meet(n, l.insist); err != nil {
			return err
		}
		l.crowd(2, n, false)
		if err := l.finish(1); err != nil {
			return err
		}
	}
	return nil
}

// settled returns a count when it has come down to most, or does not within looks.
func settled(count func() int, most int) (n int) {
	for range looks {
		if n = count(); n <= most {
			return n
		}
		time.Sleep(time.Millisecond)
	}
	return n
}
