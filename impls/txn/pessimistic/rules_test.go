package pessimistic_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/pessimistic"
)

// Two transactions that lock a key each and then need the other one's.
func TestCrossing(t *testing.T) {
	for name, want := range map[string]txn.Reason{
		"wait-die": txn.Died, "wound-wait": txn.Wounded, "deadlock-detection": txn.Deadlock, "no-wait": txn.Locked,
	} {
		t.Run(name, func(t *testing.T) {
			for range 50 {
				s := open(t, named(t, name), txn.Options{Attempts: 1})
				if err := s.Update(t.Context(), func(tx txn.Tx) error { return fill(tx, 6) }); err != nil {
					t.Fatalf("Update: got %v, want none", err)
				}
				older, younger := cross(s)
				switch {
				case name == "no-wait" && older != nil: // both ask, so either may be refused
					if c := txn.Conflicted(older); c == nil || c.Reason != want {
						t.Fatalf("the older one: got %v, want the conflict %v", older, want)
					}
				case older != nil:
					t.Fatalf("the older one: got %v, want none", older)
				default:
					if c := txn.Conflicted(younger); c == nil || c.Reason != want || !errors.Is(younger, txn.ErrAborted) {
						t.Fatalf("the younger one: got %v, want the conflict %v", younger, want)
					}
				}
			}
		})
	}
}

func named(t *testing.T, name string) impls.Impl[txn.Backend] {
	t.Helper()
	for _, i := range pessimistic.All() {
		if i.Name == name {
			return i
		}
	}
	t.Fatalf("got no store %q, want one", name)
	return impls.Impl[txn.Backend]{}
}

// cross returns the errors of both. The keys exist: else one of them is in the gap before
// the other.
func cross(s txn.Store) (older, younger error) {
	began := make(chan struct{})
	var both, wg sync.WaitGroup
	both.Add(2)
	swap := func(tx txn.Tx, own, other uint64) error {
		err := tx.Put(own, nil)
		both.Done()
		both.Wait()
		return errors.Join(err, tx.Put(other, nil))
	}
	wg.Go(func() {
		older = s.Update(context.Background(), func(tx txn.Tx) error {
			close(began)
			return swap(tx, 1, 5)
		})
	})
	<-began
	younger = s.Update(context.Background(), func(tx txn.Tx) error { return swap(tx, 5, 1) })
	wg.Wait()
	return older, younger
}

// Of two transactions that share a lock and both need it exclusive, one must start over.
func TestUpgradesConflict(t *testing.T) {
	for _, name := range []string{"no-wait", "wait-die", "wound-wait", "deadlock-detection"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, named(t, name), txn.Options{Backoff: txn.Yield})
			var wg, both sync.WaitGroup
			both.Add(2)
			for range 2 {
				first := true
				wg.Go(func() {
					if err := s.Update(context.Background(), func(tx txn.Tx) error {
						n, err := numberOf(tx, 1)
						if first {
							first = false
							both.Done()
							both.Wait()
						}
						return errors.Join(err, tx.Put(1, number(n+1)))
					}); err != nil {
						t.Errorf("Update: got %v, want none", err)
					}
				})
			}
			wg.Wait()
			if got := total(t, s); got != 2 {
				t.Errorf("got %d, want 2 increments", got)
			}
		})
	}
}

// A doomed transaction returns errors from each call, and what its body returns is ignored.
func TestDoomedTransactions(t *testing.T) {
	s := open(t, named(t, "no-wait"), txn.Options{Attempts: 1})
	err := s.Update(t.Context(), func(outer txn.Tx) error {
		if err := outer.Put(1, nil); err != nil {
			return err
		}
		inner := s.Update(t.Context(), func(tx txn.Tx) error {
			first := tx.Put(1, nil)
			_, get := tx.Get(2)
			for name, err := range map[string]error{
				"the call in conflict": first, "Get": get, "Put": tx.Put(2, nil), "Delete": tx.Delete(2),
				"Scan": tx.Scan(0, math.MaxUint64, func(uint64, []byte) bool { return true }),
			} {
				if txn.Conflicted(err) == nil {
					t.Errorf("%s: got %v, want a conflict", name, err)
				}
			}
			return nil
		})
		if c := txn.Conflicted(inner); c == nil || c.Reason != txn.Locked {
			t.Errorf("the Update in conflict: got %v, want the conflict %v", inner, txn.Locked)
		}
		return nil
	})
	if err != nil {
		t.Errorf("Update: got %v, want none", err)
	}
}
