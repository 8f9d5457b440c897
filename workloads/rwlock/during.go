package rwlock

import (
	"fmt"
	"math/rand/v2"

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
		Points: harness.Points{Stress: []harness.Grid{harness.Over(words.In(4, 1024))}},
	},
	Run: func(t *harness.Trial, newRecord shared.New) error {
		size := words.Of(t)
		return load.Rounds(t, func(*rand.Rand) error { return pass(newRecord(size), size) })
	},
}

// pass plays one round.
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
