// Package txntest tests stores against the contract of package txn, with one goroutine or
// two at a time. What many do together is for the loads.
package txntest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/impls/txn"
)

// Contract tests the stores that open opens, each empty.
func Contract(t *testing.T, open func(t *testing.T, o txn.Options) txn.Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s txn.Store)
	}{
		{"values", testValues},
		{"scans", testScans},
		{"own writes", testOwnWrites},
		{"rollback", testRollback},
		{"panics", testPanics},
		{"ended", testEnded},
		{"views", testViews},
		{"contexts", testContexts},
		{"copies", testCopies},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, txn.Options{Backoff: txn.Yield})
			c.test(t, s)
			if err := s.Close(); err != nil {
				t.Errorf("Close: got %v, want none", err)
			}
		})
	}
}

// update runs a transaction that must commit.
func update(t *testing.T, s txn.Store, body func(txn.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), body); err != nil {
		t.Fatalf("Update: got %v, want none", err)
	}
}

// put sets keys to values of their own.
func put(t *testing.T, s txn.Store, keys ...uint64) {
	t.Helper()
	update(t, s, func(tx txn.Tx) error {
		for _, k := range keys {
			if err := tx.Put(k, valueOf(k)); err != nil {
				return err
			}
		}
		return nil
	})
}

func valueOf(key uint64) []byte { return fmt.Appendf(nil, "value of %d", key) }

// content returns the keys from first to last, and fails unless each has its value.
func content(t *testing.T, tx txn.Tx, first, last uint64) (keys []uint64) {
	t.Helper()
	err := tx.Scan(first, last, func(key uint64, value []byte) bool {
		if !bytes.Equal(value, valueOf(key)) {
			t.Errorf("Scan: got %q for key %d, want %q", value, key, valueOf(key))
		}
		keys = append(keys, key)
		return true
	})
	if err != nil {
		t.Errorf("Scan: got %v, want none", err)
	}
	return keys
}

// expect fails unless the store has exactly these keys.
func expect(t *testing.T, s txn.Store, want ...uint64) {
	t.Helper()
	var got []uint64
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		got = content(t, tx, 0, math.MaxUint64)
		return nil
	}); err != nil {
		t.Fatalf("View: got %v, want none", err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got keys %d, want %d", got, want)
	}
}

func testValues(t *testing.T, s txn.Store) {
	update(t, s, func(tx txn.Tx) error {
		return errors.Join(tx.Put(1, nil), tx.Put(2, []byte{}), tx.Put(3, []byte("three")), tx.Delete(4))
	})
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		for key, want := range [][]byte{nil, {}, {}, []byte("three"), nil} {
			got, err := tx.Get(uint64(key))
			if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
				t.Errorf("key %d: got %#v, %v, want %#v", key, got, err, want)
			}
		}
		return nil
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
	update(t, s, func(tx txn.Tx) error { return errors.Join(tx.Delete(1), tx.Delete(2), tx.Delete(3)) })
	expect(t, s)
}

func testScans(t *testing.T, s txn.Store) {
	all := []uint64{0, 1, 255, 256, 1 << 40, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64}
	put(t, s, all...)
	expect(t, s, all...)
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		for _, c := range []struct {
			first, last uint64
			want        []uint64
		}{
			{1, 256, all[1:4]},
			{2, 254, nil},
			{255, 255, all[2:3]},
			{256, 255, nil},
			{math.MaxInt64 + 1, math.MaxUint64, all[6:]},
			{0, 0, all[:1]},
		} {
			if got := content(t, tx, c.first, c.last); !slices.Equal(got, c.want) {
				t.Errorf("Scan(%d, %d): got %d, want %d", c.first, c.last, got, c.want)
			}
		}
		n := 0
		err := tx.Scan(0, math.MaxUint64, func(uint64, []byte) bool { n++; return n < 3 })
		if err != nil || n != 3 {
			t.Errorf("a visitor that stops at the third key: got %d calls and %v", n, err)
		}
		return nil
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
}

func testOwnWrites(t *testing.T, s txn.Store) {
	put(t, s, 10, 20, 30)
	update(t, s, func(tx txn.Tx) error {
		err := errors.Join(tx.Put(5, valueOf(5)), tx.Put(15, valueOf(15)), tx.Delete(20), tx.Put(35, valueOf(35)),
			tx.Put(40, valueOf(40)), tx.Delete(40), tx.Delete(30), tx.Put(30, valueOf(30)))
		if got, want := content(t, tx, 0, 100), []uint64{5, 10, 15, 30, 35}; !slices.Equal(got, want) {
			t.Errorf("its own writes: got %d, want %d", got, want)
		}
		if got, want := content(t, tx, 6, 30), []uint64{10, 15, 30}; !slices.Equal(got, want) {
			t.Errorf("its own writes from 6 to 30: got %d, want %d", got, want)
		}
		for key, want := range map[uint64]bool{5: true, 20: false, 30: true, 40: false} {
			if got, err := tx.Get(key); err != nil || (got != nil) != want {
				t.Errorf("Get(%d) of its own: got %q, %v, want a value: %v", key, got, err, want)
			}
		}
		return err
	})
	expect(t, s, 5, 10, 15, 30, 35)
}

func testRollback(t *testing.T, s txn.Store) {
	put(t, s, 1, 2)
	refused := errors.New("the body's own error")
	err := s.Update(t.Context(), func(tx txn.Tx) error {
		return errors.Join(tx.Put(1, []byte("other")), tx.Delete(2), tx.Put(3, nil), tx.Put(1, []byte("another")), refused)
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update: got %v, want the body's error", err)
	}
	expect(t, s, 1, 2)
	put(t, s, 3) // nothing is locked
	expect(t, s, 1, 2, 3)
}

func testPanics(t *testing.T, s txn.Store) {
	put(t, s, 1, 2)
	write := func(tx txn.Tx) { _ = errors.Join(tx.Put(1, []byte("other")), tx.Delete(2), tx.Put(3, nil)) }
	func() {
		defer func() {
			if got := recover(); got != "a body's panic" {
				t.Errorf("got panic %v, want the body's", got)
			}
		}()
		_ = s.Update(t.Context(), func(tx txn.Tx) error { write(tx); panic("a body's panic") })
		t.Error("got a return, want the body's panic")
	}()
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = s.Update(context.Background(), func(tx txn.Tx) error { write(tx); runtime.Goexit(); return nil })
	}()
	<-exited
	expect(t, s, 1, 2)
	put(t, s, 1, 2, 3)
	expect(t, s, 1, 2, 3)
}

func testEnded(t *testing.T, s txn.Store) {
	var kept []txn.Tx
	keep := func(tx txn.Tx) error { kept = append(kept, tx); return nil }
	update(t, s, keep)
	_ = s.View(t.Context(), keep)
	_ = s.Update(t.Context(), func(tx txn.Tx) error { return errors.Join(keep(tx), errors.ErrUnsupported) })
	for _, tx := range kept {
		_, get := tx.Get(1)
		for name, err := range map[string]error{
			"Get": get, "Put": tx.Put(1, nil), "Delete": tx.Delete(1),
			"Scan": tx.Scan(0, 9, func(uint64, []byte) bool { return true }),
		} {
			if !errors.Is(err, txn.ErrEnded) {
				t.Errorf("%s after the end: got %v, want ErrEnded", name, err)
			}
		}
	}
	expect(t, s)
}

func testViews(t *testing.T, s txn.Store) {
	put(t, s, 1)
	if err := s.View(t.Context(), func(tx txn.Tx) error {
		for name, err := range map[string]error{"Put": tx.Put(1, nil), "Delete": tx.Delete(1)} {
			if !errors.Is(err, txn.ErrReadOnly) {
				t.Errorf("%s in a View: got %v, want ErrReadOnly", name, err)
			}
		}
		if got := content(t, tx, 0, 9); !slices.Equal(got, []uint64{1}) {
			t.Errorf("a View after ErrReadOnly: got %d, want it to read on", got)
		}
		return nil
	}); err != nil {
		t.Errorf("View: got %v, want none", err)
	}
	expect(t, s, 1)
}

// A transaction whose context ends does not commit.
func testContexts(t *testing.T, s txn.Store) {
	put(t, s, 1)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, run := range map[string]func(context.Context, func(txn.Tx) error) error{"Update": s.Update, "View": s.View} {
		if err := run(ended, func(txn.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s under a context that has ended: got %v, want its error", name, err)
		}
	}
	during, cancel := context.WithTimeout(t.Context(), time.Hour)
	err := s.Update(during, func(tx txn.Tx) error {
		err := tx.Put(2, valueOf(2))
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ends in the body: got %v, want its error", err)
	}
	expect(t, s, 1)
	put(t, s, 1, 2)
	expect(t, s, 1, 2)
}

// The store has a copy of what it was given.
func testCopies(t *testing.T, s txn.Store) {
	var before []byte
	update(t, s, func(tx txn.Tx) error {
		given := valueOf(1)
		err := tx.Put(1, given)
		clear(given)
		return err
	})
	expect(t, s, 1)
	_ = s.View(t.Context(), func(tx txn.Tx) (err error) {
		before, err = tx.Get(1)
		return err
	})
	update(t, s, func(tx txn.Tx) error { return tx.Put(1, []byte("other")) })
	if !bytes.Equal(before, valueOf(1)) {
		t.Errorf("a value that was read earlier: got %q, want %q", before, valueOf(1))
	}
}
