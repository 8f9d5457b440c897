package pessimistic_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/pessimistic"
)

// unsynced runs test for each store that does not wait for a disk.
func unsynced(t *testing.T, test func(t *testing.T, i impls.Impl[txn.Backend]), promises ...impls.Promise) {
	t.Helper()
	var table []impls.Impl[txn.Backend]
	for _, i := range pessimistic.All() {
		if !i.Has(txn.Durable) {
			table = append(table, i)
		}
	}
	implstest.Each(t, table, test, promises...)
}

// together runs n goroutines and fails for each error.
func together(t *testing.T, n int, run func(worker int, r *rand.Rand) error) {
	t.Helper()
	var wg sync.WaitGroup
	for worker := range n {
		wg.Go(func() {
			if err := run(worker, rand.New(rand.NewPCG(uint64(worker), 7))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// numberOf returns the number at a key, 0 if there is none.
func numberOf(tx txn.Tx, key uint64) (uint64, error) {
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(value), nil
}

const (
	workers = 6
	turns   = 150
)

// Each transaction counts the keys of a range and adds one with the count as its value. No
// two of them may have seen the same count: the second would be a phantom of the first.
func TestNoPhantoms(t *testing.T) {
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Exponential})
		together(t, workers, func(_ int, r *rand.Rand) error {
			for range turns / 5 {
				key := r.Uint64N(1 << 32)
				if err := s.Update(t.Context(), func(tx txn.Tx) error { return addCounted(tx, key) }); err != nil {
					return err
				}
			}
			return nil
		})
		var seen []uint64
		err := s.View(t.Context(), func(tx txn.Tx) error {
			seen = nil
			return tx.Scan(0, math.MaxUint64, func(_ uint64, value []byte) bool {
				seen = append(seen, binary.BigEndian.Uint64(value))
				return true
			})
		})
		slices.Sort(seen)
		for i, n := range seen {
			if n != uint64(i) {
				t.Fatalf("got count %d as the one of rank %d (%v), want each once", n, i, err)
			}
		}
		if len(seen) != workers*(turns/5) {
			t.Errorf("got %d keys and %v, want %d", len(seen), err, workers*(turns/5))
		}
	})
}

func addCounted(tx txn.Tx, key uint64) error {
	n := uint64(0)
	err := tx.Scan(0, 1<<32, func(uint64, []byte) bool { n++; return true })
	runtime.Gosched()
	return errors.Join(err, tx.Put(key, number(n)))
}

// Of two keys, at most one may exist: a transaction puts one if the other is missing, or
// deletes what it finds. The other is a gap, of which the neighbors come and go.
func TestMissingKeysAreLocked(t *testing.T) {
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Exponential})
		together(t, workers, func(worker int, r *rand.Rand) error {
			for range turns {
				pair := 100 * r.Uint64N(3)
				one, other := pair+10, pair+90
				if r.IntN(2) == 0 {
					one, other = other, one
				}
				err := s.Update(t.Context(), func(tx txn.Tx) error { return flip(tx, one, other) })
				neighbor := pair + 11 + r.Uint64N(78)
				err = errors.Join(err, s.Update(t.Context(), func(tx txn.Tx) error { return toggle(tx, neighbor) }))
				if err != nil {
					return fmt.Errorf("worker %d: %w", worker, err)
				}
			}
			return nil
		})
	})
}

// flip puts one of two keys, unless the other is there, or deletes it.
func flip(tx txn.Tx, one, other uint64) error {
	if v, err := tx.Get(other); v != nil || err != nil {
		return err
	}
	runtime.Gosched()
	v, err := tx.Get(one)
	switch {
	case err != nil:
		return err
	case v != nil:
		return tx.Delete(one)
	}
	if err := tx.Put(one, nil); err != nil {
		return err
	}
	if v, err := tx.Get(other); v != nil || err != nil {
		return errors.Join(err, errors.New("got both keys, want at most one"))
	}
	return nil
}

func toggle(tx txn.Tx, key uint64) error {
	v, err := tx.Get(key)
	switch {
	case err != nil:
		return err
	case v != nil:
		return tx.Delete(key)
	}
	return tx.Put(key, nil)
}

func increment(tx txn.Tx, key uint64) error {
	n, err := numberOf(tx, key)
	if err != nil {
		return err
	}
	return tx.Put(key, number(n+1))
}

func total(t *testing.T, s txn.Store) (sum uint64) {
	t.Helper()
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		sum = 0
		return tx.Scan(0, math.MaxUint64, func(_ uint64, value []byte) bool {
			sum += binary.BigEndian.Uint64(value)
			return true
		})
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
	return sum
}

// A wait for a lock ends with its context, and those behind it are served.
func TestWaitsEndWithTheContext(t *testing.T) {
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Exponential})
		locked, unlock := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { // the holder
			var once sync.Once
			if err := s.Update(context.Background(), func(tx txn.Tx) error {
				err := increment(tx, 1)
				once.Do(func() { close(locked) })
				<-unlock
				return err
			}); err != nil {
				t.Errorf("the holder: got %v, want none", err)
			}
		})
		<-locked
		for n := range 3 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+5*n)*time.Millisecond)
			wg.Go(func() {
				defer cancel()
				err := s.Update(ctx, func(tx txn.Tx) error { return errors.Join(increment(tx, 0), increment(tx, 1)) })
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("a waiter: got %v, want the error of its context", err)
				}
			})
			<-ctx.Done()
		}
		time.AfterFunc(10*time.Millisecond, func() { close(unlock) })
		wg.Go(func() {
			if err := s.Update(context.Background(), func(tx txn.Tx) error { return increment(tx, 1) }); err != nil {
				t.Errorf("a waiter whose context does not end: got %v, want none", err)
			}
		})
		wg.Wait()
		if got := total(t, s); got != 2 {
			t.Errorf("got %d increments, want 2", got)
		}
	}, impls.Cancellable)
}

// Keys that come and go leave no records.
func TestDeletedRecordsGo(t *testing.T) {
	keys := uint64(100_000)
	if implstest.UnderRace() { // which is slow
		keys = 5000
	}
	for name, s := range pessimistic.TwoPhaseStores(txn.Options{}) {
		t.Run(name, func(t *testing.T) {
			for key := range keys {
				if err := errors.Join(
					s.Update(t.Context(), func(tx txn.Tx) error { return tx.Put(key, nil) }),
					s.Update(t.Context(), func(tx txn.Tx) error { return tx.Delete(key) }),
				); err != nil {
					t.Fatalf("key %d: got %v, want none", key, err)
				}
			}
			if got := pessimistic.Records(s); got != 0 {
				t.Errorf("got %d records, want 0", got)
			}
		})
	}
}

// Transactions that lock, upgrade, insert, delete, scan and roll back in any order.
func TestEverythingTogether(t *testing.T) {
	const keys = 12
	refused := errors.New("the body's own error")
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Exponential})
		balance := make([]uint64, workers)
		together(t, workers, func(worker int, r *rand.Rand) error {
			for range turns {
				seed, given := r.Uint64(), uint64(0)
				err := s.Update(t.Context(), func(tx txn.Tx) (err error) {
					r := rand.New(rand.NewPCG(seed, 1))
					if given, err = shuffle(tx, r, keys); err == nil && r.IntN(4) == 0 {
						return refused
					}
					return err
				})
				switch {
				case err == nil:
					balance[worker] += given
				case !errors.Is(err, refused):
					return err
				}
			}
			return nil
		})
		want := uint64(0)
		for _, b := range balance {
			want += b
		}
		if got := total(t, s); got != want {
			t.Errorf("got %d in all, want %d", got, want)
		}
	})
}

// shuffle adds to some keys, and moves all of a key to another one. It returns how much it
// added.
func shuffle(tx txn.Tx, r *rand.Rand, keys uint64) (given uint64, err error) {
	for range 1 + r.IntN(5) {
		key := r.Uint64N(keys)
		switch r.IntN(4) {
		case 0:
			err = tx.Scan(key, key+3, func(uint64, []byte) bool { return true })
		case 1:
			n, e := numberOf(tx, key)
			to := r.Uint64N(keys)
			err = errors.Join(e, tx.Delete(key))
			m, e := numberOf(tx, to)
			err = errors.Join(err, e, tx.Put(to, number(n+m)))
		default:
			given++
			err = increment(tx, key)
		}
		if err != nil {
			return 0, err
		}
	}
	return given, nil
}
