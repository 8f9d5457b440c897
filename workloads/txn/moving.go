package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// moving has values move from key to key: each transaction deletes a key and inserts
// another one. Keys come and go, and every value is always somewhere, once.
var moving = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "moving", Turn: "transaction",
		About:  "transactions delete a key and insert another one with its value, beside scans of all",
		Params: []harness.AnyParam{load.Goroutines, readers, places, valuesPct, yields, backoff}, Allocates: true,
		Probes: []impls.Promise{txns.StrictSerializable, txns.Serializable, txns.Snapshot},
		Points: harness.Points{Stress: yielding(yields.In(1),
			harness.Within(load.Goroutines, 1, 16), readers.In(0, 1, 2), harness.Within(places, 2, 100),
			valuesPct.In(50, 10, 90),
		)},
		Share: 2,
	},
	Accepts: makes(isolated),
	Run:     runMoving,
}

var (
	places = harness.Param[int]{
		Key: "places", About: "keys that come and go, 2 to 100000", Default: 10, Valid: harness.Between(2, 100_000),
	}
	valuesPct = harness.Param[int]{
		Key: "values-pct", About: "keys that have a value at a time, percent", Default: 50, Valid: harness.Between(1, 99),
	}
)

func runMoving(t *harness.Trial, b txns.Backend) error {
	size := places.Of(t)
	count := max(1, size*valuesPct.Of(t)/100)
	fill := func(s txns.Store) error {
		return fillValues(t.Context, s, count, func(key int) []byte { return setCounter(make([]byte, 8), uint64(key)) })
	}
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		w.Go("mover", load.Goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() {
				from, to := anyKey(w.Rand(), size), anyKey(w.Rand(), size)
				again := w.Rand().IntN(4) == 0
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					return moveValue(tx, w.Rand(), from, to, again, yields.Of(t))
				})
				if err != nil {
					w.Fail(err)
					return
				}
			}
		})
		if promises(t, stable) {
			w.Go("reader", readers.Of(t), func(w *harness.Worker) {
				for w.Next() {
					if err := allThere(s, size, count); err != nil {
						w.Fail(err)
						return
					}
				}
			})
		}
		w.Check(func() error { return allThere(s, size, count) })
		return nil
	})
}

// moveValue moves the value of one of two keys to the other one, if that has none. One
// that deletes a key and inserts it again leaves it as it was.
func moveValue(tx txns.Tx, rng *rand.Rand, from, to uint64, again bool, yields int) error {
	value, err := tx.Get(from)
	if err != nil {
		return err
	}
	other, err := tx.Get(to)
	if err != nil {
		return err
	}
	if value == nil {
		from, to, value, other = to, from, other, value
	}
	if value == nil || other != nil && !again {
		return nil
	}
	if again {
		to = from
	}
	// The new key first, or the old one: a scan must see neither both nor none.
	if rng.IntN(2) == 0 && !again {
		if err := tx.Put(to, value); err != nil {
			return err
		}
		yield(yields)
		return tx.Delete(from)
	}
	if err := tx.Delete(from); err != nil {
		return err
	}
	yield(yields)
	return tx.Put(to, value)
}

// allThere scans all keys, and returns an error unless it sees each value once.
func allThere(s *site, size, count int) error {
	var seen map[uint64]uint64 // key by value
	err := s.View(context.Background(), func(tx txns.Tx) error {
		seen = map[uint64]uint64{}
		var wrong error
		err := tx.Scan(0, uint64(size-1), func(key uint64, value []byte) bool {
			if len(value) != 8 {
				wrong = fmt.Errorf("a View saw %q under key %d, which was never put there", value, key)
				return false
			}
			n := binary.LittleEndian.Uint64(value)
			if other, twice := seen[n]; twice || n >= uint64(count) {
				wrong = fmt.Errorf("a View saw value %d of %d under key %d and under key %d", n, count, other, key)
			}
			seen[n] = key
			return wrong == nil
		})
		return errors.Join(err, wrong)
	})
	if err == nil && len(seen) != count {
		err = fmt.Errorf("a View saw %d of %d values that move from key to key", len(seen), count)
	}
	return err
}
