package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// snapshots has transactions that set all records to one number, beside others that read
// them: by key, once more, and by a scan. All that one of them read is equal.
var snapshots = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "snapshot", Turn: "reading transaction",
		About:  "transactions set all records to one number, and others that read them see them equal",
		Params: []harness.AnyParam{load.Goroutines, writersBeside, records, yields, backoff}, Allocates: true,
		Probes: isolated,
		Points: harness.Points{Stress: yielding(yields.In(2),
			load.Goroutines.In(1, 2, 6), writersBeside.In(1, 2, 4), harness.Within(records, 2, 40),
		)},
	},
	Accepts: makes(isolated),
	Run:     func(t *harness.Trial, b txns.Backend) error { return runSnapshots(t, b, false) },
}

// opaque is snapshot in which attempts that cannot commit must see the same.
var opaque = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "opaque", Turn: "reading transaction",
		About:  "transactions set all records to one number, and others see them equal in every attempt",
		Params: snapshots.Params, Allocates: true,
		Needs: []impls.Promise{txns.Opaque}, Probes: []impls.Promise{txns.Opaque},
		Points: snapshots.Points,
	},
	Run: func(t *harness.Trial, b txns.Backend) error { return runSnapshots(t, b, true) },
}

var writersBeside = harness.Param[int]{
	Key: "writers", About: "goroutines that set all records, 1 to 1000",
	Default: 1, Valid: harness.Between(1, 1000), Crowd: true,
}

// errUnequal is what differs between two reads of a transaction.
var errUnequal = errors.New("not of one state")

func runSnapshots(t *harness.Trial, b txns.Backend, always bool) error {
	size := records.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		// look reads all records. What it finds wrong counts at once, or if the attempt commits.
		look := func(w *harness.Worker, tx txns.Tx, keys []int) (n uint64, wrong, err error) {
			n, err = readAll(tx, w.Rand(), keys, yields.Of(t))
			if !errors.Is(err, errUnequal) {
				return n, nil, err
			}
			if always {
				w.Fail(err)
			}
			return n, err, nil
		}
		w.Go("reader", load.Goroutines.Of(t), func(w *harness.Worker) {
			keys := w.Rand().Perm(size)
			for w.Next() {
				run := s.View
				if w.Rand().IntN(2) == 0 {
					run = s.Update
				}
				var wrong error
				err := run(context.Background(), func(tx txns.Tx) (err error) {
					_, wrong, err = look(w, tx, keys)
					return err
				})
				if err = errors.Join(err, wrong); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Go("writer", writersBeside.Of(t), func(w *harness.Worker) {
			keys := w.Rand().Perm(size)
			for w.Next() {
				var wrong error
				err := s.Update(context.Background(), func(tx txns.Tx) error {
					n, unequal, err := look(w, tx, keys)
					wrong = unequal
					for _, key := range keys {
						if err != nil {
							return err
						}
						err = putCounter(tx, uint64(key), n+1)
					}
					return err
				})
				if err = errors.Join(err, wrong); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// readAll reads counters that are all equal at any time: in a random order by key, some of
// them again, and all by a scan. The error wraps errUnequal if they are not equal.
func readAll(tx txns.Tx, rng *rand.Rand, keys []int, yields int) (n uint64, err error) {
	rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if n, err = getCounter(tx, uint64(keys[0])); err != nil {
		return 0, err
	}
	unequal := func(how string, key int, other uint64) error {
		return fmt.Errorf("a transaction read %d of record %d, and then, %s, %d of record %d, which is always equal: %w",
			n, keys[0], how, other, key, errUnequal)
	}
	var wrong error
	for i, key := range append(keys[1:], keys[0], keys[len(keys)/2]) {
		yield(yields*(i+1)/len(keys) - yields*i/len(keys))
		other, err := getCounter(tx, uint64(key))
		if err != nil {
			return 0, err
		}
		if other != n && wrong == nil {
			wrong = unequal("by its key", key, other)
		}
	}
	seen := 0
	err = tx.Scan(0, uint64(len(keys)-1), func(key uint64, value []byte) bool {
		other, err := counterOf(value)
		if wrong == nil {
			wrong = err
		}
		if other != n && wrong == nil {
			wrong = unequal("in a scan", int(key), other)
		}
		seen++
		return true
	})
	if err == nil && wrong == nil && seen != len(keys) {
		wrong = fmt.Errorf("a scan saw %d of %d records that all keep: %w", seen, len(keys), errUnequal)
	}
	return n, errors.Join(err, wrong)
}
