package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// bank moves money between accounts, beside readers that add all of it up. An account that
// would be overdrawn refuses, so the transaction ends with an error of its own.
var bank = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "bank", Turn: "transfer", About: "n workers move money between accounts, beside readers that add it all up",
		Params:  []harness.AnyParam{load.Goroutines, readers, records, load.Theta, backoff},
		Metrics: metrics, CurveAxis: load.Goroutines, Allocates: true, AtLeast: window,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8), records.In(10, 1000), readers.In(0, 1))},
			Stress: []harness.Grid{
				harness.Over(few, readers.In(0, 1, 3), records.In(2, 3, 10, 100), load.Theta.In(0, 0.9), backoffs),
			},
		},
	},
	Run: runBank,
}

var readers = harness.Param[int]{
	Key: "readers", About: "goroutines that read all records, 0 to 1000",
	Default: 1, Valid: harness.Between(0, 1000), Crowd: true,
}

// opening is what each account has at first.
const opening = 100

var errOverdrawn = errors.New("the account has too little")

func runBank(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	zipf := load.NewZipf(size, load.Theta.Of(t))
	total := uint64(size) * opening
	fill := func(s txns.Store) error {
		return fillValues(t.Context, s, size, func(int) []byte { return setCounter(make([]byte, 8), opening) })
	}
	return onStores(t, b, n, fill, func(w *harness.Window, s *site) error {
		w.Go("worker", n, func(w *harness.Worker) {
			tally := &s.tallies[w.ID]
			from, to := zipf.Draw(w.Rand(), choices), zipf.Draw(w.Rand(), choices)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					tally.begin()
					return transfer(tx, uint64(from[turn]), uint64(to[turn]), 1+uint64(turn)%opening)
				})
				if err != nil && !errors.Is(err, errOverdrawn) {
					w.Fail(err)
					return
				}
				tally.commit()
			}
		})
		if !promises(t, isolated) {
			total = 0
		}
		w.Go("reader", readers.Of(t), func(w *harness.Worker) {
			for w.Next() {
				if err := addUp(s, size, total); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return addUp(s, size, total) })
		return nil
	})
}

// transfer moves an amount. The account that gets it is changed first, so that a rollback
// has something to do.
func transfer(tx txns.Tx, from, to, amount uint64) error {
	if err := change(tx, to, amount); err != nil {
		return err
	}
	return change(tx, from, -amount)
}

func change(tx txns.Tx, account, amount uint64) error {
	value, err := tx.Get(account)
	if err != nil {
		return err
	}
	have, err := counterOf(value)
	if err != nil {
		return err
	}
	if int64(have+amount) < 0 {
		return errOverdrawn
	}
	return tx.Put(account, binary.LittleEndian.AppendUint64(nil, have+amount))
}

// addUp returns an error unless the accounts hold what they had together at first. 0: what
// they hold is not known, because updates may be lost.
func addUp(s *site, n int, want uint64) error {
	var sum uint64
	var count int
	err := s.View(context.Background(), func(tx txns.Tx) error {
		sum, count = 0, 0
		return tx.Scan(0, uint64(n-1), func(_ uint64, value []byte) bool {
			sum += binary.LittleEndian.Uint64(value)
			count++
			return true
		})
	})
	switch {
	case err != nil:
		return err
	case count != n:
		return fmt.Errorf("a View saw %d of %d accounts", count, n)
	case want > 0 && sum != want:
		return fmt.Errorf("a View saw %d in all accounts, want %d", sum, want)
	}
	return nil
}
