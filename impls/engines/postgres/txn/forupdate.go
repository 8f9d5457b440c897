package txn

import (
	"context"
	"maps"
	"slices"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/txn"
)

// readCommitted begins a transaction each of whose statements sees what has committed.
const readCommitted = "begin isolation level read committed read write"

// ForUpdate locks each record that it reads, by SELECT … FOR UPDATE.
//
// Idea: strict two-phase locking of rows, at the isolation level read committed. A key
// without a record has no row to lock, so the transaction inserts one. Such a ghost, and
// the row of a deleted key, is removed before the commit. No other transaction sees it.
// Source: PostgreSQL's manual, Explicit Locking, Row-Level Locks, by
// github.com/jackc/pgx/v5 v5.12.0; for ghosts, Gray and Reuter 1992, §7.8.
// Progress: a waiter queues in the server. A deadlock is found after deadlock_timeout, and
// one of its transactions is run again (SQLSTATE 40P01). Nothing else is.
// Promises: rows do not lock the gaps between them, so a range that was scanned may get
// new keys. A view reads from a snapshot, and locks nothing. Updates hold their locks until
// they have committed, so the snapshot is a state between two of them.
// Space: a lock is a mark in the row. Reads therefore write, and vacuum has work.
// Observed: where nearly each transaction meets a deadlock, one of them is found in each
// deadlock_timeout, and little else happens. A stress run therefore has 8 goroutines.
// Wins: few hot records, which a transaction waits for and does not read in vain.
// Loses: transactions that lock in different orders, each of whose deadlocks stands still
// for deadlock_timeout; and those that mostly read.
func ForUpdate() txn.Backend {
	return backend(protocol{
		update: readCommitted, view: snapshotView,
		wrap: func(t *tx) attempt.Tx { return &lockingTx{tx: t, ghosts: map[uint64]struct{}{}} },
	})
}

// lockingTx locks rows. A ghost is a row of this transaction's that says that its key has
// no record.
type lockingTx struct {
	*tx
	ghosts map[uint64]struct{}
}

func (t *lockingTx) Get(key uint64) ([]byte, error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	if t.isGhost(key) {
		return nil, nil
	}
	for {
		value, err := t.read(t.s.getForUpdate, key)
		if value != nil || err != nil {
			return value, t.fail(err, "reading key %d for an update", key)
		}
		claimed, err := t.conn.Exec(t.ctx, t.s.claim, attempt.Ordered(key))
		if err != nil {
			return nil, t.fail(err, "locking key %d, which has no record", key)
		}
		if claimed.RowsAffected() > 0 {
			t.ghosts[key] = struct{}{}
			return nil, nil
		}
		// Another transaction has just committed its record.
	}
}

func (t *lockingTx) isGhost(key uint64) bool {
	_, is := t.ghosts[key]
	return is
}

func (t *lockingTx) Put(key uint64, value []byte) error {
	err := t.tx.Put(key, value)
	if err == nil {
		delete(t.ghosts, key)
	}
	return err
}

func (t *lockingTx) Delete(key uint64) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	err := t.exec("deleting a record", t.s.bury, attempt.Ordered(key))
	if err == nil {
		t.ghosts[key] = struct{}{}
	}
	return err
}

func (t *lockingTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	seen := func(key uint64, value []byte) bool { return t.isGhost(key) || visit(key, value) }
	return t.pages(first, last, seen, func(first, last uint64) ([]row, error) {
		return t.rows("scanning a range for an update", t.s.scanForUpdate,
			attempt.Ordered(first), attempt.Ordered(last), attempt.Page)
	})
}

func (t *lockingTx) Commit(ctx context.Context) error {
	t.ctx = ctx
	if len(t.ghosts) > 0 {
		var keys []int64
		for _, key := range slices.Sorted(maps.Keys(t.ghosts)) {
			keys = append(keys, attempt.Ordered(key))
		}
		if err := t.exec("removing ghosts", t.s.exhume, keys); err != nil {
			return err
		}
	}
	return t.tx.Commit(ctx)
}
