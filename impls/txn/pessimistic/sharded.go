package pessimistic

import (
	"context"

	"github.com/contendbench/contend/impls/txn"
)

// Sharded spreads the keys over a few locks, which a transaction takes when it first
// touches their keys.
//
// Idea: a transaction waits for a lock only if its number is above those of all locks that
// it holds, so that none waits for another in a cycle. Below, it only tries. If that fails,
// it is rolled back. It starts over, and first locks all that any of its attempts has
// asked for, in order. An Update locks exclusively what it reads, too, because an RWMutex
// cannot be upgraded. A View shares. A scan locks the shards of all keys of its range.
// Source: Havender 1968, approach 3, ordered resources; lock striping as in
// java.util.concurrent.ConcurrentHashMap (Java 5).
// Progress: a transaction starts over at most as often as there are shards, and
// sync.RWMutex serves none forever later than others. A wait does not end with its context.
// Space: 64 locks with a cache line pair each; two sets of shards for each transaction.
// Wins: short transactions on many keys, which cost one or two plain locks.
// Loses: long ones, which lock most shards, and so each other; and scans.
type Sharded struct {
	txn.Retry
	*striped
}

const shardBits = 6

// NewSharded makes an empty store.
func NewSharded(o txn.Options) *Sharded { return &Sharded{txn.NewRetry(o), newStriped(shardBits)} }

// Update runs body, and locks what it touches.
func (s *Sharded) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, &stripedTx{reads: exclusive, touch: waitUpwards}, body)
}

// View runs body, and shares what it reads.
func (s *Sharded) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, &stripedTx{Lifetime: txn.ReadOnly, reads: shared, touch: waitUpwards}, body)
}

// run runs transactions that begin as first does.
func (s *Sharded) run(ctx context.Context, first *stripedTx, body func(txn.Tx) error) error {
	first.store, first.plan = s.striped, new(plan)
	return s.Run(ctx, func() error {
		tx := *first
		return s.attempt(ctx, &tx, body)
	})
}

// waitUpwards waits for a lock above all that the transaction holds, and tries others.
func waitUpwards(tx *stripedTx, shard int, m mode) error {
	l, locked := &tx.store.locks[shard], true
	all := tx.held.all()
	switch waits := shard > all.last(); {
	case waits && m == exclusive:
		l.Lock()
	case waits:
		l.RLock()
	case m == exclusive:
		locked = l.TryLock()
	default:
		locked = l.TryRLock()
	}
	if !locked {
		return txn.ConflictOf(txn.Locked)
	}
	return nil
}
