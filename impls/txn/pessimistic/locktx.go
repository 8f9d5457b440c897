package pessimistic

import (
	"context"
	"math"

	"github.com/contendbench/contend/impls/txn"
)

// lockTx is a Tx of a TwoPhase.
type lockTx struct {
	txn.Lifetime
	ctx     context.Context
	store   *TwoPhase
	changer *changer
	err     error // of an earlier call; the transaction is doomed
}

// going returns why the transaction cannot continue.
func (tx *lockTx) going() error {
	if tx.err == nil {
		if doom := tx.changer.doom.Load(); doom != nil {
			tx.err = doom
		}
	}
	return tx.err
}

func (tx *lockTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	r, err := tx.find(key, shared)
	if r == nil {
		return nil, err
	}
	return r.value, nil
}

func (tx *lockTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	r, err := tx.findOrInsert(key)
	if err != nil {
		return err
	}
	tx.changer.set(r, copied(value))
	return nil
}

func (tx *lockTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	r, err := tx.find(key, exclusive)
	if r != nil && r.value != nil {
		tx.changer.set(r, nil)
	}
	return err
}

// lock locks a record. It returns false if the record is gone.
func (tx *lockTx) lock(r *record, m mode) (bool, error) {
	ok, err := tx.store.acquire(tx.ctx, &tx.changer.locker, r, m)
	if err != nil {
		tx.err = err
	}
	return ok, err
}

// from returns the first record that is not below key, and whether it is that of key.
func (tx *lockTx) from(key uint64) (r *record, found bool) {
	entries := tx.store.index.Range(tx.changer.single[:0], key, math.MaxUint64, 1)
	tx.changer.single = entries
	if len(entries) == 0 {
		return &tx.store.last, false
	}
	return entries[0].Record, entries[0].Key == key
}

// find locks the record of key and returns it. If there is none, it locks the gap that key
// is in and returns nil.
func (tx *lockTx) find(key uint64, m mode) (*record, error) {
	if err := tx.going(); err != nil {
		return nil, err
	}
	for {
		r, found := tx.store.index.Get(key), true
		inserted := tx.store.inserted.Load()
		if r == nil {
			r, found = tx.from(key)
		}
		wanted := m
		if !found {
			wanted = shared
		}
		ok, err := tx.lock(r, wanted)
		switch {
		case err != nil:
			return nil, err
		case !ok:
		case found:
			return r, nil
		case tx.before(r, key, inserted):
			return nil, nil
		}
	}
}

// before reports whether r, which is locked and was the first record not below key when so
// many were inserted, still is.
func (tx *lockTx) before(r *record, key, inserted uint64) bool {
	if tx.store.inserted.Load() == inserted {
		return true
	}
	now, _ := tx.from(key)
	return now == r
}

// findOrInsert locks the record of key, which it inserts if there is none.
func (tx *lockTx) findOrInsert(key uint64) (*record, error) {
	if err := tx.going(); err != nil {
		return nil, err
	}
	for {
		r, found := tx.store.index.Get(key), true
		if r == nil {
			r, found = tx.from(key)
		}
		if !found {
			r, err := tx.insert(key, r)
			if r != nil || err != nil {
				return r, err
			}
			continue
		}
		if ok, err := tx.lock(r, exclusive); ok || err != nil {
			return r, err
		}
	}
}

// insert inserts a record for key before next. It returns nil if next is not the next one
// any more.
func (tx *lockTx) insert(key uint64, next *record) (*record, error) {
	if r, free := tx.tryInsert(key, next); free {
		return r, nil
	}
	next.latch.Lock()
	had := next.modeOf(&tx.changer.locker)
	next.latch.Unlock()
	if ok, err := tx.lock(next, exclusive); !ok || err != nil {
		return nil, err
	}
	r, _ := tx.tryInsert(key, next)
	tx.lower(next, had)
	return r, nil
}

// tryInsert inserts a record for key before next, under the latch of next, so that no
// other transaction can lock the gap at the same time. The record is nil if next is not the
// next one any more. free is false if others have locked the gap.
func (tx *lockTx) tryInsert(key uint64, next *record) (r *record, free bool) {
	a, s := tx.changer, tx.store
	next.latch.Lock()
	defer next.latch.Unlock()
	if next.gone {
		return nil, true
	}
	if now, found := tx.from(key); found || now != next {
		return nil, true
	}
	if !s.rules.clear(&a.locker, &next.lock) {
		return nil, false
	}
	r, _ = s.index.GetOrInsert(key, func() *record {
		return &record{key: key, lock: lock{owner: &a.locker}}
	})
	s.inserted.Add(1)
	a.held = append(a.held, r)
	return r, true
}

// lower gives an exclusive lock back that was needed for an instant.
func (tx *lockTx) lower(r *record, had mode) {
	a := tx.changer
	r.latch.Lock()
	defer r.latch.Unlock()
	switch had {
	case exclusive:
		return
	case shared:
		r.drop(&a.locker)
		r.take(&a.locker, shared)
	case none:
		r.drop(&a.locker)
		a.forgets(r)
	}
	tx.store.settle(r)
}

// forgets removes r, which was locked lately, from the locks that a holds.
func (a *changer) forgets(r *record) {
	for i := len(a.held) - 1; ; i-- {
		if a.held[i] == r {
			last := len(a.held) - 1
			a.held[i], a.held[last] = a.held[last], nil
			a.held = a.held[:last]
			return
		}
	}
}

// mostAtOnce is how many records a Scan looks up at once.
const mostAtOnce = 64

// Scan locks record after record, so that a visitor that stops has locked no more than it
// has seen.
func (tx *lockTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	if err := tx.going(); err != nil {
		return err
	}
	for more := first <= last; more; {
		var err error
		if first, more, err = tx.scanSome(first, last, visit); err != nil {
			return err
		}
	}
	return nil
}

// scanSome visits the next records of a Scan. It returns where to continue.
func (tx *lockTx) scanSome(
	first, last uint64, visit func(key uint64, value []byte) bool,
) (next uint64, more bool, err error) {
	s := tx.store
	inserted := s.inserted.Load()
	n := int(min(last-first, mostAtOnce-2)) + 2 // with the one after the last
	batch := s.index.Range(tx.changer.batch[:0], first, math.MaxUint64, n)
	tx.changer.batch = batch
	for _, e := range batch {
		ok, err := tx.lock(e.Record, shared)
		if err != nil {
			return first, false, err
		}
		if !ok || !tx.before(e.Record, first, inserted) {
			return first, true, nil
		}
		switch {
		case e.Key > last:
			return first, false, nil
		case e.Record.value != nil && !visit(e.Key, e.Record.value), e.Key == last:
			return first, false, nil
		}
		first = e.Key + 1
	}
	if len(batch) == n {
		return first, true, nil
	}
	_, err = tx.lock(&s.last, shared)
	return first, err == nil && !tx.before(&s.last, first, inserted), err
}
