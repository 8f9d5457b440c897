package txn

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/jackc/pgx/v5"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/txn"
)

// Advisory locks each key that it reads or changes by a number, which ends with the
// transaction: pg_advisory_xact_lock.
//
// Idea: strict two-phase locking by locks that the server keeps apart from all tables, at
// the isolation level read committed. A key needs no record for them.
// Source: PostgreSQL's manual, Advisory Locks, by github.com/jackc/pgx/v5 v5.12.0. A key
// is hashed, with the name of its table, to the 64 bits of a number. Two keys of one
// number exclude each other.
// Progress: a waiter queues in the server. The body decides the order of its keys, so there
// are deadlocks. One transaction of each is run again (SQLSTATE 40P01).
// Promises: those of ForUpdate: a scan locks the keys that it finds, but no gap.
// Space: an entry of the server's lock table for each key, which has room for
// max_locks_per_transaction × max_connections.
// Observed: the lock and the read that it is for must be two statements. One statement
// reads from the snapshot that it took before it waited. Both go in one round trip.
// Wins: where a lock must cover what has no row. It writes nothing, unlike a row's lock.
// Loses: as ForUpdate, and long scans, which lock key by key.
func Advisory() txn.Backend {
	return backend(protocol{
		update: readCommitted, view: snapshotView,
		wrap: func(t *tx) attempt.Tx { return &advisoryTx{tx: t, locked: map[uint64]struct{}{}} },
	})
}

type advisoryTx struct {
	*tx
	locked map[uint64]struct{}
}

const lockNumber = "select pg_advisory_xact_lock($1)"

// number is the key as advisory locks take it.
func (t *advisoryTx) number(key uint64) int64 {
	h := fnv.New64a()
	h.Write([]byte(t.s.table))
	h.Write(binary.BigEndian.AppendUint64(nil, key))
	return int64(h.Sum64())
}

// locking returns commands that lock keys in their order, but those that are locked.
func (t *advisoryTx) locking(keys ...uint64) *pgx.Batch {
	b := new(pgx.Batch)
	for _, key := range keys {
		if _, is := t.locked[key]; !is {
			b.Queue(lockNumber, t.number(key))
		}
	}
	return b
}

// send runs commands in one round trip. It keeps in mind that keys are locked.
func (t *advisoryTx) send(b *pgx.Batch, tried string, keys ...uint64) error {
	err := t.conn.SendBatch(t.ctx, b).Close()
	if err == nil {
		for _, key := range keys {
			t.locked[key] = struct{}{}
		}
	}
	return t.fail(err, "%s", tried)
}

func (t *advisoryTx) Get(key uint64) (value []byte, err error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	b := t.locking(key)
	b.Queue(t.s.get, attempt.Ordered(key)).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&value); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	err = t.send(b, "locking and reading a record", key)
	return value, err
}

func (t *advisoryTx) Put(key uint64, value []byte) error {
	return t.write(key, t.s.put, attempt.Ordered(key), attempt.Present(value))
}

func (t *advisoryTx) Delete(key uint64) error { return t.write(key, t.s.remove, attempt.Ordered(key)) }

func (t *advisoryTx) write(key uint64, statement string, args ...any) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	b := t.locking(key)
	b.Queue(statement, args...)
	return t.send(b, "locking and changing a record", key)
}

func (t *advisoryTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := t.CanRead(); err != nil {
		return err
	}
	for first <= last {
		found, err := t.find(first, last)
		if err != nil || len(found) == 0 {
			return err
		}
		rows, err := t.lockAndRead(found)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !visit(attempt.Key(r.Key), r.Value) {
				return nil
			}
		}
		if first = attempt.Key(found[len(found)-1]) + 1; first == 0 { // that was the greatest key
			return nil
		}
	}
	return nil
}

// find returns the next keys of a range.
func (t *advisoryTx) find(first, last uint64) ([]int64, error) {
	rows, err := t.conn.Query(t.ctx, t.s.keys, attempt.Ordered(first), attempt.Ordered(last), attempt.Page)
	if err != nil {
		return nil, t.fail(err, "looking for keys")
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return found, t.fail(err, "looking for keys")
}

// lockAndRead returns the records that the keys have once they are locked.
func (t *advisoryTx) lockAndRead(found []int64) ([]row, error) {
	var keys []uint64
	for _, k := range found {
		keys = append(keys, attempt.Key(k))
	}
	if b := t.locking(keys...); b.Len() > 0 {
		if err := t.send(b, "locking a range", keys...); err != nil {
			return nil, err
		}
	}
	return t.rows("scanning a range", t.s.read, found)
}
