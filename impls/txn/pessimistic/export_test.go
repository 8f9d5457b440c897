package pessimistic

import (
	"errors"
	"fmt"
	"math"

	"github.com/contendbench/contend/impls/txn"
)

// Held returns an error for each lock of a store that is held, or waited for.
func Held(s txn.Store) error {
	var errs []error
	switch s := s.(type) {
	case *TwoPhase:
		errs = append(errs, heldRecord("the end", &s.last))
		for _, e := range s.index.Range(nil, 0, math.MaxUint64, math.MaxInt) {
			errs = append(errs, heldRecord(fmt.Sprintf("key %d", e.Key), e.Record))
		}
	case *Ordered:
		errs = append(errs, heldStripes(s.striped))
	case *Sharded:
		errs = append(errs, heldStripes(s.striped))
	}
	return errors.Join(errs...)
}

func heldRecord(name string, r *record) error {
	r.latch.Lock()
	defer r.latch.Unlock()
	if r.idle() && r.tail == nil && r.value != nil && !r.gone {
		return nil
	}
	return fmt.Errorf("%s: got owner %v, %d readers, waiters %v, value %v, gone %v, want a value and no lock",
		name, r.owner != nil, len(r.readers), r.head != nil, r.value, r.gone)
}

func heldStripes(s *striped) error {
	for i := range s.locks {
		if !s.locks[i].TryLock() {
			return fmt.Errorf("stripe %d: got a lock that is held, want a free one", i)
		}
		s.locks[i].Unlock()
	}
	return nil
}

// Records returns how many records a store has, those without a value included.
func Records(s txn.Store) int {
	return len(s.(*TwoPhase).index.Range(nil, 0, math.MaxUint64, math.MaxInt))
}

// Waiters returns how many transactions wait for the lock of a key.
func Waiters(s txn.Store, key uint64) (n int) {
	r := s.(*TwoPhase).index.Get(key)
	r.latch.Lock()
	defer r.latch.Unlock()
	for w := r.head; w != nil; w = w.next {
		n++
	}
	return n
}

// TwoPhaseStores returns the stores of two-phase locking, opened.
func TwoPhaseStores(o txn.Options) map[string]txn.Store {
	all := map[string]txn.Store{}
	for _, i := range All() {
		s, err := i.New.Open(nil, "", o)
		if _, ok := s.(*TwoPhase); ok && err == nil {
			all[i.Name] = s
		}
	}
	return all
}
