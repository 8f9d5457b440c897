package pessimistic

import (
	"context"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// Ordered is conservative locking: a transaction has all its locks before it runs.
//
// Idea: a reconnaissance run of the body, which changes nothing, finds out what the
// transaction touches, and how. The locks of all that are taken in one order, so that no
// transaction waits for another in a cycle. Then the body runs again, in place. If it
// touches more, because what it read has changed, it is rolled back. It starts over with a
// second reconnaissance, and locks what any of its runs has touched.
// Source: Bernstein, Hadzilacos and Goodman 1987, §3.5, conservative two-phase locking;
// Thomson and others 2012 (Calvin), §3.2.1, reconnaissance. A lock stands for a 1024th of
// the keys. A scan locks the stripes of all keys of its range.
// Progress: a transaction starts over at most twice for each stripe, and sync.RWMutex
// serves none forever later than others. A wait does not end with its context.
// Space: a lock with a cache line pair for each stripe; two sets of stripes for each
// transaction.
// Wins: transactions that conflict often and touch the same keys in each run: none is
// rolled back for a deadlock, and no lock is held while another one is found out.
// Loses: everywhere else, because each body runs twice; and scans, which lock hundreds of
// stripes.
// Not opaque: the reconnaissance run holds a lock only during each call.
type Ordered struct {
	txn.Retry
	*striped
}

// NewOrdered makes an empty store.
func NewOrdered(o txn.Options) *Ordered {
	return &Ordered{txn.NewRetry(o), newStriped(mostBits)}
}

// Update runs body twice, at least.
func (s *Ordered) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, txn.Lifetime{}, body)
}

// View runs body twice, at least.
func (s *Ordered) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, txn.ReadOnly, body)
}

// RunsPerAttempt counts the reconnaissance run.
func (s *Ordered) RunsPerAttempt() int { return 2 }

func (s *Ordered) run(ctx context.Context, l txn.Lifetime, body func(txn.Tx) error) error {
	var p plan
	return s.Run(ctx, func() error {
		s.scout(l, &p, body)
		if err := ctx.Err(); err != nil {
			return err
		}
		tx := &stripedTx{Lifetime: l, store: s.striped, plan: &p, reads: shared, touch: unplanned}
		return s.attempt(ctx, tx, body)
	})
}

// unplanned refuses what the reconnaissance did not find.
func unplanned(*stripedTx, int, mode) error { return txn.ConflictOf(txn.Changed) }

// scout runs body without effect and adds what it touches to the plan. Its error and its
// panic do not count: what it read may be of no common state.
func (s *Ordered) scout(l txn.Lifetime, p *plan, body func(txn.Tx) error) {
	tx := &scoutTx{Lifetime: l, store: s.striped, plan: p}
	defer func() {
		tx.End()
		_ = recover()
	}()
	_ = body(tx)
}

// scoutTx is a Tx of a reconnaissance run.
type scoutTx struct {
	txn.Lifetime
	store  *striped
	plan   *plan
	writes writeset.Set
}

func (tx *scoutTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	stripe := tx.store.stripeOf(key)
	tx.plan.shared.add(stripe)
	if value, ok := tx.writes.Get(key); ok {
		return value, nil
	}
	tx.store.locks[stripe].RLock()
	defer tx.store.locks[stripe].RUnlock()
	return tx.store.get(key), nil
}

func (tx *scoutTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	tx.plan.exclusive.add(tx.store.stripeOf(key))
	tx.writes.Put(key, value)
	return nil
}

func (tx *scoutTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	tx.plan.exclusive.add(tx.store.stripeOf(key))
	tx.writes.Delete(key)
	return nil
}

func (tx *scoutTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil || first > last {
		return err
	}
	scanned := plan{shared: tx.store.stripesOf(first, last)}
	tx.plan.shared.addAll(&scanned.shared)
	tx.store.lock(&scanned)
	defer tx.store.unlock(&scanned)
	seen := tx.writes.Over(first, last, visit)
	tx.store.scan(first, last, seen.Stored)
	seen.Rest()
	return nil
}
