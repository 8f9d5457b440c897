package rwlock

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/rwlock/shared"
	"github.com/contendbench/contend/workloads/load"
)

// during loads the record in the middle of an update, which continues only when the
// reader has returned.
var during = harness.Workload[shared.New]{
	Load: harness.Load{
		Name: "during", Turn: "round", About: "an update waits in its middle for a reader, which must not wait for it",
		Params: []harness.AnyParam{words},
		Needs:  []impls.Promise{shared.ReadersPass}, Probes: []impls.Promise{shared.ReadersPass},
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(words.In(4, 1024))}},
	},
	Run: func(t *harness.Trial, newRecord shared.New) error {
		size := words.Of(t)
		record := newRecord(size)
		return load.Rounds(t, func(rng *rand.Rand) error {
			if rng.IntN(2) == 0 {
				return pass(record, size)
			}
			return passAfterBurst(record, size, rng.IntN(50))
		})
	},
}

// pass plays one round with a reader that comes in the middle of an update.
func pass(record shared.Shared, size int) (err error) {
	done := make(chan struct{})
	record.Update(func(words []uint64) {
		step(words, func() {
			go func() {
				record.Load(make([]uint64, size))
				close(done)
			}()
			if !inTime(done) {
				err = fmt.Errorf("a reader did not return within %d ms while a writer was at work", patience)
			}
		})
	})
	<-done
	return err
}

// passAfterBurst plays one round with a reader that comes back at once. The update waits
// for it after a burst of others, which may have disturbed its loads.
func passAfterBurst(record shared.Shared, size, burst int) (err error) {
	var loads atomic.Int64
	var over atomic.Bool
	var group sync.WaitGroup
	group.Go(func() {
		for into := make([]uint64, size); !over.Load(); loads.Add(1) {
			record.Load(into)
		}
	})
	for range burst {
		record.Update(func(words []uint64) { step(words, func() {}) })
	}
	record.Update(func(words []uint64) {
		step(words, func() {
			seen := loads.Load()
			if !soon(func() bool { return loads.Load() >= seen+2 }) {
				err = fmt.Errorf("a reader did not return within %d ms while a writer was at work, after a burst of %d",
					patience, burst)
			}
		})
	})
	over.Store(true)
	group.Wait()
	return err
}

// soon reports whether a condition holds before the caller's patience ends.
func soon(holds func() bool) bool {
	const looks = 100 // before each sleep
	for range patience {
		for range looks {
			if holds() {
				return true
			}
			runtime.Gosched()
		}
		time.Sleep(time.Millisecond)
	}
	return false
}
