package txn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
)

// A slip is a lab that validates all, with a flaw that one transaction alone can show.
type slip struct {
	*lab
	wrong

	mu     sync.Mutex
	handed map[uint64][]byte // what Get has returned, by key
	shared *slipTx           // a Tx for all transactions
}

// wrong is what a slip does in its own way. What is nil is right.
type wrong struct {
	run   func(s *slip, ctx context.Context, view bool, b body) error
	gets  func(t *slipTx, key uint64) ([]byte, error)
	scans func(t *slipTx, first, last uint64, visit visitor) error
	// puts and deletes are for Updates, or if inViews is set, for Views.
	puts    func(t *slipTx, key uint64, value []byte) error
	deletes func(t *slipTx, key uint64) error
	inViews bool
}

type (
	visitor = func(key uint64, value []byte) bool
	body    = func(txns.Tx) error
)

func (s *slip) Update(ctx context.Context, b body) error {
	return s.start(ctx, false, b)
}

func (s *slip) View(ctx context.Context, b body) error {
	return s.start(ctx, true, b)
}

func (s *slip) start(ctx context.Context, view bool, b body) error {
	if s.run != nil {
		return s.run(s, ctx, view, b)
	}
	return s.right(ctx, view, b)
}

// right runs a transaction whose calls alone may be wrong.
func (s *slip) right(ctx context.Context, view bool, b body) error {
	run := s.lab.Update
	if view {
		run = s.lab.View
	}
	return run(ctx, func(tx txns.Tx) error {
		return b(&slipTx{labTx: tx.(*labTx), s: s, view: view, did: map[uint64]string{}})
	})
}

// A slipTx is a transaction of a slip.
type slipTx struct {
	*labTx
	s    *slip
	view bool
	did  map[uint64]string // the last change of each key

	doomed error
}

func (t *slipTx) Get(key uint64) ([]byte, error) {
	if t.doomed != nil {
		return nil, t.doomed
	}
	if t.s.gets != nil && !t.ended() {
		return t.s.gets(t, key)
	}
	return t.labTx.Get(key)
}

func (t *slipTx) Put(key uint64, value []byte) (err error) {
	if t.s.puts != nil && t.view == t.s.inViews && !t.ended() {
		err = t.s.puts(t, key, value)
	} else {
		err = t.labTx.Put(key, value)
	}
	t.did[key] = "put"
	return err
}

func (t *slipTx) Delete(key uint64) (err error) {
	if t.s.deletes != nil && t.view == t.s.inViews && !t.ended() {
		err = t.s.deletes(t, key)
	} else {
		err = t.labTx.Delete(key)
	}
	t.did[key] = "deleted"
	return err
}

func (t *slipTx) ended() bool { return t.CanRead() != nil }

func (t *slipTx) Scan(first, last uint64, visit visitor) error {
	if t.s.scans != nil && !t.ended() {
		return t.s.scans(t, first, last, visit)
	}
	return t.labTx.Scan(first, last, visit)
}

// committed returns the transaction without its own writes.
func (t *slipTx) committed() *labTx { return t.lab.begin(txns.ReadOnly) }

// inPlace puts a value into the slice that Get has returned for the key.
func inPlace(t *slipTx, key uint64, value []byte) error {
	if old := t.s.handed[key]; len(old) == len(value) {
		copy(old, value)
	}
	return t.labTx.Put(key, value)
}

func handsOut(t *slipTx, key uint64) ([]byte, error) {
	value, err := t.labTx.Get(key)
	value = slices.Clone(value)
	t.s.handed[key] = value
	return value, err
}

// locksViews holds a lock in each transaction. The end of a View that does not return
// leaves it locked.
func locksViews(s *slip, ctx context.Context, view bool, b body) error {
	s.mu.Lock()
	returned := false
	defer func() {
		if returned || !view {
			s.mu.Unlock()
		}
	}()
	err := s.right(ctx, view, b)
	returned = true
	return err
}

// withoutContext ignores the contexts of Views, or of Updates.
func withoutContext(of bool) func(*slip, context.Context, bool, body) error {
	return func(s *slip, ctx context.Context, view bool, b body) error {
		if view == of {
			ctx = context.WithoutCancel(ctx)
		}
		return s.right(ctx, view, b)
	}
}

// scanned is a Scan whose visitor goes through a filter.
func scanned(filter visitor) func(*slipTx, uint64, uint64, visitor) error {
	return func(t *slipTx, first, last uint64, visit visitor) error {
		return t.labTx.Scan(first, last, func(key uint64, value []byte) bool {
			return !filter(key, value) || visit(key, value)
		})
	}
}

var slips = []struct {
	name  string
	wrong wrong
	find  string
}{
	{"leaves the old value of a key that it puts and deletes", wrong{deletes: func(t *slipTx, key uint64) error {
		if old, _ := t.committed().Get(key); t.did[key] == "put" && old != nil {
			return t.labTx.Put(key, old)
		}
		return t.labTx.Delete(key)
	}}, ""},
	{"loses a put after a delete", wrong{puts: func(t *slipTx, key uint64, value []byte) error {
		if t.did[key] == "deleted" {
			return nil
		}
		return t.labTx.Put(key, value)
	}}, ""},
	{"deletes no key that is missing", wrong{deletes: func(t *slipTx, key uint64) error {
		if value, _ := t.labTx.Get(key); value == nil {
			return errors.New("there is no such key")
		}
		return t.labTx.Delete(key)
	}}, "no such key"},
	{"creates a missing key that it deletes", wrong{deletes: func(t *slipTx, key uint64) error {
		if value, _ := t.labTx.Get(key); value == nil {
			return t.labTx.Put(key, nil)
		}
		return t.labTx.Delete(key)
	}}, ""},
	{"gets what is committed", wrong{gets: func(t *slipTx, key uint64) ([]byte, error) {
		return t.committed().Get(key)
	}}, "Get("},
	{"scans what is committed", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		return t.committed().Scan(first, last, visit)
	}}, "Scan("},
	{"scans what it has deleted", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		if first > last {
			return nil
		}
		for _, w := range slices.Clone(t.writes.Between(first, last)) {
			if old, _ := t.committed().Get(w.Key); w.Value == nil && old != nil {
				t.writes.Put(w.Key, old)
				defer t.writes.Delete(w.Key)
			}
		}
		return t.labTx.Scan(first, last, visit)
	}}, "Scan("},
	{"changes what it has returned", wrong{gets: handsOut, puts: inPlace}, "the caller may keep"},
	{"keeps what it is given", wrong{puts: func(t *slipTx, key uint64, value []byte) error {
		err := t.labTx.Put(key, value)
		for i, w := range t.writes.Sorted() {
			if w.Key == key && len(value) > 0 {
				t.writes.Sorted()[i].Value = value
			}
		}
		return err
	}}, "2323"},
	{"changes what it is given", wrong{puts: func(t *slipTx, key uint64, value []byte) error {
		err := t.labTx.Put(key, value)
		clear(value)
		return err
	}}, "changed the slice"},
	{"gets no empty value", wrong{gets: func(t *slipTx, key uint64) ([]byte, error) {
		value, err := t.labTx.Get(key)
		if len(value) == 0 {
			value = nil
		}
		return value, err
	}}, "want an empty value"},
	{"scans no empty value", wrong{
		scans: scanned(func(_ uint64, value []byte) bool { return len(value) > 0 }),
	}, "Scan("},
	{"takes nil for a deletion", wrong{puts: func(t *slipTx, key uint64, value []byte) error {
		if value == nil {
			return t.labTx.Delete(key)
		}
		return t.labTx.Put(key, value)
	}}, ""},
	{"cuts a large value", wrong{puts: func(t *slipTx, key uint64, value []byte) error {
		return t.labTx.Put(key, value[:min(len(value), 1<<15)])
	}}, "65536 bytes"},
	{"does not stop", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		return t.labTx.Scan(first, last, func(key uint64, value []byte) bool { visit(key, value); return true })
	}}, "returned false"},
	{"swaps the ends of a range", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		return t.labTx.Scan(min(first, last), max(first, last), visit)
	}}, "want the end"},
	{"leaves out the last key", wrong{
		scans: scanned(func(key uint64, _ []byte) bool { return key != math.MaxUint64 }),
	}, ""},
	{"leaves out the first key", wrong{
		scans: scanned(func(key uint64, _ []byte) bool { return key != 0 }),
	}, ""},
	{"scans backwards", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		var keys []uint64
		var values [][]byte
		err := t.labTx.Scan(first, last, func(key uint64, value []byte) bool {
			keys, values = append(keys, key), append(values, value)
			return true
		})
		for i := len(keys) - 1; i >= 0 && visit(keys[i], values[i]); i-- {
		}
		return err
	}}, "want key"},
	{"lets a View put", wrong{inViews: true, puts: func(*slipTx, uint64, []byte) error { return nil }}, "View's Put"},
	{"lets a View delete", wrong{inViews: true, deletes: func(*slipTx, uint64) error { return nil }}, "View's Delete"},
	{"has a View's put take effect", wrong{inViews: true, puts: func(t *slipTx, key uint64, value []byte) error {
		_ = t.lab.Update(context.Background(), func(tx txns.Tx) error { return tx.Put(key, value) })
		return txns.ErrReadOnly
	}}, ""},
	{"dooms a View that writes", wrong{inViews: true, deletes: func(t *slipTx, _ uint64) error {
		t.doomed = errors.New("the View has been doomed")
		return txns.ErrReadOnly
	}}, "has been doomed"},
	{"runs a View without its context", wrong{run: withoutContext(true)}, "return context"},
	{"runs an Update without its context", wrong{run: withoutContext(false)}, "return context"},
	{"lets a View read on", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		return s.right(ctx, view, func(tx txns.Tx) error {
			if t := tx.(*slipTx); view {
				defer func() { t.labTx = t.committed() }()
			}
			return b(tx)
		})
	}}, "want ErrEnded"},
	{"keeps the lock of a View", wrong{run: locksViews}, hangs},
	{"keeps the lock of a Scan", wrong{scans: func(t *slipTx, first, last uint64, visit visitor) error {
		t.s.mu.Lock()
		err := t.labTx.Scan(first, last, visit)
		t.s.mu.Unlock()
		return err
	}}, hangs},
	{"wraps a panic", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		defer func() {
			if p := recover(); p != nil {
				panic(fmt.Errorf("a body panicked: %v", p))
			}
		}()
		return s.right(ctx, view, b)
	}}, "the same value"},
	{"swallows an error of a View", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		err := s.right(ctx, view, b)
		if view && errors.Is(err, errBody) {
			return nil
		}
		return err
	}}, "that error"},
	{"wraps an error", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		err := s.right(ctx, view, b)
		if err != nil {
			return fmt.Errorf("running a body: %w", err)
		}
		return nil
	}}, "that error"},
	{"commits in spite of an error", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		var refused error
		err := s.right(ctx, view, func(tx txns.Tx) error {
			if refused = b(tx); errors.Is(refused, errBody) {
				return nil
			}
			return refused
		})
		if err == nil {
			err = refused
		}
		return err
	}}, ""},
	{"uses a Tx again", wrong{run: func(s *slip, ctx context.Context, view bool, b body) error {
		return s.right(ctx, view, func(tx txns.Tx) error {
			*s.shared = *tx.(*slipTx)
			return b(s.shared)
		})
	}}, "want ErrEnded"},
}

// The load model sees what one transaction alone can show.
func TestModelFindsSlips(t *testing.T) {
	for _, c := range slips {
		t.Run(c.name, func(t *testing.T) {
			open := func(o txns.Options) txns.Store {
				return &slip{lab: newLab(o, none, false), wrong: c.wrong, handed: map[uint64][]byte{}, shared: new(slipTx)}
			}
			suite := Optimistic(impls.New("lab", impls.Mutex, "here", txns.InMemory(open), strict...))
			err := stressed(t, suite, model.Name, findTime)
			if err == nil || !strings.Contains(err.Error(), c.find) {
				t.Errorf("got %v, want an error with %q", err, c.find)
			}
		})
	}
}
