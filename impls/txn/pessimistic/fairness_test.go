package pessimistic_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/pessimistic"
)

// A long transaction among short ones that change the same keys.
func TestLongTransactionCommits(t *testing.T) {
	const keys = 200
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Yield})
		done := make(chan struct{})
		short := uint64(0)
		var mu sync.Mutex
		together(t, 4, func(worker int, r *rand.Rand) error {
			if worker == 0 {
				defer close(done)
				return s.Update(context.Background(), func(tx txn.Tx) error {
					for key := range uint64(keys) {
						if err := increment(tx, key); err != nil {
							return err
						}
						runtime.Gosched()
					}
					return nil
				})
			}
			for {
				select {
				case <-done:
					return nil
				default:
				}
				key := r.Uint64N(keys - 1)
				if err := s.Update(context.Background(), func(tx txn.Tx) error {
					return errors.Join(increment(tx, key+1), increment(tx, key))
				}); err != nil {
					return err
				}
				mu.Lock()
				short++
				mu.Unlock()
				runtime.Gosched() // the long one does, too
			}
		})
		if got, want := total(t, s), keys+2*short; got != want {
			t.Errorf("got %d increments, want %d", got, want)
		}
	}, impls.StarvationFree)
}

// Once all that started before a transaction have ended, it is aborted no more: it is
// then the oldest, whatever those that have started since want.
func TestTheOldestIsNotAborted(t *testing.T) {
	const keys = 8
	unsynced(t, func(t *testing.T, i impls.Impl[txn.Backend]) {
		s := open(t, i, txn.Options{Backoff: txn.Yield})
		older, started, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
		var attempts, before, short atomic.Int64
		together(t, 5, func(worker int, r *rand.Rand) error {
			switch worker {
			case 0: // locks what the second one needs, while others come
				err := s.Update(context.Background(), func(tx txn.Tx) error {
					err := tx.Put(0, nil)
					close(older)
					for <-started; short.Load() < 20; {
						runtime.Gosched()
					}
					return err
				})
				before.Store(attempts.Load())
				return err
			case 1:
				<-older
				defer close(done)
				return s.Update(context.Background(), func(tx txn.Tx) error {
					if attempts.Add(1) == 1 {
						close(started)
					}
					return fill(tx, keys)
				})
			}
			for <-started; ; short.Add(1) {
				runtime.Gosched()
				select {
				case <-done:
					return nil
				default:
				}
				key := 1 + r.Uint64N(keys-1)
				if err := s.Update(context.Background(), func(tx txn.Tx) error { return fillDown(tx, key) }); err != nil {
					return err
				}
			}
		})
		if got, most := attempts.Load(), before.Load()+1; got > most {
			t.Errorf("got %d attempts, want at most %d, that under way when it became the oldest and one more", got, most)
		}
	}, impls.StarvationFree, impls.Cancellable)
}

// fill puts n keys.
func fill(tx txn.Tx, n uint64) error {
	for key := range n {
		if err := tx.Put(key, nil); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

// fillDown puts a key and then the few below it, but for 0.
func fillDown(tx txn.Tx, key uint64) error {
	for k := key; k > 0 && k+3 > key; k-- {
		if err := tx.Put(k, nil); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

// A reader that comes after a writer waits does not pass it.
func TestReadersDoNotPassAWriter(t *testing.T) {
	for _, name := range []string{"wait-die", "wound-wait", "deadlock-detection"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, named(t, name), txn.Options{Backoff: txn.Yield})
			if err := s.Update(t.Context(), func(tx txn.Tx) error { return tx.Put(1, number(1)) }); err != nil {
				t.Fatalf("Update: got %v, want none", err)
			}
			began, read, waits := make(chan struct{}), make(chan struct{}), make(chan struct{})
			var attempts, seen atomic.Uint64
			together(t, 3, func(worker int, _ *rand.Rand) error {
				switch worker {
				case 0: // shares the lock until the second reader has asked for it
					<-began
					return s.View(context.Background(), func(tx txn.Tx) error {
						_, err := tx.Get(1)
						close(read)
						waitUntil(func() bool { return pessimistic.Waiters(s, 1) == 1 })
						close(waits)
						waitUntil(func() bool {
							return seen.Load() > 0 || attempts.Load() > 1 || pessimistic.Waiters(s, 1) == 2
						})
						return err
					})
				case 1: // the oldest, so that it waits by any rule
					return s.Update(context.Background(), func(tx txn.Tx) error {
						close(began)
						<-read
						return tx.Put(1, number(2))
					})
				}
				<-waits
				return s.View(context.Background(), func(tx txn.Tx) error {
					attempts.Add(1)
					n, err := numberOf(tx, 1)
					seen.Store(n)
					return err
				})
			})
			if got := seen.Load(); got != 2 {
				t.Errorf("the second reader: got %d, want 2, which the writer had waited to put", got)
			}
		})
	}
}

func waitUntil(ready func() bool) {
	for !ready() {
		runtime.Gosched()
	}
}
