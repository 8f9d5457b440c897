package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
)

// order has readers come while a writer waits for another reader. A lock that blocks
// readers then lets them in after the writer.
var order = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "order", Turn: "2 rounds", About: "a writer waits for a reader; readers that come then must not pass it",
		Params: []harness.AnyParam{arrivals, tokens},
		Needs:  []impls.Promise{locks.BlocksReaders}, Probes: []impls.Promise{locks.BlocksReaders},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(arrivals.In("rwr", "rwrr", "rwrwr")),
			harness.Over(arrivals.In("rwr", "rwrwr"), harness.Within(tokens, 1, 100)),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return checkArrivals(t, newLock, firstWriterFirst,
			"a later reader passed a writer that waited for readers to leave")
	},
}

// preference has writers and readers come while a reader or a writer is inside. A lock
// that prefers writers lets no reader pass any of them.
var preference = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "preference", Turn: "2 rounds",
		About:  "writers wait for a reader or a writer; readers that come then must not pass any of them",
		Params: []harness.AnyParam{arrivals, tokens},
		Needs:  []impls.Promise{locks.WriterPreference}, Probes: []impls.Promise{locks.WriterPreference},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(arrivals.In("rwr", "wwr", "rwwr", "rwrwr", "wwrwr", "wrwr", "wwR", "rwR")),
			harness.Over(arrivals.In("rwr"), harness.Within(tokens, 1, 100)),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return checkArrivals(t, newLock, writerFirst,
			"no preference of writers: a later reader passed a waiting writer")
	},
}
