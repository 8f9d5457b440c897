package optimistic

import (
	"context"
	"testing"

	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
)

// ours are the stores that keep their memory in a pool, and how many keys their indexes
// have.
func ours() map[string]struct {
	txn.Store
	keys func() int
} {
	silo, tictoc, tl2, mvcc, ssi := NewSilo(txn.Options{}), NewTicToc(txn.Options{}), NewTL2(txn.Options{}),
		NewMVCC(txn.Options{}), NewSSI(txn.Options{})
	return map[string]struct {
		txn.Store
		keys func() int
	}{
		"silo": {silo, silo.index.Len}, "tictoc": {tictoc, tictoc.index.Len}, "tl2": {tl2, tl2.index.Len},
		"mvcc": {mvcc, mvcc.index.Len}, "ssi": {ssi, ssi.index.Len},
	}
}

// A View of 16 keys allocates its Tx, and nothing for what it reads. An Update of 8 keys
// allocates the 8 values and what holds each.
func TestAllocations(t *testing.T) {
	if implstest.UnderRace() {
		t.Skip("the race detector empties pools at random")
	}
	ctx, value := context.Background(), make([]byte, 64)
	read := func(tx txn.Tx) error {
		for key := range uint64(16) {
			if _, err := tx.Get(key); err != nil {
				return err
			}
		}
		return nil
	}
	write := func(tx txn.Tx) error {
		for key := range uint64(8) {
			if err := tx.Put(key, value); err != nil {
				return err
			}
		}
		return nil
	}
	for name, s := range ours() {
		if got := testing.AllocsPerRun(100, func() { _ = s.Update(ctx, write) }); got > 17 {
			t.Errorf("%s: got %v allocations for an Update of 8 keys, want at most 17", name, got)
		}
		if got := testing.AllocsPerRun(100, func() { _ = s.View(ctx, read) }); got > 1 {
			t.Errorf("%s: got %v allocations for a View of 16 keys, want the one of its Tx", name, got)
		}
	}
}

// Keys that come and go, and keys that are looked for in vain, leave nothing.
func TestKeysLeaveNothing(t *testing.T) {
	keys := uint64(100_000)
	if implstest.UnderRace() {
		keys /= 10
	}
	for name, s := range ours() {
		for key := range keys {
			steps := []func(txn.Tx) error{
				func(tx txn.Tx) error { _, err := tx.Get(key); return err },
				func(tx txn.Tx) error { return tx.Put(key, nil) },
				func(tx txn.Tx) error { return tx.Delete(key) },
			}
			for _, step := range steps {
				if err := s.Update(t.Context(), step); err != nil {
					t.Fatalf("%s: got %v, want none", name, err)
				}
			}
		}
		if got := s.keys(); got > 100 {
			t.Errorf("%s: got %d keys in the index, want few of %d", name, got, keys)
		}
		if ssi, ok := s.Store.(*SSI); ok && len(ssi.misses.times) > 200 {
			t.Errorf("%s: got %d marks of missing keys, want few of %d", name, len(ssi.misses.times), keys)
		}
	}
}

// Versions are kept for as long as a transaction sees them, and not much longer.
func TestVersions(t *testing.T) {
	const changes = 1000
	s := NewMVCC(txn.Options{})
	change := func() {
		for range changes {
			if err := s.Update(t.Context(), func(tx txn.Tx) error { return tx.Put(1, []byte("new")) }); err != nil {
				t.Fatalf("Update: got %v, want none", err)
			}
		}
	}
	length := func() (n int) {
		for v := s.index.Get(1).newest.Load(); v != nil; v = v.older.Load() {
			n++
		}
		return n
	}
	if err := s.Update(t.Context(), func(tx txn.Tx) error { return tx.Put(1, []byte("old")) }); err != nil {
		t.Fatalf("Update: got %v, want none", err)
	}
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		change()
		if got, err := tx.Get(1); string(got) != "old" || err != nil {
			t.Errorf("a View of before: got %q, %v, want the old value", got, err)
		}
		return nil
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
	if got := length(); got < changes {
		t.Errorf("during the View: got %d versions, want those of all %d changes", got, changes)
	}
	change()
	if got := length(); got > 2*collectEvery+2 {
		t.Errorf("after the View: got %d versions, want at most %d", got, 2*collectEvery+2)
	}
}
