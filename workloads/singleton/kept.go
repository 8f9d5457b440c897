package singleton

import (
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// kept collects garbage while no caller holds the object. The singleton must.
var kept = harness.Workload[New]{
	Load: harness.Load{
		Name: "kept", Turn: "round", About: "the collector runs while only the singleton holds its value",
		Needs: []impls.Promise{singles.InitOnce}, Probes: []impls.Promise{singles.InitOnce},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			s := stampede(newSingle, 1+rng.IntN(3), new(builder))
			if err := s.agree(); err != nil {
				return err
			}
			clear(s.got)
			for range collections {
				runtime.GC()
			}
			if r := s.get(); !r.is(r.object) {
				return r.complaint()
			}
			if n := s.builder.runs.Load(); n != 1 {
				return fmt.Errorf("the initializer ran %d times: the collector took its value", n)
			}
			return nil
		})
	},
}

// collections is how many collections a sync.Pool does not survive.
const collections = 2
