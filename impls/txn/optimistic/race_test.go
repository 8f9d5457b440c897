package optimistic_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
)

var errBoth = errors.New("two of three switches are on, of which each transaction leaves one at most")

// A toggle is how to read three switches, and to turn one off: it is on if its key has a
// value that is not empty.
type toggle struct{ scans, deletes bool }

// run turns a switch off if it is on, and any on if all are off. Two that do so at the same
// time, and commit both, leave two on.
func (g toggle) run(tx txn.Tx, r *rand.Rand) error {
	on, err := g.read(tx, r)
	switch {
	case err != nil:
		return err
	case len(on) == 0:
		return tx.Put(r.Uint64N(3), []byte("on"))
	case len(on) > 1:
		return errBoth
	case g.deletes:
		return tx.Delete(on[0])
	}
	return tx.Put(on[0], nil)
}

func (g toggle) read(tx txn.Tx, r *rand.Rand) (on []uint64, err error) {
	look := func(key uint64, value []byte) bool {
		if len(value) > 0 {
			on = append(on, key)
		}
		return true
	}
	if g.scans {
		return on, tx.Scan(0, 2, look)
	}
	for _, key := range r.Perm(3) {
		value, err := tx.Get(uint64(key))
		if err != nil {
			return nil, err
		}
		look(uint64(key), value)
		if r.IntN(8) == 0 {
			runtime.Gosched()
		}
	}
	return on, nil
}

// No transaction that commits, or returns its own error, has seen two.
func (g toggle) test(t *testing.T, i impls.Impl[txn.Backend]) {
	const goroutines = 4
	turns := 4000
	if i.Kind == impls.Library {
		turns = 500
	}
	s := open(t, i, txn.Options{Backoff: txn.Yield})
	var wg sync.WaitGroup
	for n := range goroutines {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			for range turns {
				if err := s.Update(context.Background(), func(tx txn.Tx) error { return g.run(tx, r) }); err != nil {
					t.Errorf("got %v, want none", err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("Close: got %v, want none", err)
	}
}

func TestToggles(t *testing.T) {
	for _, p := range []impls.Promise{txn.StrictSerializable, txn.Serializable, txn.ItemSerializable} {
		implstest.Each(t, optimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
			t.Run("values", func(t *testing.T) { toggle{}.test(t, i) })
			t.Run("keys", func(t *testing.T) { toggle{deletes: true}.test(t, i) })
			if p != txn.ItemSerializable {
				t.Run("scanned values", func(t *testing.T) { toggle{scans: true}.test(t, i) })
				t.Run("scanned keys", func(t *testing.T) { toggle{scans: true, deletes: true}.test(t, i) })
			}
		}, p)
	}
}
