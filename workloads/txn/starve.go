package txn

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// starve has a transaction that changes all records, among others that each hold one of
// them nearly all the time. It must commit, and so cannot wait for an instant at which all
// are free.
var starve = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "starve", Turn: "transaction that changes all",
		About:  "a transaction changes all records, and others hold each of them nearly all the time",
		Params: []harness.AnyParam{load.Goroutines, records, yields, backoff}, Allocates: true,
		Needs: []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(load.Goroutines.In(8, 16), records.In(8, 16), harness.Within(yields, 20, 100))},
		},
		Share: 8,
	},
	Run: func(t *harness.Trial, b txns.Backend) error {
		size := records.Of(t)
		return runStarve(t, b, size, func(s *site, w *harness.Worker) error {
			key := uint64(w.ID % size)
			return s.Update(context.Background(), func(tx txns.Tx) error {
				if err := increase(tx, key, 1); err != nil {
					return err
				}
				yield(yields.Of(t))
				return nil
			})
		})
	},
}

// loneWriter has a transaction that changes a record which one of others is always reading.
var loneWriter = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "lone-writer", Turn: "transaction that changes the record",
		About:  "a transaction changes a record, and one of others is always reading it",
		Params: []harness.AnyParam{load.Goroutines, scanBy, backoff}, Allocates: true,
		Needs: []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 5), scanBy.In("view", "update"))},
		},
		Share: 8,
	},
	Run: func(t *harness.Trial, b txns.Backend) error {
		inside := new(overlap)
		return runStarve(t, b, 1, func(s *site, _ *harness.Worker) error {
			run := s.Update
			if scanBy.Of(t) == "view" {
				run = s.View
			}
			return run(context.Background(), func(tx txns.Tx) error {
				if _, err := getCounter(tx, 0); err != nil {
					return err
				}
				inside.visit()
				return nil
			})
		})
	},
}

// overlap has readers stay until there is another one.
type overlap struct {
	load.Gathering
	alone atomic.Int64 // readers that waited in vain
}

// vainWaits is how many readers wait in vain until no other one waits: the store lets one
// in at a time.
const vainWaits = 3

func (o *overlap) visit() {
	if o.alone.Load() >= vainWaits {
		return
	}
	o.Join()
	start := time.Now()
	o.Leave(1)
	if time.Since(start) > patience {
		o.alone.Add(1)
	}
}

// patience is less than a Gathering has.
const patience = 40 * time.Millisecond

// starveTime is the minimum length of a window: some turns of the long transaction.
const starveTime = 30 * time.Millisecond

// waits is the key of what the windows of a stress run have seen of waits.
type waits struct{}

// runStarve has one transaction change all counters, beside others that come back at once.
func runStarve(t *harness.Trial, b txns.Backend, size int, other func(*site, *harness.Worker) error) error {
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		w.AtLeast(starveTime)
		p := newPatient(true, 1, load.Goroutines.Of(t))
		record := t.CarryAcross(waits{}, func() any { return new(load.Record) }).(*load.Record)
		w.Go("long", 1, func(w *harness.Worker) {
			for w.Next() {
				load.Pause(w.Rand(), time.Millisecond)
				hurries := w.Rand().IntN(4) > 0 // so the others stay the same while it passes them
				victim := p.waits(w)
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					for key := range size {
						if err := increase(tx, uint64(key), 1); err != nil {
							return err
						}
						if !hurries {
							yield(1)
						}
					}
					return nil
				})
				victim.Served()
				if err == nil {
					err = record.Add(victim.Waited())
				}
				if err != nil {
					w.Fail(err)
					return
				}
			}
		}, harness.Then(p.leave))
		w.Go("other", load.Goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() && p.pass(w) {
				if err := other(s, w); err != nil {
					w.Fail(err)
					return
				}
			}
		}, p.options("long")...)
		return nil
	})
}
