package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
)

// fifo has readers and writers come while one of them is inside.
var fifo = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "fifo", Turn: "2 rounds",
		About:  "readers and writers wait for one that is inside; FIFO serves them in order of arrival",
		Params: []harness.AnyParam{arrivals},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(arrivals.In("wrw", "wwr", "rwr", "wwwww", "wrwrw", "rwrwr")),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return checkArrivals(t, newLock, false, inOrder,
			"not first in, first out: a reader and a writer, or two writers, were not served in order of arrival")
	},
}

// newcomer has the one inside leave and come back at once, as a reader or a writer. Under
// a lock that promises FIFO, the waiters come before it.
var newcomer = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "newcomer", Turn: "2 rounds",
		About:  "the one inside leaves and comes back at once while others wait; FIFO serves them first",
		Params: []harness.AnyParam{arrivals},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(arrivals.In("wwww", "wwwr", "wrrw", "rwww", "rwwr")),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return checkArrivals(t, newLock, true, inOrder, "not first in, first out: a newcomer overtook waiters")
	},
}
