// Package anomaly tries to show anomalies of stores by two transactions, of which one runs
// inside the body of the other. It is for tests.
package anomaly

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// An Anomaly is what an order of transactions, one after the other, cannot explain.
type Anomaly struct {
	Name string
	// Levels are the promises under which it cannot happen.
	Levels []impls.Promise
	// Shows reports whether an empty store shows it.
	Shows func(t *testing.T, s txn.Store) bool
}

// ShowsIn reports whether one of n stores shows the anomaly. What chance decides on a busy
// machine may not show at once.
func (a Anomaly) ShowsIn(t *testing.T, n int, open func() txn.Store) bool {
	t.Helper()
	for range n {
		s := open()
		shown := a.Shows(t, s)
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want none", err)
		}
		if shown {
			return true
		}
	}
	return false
}

// All are the anomalies. Berenson et al. 1995 name them.
var All = []Anomaly{
	{"lost update", atLeast(txn.Snapshot), lostUpdate},
	{"read skew", atLeast(txn.Snapshot), func(t *testing.T, s txn.Store) bool { return readSkew(t, s, false) }},
	{"read skew of an attempt", []impls.Promise{txn.Opaque}, func(t *testing.T, s txn.Store) bool {
		return readSkew(t, s, true)
	}},
	{"fuzzy scan", atLeast(txn.Snapshot, txn.ItemSerializable), fuzzyScan},
	{"write skew", atLeast(txn.ItemSerializable), writeSkew},
	{"write skew by a deletion", atLeast(txn.ItemSerializable), deletionSkew},
	{"phantom", atLeast(txn.Serializable), phantom},
}

// atLeast returns the levels from the strongest to the given one, but those without.
func atLeast(level impls.Promise, without ...impls.Promise) (levels []impls.Promise) {
	for _, l := range txn.Levels {
		if len(without) == 0 || l != without[0] {
			levels = append(levels, l)
		}
		if l == level {
			break
		}
	}
	return levels
}

// moment is how long a transaction is given that may wait for the one that it runs inside.
const moment = 300 * time.Millisecond

// inside runs a transaction to its end, or until it has waited for a moment. Then it goes
// on beside the caller.
func inside(t *testing.T, s txn.Store, body func(txn.Tx) error) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Update(context.Background(), body); err != nil {
			t.Errorf("the inner Update: got %v, want none", err)
		}
	}()
	select {
	case <-done:
	case <-time.After(moment):
	}
	return done
}

// around runs outer, with inner inside its first attempt, by a call of the function that
// outer gets.
func around(t *testing.T, s txn.Store, outer func(tx txn.Tx, inner func()) error, inner func(txn.Tx) error) {
	t.Helper()
	var ended <-chan struct{}
	once := func() {
		if ended == nil {
			ended = inside(t, s, inner)
		}
	}
	if err := s.Update(t.Context(), func(tx txn.Tx) error { return outer(tx, once) }); err != nil {
		t.Errorf("the outer Update: got %v, want none", err)
	}
	<-ended
}

func fill(t *testing.T, s txn.Store, values map[uint64]string) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx txn.Tx) error {
		for key, value := range values {
			if err := tx.Put(key, []byte(value)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatalf("filling the store: got %v, want none", err)
	}
}

// content returns the value of a key at the end.
func content(t *testing.T, s txn.Store, key uint64) (value string) {
	t.Helper()
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		b, err := tx.Get(key)
		value = string(b)
		return err
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
	return value
}

func lostUpdate(t *testing.T, s txn.Store) bool {
	fill(t, s, map[uint64]string{1: "a"})
	add := func(tx txn.Tx, between func()) error {
		old, err := tx.Get(1)
		if err != nil {
			return err
		}
		between()
		return tx.Put(1, append(old, 'a'))
	}
	around(t, s, add, func(tx txn.Tx) error { return add(tx, func() {}) })
	return content(t, s, 1) != "aaa"
}

// readSkew reports whether one transaction sees half of what another one changed.
func readSkew(t *testing.T, s txn.Store, anyAttempt bool) (shown bool) {
	fill(t, s, map[uint64]string{1: "old", 2: "old"})
	around(t, s, func(tx txn.Tx, inner func()) error {
		one, err := tx.Get(1)
		if err != nil {
			return err
		}
		inner()
		two, err := tx.Get(2)
		if err != nil {
			return err
		}
		half := string(one) != string(two)
		shown = half || anyAttempt && shown
		return nil
	}, func(tx txn.Tx) error {
		return errors.Join(tx.Put(1, []byte("new")), tx.Put(2, []byte("new")))
	})
	return shown
}

// count returns how many keys are in the range that scans are about.
func count(tx txn.Tx) (n int, err error) {
	err = tx.Scan(10, 19, func(uint64, []byte) bool { n++; return true })
	return n, err
}

// fuzzyScan reports whether two scans of a transaction differ.
func fuzzyScan(t *testing.T, s txn.Store) (shown bool) {
	fill(t, s, map[uint64]string{11: ""})
	around(t, s, func(tx txn.Tx, inner func()) error {
		before, err := count(tx)
		if err != nil {
			return err
		}
		inner()
		after, err := count(tx)
		shown = before != after
		return err
	}, func(tx txn.Tx) error { return tx.Put(12, nil) })
	return shown
}

// writeSkew has two doctors that each leave only if the other one stays.
func writeSkew(t *testing.T, s txn.Store) bool {
	fill(t, s, map[uint64]string{1: "stays", 2: "stays"})
	leave := func(tx txn.Tx, who, other uint64, between func()) error {
		mine, err := tx.Get(who)
		if err != nil {
			return err
		}
		theirs, err := tx.Get(other)
		if err != nil {
			return err
		}
		between()
		if string(mine) == "stays" && string(theirs) == "stays" {
			return tx.Put(who, []byte("leaves"))
		}
		return nil
	}
	around(t, s, func(tx txn.Tx, inner func()) error { return leave(tx, 1, 2, inner) },
		func(tx txn.Tx) error { return leave(tx, 2, 1, func() {}) })
	return content(t, s, 1) == "leaves" && content(t, s, 2) == "leaves"
}

// deletionSkew has a transaction see a record of a range that another one deletes, which
// misses the key that the first one adds.
func deletionSkew(t *testing.T, s txn.Store) bool {
	fill(t, s, map[uint64]string{11: ""})
	var saw, missed bool
	around(t, s, func(tx txn.Tx, inner func()) error {
		n, err := count(tx)
		saw = n == 1
		inner()
		return errors.Join(err, tx.Put(1, nil))
	}, func(tx txn.Tx) error {
		value, err := tx.Get(1)
		missed = value == nil
		return errors.Join(err, tx.Delete(11))
	})
	return saw && missed
}

// phantom has two transactions each add a key to a range that it saw empty.
func phantom(t *testing.T, s txn.Store) bool {
	seen := [2]int{}
	add := func(tx txn.Tx, who int, between func()) (err error) {
		if seen[who], err = count(tx); err != nil {
			return err
		}
		between()
		return tx.Put(uint64(11+who), nil)
	}
	around(t, s, func(tx txn.Tx, inner func()) error { return add(tx, 0, inner) },
		func(tx txn.Tx) error { return add(tx, 1, func() {}) })
	return seen == [2]int{}
}

// HalfReads runs a body that reads half of what another transaction changed inside it, if
// the store lets it, and calls half then. It returns how often the body ran, and what
// Update returned.
func HalfReads(t *testing.T, s txn.Store, half func() error) (runs int, err error) {
	t.Helper()
	fill(t, s, map[uint64]string{1: "old", 2: "old"})
	err = s.Update(t.Context(), func(tx txn.Tx) error {
		runs++
		one, err := tx.Get(1)
		if err != nil {
			return err
		}
		if runs == 1 {
			<-inside(t, s, func(tx txn.Tx) error {
				return errors.Join(tx.Put(1, []byte("new")), tx.Put(2, []byte("new")))
			})
		}
		two, err := tx.Get(2)
		if err != nil {
			return err
		}
		if string(one) != string(two) {
			return half()
		}
		return nil
	})
	return runs, err
}
