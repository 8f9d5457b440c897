package txn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/contendbench/contend/impls/engines/attempt"
)

// session is a connection with its statements. One transaction at a time uses it.
type session struct {
	conn                   *sql.Conn
	begin                  map[string]*sql.Stmt // by the command
	commit, rollback       *sql.Stmt
	get, put, remove, scan *sql.Stmt
	closed                 bool
}

func newSession(ctx context.Context, db *sql.DB, update string) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening a connection: %w", err)
	}
	s := &session{conn: conn, begin: map[string]*sql.Stmt{}}
	prepare := func(command string) *sql.Stmt {
		var statement *sql.Stmt
		if err == nil {
			statement, err = conn.PrepareContext(ctx, command)
		}
		return statement
	}
	for _, command := range []string{"begin deferred", update} {
		if s.begin[command] == nil {
			s.begin[command] = prepare(command)
		}
	}
	s.commit, s.rollback = prepare("commit"), prepare("rollback")
	s.get = prepare("select value from record where key = ?")
	s.put = prepare("insert into record values (?, ?) on conflict (key) do update set value = excluded.value")
	s.remove = prepare("delete from record where key = ?")
	s.scan = prepare("select key, value from record where key between ? and ? order by key")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("preparing a connection: %w", err), s.close())
	}
	return s, nil
}

// reusable returns the session, or nil if it is closed.
func (s *session) reusable() *session {
	if s == nil || s.closed {
		return nil
	}
	return s
}

// close closes the connection, which rolls back what is under way.
func (s *session) close() error {
	s.closed = true
	var errs []error
	for _, statement := range []*sql.Stmt{s.commit, s.rollback, s.get, s.put, s.remove, s.scan} {
		if statement != nil {
			errs = append(errs, statement.Close())
		}
	}
	for _, statement := range s.begin {
		if statement != nil {
			errs = append(errs, statement.Close())
		}
	}
	// A closed Conn goes back to the pool, unless it is said to be bad.
	if err := s.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

type tx struct {
	attempt.State
	ctx context.Context
	*session
}

func (t *tx) fail(err error, tried string, args ...any) error {
	return t.Fail(t.ctx, conflictOf(err), err, tried, args...)
}

func (t *tx) exec(tried string, statement *sql.Stmt, args ...any) error {
	_, err := statement.ExecContext(t.ctx, args...)
	return t.fail(err, "%s", tried)
}

func (t *tx) Get(key uint64) (value []byte, err error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	err = t.get.QueryRowContext(t.ctx, attempt.Ordered(key)).Scan(&value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, t.fail(err, "reading key %d", key)
	}
	return attempt.Present(value), nil
}

func (t *tx) Put(key uint64, value []byte) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	return t.exec("writing a record", t.put, attempt.Ordered(key), attempt.Present(value))
}

func (t *tx) Delete(key uint64) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	return t.exec("deleting a record", t.remove, attempt.Ordered(key))
}

func (t *tx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := t.CanRead(); err != nil {
		return err
	}
	rows, err := t.scan.QueryContext(t.ctx, attempt.Ordered(first), attempt.Ordered(last))
	if err != nil {
		return t.fail(err, "scanning a range")
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var value []byte
		if err := rows.Scan(&key, &value); err != nil {
			return t.fail(err, "scanning a range")
		}
		if !visit(attempt.Key(key), attempt.Present(value)) {
			break
		}
	}
	return t.fail(errors.Join(rows.Err(), rows.Close()), "scanning a range")
}

// Commit does not wait: the transaction is the writer, or has changed nothing.
func (t *tx) Commit(ctx context.Context) error {
	t.ctx = ctx
	return t.exec("committing", t.commit)
}

// Validate has nothing to do: a transaction reads from one state.
func (t *tx) Validate(context.Context) error { return nil }

// Rollback closes the session where it cannot roll back. Either ends the transaction.
func (t *tx) Rollback() {
	if _, err := t.rollback.ExecContext(context.Background()); err != nil {
		_ = t.close() // a connection that is no longer of use
	}
}
