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
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckWake(t, func(rng *rand.Rand) time.Duration { return wakeUp(rng, newLock()) })
	},
}

// wakeUp returns how long after a release its only waiter has the lock.
func wakeUp(rng *rand.Rand, lock sync.Locker) time.Duration {
	lock.Lock()
	return load.WakeUp(rng, func() {
		lock.Lock()
		defer lock.Unlock()
	}, lock.Unlock)
}
