package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// ranging goes through a population while its owners change it: Range comes to every resident once.
func ranging(t *harness.Trial, create New) error {
	writers := load.Goroutines.Of(t)
	p := populate(create, size.Of(t), writers)
	return t.Window(func(w *harness.Window) error {
		w.Go("ranger", 1, func(w *harness.Worker) {
			visited := make([]int, writers*p.share) // of each resident, in which round
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
	residents := 0
	p.m.Range(func(k, v uint64) bool {
		number := numberOf(v)
		switch {
		case k != key(number):
			err = fmt.Errorf("a Range came to a value of key %d with another key", number)
		case number >= len(visited): // it comes and goes
		case visited[number] == round:
			err = fmt.Errorf("a Range came to key %d twice", number)
		default:
			visited[number] = round
			residents++
		}
		return err == nil
	})
	if err == nil && residents != len(visited) {
		err = fmt.Errorf("a Range came to %d of %d keys that were there all the time", residents, len(visited))
	}
	return err
}

// snapshot writes keys in turn, each with the number of the turn. At any instant the last n turns are in a map of n keys; who sees two
// keys that lie further apart has not seen one instant.
func snapshot(t *harness.Trial, create New) error {
	n := size.Of(t)
	return t.Window(func(w *harness.Window) error {
		m := create()
		write := func(turn int) { m.Store(key(turn%n), uint64(turn)) }
		for turn := range n {
			write(turn)
		}
		w.Go("ranger", 1, func(w *harness.Worker) {
			for w.Next() {
				seen, first, last := 0, uint64(0), uint64(0)
				m.Range(func(_, turn uint64) bool {
					if seen == 0 {
						first, last = turn, turn
					}
					first, last = min(first, turn), max(last, turn)
					seen++
					return true
				})
				if seen != n || last-first != uint64(n-1) {
					w.Fail(fmt.Errorf("a Range saw %d of %d keys, written in the turns %d to %d: no instant has these", seen, n, first, last))
				}
			}
		})
		w.Go("writer", 1, func(w *harness.Worker) {
			for turn := n; w.Next(); turn++ {
				write(turn)
			}
		})
		return nil
	})
}
