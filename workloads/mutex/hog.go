package mutex

import (
	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

var (
	hogHold    = harness.Param[int]{Key: "hog-ns", About: "the hog's work inside the section, ns", Default: 20_000, Valid: harness.Between(0, 1_000_000_000)}
	outlier    = harness.Param[int]{Key: "outlier-ns", About: "work inside an outlier's section, ns", Default: 50_000, Valid: harness.Between(0, 1_000_000_000)}
	outlierOne = harness.Param[int]{Key: "outlier-one-in", About: "one section in so many is an outlier", Default: 500, Valid: harness.AtLeast(1)}
)

// hog is one goroutine that holds long and comes back at once, among workers that hold shortly. The
// row counts the workers' turns; the hog's share shows in hog-turns/op.
func hog(t *harness.Trial, newLock locks.New) error {
	n := load.Goroutines.Of(t)
	hold, long := t.Spins(load.Hold.Of(t)), t.Spins(hogHold.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n+1)
		body := func(first, hold int) func(*harness.Worker) {
			return func(w *harness.Worker) {
				mine := &tallies[first+w.ID]
				for w.Next() {
					lock.Lock()
					w.Mark()
					shared.visit(w, mine, hold, 0)
					lock.Unlock()
				}
			}
		}
		w.Go("worker", n, body(0, hold))
		w.Go("hog", 1, body(n, long))
		w.Check(func() error {
			w.Metric("hog-turns/op", float64(w.Turns("hog"))/float64(max(w.Turns("worker"), 1)))
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}

// outliers gives a rare section a long hold: the waiters that pile up behind it show how a lock recovers.
func outliers(t *harness.Trial, newLock locks.New) error {
	n, one, yield := load.Goroutines.Of(t), uint64(outlierOne.Of(t)), load.Yield.Of(t)
	hold, long, think := t.Spins(load.Hold.Of(t)), t.Spins(outlier.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				steps := hold
				if shared.turns%one == one-1 {
					steps = long
				}
				shared.visit(w, mine, steps, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return settled(w, lock, shared, tallies) })
		return nil
	})
}
