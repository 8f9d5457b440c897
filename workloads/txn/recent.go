package txn

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// recent has readers that start after a commit, and so must see it.
var recent = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "recent", Turn: "read", About: "a transaction that starts after a commit sees it",
		Params: []harness.AnyParam{load.Goroutines, writersBeside, records, backoff}, Allocates: true,
		Needs: []impls.Promise{txns.StrictSerializable}, Probes: []impls.Promise{txns.StrictSerializable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), writersBeside.In(1, 2, 4), records.In(1, 5, 50), backoffs),
		}},
	},
	Run: runRecent,
}

func runRecent(t *harness.Trial, b txns.Backend) error {
	size := records.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		known := make([]atomic.Uint64, size) // by key: a number that is committed
		w.Go("reader", load.Goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() {
				key := anyKey(w.Rand(), size)
				run, least := s.View, known[key].Load()
				if w.Rand().IntN(2) == 0 {
					run = s.Update
				}
				var n uint64
				err := run(context.Background(), func(tx txns.Tx) (err error) {
					n, err = getCounter(tx, key)
					return err
				})
				if err == nil && n < least {
					err = fmt.Errorf("a transaction read %d of record %d, and started after %d was committed", n, key, least)
				}
				if err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Go("writer", writersBeside.Of(t), func(w *harness.Worker) {
			for w.Next() {
				key := anyKey(w.Rand(), size)
				var n uint64
				err := s.Update(context.Background(), func(tx txns.Tx) (err error) {
					if n, err = getCounter(tx, key); err != nil {
						return err
					}
					return putCounter(tx, key, n+1)
				})
				if err != nil {
					w.Fail(err)
					return
				}
				for old := known[key].Load(); old < n+1 && !known[key].CompareAndSwap(old, n+1); {
					old = known[key].Load()
				}
			}
		})
		return nil
	})
}
