package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
)

// fifo has readers and writers come while one of them is inside. It may leave and come
// back at once.
var fifo = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "fifo", Turn: "2 rounds",
		About:  "readers and writers wait for one that is inside; FIFO serves them in order of arrival",
		Params: []harness.AnyParam{arrivals, tokens},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(arrivals.In("wrw", "wwr", "rwr", "wwwww", "wrwrw", "rwrwr", "wwwW", "wwwR", "wrrW", "rwwW", "rwwR")),
			harness.Over(arrivals.In("rwrwr"), harness.Within(tokens, 1, 100)),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return checkArrivals(t, newLock, inOrder,
			"not first in, first out: a reader and a writer, or two writers, were not served in order of arrival")
	},
}
