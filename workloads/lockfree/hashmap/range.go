package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// ranging has a worker range over a population while its owners change it. Range must
// visit every resident once, and every key that comes and goes at most once.
var ranging = harness.Workload[New]{
	Load: harness.Load{
		Name: "range", Turn: "range over all keys",
		About:     "one worker goes through all keys while n writers change the map",
		Params:    []harness.AnyParam{load.Goroutines, size},
		Probes:    []impls.Promise{maps.Sized},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 8))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 8), size.In(10, 100, 1000)),
				harness.Over(harness.Within(load.Goroutines, 1, 32), harness.Within(size, 10, 5000)),
			},
		},
	},
	// Without a map there is no key to range over.
	Accepts: func(i impls.Impl[New]) bool { return i.Role != impls.Noop },
	Run:     runRanging,
}

func runRanging(t *harness.Trial, create New) error {
	writers := load.Goroutines.Of(t)
	p := populate(create, size.Of(t), writers)
	return t.Window(func(w *harness.Window) error {
		w.Go("ranger", 1, func(w *harness.Worker) {
			visited := make([]int, p.numbers()) // for each key, the last round
			for round := 1; w.Next(); round++ {
				if err := p.visit(visited, round); err != nil {
					w.Fail(err)
				}
			}
		})
		w.Go("writer", writers, func(w *harness.Worker) {
			o := &p.owners[w.ID]
			for turn := 0; w.Next(); turn++ {
				p.update(o, turn%p.share)
				if err := p.change(o); err != nil {
					w.Fail(err)
				}
			}
		})
		w.Check(p.check)
		return nil
	})
}

// visit is one Range.
func (p *population) visit(visited []int, round int) (err error) {
	residents, all := 0, len(p.owners)*p.share
	p.m.Range(func(k, v uint64) bool {
		number := numberOf(v)
		switch {
		case k != key(number):
			err = fmt.Errorf("a Range visited a value of key %d with another key", number)
		case number >= len(visited):
			err = fmt.Errorf("a Range visited key %d, which was never stored", number)
		case visited[number] == round:
			err = fmt.Errorf("a Range visited key %d twice", number)
		default:
			visited[number] = round
			if number < all {
				residents++
			}
		}
		return err == nil
	})
	if err == nil && residents != all {
		err = fmt.Errorf("a Range visited %d of %d keys that were there all the time", residents, all)
	}
	return err
}
