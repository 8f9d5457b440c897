package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	iradix "github.com/hashicorp/go-immutable-radix/v2"

	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// A lab is a store whose transactions read from a copy and are validated at their commit,
// or one that runs them one at a time. It has a flaw.
type lab struct {
	txns.Retry
	flaw    flaw
	turn    chan struct{} // holds one value while a transaction runs; nil: they run beside each other
	updates atomic.Uint64

	mu    sync.Mutex
	tree  *iradix.Tree[entry]
	older []*iradix.Tree[entry]
	clock uint64
	store func([]writeset.Write) error // what is committed; nil: nowhere
}

type entry struct {
	value   []byte // nil: it was deleted
	version uint64
}

// A flaw is what a lab does wrong.
type flaw int

const (
	none            flaw = iota
	losesCommit          // forgets one commit in 20
	halves               // forgets all writes but the first, in one commit in 20
	tears                // mixes a value with the old one, in one commit in 20
	swaps                // stores the value of another key, in one commit in 20
	unvalidated          // validates nothing
	writesOnly           // lets one of two commit that change one key, and validates no reads
	itemsOnly            // validates no ranges
	readsLatest          // reads the latest values, and validates no View
	skipsKey             // leaves out a key, in one scan in 20
	keepsRefused         // commits a body that returned an error
	keepsPanicked        // commits a body that panicked
	showsEarly           // shows others what is put before it is committed
	stale                // has a View read an older state
	staysOpen            // lets a transaction read on after its end
	runsTwice            // runs a body twice, in one transaction of 20
	viewsWait            // has a View wait for its turn
	deaf                 // does not hear that a context ends in a wait
	leavesTurn           // keeps the turn of one that was cancelled as it got it
	keepsCancelled       // commits a transaction whose context has ended
	forgetsDelete        // deletes nothing
	starvesLong          // lets others go first as long as there are any
	triesOften           // has two attempts more than it may
	returnsConflict      // returns the conflict alone
	forgetsStopped       // validates no scan that was stopped
	forgetsLast          // validates no last record of a scan
	triesLess            // has an attempt less than it may
	keepsDoomed          // commits a body that kept a conflict to itself
	missesWrapped        // takes a conflict that a body wraps for an error of the body's own
)

// rare is how many transactions there are for each that goes wrong.
const rare = 20

func newLab(o txns.Options, f flaw, oneAtATime bool) *lab {
	if f == triesOften && o.Attempts > 0 {
		o.Attempts += 2
	}
	if f == triesLess && o.Attempts > 1 {
		o.Attempts--
	}
	l := &lab{Retry: txns.NewRetry(o), flaw: f, tree: iradix.New[entry]()}
	if oneAtATime {
		l.turn = make(chan struct{}, 1)
	}
	return l
}

func (l *lab) Close() error { return nil }

func (l *lab) Update(ctx context.Context, body func(txns.Tx) error) error {
	release, err := l.await(ctx)
	if err != nil {
		return err
	}
	defer release()
	err = l.Run(ctx, func() error { return l.attempt(ctx, body) })
	if c := txns.Conflicted(err); c != nil && l.flaw == returnsConflict {
		return c
	}
	return err
}

func (l *lab) View(ctx context.Context, body func(txns.Tx) error) error {
	if l.flaw == viewsWait {
		release, err := l.await(ctx)
		if err != nil {
			return err
		}
		defer release()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := l.begin(txns.ReadOnly)
	if l.flaw == stale {
		l.mu.Lock()
		tx.tree = l.older[max(0, len(l.older)-2)]
		l.mu.Unlock()
	}
	defer tx.end()
	if err := body(tx); err != nil {
		return err
	}
	return ctx.Err()
}

// await waits for the turn of a transaction.
func (l *lab) await(ctx context.Context) (release func(), err error) {
	if l.turn == nil {
		return func() {}, nil
	}
	if l.flaw == deaf {
		ctx = context.WithoutCancel(ctx)
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		if l.flaw == leavesTurn {
			go func() { l.turn <- struct{}{} }()
		}
		return nil, ctx.Err()
	}
	return func() { <-l.turn }, nil
}

func (l *lab) begin(life txns.Lifetime) *labTx {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &labTx{Lifetime: life, lab: l, tree: l.tree, clock: l.clock, reads: map[uint64]uint64{}}
}

func (l *lab) attempt(ctx context.Context, body func(txns.Tx) error) error {
	number := l.updates.Add(1)
	tx := l.begin(txns.Lifetime{})
	defer tx.end()
	if l.flaw == runsTwice && number%rare == 0 {
		_ = body(l.begin(txns.Lifetime{}))
	}
	if l.flaw == keepsPanicked {
		defer func() {
			if !tx.returned {
				l.apply(tx, 1)
			}
		}()
	}
	err := body(tx)
	tx.returned = true
	if err == nil && tx.doomed != nil && l.flaw != keepsDoomed {
		err = tx.doomed
	}
	if err != nil && err != tx.doomed && l.flaw == missesWrapped {
		err = errors.New(err.Error())
	}
	if err == nil && l.flaw != keepsCancelled {
		err = ctx.Err()
	}
	if err != nil {
		if l.flaw == keepsRefused {
			l.apply(tx, 1)
		}
		tx.takeBack()
		return err
	}
	if tx.writes.Len() > 0 && !l.apply(tx, number) {
		tx.takeBack()
		return txns.ConflictOf(txns.Changed)
	}
	return nil
}

// apply commits the writes of a transaction, if what it read is still so.
func (l *lab) apply(tx *labTx, number uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !tx.valid() {
		return false
	}
	l.clock++
	wrong := number%rare == 0
	if wrong && l.flaw == losesCommit {
		return true
	}
	l.older = append(l.older[max(0, len(l.older)-4):], l.tree)
	writes := tx.writes.Sorted()
	if l.store != nil {
		if err := l.store(writes); err != nil {
			panic(err)
		}
	}
	for i, w := range writes {
		old, _ := l.tree.Get(keyOf(w.Key))
		value := w.Value
		switch {
		case wrong && l.flaw == halves && i > 0:
			continue
		case wrong && l.flaw == swaps && i > 0:
			value = writes[0].Value
		case wrong && l.flaw == tears && len(value) == len(old.value) && len(value) > 8:
			value = slices.Concat(value[:len(value)-8], old.value[len(value)-8:])
		}
		if value != nil || l.flaw != forgetsDelete {
			l.tree, _, _ = l.tree.Insert(keyOf(w.Key), entry{value, l.clock})
		}
	}
	return true
}

// A labTx is a transaction of a lab.
type labTx struct {
	txns.Lifetime
	lab      *lab
	tree     *iradix.Tree[entry]
	clock    uint64
	reads    map[uint64]uint64 // versions by key; 0: it had no value
	ranges   []labRange
	writes   writeset.Set
	shown    []writeset.Write // the old values of what was shown early
	returned bool
	doomed   error // a conflict that a call has returned
}

type labRange struct {
	first, last uint64
	versions    []uint64
}

func (tx *labTx) end() {
	if tx.lab.flaw != staysOpen {
		tx.End()
	}
}

// now returns the tree to read from.
func (tx *labTx) now() *iradix.Tree[entry] {
	if tx.lab.flaw != readsLatest && tx.lab.flaw != showsEarly {
		return tx.tree
	}
	tx.lab.mu.Lock()
	defer tx.lab.mu.Unlock()
	return tx.lab.tree
}

func (tx *labTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	if value, ok := tx.writes.Get(key); ok {
		return value, nil
	}
	if f := tx.lab.flaw; (f == keepsDoomed || f == missesWrapped) && tx.lab.updates.Add(1)%rare == 0 {
		tx.doomed = txns.ConflictOf(txns.Changed)
		return nil, tx.doomed
	}
	e, _ := tx.now().Get(keyOf(key))
	if _, again := tx.reads[key]; !again {
		tx.reads[key] = e.version
	}
	return e.value, nil
}

func (tx *labTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	tx.writes.Put(key, value)
	if l := tx.lab; l.flaw == showsEarly {
		l.mu.Lock()
		defer l.mu.Unlock()
		old, _ := l.tree.Get(keyOf(key))
		tx.shown = append(tx.shown, writeset.Write{Key: key, Value: old.value})
		l.tree, _, _ = l.tree.Insert(keyOf(key), entry{slices.Clone(value), old.version})
	}
	return nil
}

// takeBack restores what was shown early.
func (tx *labTx) takeBack() {
	tx.lab.mu.Lock()
	defer tx.lab.mu.Unlock()
	for _, w := range slices.Backward(tx.shown) {
		old, _ := tx.lab.tree.Get(keyOf(w.Key))
		tx.lab.tree, _, _ = tx.lab.tree.Insert(keyOf(w.Key), entry{w.Value, old.version})
	}
}

func (tx *labTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	tx.writes.Delete(key)
	return nil
}

func (tx *labTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	r := labRange{first, last, nil}
	var keys []uint64 // that no other read has noted
	stopped := false
	skipped := tx.lab.flaw == skipsKey && tx.lab.updates.Add(1)%rare == 0
	over := tx.writes.Over(first, last, visit)
	each(tx.now(), first, last, func(key uint64, e entry) bool {
		if _, again := tx.reads[key]; !again {
			tx.reads[key] = e.version
			keys = append(keys, key)
		}
		r.versions = append(r.versions, e.version)
		if stopped = (len(r.versions) != 1 || !skipped) && !over.Stored(key, e.value); stopped {
			r.last = key // no more was read
		}
		return !stopped
	})
	over.Rest()
	switch {
	case tx.lab.flaw == forgetsStopped && stopped:
		for _, key := range keys {
			delete(tx.reads, key)
		}
		return nil
	case tx.lab.flaw == forgetsLast && len(keys) > 0:
		delete(tx.reads, keys[len(keys)-1])
		r.versions = r.versions[:len(r.versions)-1]
	}
	tx.ranges = append(tx.ranges, r)
	return nil
}

// valid reports whether the transaction may commit.
func (tx *labTx) valid() bool {
	l := tx.lab
	version := func(key uint64) uint64 {
		e, _ := l.tree.Get(keyOf(key))
		return e.version
	}
	if l.flaw == unvalidated {
		return true
	}
	if l.flaw == starvesLong && tx.writes.Len() >= 8 && l.clock > tx.clock {
		return false
	}
	if l.flaw == writesOnly {
		return !slices.ContainsFunc(tx.writes.Sorted(), func(w writeset.Write) bool { return version(w.Key) > tx.clock })
	}
	for key, read := range tx.reads {
		if version(key) != read {
			return false
		}
	}
	for _, r := range tx.ranges {
		var versions []uint64
		each(l.tree, r.first, r.last, func(_ uint64, e entry) bool {
			versions = append(versions, e.version)
			return len(versions) < len(r.versions)+1
		})
		if l.flaw == forgetsLast {
			versions = versions[:min(len(versions), len(r.versions))]
		}
		if l.flaw != itemsOnly && !slices.Equal(versions, r.versions) {
			return false
		}
	}
	return true
}

func each(tree *iradix.Tree[entry], first, last uint64, visit func(key uint64, e entry) bool) {
	it := tree.Root().Iterator()
	it.SeekLowerBound(keyOf(first))
	for key, e, ok := it.Next(); ok; key, e, ok = it.Next() {
		if k := binary.BigEndian.Uint64(key); k > last || !visit(k, e) || k == math.MaxUint64 {
			return
		}
	}
}

func keyOf(key uint64) []byte { return binary.BigEndian.AppendUint64(nil, key) }
