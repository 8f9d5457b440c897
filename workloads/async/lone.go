package async

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// lone has all functions of an executor change plain data between their waits, which no
// lock guards.
var lone = harness.Load{
	Name: "lone", Turn: "life of an executor",
	About:  "all functions change plain data between two waits, without a lock",
	Params: []harness.AnyParam{load.Goroutines, size, workers},
	Needs:  []impls.Promise{asyncs.SingleThreaded}, Probes: []impls.Promise{asyncs.SingleThreaded},
	Points: harness.Points{Stress: []harness.Grid{
		harness.Over(load.Goroutines.In(2, 8), harness.Within(size, 2, 300), workers.In(1, 4)),
	}},
}

func runLone(t *harness.Trial, newExecutor start) error {
	n, k := load.Goroutines.Of(t), size.Of(t)
	return load.Rounds(t, func(rng *rand.Rand) error {
		var visits int // plain: one function runs at a time
		var inside, all atomic.Int64
		var two atomic.Bool
		child := &program{visit: func() {
			if inside.Add(1) > 1 {
				two.Store(true)
			}
			visits++
			load.Yields(uint64(visits), 7)
			inside.Add(-1)
			all.Add(1)
		}}
		p := repeated(child, k, rng.IntN(2) == 0)
		p.visit, p.sleep = child.visit, shortTime(rng)
		e := newExecutor(workers.Of(t))
		if err := runTogether(e, p, n); err != nil {
			return err
		}
		e.close()
		switch {
		case two.Load():
			return errors.New("two functions of a single-threaded executor ran at the same time")
		case int64(visits) != all.Load():
			return fmt.Errorf("a plain count is %d after %d visits", visits, all.Load())
		}
		return nil
	})
}
