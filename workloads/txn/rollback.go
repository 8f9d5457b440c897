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

// rollback ends transactions in every way there is: a commit, an error, a panic,
// runtime.Goexit, a context that ends, and what they have written until then is marked.
// No other one sees a mark, and nothing is left of it.
var rollback = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "rollback", Turn: "transaction",
		About:  "transactions end by errors, panics, exits and contexts, and nobody sees what they wrote",
		Params: []harness.AnyParam{load.Goroutines, records, yields, backoff}, Allocates: true,
		Probes: txns.Levels,
		Points: harness.Points{
			Stress: yielding(yields.In(1), harness.Within(load.Goroutines, 1, 16), harness.Within(records, 1, 30)),
		},
	},
	Run: runRollback,
}

// An ending is how a transaction of rollback ends.
type ending int

const (
	commits ending = iota
	refuses
	panics
	exits
	isCancelled
	endings
)

// marked is the flag of what must not be committed.
const marked = 1 << 63

var (
	errBody  = errors.New("the body's own error")
	errPanic = errors.New("the body's panic")
)

// A quitter is a worker of rollback.
type quitter struct {
	rng    *rand.Rand
	s      *site
	size   int
	yields int
	fail   func(error)

	increments uint64
}

func runRollback(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), records.Of(t)
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, size, 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		all := make([]*quitter, n)
		w.Go("worker", n, func(w *harness.Worker) {
			q := &quitter{rng: w.Rand(), s: s, size: size, yields: yields.Of(t), fail: w.Fail}
			all[w.ID] = q
			for w.Next() {
				if err := q.transact(ending(w.Rand().IntN(int(endings)))); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			want := uint64(0)
			for _, q := range all {
				want += q.increments
			}
			if err := increaseEach(s, size); err != nil {
				return err
			}
			return checkRest(t, s, size, want+uint64(size))
		})
		return nil
	})
}

// transact runs a transaction to its end.
func (q *quitter) transact(how ending) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var kept txns.Tx
	body := func(tx txns.Tx) error {
		kept = tx
		if err := q.write(tx, how); err != nil {
			return err
		}
		return how.leave(cancel)
	}
	var got error
	switch how {
	case panics:
		got = panicOf(func() { err = q.s.Update(ctx, body) })
	case exits:
		done := make(chan struct{})
		go func() {
			defer close(done)
			got = panicOf(func() { err = q.s.Update(ctx, body) })
		}()
		<-done
	default:
		got = q.s.Update(ctx, body)
	}
	want := map[ending]error{refuses: errBody, panics: errPanic, isCancelled: context.Canceled}[how]
	if err != nil || !errors.Is(got, want) {
		return fmt.Errorf("a transaction that ends by %s: got %v, want %v", how, orNone(errors.Join(got, err)), orNone(want))
	}
	if how == commits {
		q.increments++
	}
	if how == exits { // its goroutine has ended
		return nil
	}
	return ended(kept)
}

// orNone returns an error for a text.
func orNone(err error) any {
	if err == nil {
		return "no error"
	}
	return err
}

func (e ending) String() string {
	return [endings]string{"its commit", "an error", "a panic", "runtime.Goexit", "the end of its context"}[e]
}

// ended returns an error unless a transaction says that it has ended.
func ended(tx txns.Tx) error {
	_, get := tx.Get(0)
	scan := tx.Scan(0, 1, func(uint64, []byte) bool { return true })
	for _, err := range []error{get, scan, tx.Put(0, nil), tx.Delete(0)} {
		if !errors.Is(err, txns.ErrEnded) {
			return fmt.Errorf("a call of a Tx after the end of its transaction: got %v, want ErrEnded", err)
		}
	}
	return nil
}

// panicOf returns the error with which f panics, or nil.
func panicOf(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			var ok bool
			if err, ok = p.(error); !ok {
				err = fmt.Errorf("a panic with %v", p)
			}
		}
	}()
	f()
	return nil
}

// write is what a transaction does before it ends. It looks around, and then increments
// one counter. One that will not commit marks it, deletes another one, and inserts a key.
func (q *quitter) write(tx txns.Tx, how ending) error {
	if err := q.look(tx); err != nil {
		return err
	}
	key := anyKey(q.rng, q.size)
	n, err := getCounter(tx, key)
	if err != nil {
		return err
	}
	if how == commits {
		yield(q.yields)
		return putCounter(tx, key, n+1)
	}
	if err := putCounter(tx, key, n+1|marked); err != nil {
		return err
	}
	if err := tx.Put(uint64(q.size)+anyKey(q.rng, q.size), []byte("marked")); err != nil {
		return err
	}
	yield(q.yields)
	return tx.Delete(anyKey(q.rng, q.size))
}

// look scans all, and fails at once if it sees what was not committed: no attempt may.
func (q *quitter) look(tx txns.Tx) error {
	seen := 0
	err := tx.Scan(0, uint64(2*q.size), func(key uint64, value []byte) bool {
		seen++
		if key >= uint64(q.size) || len(value) != 8 || binary.LittleEndian.Uint64(value)&marked != 0 {
			q.fail(fmt.Errorf("a transaction saw %q under key %d, which was never committed", value, key))
		}
		return true
	})
	if err == nil && seen < q.size {
		q.fail(fmt.Errorf("a transaction saw %d of %d records, and no delete was ever committed", seen, q.size))
	}
	return err
}

// attemptsAlone is how often a transaction may run that no other one runs beside.
const attemptsAlone = 100

// increaseEach increments all counters in one transaction, which nothing stands in the way
// of.
func increaseEach(s txns.Store, size int) error {
	bodies := 0
	err := s.Update(context.Background(), func(tx txns.Tx) error {
		if bodies++; bodies > attemptsAlone {
			return fmt.Errorf("a transaction ran %d times, and no other one was under way", bodies)
		}
		for key := range size {
			if err := increase(tx, uint64(key), 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing all keys when all other transactions have ended: %w", err)
	}
	return nil
}

// checkRest is checkCounters for a store that has nothing else.
func checkRest(t *harness.Trial, s *site, size int, want uint64) error {
	if err := checkCounters(t, s, size, want); err != nil {
		return err
	}
	return s.View(t.Context, func(tx txns.Tx) error {
		keys, err := keysBetween(tx, uint64(size), ^uint64(0))
		if err == nil && len(keys) > 0 {
			err = fmt.Errorf("keys %d are left, which were never committed", keys)
		}
		return err
	})
}
