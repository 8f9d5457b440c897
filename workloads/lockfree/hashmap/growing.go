package hashmap

import (
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// A nursery is maps that grow one after the other. A worker that has done its share of one goes on to the next.
type nursery struct {
	mu     sync.Mutex
	create New
	maps   []table
}

func (n *nursery) at(i int) table {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.maps) <= i {
		n.maps = append(n.maps, n.create())
	}
	return n.maps[i]
}

func growing(t *harness.Trial, create New) error {
	workers := load.Goroutines.Of(t)
	share := max(size.Of(t)/workers, 1)
	return t.Window(func(w *harness.Window) error {
		grown, turns := nursery{create: create}, make([]int, workers)
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
		w.Check(func() error {
			for i, m := range grown.maps {
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
		})
		return nil
	})
}
