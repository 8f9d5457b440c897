package txn

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// writeSkew has the doctors of Cahill's thesis: each of two may go off duty while the
// other one is on. Under snapshot isolation both go.
//
// Source: Cahill 2009, §2.5.1.
var writeSkew = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "write-skew", Turn: "transaction",
		About:  "one of two records may become 0 while the other one is 1, and never both",
		Params: []harness.AnyParam{load.Goroutines, pairs, yields, backoff}, Allocates: true,
		Probes: serial,
		Points: harness.Points{
			Stress: yielding(yields.In(1, 3), harness.Within(load.Goroutines, 2, 16), harness.Within(pairs, 1, 20)),
		},
	},
	Accepts: makes(serial),
	Run:     runWriteSkew,
}

// rangeSkew has transactions that insert a key where a scan has found none.
var rangeSkew = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "range-skew", Turn: "transaction",
		About:  "a key is inserted into a range where a scan has found none, so there is never a second",
		Params: []harness.AnyParam{load.Goroutines, pairs, yields, backoff}, Allocates: true,
		Probes: rangeSerial,
		Points: writeSkew.Points,
	},
	Accepts: makes(rangeSerial),
	Run:     runRangeSkew,
}

var pairs = harness.Param[int]{
	Key: "groups", About: "pairs of records, or ranges, 1 to 100000", Default: 4, Valid: harness.Between(1, 100_000),
}

func runWriteSkew(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), pairs.Of(t)
	fill := func(s txns.Store) error {
		return fillValues(t.Context, s, 2*size, func(int) []byte { return setCounter(make([]byte, 8), 1) })
	}
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		w.Go("worker", n, func(w *harness.Worker) {
			for w.Next() {
				key := uint64(w.Rand().IntN(2 * size))
				var mine, other uint64
				err := s.Update(context.Background(), func(tx txns.Tx) (err error) {
					if mine, err = getCounter(tx, key); err != nil {
						return err
					}
					if other, err = getCounter(tx, key^1); err != nil {
						return err
					}
					yield(yields.Of(t))
					if mine == 0 || other == 1 {
						return putCounter(tx, key, 1-mine)
					}
					return nil
				})
				if err == nil && mine+other == 0 {
					err = errBothOff
				}
				if err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return noPairOff(t, s, size) })
		return nil
	})
}

var errBothOff = errors.New("write skew: both records of a pair are 0, and one becomes 0 only while the other is 1")

// noPairOff looks at the pairs at the end.
func noPairOff(t *harness.Trial, s *site, size int) error {
	return inChunks(size, func(from, to int) error {
		return s.View(t.Context, func(tx txns.Tx) error {
			for p := uint64(from); p < uint64(to); p++ {
				one, err := getCounter(tx, 2*p)
				if err != nil {
					return err
				}
				other, err := getCounter(tx, 2*p+1)
				if err != nil {
					return err
				}
				if one+other == 0 {
					return errBothOff
				}
			}
			return nil
		})
	})
}

func yield(times int) {
	for range times {
		runtime.Gosched()
	}
}

// rangeKeys is how many keys a range of range-skew has.
const rangeKeys = 16

func runRangeSkew(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), pairs.Of(t)
	return onStores(t, b, 0, fillRanges(t, size), func(w *harness.Window, s *site) error {
		w.Go("worker", n, func(w *harness.Worker) {
			for w.Next() {
				number := uint64(w.Rand().IntN(2 * size))
				own := rangeKeys*number + uint64(w.ID%rangeKeys)
				var keys []uint64
				err := s.Update(context.Background(), func(tx txns.Tx) (err error) {
					if keys, err = rangeOf(tx, number); err != nil {
						return err
					}
					yield(yields.Of(t))
					has := slices.Contains(keys, own)
					switch {
					case has && len(keys) > int(number%2):
						return tx.Delete(own)
					case !has && len(keys) < 1+int(number%2)*rangeKeys:
						return tx.Put(own, []byte{byte(w.ID)})
					}
					return nil
				})
				if err == nil {
					err = judgeRange(number, keys)
				}
				if err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			return inChunks(2*size, func(from, to int) error {
				return s.View(t.Context, func(tx txns.Tx) error {
					for number := uint64(from); number < uint64(to); number++ {
						keys, err := rangeOf(tx, number)
						if err = errors.Join(err, judgeRange(number, keys)); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
		return nil
	})
}

func nothing(txns.Store) error { return nil }

func keysBetween(tx txns.Tx, first, last uint64) (keys []uint64, err error) {
	err = tx.Scan(first, last, func(key uint64, _ []byte) bool {
		keys = append(keys, key)
		return true
	})
	return keys, err
}

// fillRanges puts a key into each range of an odd number.
func fillRanges(t *harness.Trial, size int) func(txns.Store) error {
	return func(s txns.Store) error {
		return inChunks(size, func(from, to int) error {
			return s.Update(t.Context, func(tx txns.Tx) error {
				for i := uint64(from); i < uint64(to); i++ {
					if err := tx.Put(rangeKeys*(2*i+1), []byte{0}); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

func rangeOf(tx txns.Tx, number uint64) ([]uint64, error) {
	return keysBetween(tx, number*rangeKeys, number*rangeKeys+rangeKeys-1)
}

// judgeRange judges the keys of a range: those of an even number have at most one, those
// of an odd one at least one.
func judgeRange(number uint64, keys []uint64) error {
	switch {
	case number%2 == 0 && len(keys) > 1:
		return fmt.Errorf("range skew: keys %d are in one range, and each may only be inserted while there is no other", keys)
	case number%2 == 1 && len(keys) == 0:
		return fmt.Errorf("range skew: range %d has no key, and each may only be deleted while there is another", number)
	}
	return nil
}
