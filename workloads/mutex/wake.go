package mutex

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one release can wake: nothing else touches the lock.
// A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "wake", Turn: "2 rounds", About: "a release is the only event that can wake the only waiter",
		Params: []harness.AnyParam{load.Pauses},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(), harness.Over(load.Long)}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		round := func(_ *rand.Rand, pause func()) time.Duration { return wakeUp(pause, newLock()) }
		if load.Pauses.Of(t) > 1 {
			return load.CheckLongWait(t, round)
		}
		return load.CheckWake(t, round)
	},
}

// wakeUp returns how long after a release its only waiter has the lock.
func wakeUp(pause func(), lock sync.Locker) time.Duration {
	lock.Lock()
	return load.WakeUpAfter(pause, func() {
		lock.Lock()
		defer lock.Unlock()
	}, lock.Unlock)
}
