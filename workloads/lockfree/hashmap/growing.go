package hashmap

import (
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// growing has workers fill one empty map after the other. Each inserts an equal share of
// the keys, and then continues with the next map.
var growing = harness.Workload[New]{
	Load: harness.Load{
		Name: "growing", Turn: "insertion",
		About:     "n workers insert fresh keys into an empty map, and take the next map when it has its size",
		Params:    []harness.AnyParam{load.Goroutines, size},
		Probes:    []impls.Promise{maps.Sized},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(size.In(1000, 100_000))},
			Full:     []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64), size.In(1000, 100_000))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), size.In(16, 100, 1000)),
				harness.Over(harness.Within(load.Goroutines, 2, 64), harness.Within(size, 100, 50_000)),
			},
		},
	},
	Run: runGrowing,
}

// A series is maps that grow one after the other.
type series struct {
	mu     sync.Mutex
	create New
	maps   []table
}

func (s *series) at(i int) table {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.maps) <= i {
		s.maps = append(s.maps, s.create())
	}
	return s.maps[i]
}

// check compares the maps with the turns that each worker made.
func (s *series) check(turns []int, share int) error {
	for i, m := range s.maps {
		keys := 0
		for id, made := range turns {
			mine := min(max(made-i*share, 0), share)
			keys += mine
			for k := range mine {
				if err := expect(m, id*share+k, value(id*share+k, 0)); err != nil {
					return err
				}
			}
		}
		if err := count(m, keys); err != nil {
			return err
		}
	}
	return nil
}

func runGrowing(t *harness.Trial, create New) error {
	workers := load.Goroutines.Of(t)
	share := max(size.Of(t)/workers, 1)
	return t.Window(func(w *harness.Window) error {
		grown, turns := series{create: create}, make([]int, workers)
		w.Go("worker", workers, func(w *harness.Worker) {
			var m table
			turn := 0
			for ; w.Next(); turn++ {
				if turn%share == 0 {
					m = grown.at(turn / share)
				}
				number := w.ID*share + turn%share
				m.Store(key(number), value(number, 0))
			}
			turns[w.ID] = turn
		})
		w.Check(func() error { return grown.check(turns, share) })
		return nil
	})
}
