package optimistic

import (
	"math"
	"runtime"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None
// of them may be used.

// unvalidated is Silo that does not look at its reads again.
type unvalidated struct{ *siloTx }

func (tx *unvalidated) commit(writes []writeset.Write) error {
	tx.lock(writes)
	tx.install() // bug: Silo checks what it has read before
	return nil
}

// validatesFirst is Silo that looks at its reads before it locks.
type validatesFirst struct{ *siloTx }

func (tx *validatesFirst) commit(writes []writeset.Write) error {
	err := tx.check() // bug: Silo locks before …
	tx.lock(writes)   // … it checks
	if err != nil {
		tx.unlock()
		return err
	}
	tx.install()
	return nil
}

// bumpsFirst is Silo that unlocks a record with its new version before it has the value.
type bumpsFirst struct{ *siloTx }

func (tx *bumpsFirst) commit(writes []writeset.Write) error {
	tx.lock(writes)
	if err := tx.check(); err != nil {
		tx.unlock()
		return err
	}
	for i := range tx.held {
		h := &tx.held[i]
		if h.inserted || h.value == nil {
			tx.store(h, h.word+oneMore)
			continue
		}
		h.record.word.Store(h.word + oneMore) // bug: Silo stores the value …
		value := h.value
		h.record.value.Store(&value) // … first
	}
	return nil
}

// keepsFailed is Silo that leaves the writes of an attempt in the store that conflicts. The
// body runs again on top of them.
type keepsFailed struct{ *siloTx }

func (tx *keepsFailed) commit(writes []writeset.Write) error {
	tx.lock(writes)
	err := tx.check()
	tx.install() // bug: Silo unlocks if there is a conflict
	return err
}

// forgetsRanges is Silo that looks again at the records of a scan, and not at the range.
type forgetsRanges struct{ *siloTx }

func (tx *forgetsRanges) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	err := tx.siloTx.scan(first, last, visit)
	tx.spans = tx.spans[:0] // bug: Silo keeps them
	return err
}

// extendsLocked is TicToc that extends the time of a value that another commit is about to
// replace, and has computed its time. It yields there, since commits are short.
type extendsLocked struct{ *tictocTx }

func (tx *extendsLocked) extend(r *read[record], until uint64) error {
	runtime.Gosched() // … with its locks, so that another one is here, too
	for {
		word := r.record.word.Load()
		switch {
		case writeTime(word) != writeTime(r.word):
			return txn.ConflictOf(txn.Changed)
		case readTime(word) >= until || tx.holds(r.key) != nil:
			return nil
		case r.record.word.CompareAndSwap(word, extended(word, until)): // bug: TicToc does so if it is not locked
			return nil
		}
	}
}

func (tx *extendsLocked) check() error {
	_, err := tx.validate(tx.extend)
	return err
}

func (tx *extendsLocked) commit(writes []writeset.Write) error { return tx.finish(writes, tx.extend) }

// lateClock is TL2 that reads the clock after its first read.
type lateClock struct{ *tl2Tx }

func (tx *lateClock) begin(readOnly bool) {
	tx.readOnly, tx.start = readOnly, math.MaxUint64 // bug: TL2 reads the clock …
}

func (tx *lateClock) get(key uint64) ([]byte, error) {
	value, err := tx.tl2Tx.get(key)
	tx.start = min(tx.start, tx.tl2.clock.Load()) // … before
	return value, err
}

func (tx *lateClock) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	tx.start = min(tx.start, tx.tl2.clock.Load())
	return tx.tl2Tx.scan(first, last, visit)
}

// freesVisible is MVCC that cuts off all versions but the last one that a new transaction
// sees.
type freesVisible struct{ *mvccTx }

func (tx *freesVisible) commit(writes []writeset.Write) error {
	if err := tx.lock(writes); err != nil {
		tx.unlock()
		return err
	}
	tx.installBehind(tx.mvcc.times.clock.Load(), never) // bug: MVCC takes the horizon of all transactions
	return nil
}

// registersLate is MVCC that takes the time of a snapshot, and does not look whether the
// horizon has passed it when it is registered.
type registersLate struct{ *mvccTx }

func (tx *registersLate) begin(bool) {
	tx.start = tx.mvcc.times.clock.Load()             // bug: MVCC registers …
	runtime.Gosched()                                 // … at once
	tx.slot = tx.mvcc.times.occupy(tx.slot, tx.start) // … and looks again
}

// forgetsIncoming is SSI that does not look for those that have read what it replaces.
type forgetsIncoming struct{ *ssiTx }

func (tx *forgetsIncoming) commit(writes []writeset.Write) error {
	return tx.finish(writes, func() uint64 { return 0 }) // bug: SSI looks for their marks
}
