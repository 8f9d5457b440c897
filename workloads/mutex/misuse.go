package mutex

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// misuses are the wrong uses that a lock can notice.
var misuses = []load.Misuse[sync.Locker]{
	{Name: "Unlock of a lock that was never held", Do: func(l sync.Locker) { l.Unlock() }},
	{Name: "a second Unlock", Do: func(l sync.Locker) {
		func() {
			l.Lock()
			defer l.Unlock()
		}()
		l.Unlock()
	}},
}

// panics misuses a lock, and expects a panic and a lock that is as good as new.
var panics = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "misuse", Turn: "misuse", About: "Unlock of a lock that is not held panics, and the lock works afterwards",
		Needs: []impls.Promise{impls.PanicsOnMisuse}, Probes: []impls.Promise{impls.PanicsOnMisuse},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			lock := newLock()
			if err := misuses[rng.IntN(len(misuses))].Panics(lock); err != nil {
				return err
			}
			if err := live(lock, 2, 20, func() {}); err != nil {
				return fmt.Errorf("after a misuse that panicked: %w", err)
			}
			return nil
		})
	},
}

// dies misuses a lock in another process, and expects that to end.
var dies = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "fatal-misuse", Turn: "misuse", About: "Unlock of a lock that is not held ends the process",
		Needs: []impls.Promise{impls.FatalOnMisuse}, Probes: []impls.Promise{impls.FatalOnMisuse},
		Points: harness.Points{Stress: load.Once},
	},
	Run:     func(t *harness.Trial, _ locks.New) error { return load.CheckFatal(t, misuses) },
	Helpers: load.FatalHelper(func(newLock locks.New) sync.Locker { return newLock() }, misuses),
}
