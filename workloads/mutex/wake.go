package mutex

import (
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one release can wake: nothing else touches the lock.
// A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds", About: "a release is the only event that can wake the only waiter",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckWake(t, wakeRound(newLock))
	},
}

// longWait is wake with one long wait.
var longWait = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "long-wait", Turn: "round", About: "a waiter waits for a release for up to a second",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckLongWait(t, wakeRound(newLock))
	},
}

// wakeRound returns a round on a fresh lock, whose only waiter a release wakes.
func wakeRound(newLock locks.New) load.WakeRound {
	return func(_ *rand.Rand, pause func()) (time.Duration, error) {
		lock := newLock()
		lock.Lock()
		return load.WakeUp(pause, func() {
			lock.Lock()
			defer lock.Unlock()
		}, lock.Unlock), nil
	}
}
