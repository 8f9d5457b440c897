package txn

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/txn"
)

// tx is a transaction whose isolation level is all of its protocol.
type tx struct {
	attempt.State
	ctx  context.Context
	s    *store
	conn *pgx.Conn
}

func (t *tx) fail(err error, tried string, args ...any) error {
	return t.Fail(t.ctx, conflictOf(err), err, tried, args...)
}

func (t *tx) exec(tried, statement string, args ...any) error {
	_, err := t.conn.Exec(t.ctx, statement, args...)
	return t.fail(err, "%s", tried)
}

func (t *tx) Get(key uint64) ([]byte, error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	value, err := t.read(t.s.get, key)
	return value, t.fail(err, "reading key %d", key)
}

// read returns nil if there is no row.
func (t *tx) read(statement string, key uint64) (value []byte, err error) {
	err = t.conn.QueryRow(t.ctx, statement, attempt.Ordered(key)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return value, err
}

func (t *tx) Put(key uint64, value []byte) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	return t.exec("writing a record", t.s.put, attempt.Ordered(key), attempt.Present(value))
}

func (t *tx) Delete(key uint64) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	return t.exec("deleting a record", t.s.remove, attempt.Ordered(key))
}

func (t *tx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	return t.pages(first, last, visit, func(first, last uint64) ([]row, error) {
		return t.rows("scanning a range", t.s.scan, attempt.Ordered(first), attempt.Ordered(last), attempt.Page)
	})
}

// row is a record.
type row struct {
	Key   int64
	Value []byte
}

func (t *tx) rows(tried, statement string, args ...any) ([]row, error) {
	rows, err := t.conn.Query(t.ctx, statement, args...)
	if err != nil {
		return nil, t.fail(err, "%s", tried)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	return all, t.fail(err, "%s", tried)
}

// pages visits what page returns, one page after the other. The last page is not full.
func (t *tx) pages(
	first, last uint64, visit func(key uint64, value []byte) bool, page func(first, last uint64) ([]row, error),
) error {
	if err := t.CanRead(); err != nil {
		return err
	}
	for first <= last {
		rows, err := page(first, last)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !visit(attempt.Key(r.Key), r.Value) {
				return nil
			}
		}
		if len(rows) < attempt.Page {
			return nil
		}
		if first = attempt.Key(rows[len(rows)-1].Key) + 1; first == 0 { // that was the greatest key
			return nil
		}
	}
	return nil
}

func (t *tx) Commit(ctx context.Context) error {
	t.ctx = ctx
	return t.exec("committing", "commit")
}

// Validate has nothing to do: a transaction reads from one state.
func (t *tx) Validate(context.Context) error { return nil }

// Rollback closes the connection where it cannot roll back, and where a request to cancel
// may still be under way. Either ends the transaction.
func (t *tx) Rollback() {
	ctx, cancel := attempt.Ending(context.Background())
	defer cancel()
	if t.ctx.Err() == nil {
		if _, err := t.conn.Exec(ctx, "rollback"); err == nil {
			return
		}
	}
	_ = t.conn.Close(ctx) // it is closed also if it cannot say so to the server
}

var _ txn.Tx = (*tx)(nil)
