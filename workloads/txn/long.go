package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// longScan has transactions that scan many records beside short ones that move amounts
// among them. A scan adds up to what there was at first.
var longScan = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "long-scan", Turn: "scan", About: "long scans run beside short transactions that change two of the records",
		Params:    []harness.AnyParam{load.Goroutines, scanners, scanBy, records, scanRows, yields, backoff},
		Metrics:   append(metrics[:len(metrics):len(metrics)], shortOp),
		CurveAxis: scanRows, Allocates: true, AtLeast: window,
		Probes: []impls.Promise{txns.ReadsOn, impls.StarvationFree},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(scanBy.In("view", "update"), scanRows.In(10, 100, 1000), records.In(1000))},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(1, 2, 4), scanners.In(1, 2), scanBy.In("view", "update"), records.In(20, 300),
					scanRows.In(2, 20, 300), yields.In(0, 3), backoffs,
				),
			},
		},
	},
	Run: runLongScan,
}

// longWrite has a transaction that changes many records beside short ones.
var longWrite = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "long-write", Turn: "long transaction",
		About:     "a transaction that changes many records runs beside short ones that change one or two of them",
		Params:    []harness.AnyParam{load.Goroutines, records, longWrites, yields, backoff},
		Metrics:   append(metrics[:len(metrics):len(metrics)], shortOp),
		CurveAxis: longWrites, Allocates: true, AtLeast: window,
		Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(longWrites.In(4, 16, 64), load.Goroutines.In(2, 8))},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(1, 2, 4), records.In(16, 100), longWrites.In(2, 16, 64), yields.In(0, 4), backoffs,
				),
			},
		},
	},
	Run: runLongWrite,
}

var (
	scanners = harness.Param[int]{
		Key: "scanners", About: "goroutines that scan, 1 to 1000", Default: 1, Valid: harness.Between(1, 1000), Crowd: true,
	}
	scanBy = harness.Param[string]{
		Key: "by", About: "how a scan runs: view or update", Default: "view",
		Valid: func(by string) bool { return by == "view" || by == "update" },
	}
	scanRows = harness.Param[int]{
		Key: "scan-rows", About: "records of a scan, at most all, 1 to 1000000",
		Default: 1000, Valid: harness.Between(1, 1_000_000),
	}
	longWrites = harness.Param[int]{
		Key: "writes", About: "records that the long transaction changes, at most all, 1 to 100000", Default: 64,
		Valid: harness.Between(1, 100_000),
	}
	shortOp = harness.Metric{
		Unit: "short/op", Better: harness.Higher, About: "short transactions that were committed for each long one",
	}
)

// patient watches long transactions that must end: they are victims of the short ones
// beside them, which go on until then.
type patient struct {
	must    bool // the store promises it
	victims []*load.Victim
	workers []atomic.Pointer[harness.Worker] // of the long transactions
	over    atomic.Bool
}

// newPatient watches some long transactions beside short ones. The more of them there
// are, the longer the scheduler may let others run.
func newPatient(must bool, long, short int) *patient {
	p := &patient{must: must, workers: make([]atomic.Pointer[harness.Worker], long)}
	all := load.NewVictims(long + short)
	for i := range long {
		p.victims = append(p.victims, all.Of(&harness.Worker{ID: i}))
	}
	return p
}

// waits starts a long transaction.
func (p *patient) waits(w *harness.Worker) *load.Victim {
	p.workers[w.ID].Store(w)
	p.victims[w.ID].Waits()
	return p.victims[w.ID]
}

// options are those of the role of the short transactions, beside the role called long.
func (p *patient) options(long string) []harness.Option {
	if !p.must {
		return nil
	}
	return []harness.Option{harness.After(long)}
}

func (p *patient) leave() { p.over.Store(true) }

// pass notes that a short transaction was committed. It reports whether more may come.
// Long ones that wait meanwhile do not hang, but may starve.
func (p *patient) pass(w *harness.Worker) bool {
	if !p.must {
		return true
	}
	for i, v := range p.victims {
		if v.Pass(w); v.Over() {
			p.leave()
		}
		if long := p.workers[i].Load(); long != nil {
			long.Alive()
		}
	}
	return !p.over.Load()
}

func runLongScan(t *harness.Trial, b txns.Backend) error {
	n, rows := load.Goroutines.Of(t), min(scanRows.Of(t), records.Of(t))
	blocks := records.Of(t) / rows
	by := scanBy.Of(t)
	must := t.Promises(impls.StarvationFree) || by == "view" && t.Promises(txns.ReadsOn)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, rows*blocks, 8) }
	return onStores(t, b, scanners.Of(t), fill, func(w *harness.Window, s *site) error {
		p, short := newPatient(must, scanners.Of(t), n), make([]uint64, n)
		run := s.View
		if by == "update" {
			run = s.Update
		}
		w.Go("scanner", scanners.Of(t), func(w *harness.Worker) {
			tally := &s.tallies[w.ID]
			for w.Next() {
				first := uint64(rows * w.Rand().IntN(blocks))
				var sum uint64
				victim := p.waits(w)
				err := run(context.Background(), func(tx txns.Tx) (err error) {
					tally.begin()
					tally.now = uint64(rows)
					sum, err = scanBlock(tx, first, rows, yields.Of(t))
					return err
				})
				victim.Served()
				if err == nil && sum != 0 && promises(t, isolated) {
					err = fmt.Errorf("a scan of %d records adds up to %d, want 0 at any time", rows, int64(sum))
				}
				if err != nil {
					w.Fail(err)
					return
				}
				tally.commit()
			}
		}, harness.Then(p.leave))
		w.Go("writer", n, func(w *harness.Worker) {
			for w.Next() && p.pass(w) {
				first := uint64(rows * w.Rand().IntN(blocks))
				one, other := first+uint64(w.Rand().IntN(rows)), first+uint64(w.Rand().IntN(rows))
				if err := move(s, one, other, 1+w.Rand().Uint64N(100)); err != nil {
					w.Fail(err)
					return
				}
				short[w.ID]++
			}
		}, p.options("scanner")...)
		w.Check(func() error {
			setShort(w, s, short)
			return checkCounters(t, s, rows*blocks, 0)
		})
		return nil
	})
}

func setShort(w *harness.Window, s *site, short []uint64) {
	var shorts, longs uint64
	for _, n := range short {
		shorts += n
	}
	for i := range s.tallies {
		longs += s.tallies[i].commits
	}
	w.Set(shortOp, float64(shorts)/float64(max(longs, 1)))
}

// scanBlock adds up the counters of a range, and yields the processor sometimes.
func scanBlock(tx txns.Tx, first uint64, rows, yields int) (sum uint64, err error) {
	seen := 0
	var wrong error
	err = tx.Scan(first, first+uint64(rows-1), func(key uint64, value []byte) bool {
		if wrong = expectKey(key, first+uint64(seen)); wrong != nil {
			return false
		}
		var n uint64
		n, wrong = counterOf(value)
		sum += n
		seen++
		yield(yields*seen/rows - yields*(seen-1)/rows)
		return wrong == nil
	})
	if err == nil && wrong == nil && seen != rows {
		wrong = fmt.Errorf("a scan saw %d of %d records that all keep", seen, rows)
	}
	return sum, errors.Join(err, wrong)
}

func expectKey(got, want uint64) error {
	if got != want {
		return fmt.Errorf("a scan came to key %d, want %d, which is always there", got, want)
	}
	return nil
}

// move takes an amount from one counter and adds it to another one.
func move(s txns.Store, from, to, amount uint64) error {
	return s.Update(context.Background(), func(tx txns.Tx) error {
		if err := increase(tx, from, -amount); err != nil {
			return err
		}
		return increase(tx, to, amount)
	})
}

// increase adds to the counter of a key that is always there.
func increase(tx txns.Tx, key, amount uint64) error {
	n, err := getCounter(tx, key)
	if err != nil {
		return err
	}
	return putCounter(tx, key, n+amount)
}

func getCounter(tx txns.Tx, key uint64) (uint64, error) {
	value, err := tx.Get(key)
	if err != nil {
		return 0, err
	}
	return counterOf(value)
}

func putCounter(tx txns.Tx, key, n uint64) error { return tx.Put(key, setCounter(make([]byte, 8), n)) }

func runLongWrite(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	writes := min(longWrites.Of(t), size)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 1, fill, func(w *harness.Window, s *site) error {
		p, short := newPatient(t.Promises(impls.StarvationFree), 1, n), make([]uint64, n)
		w.Go("long", 1, func(w *harness.Worker) {
			tally, keys := &s.tallies[0], w.Rand().Perm(size)
			for w.Next() {
				victim := p.waits(w)
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					tally.begin()
					return increaseAll(tx, tally, keys[:writes], yields.Of(t))
				})
				victim.Served()
				if err != nil {
					w.Fail(err)
					return
				}
				tally.commit()
				w.Rand().Shuffle(writes, func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			}
		}, harness.Then(p.leave))
		w.Go("short", n, func(w *harness.Worker) {
			for w.Next() && p.pass(w) {
				if err := move(s, anyKey(w.Rand(), size), anyKey(w.Rand(), size), 1); err != nil {
					w.Fail(err)
					return
				}
				short[w.ID]++
			}
		}, p.options("long")...)
		w.Check(func() error {
			setShort(w, s, short)
			return checkCounters(t, s, size, s.tallies[0].commits*uint64(writes))
		})
		return nil
	})
}

func anyKey(rng *rand.Rand, n int) uint64 { return uint64(rng.IntN(n)) }

// increaseAll adds 1 to each of some counters, and yields the processor sometimes.
func increaseAll(tx txns.Tx, tally *tally, keys []int, yields int) error {
	for i, key := range keys {
		tally.now++
		if err := increase(tx, uint64(key), 1); err != nil {
			return err
		}
		yield(yields*(i+1)/len(keys) - yields*i/len(keys))
	}
	return nil
}
