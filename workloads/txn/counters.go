package txn

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// counters looks for lost updates: each transaction increments one to three counters. A
// counter also says which worker incremented it last, and in which transaction. What that
// worker had written to plain memory before is there to be read.
var counters = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "counters", Turn: "transaction",
		About:  "each of n workers increments up to three of few counters in a transaction",
		Params: []harness.AnyParam{load.Goroutines, records, yields, backoff}, Allocates: true,
		Probes: []impls.Promise{
			txns.StrictSerializable, txns.Serializable, txns.ItemSerializable, txns.Snapshot, txns.RunsOnce,
		},
		Points: harness.Points{
			Stress: yielding(yields.In(1, 4), harness.Within(load.Goroutines, 2, 64), harness.Within(records, 1, 100)),
		},
		Share: 2,
	},
	Accepts: makes(isolated),
	Run:     runCounters,
}

// notesInAll is how many transactions of counters a window has at most.
const notesInAll = 1 << 16

// An incrementer is a worker of counters.
type incrementer struct {
	s      *site
	id     uint64
	notes  [][]uint64 // of all workers: what each wrote before its transaction of that number
	yields int
	once   bool

	number     uint64 // of this transaction, from 1
	bodies     int    // that this transaction ran
	keys       []uint64
	seen       []incremented
	increments uint64
}

// incremented is the value of a counter.
type incremented struct{ count, by, number uint64 }

// note is what a worker writes before a transaction.
func note(worker, number uint64) uint64 { return worker<<32 ^ number*0x9e3779b97f4a7c15 }

func runCounters(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 24) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		notes, all := make([][]uint64, n), make([]*incrementer, n)
		for i := range notes {
			notes[i] = make([]uint64, notesInAll/n)
		}
		w.Go("worker", n, func(w *harness.Worker) {
			c := &incrementer{s: s, id: uint64(w.ID), notes: notes, yields: yields.Of(t), once: t.Promises(txns.RunsOnce)}
			all[w.ID] = c
			for w.Next() && int(c.number)+1 < len(notes[w.ID]) {
				c.keys = c.keys[:0]
				for range 1 + w.Rand().IntN(3) {
					c.keys = append(c.keys, anyKey(w.Rand(), size))
				}
				if err := c.transact(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			want := uint64(0)
			for _, c := range all {
				want += c.increments
			}
			return addUpIncrements(t, s, size, want)
		})
		return nil
	})
}

func (c *incrementer) transact() error {
	c.number++
	c.notes[c.id][c.number] = note(c.id, c.number)
	c.bodies = 0
	if err := c.s.Update(context.Background(), c.run); err != nil {
		return fmt.Errorf("a transaction that nothing forbids: %w", err)
	}
	if c.once && c.bodies != 1 {
		return fmt.Errorf("a body ran %d times, want once", c.bodies)
	}
	c.increments += uint64(len(c.keys))
	for _, v := range c.seen {
		if v.number == 0 || v.by == c.id {
			continue
		}
		if got := c.notes[v.by][v.number]; got != note(v.by, v.number) {
			return fmt.Errorf("worker %d wrote a note before its transaction %d, and another one that saw its commit reads %d",
				v.by, v.number, got)
		}
	}
	return nil
}

// run is the body of a transaction.
func (c *incrementer) run(tx txns.Tx) error {
	c.bodies++
	c.seen = c.seen[:0]
	for i, key := range c.keys {
		value, err := tx.Get(key)
		if err != nil {
			return err
		}
		if len(value) != 24 {
			return fmt.Errorf("a transaction read %d bytes of a counter that all keep, want 24", len(value))
		}
		v := incremented{
			binary.LittleEndian.Uint64(value), binary.LittleEndian.Uint64(value[8:]), binary.LittleEndian.Uint64(value[16:]),
		}
		c.seen = append(c.seen, v)
		yield(c.yields*(i+1)/len(c.keys) - c.yields*i/len(c.keys))
		next := binary.LittleEndian.AppendUint64(make([]byte, 0, 24), v.count+1)
		next = binary.LittleEndian.AppendUint64(next, c.id)
		if err := tx.Put(key, binary.LittleEndian.AppendUint64(next, c.number)); err != nil {
			return err
		}
	}
	return nil
}

// addUpIncrements returns an error unless the counters add up to the increments.
func addUpIncrements(t *harness.Trial, s *site, size int, want uint64) error {
	var sum uint64
	err := s.View(t.Context, func(tx txns.Tx) error {
		sum = 0
		return tx.Scan(0, uint64(size-1), func(_ uint64, value []byte) bool {
			sum += binary.LittleEndian.Uint64(value)
			return true
		})
	})
	if err == nil && sum != want {
		err = fmt.Errorf("the counters add up to %d, but %d increments were committed", sum, want)
	}
	return err
}
