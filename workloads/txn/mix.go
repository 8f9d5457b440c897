package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// mix has transactions that read some records and increment others. The sum of the
// counters is the number of increments that were committed.
var mix = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "mix", Turn: "transaction", About: "n workers read some records in a transaction, and increment others",
		Params: []harness.AnyParam{
			load.Goroutines, records, load.Theta, ops, readPct, yields, workNs, valueBytes, backoff,
		},
		Metrics:   metrics,
		CurveAxis: load.Theta,
		Maps:      []harness.Plane{{load.Theta, yields}, {load.Theta, ops}, {readPct, ops}},
		Allocates: true, AtLeast: window,
		Points: harness.Points{
			Quick: []harness.Grid{
				harness.Over(load.Theta.In(0.6, 0.99), yields.In(0, 16)),
			},
			Standard: []harness.Grid{
				harness.Over(load.Theta.In(0, 0.6, 0.9, 0.99), yields.In(0, 1, 4, 16)),
				harness.Over(load.Theta.In(0, 0.6, 0.9, 0.99), ops.In(1, 4, 16, 64)),
				harness.Over(readPct.In(0, 50, 90, 99, 100), ops.In(1, 4, 16, 64)),
				harness.Over(load.Goroutines.In(1, 2, 8, 64), backoff.In("none", "yield", "exponential")),
			},
			Stress: append(
				yielding(yields.In(1), few, records.In(1, 2, 10, 100), ops.In(1, 2, 4, 16), readPct.In(0, 50, 90)),
				harness.Over(
					harness.Within(load.Goroutines, 2, 64), harness.Within(records, 1, 2000), harness.Within(ops, 1, 40),
					load.Theta.In(0, 0.9), valueBytes.In(8, 512), backoffs,
				),
			),
		},
	},
	Run: runMix,
}

var backoffs = backoff.In("none", "yield", "exponential")

// yielding returns grids of a stress run: without yields under each backoff, and with
// yields under a random one. Transactions that yield and are run again at once can stand in
// each other's way for ever, if the store does not let one of them go first.
func yielding(times harness.Axis, axes ...harness.Axis) []harness.Grid {
	n := len(axes)
	return []harness.Grid{
		harness.Over(append(axes[:n:n], backoffs)...),
		harness.Over(append(axes[:n:n], times, backoff.In("exponential"))...),
	}
}

// choices is how many records a worker draws before a window; it repeats them.
const choices = 4096

func runMix(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	zipf := load.NewZipf(size, load.Theta.Of(t))
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, valueBytes.Of(t)) }
	return onStores(t, b, n, fill, func(w *harness.Window, s *site) error {
		mixers := make([]*mixer, n)
		w.Go("worker", n, func(w *harness.Worker) {
			m := newMixer(t, w, s, zipf)
			mixers[w.ID] = m
			for w.Next() {
				if err := m.transact(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			want := uint64(0)
			for _, m := range mixers {
				want += m.increments
			}
			return checkCounters(t, s, size, want)
		})
		return nil
	})
}

// A mixer is a worker of mix.
type mixer struct {
	w     *harness.Worker
	s     *site
	tally *tally

	keys   []uint64
	reads  []bool
	at     int // of keys and reads
	next   []byte
	body   func(txns.Tx) error
	length int // operations of a transaction
	yields int
	work   int // steps

	increments uint64 // committed
}

func newMixer(t *harness.Trial, w *harness.Worker, s *site, zipf load.Zipf) *mixer {
	m := &mixer{
		w: w, s: s, tally: &s.tallies[w.ID], keys: make([]uint64, choices), reads: make([]bool, choices),
		next: make([]byte, valueBytes.Of(t)), yields: yields.Of(t), work: t.Spins(workNs.Of(t)),
	}
	places := rand.New(rand.NewPCG(uint64(len(zipf)), 1)).Perm(len(zipf)) // hot records are no neighbors
	for i, rank := range zipf.Draw(w.Rand(), choices) {
		m.keys[i] = uint64(places[rank])
		m.reads[i] = w.Rand().IntN(100) < readPct.Of(t)
	}
	m.length, m.body = ops.Of(t), m.run
	return m
}

// transact runs the next transaction: a View if it only reads.
func (m *mixer) transact() error {
	writes := uint64(0)
	for i := range m.length {
		if !m.reads[(m.at+i)%choices] {
			writes++
		}
	}
	run := m.s.Update
	if writes == 0 {
		run = m.s.View
	}
	if err := run(context.Background(), m.body); err != nil {
		return fmt.Errorf("a transaction that nothing forbids: %w", err)
	}
	m.tally.commit()
	m.increments += writes
	m.at = (m.at + m.length) % choices
	return nil
}

// run is the body of a transaction.
func (m *mixer) run(tx txns.Tx) error {
	m.tally.begin()
	for i := range m.length {
		at := (m.at + i) % choices
		m.tally.now++
		value, err := tx.Get(m.keys[at])
		if err != nil {
			return err
		}
		n, err := counterOf(value)
		if err != nil {
			return err
		}
		if !m.reads[at] {
			if err := tx.Put(m.keys[at], setCounter(m.next, n+1)); err != nil {
				return err
			}
		}
		// The yields are spread over the transaction.
		yield(m.yields*(i+1)/m.length - m.yields*i/m.length)
	}
	m.w.Spin(m.work)
	return nil
}

// setCounter makes value that of a counter: each of its words is n.
func setCounter(value []byte, n uint64) []byte {
	for i := 0; i < len(value); i += 8 {
		binary.LittleEndian.PutUint64(value[i:], n)
	}
	return value
}

// counterOf returns the number in the value of a counter.
func counterOf(value []byte) (uint64, error) {
	if len(value) < 8 {
		return 0, fmt.Errorf("a transaction read %d bytes of a record that all keep, want a counter", len(value))
	}
	n := binary.LittleEndian.Uint64(value)
	for i := 8; i < len(value); i += 8 {
		if other := binary.LittleEndian.Uint64(value[i:]); other != n {
			return 0, fmt.Errorf("a transaction read a torn value: its words are %d and %d", n, other)
		}
	}
	return n, nil
}

// filled is how many records one transaction fills.
const filled = 1000

// fillCounters puts n counters of that many bytes, each zero.
func fillCounters(ctx context.Context, s txns.Store, n, bytes int) error {
	zero := make([]byte, bytes)
	return fillValues(ctx, s, n, func(int) []byte { return zero })
}

// fillValues puts n records with their values.
func fillValues(ctx context.Context, s txns.Store, n int, value func(key int) []byte) error {
	return inChunks(n, func(from, to int) error {
		return s.Update(ctx, func(tx txns.Tx) error {
			for key := from; key < to; key++ {
				if err := tx.Put(uint64(key), value(key)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// inChunks calls f for the numbers from 0 to n, some at a time.
func inChunks(n int, f func(from, to int) error) error {
	for from := 0; from < n; from += filled {
		if err := f(from, min(from+filled, n)); err != nil {
			return err
		}
	}
	return nil
}

// checkCounters adds up n counters.
func checkCounters(t *harness.Trial, s txns.Store, n int, want uint64) error {
	sum, seen := uint64(0), 0
	err := inChunks(n, func(from, to int) error {
		var part uint64
		var count int
		err := s.View(t.Context, func(tx txns.Tx) error {
			part, count = 0, 0
			var torn error
			err := tx.Scan(uint64(from), uint64(to-1), func(_ uint64, value []byte) bool {
				var n uint64
				n, torn = counterOf(value)
				part += n
				count++
				return torn == nil
			})
			return errors.Join(err, torn)
		})
		sum += part
		seen += count
		return err
	})
	switch {
	case err != nil:
		return err
	case seen != n:
		return fmt.Errorf("%d records are left at the end, want %d", seen, n)
	case sum != want && promises(t, isolated):
		return fmt.Errorf("the counters add up to %d, but %d increments were committed", sum, want)
	}
	return nil
}
