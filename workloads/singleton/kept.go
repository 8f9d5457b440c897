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

// kept collects garbage while no caller holds the object. The singleton must. Another
// singleton lives as long as the stress run, and keeps its object all the time.
var kept = harness.Workload[New]{
	Load: harness.Load{
		Name: "kept", Turn: "round", About: "the collector runs while only the singleton holds its value, and time passes",
		Probes: []impls.Promise{singles.InitOnce},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		once := t.Promises(singles.InitOnce)
		old := t.Carry(oldest{}, func() any { return new(callers) }).(*callers)
		return load.Rounds(t, func(rng *rand.Rand) error {
			if old.single == nil {
				*old = *stampede(newSingle, 1, new(builder))
			}
			if err := old.keeps(once); err != nil {
				return err
			}
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
			if n := s.builder.runs.Load(); once && n != 1 {
				return fmt.Errorf("the initializer ran %d times: the collector took its value", n)
			}
			return nil
		})
	},
}

// oldest is the key of the singleton that all windows share.
type oldest struct{}

// keeps checks that a singleton still has its first object. With once, its initializer
// has run once.
func (s *callers) keeps(once bool) error {
	r := s.get()
	if n := s.builder.runs.Load(); once && n != 1 {
		return fmt.Errorf("the initializer ran %d times in the life of one singleton", n)
	}
	if !r.is(s.got[0].object) {
		return r.complaint()
	}
	return nil
}

// collections is how many collections a sync.Pool does not survive.
const collections = 2
