package txn

import (
	"context"
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// bounded has transactions that may run a few times only. What their callers do after
// each commit is done as often as something was committed.
var bounded = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "bounded", Turn: "transaction",
		About:  "transactions that conflict give up after some attempts, with an error that says so",
		Params: []harness.AnyParam{load.Goroutines, records, attempts, yields, backoff}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(
				harness.Within(load.Goroutines, 2, 16), records.In(2, 1, 5), attempts.In(1, 2, 3, 10), yields.In(1, 3), backoffs,
			),
		}},
	},
	Run: runBounded,
}

var attempts = harness.Param[int]{
	Key: "attempts", About: "times that a transaction may run, 1 to 1000", Default: 3, Valid: harness.Between(1, 1000),
}

func runBounded(t *harness.Trial, b txns.Backend) error {
	n, size, bound := load.Goroutines.Of(t), records.Of(t), attempts.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onBounded(t, b, bound, 0, fill, func(w *harness.Window, s *site) error {
		effects := make([]uint64, n) // of commits, by their callers
		w.Go("worker", n, func(w *harness.Worker) {
			for w.Next() {
				bodies, key, other := 0, anyKey(w.Rand(), size), anyKey(w.Rand(), size)
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					bodies++
					if err := increase(tx, key, 1); err != nil {
						return err
					}
					yield(yields.Of(t))
					return increase(tx, other, 1)
				})
				if err == nil {
					effects[w.ID] += 2
				}
				if err := judgeBounded(t, err, bodies, bound*s.runsPerAttempt()); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			want := uint64(0)
			for _, n := range effects {
				want += n
			}
			return checkCounters(t, s, size, want)
		})
		return nil
	})
}

// judgeBounded judges the result of a transaction whose body ran that often.
func judgeBounded(t *harness.Trial, err error, bodies, bound int) error {
	switch {
	case bodies > bound || bodies == 0 && err == nil:
		return fmt.Errorf("a body ran %d times, want at least once and at most %d times", bodies, bound)
	case err == nil:
		return nil
	case !errors.Is(err, txns.ErrAborted) || txns.Conflicted(err) == nil:
		return fmt.Errorf("a transaction that conflicted too often: got %w, want ErrAborted and a Conflict", err)
	case bodies < bound:
		return fmt.Errorf("a transaction gave up after %d of %d attempts: %w", bodies, bound, err)
	}
	return nil
}
