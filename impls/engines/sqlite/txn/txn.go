// Package txn holds the transactions of SQLite.
package txn

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	sqlitego "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/sqlite"
	"github.com/contendbench/contend/impls/txn"
)

// Deferred is BEGIN DEFERRED: a transaction reads from a snapshot, and becomes the writer
// when it first changes something.
//
// Idea: the log holds the pages that commits have changed, and a reader ignores what is
// beyond the end that it found. One transaction writes at a time. A reader may become the
// writer only if nothing has been committed since its first read.
// Source: SQLite's documentation, Write-Ahead Logging, Isolation and BEGIN TRANSACTION, by
// modernc.org/sqlite v1.62.0, which is SQLite translated to Go.
// Progress: a transaction that has read and meets another writer is refused (SQLITE_BUSY),
// and so is one whose snapshot is no longer the latest (SQLITE_BUSY_SNAPSHOT). Both are run
// again. One whose first call writes waits in place of that, by polls up to 100 ms apart.
// Promises: a commit is not durable. In this mode the documentation recommends the setting
// synchronous=NORMAL, which syncs at checkpoints only. It survives the end of the process,
// and may lose the latest commits when the power fails.
// Space: the log grows while a reader keeps a checkpoint from its end.
// Wins: readers, which never wait.
// Loses: writers on different records, of which one still refuses the other.
func Deferred() txn.Backend { return backend("begin deferred") }

// Immediate is BEGIN IMMEDIATE: a transaction is the writer from its beginning.
//
// Idea, source, promises and space: those of Deferred. A view is deferred: it never writes.
// Progress: a transaction waits until it is the writer, by polls up to 100 ms apart, in no
// order: it may starve. It is never refused.
// Wins: transactions that write; their bodies run once.
// Loses: bodies that wait, since no other one may even begin to write.
func Immediate() txn.Backend { return backend("begin immediate") }

func backend(update string) txn.Backend {
	return txn.Backend{
		Service: sqlite.Service(),
		Open: func(ctx context.Context, endpoint string, o txn.Options) (txn.Store, error) {
			return open(ctx, endpoint, o, update)
		},
	}
}

// maxSessions is how many transactions are under way at most. More of them wait.
const maxSessions = 80

// busyTimeout is how long, in ms, a transaction waits to become the writer. It is longer
// than any trial: the context decides.
const busyTimeout = 24 * 60 * 60 * 1000

// store is a file.
type store struct {
	txn.Retry
	update string
	file   string
	db     *sql.DB
	// sessions has an element for each that may be in use; nil: it is not open yet.
	sessions chan *session
}

func open(ctx context.Context, endpoint string, o txn.Options, update string) (txn.Store, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	s := &store{Retry: txn.NewRetry(o), update: update, sessions: make(chan *session, maxSessions)}
	s.file = filepath.Join(at.Addresses[0], "contend-"+strings.ToLower(rand.Text())+".db")
	options := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout), "journal_mode(wal)", "synchronous(normal)",
	}}
	if s.db, err = sql.Open("sqlite", s.file+"?"+options.Encode()); err != nil {
		return nil, fmt.Errorf("opening a database: %w", err)
	}
	const create = "create table record (key integer primary key, value blob not null)"
	if _, err := s.db.ExecContext(ctx, create); err != nil {
		return nil, errors.Join(fmt.Errorf("creating a table: %w", err), s.db.Close(), s.remove())
	}
	for range maxSessions {
		s.sessions <- nil
	}
	return s, nil
}

func (s *store) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, s.update, txn.Lifetime{}, body) })
}

func (s *store) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, "begin deferred", txn.ReadOnly, body) })
}

func (s *store) attempt(ctx context.Context, begin string, may txn.Lifetime, body func(txn.Tx) error) error {
	var at *session
	select {
	case at = <-s.sessions:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.sessions <- at.reusable() }()
	if at == nil {
		var err error
		if at, err = newSession(ctx, s.db, s.update); err != nil {
			return err
		}
	}
	t := &tx{State: attempt.State{Lifetime: may}, ctx: ctx, session: at}
	if err := t.exec("beginning a transaction", at.begin[begin]); err != nil {
		t.Rollback()
		return err
	}
	return attempt.Run(ctx, t, body)
}

// Close removes the file.
func (s *store) Close() error {
	var errs []error
	for range maxSessions {
		if at := <-s.sessions; at != nil {
			errs = append(errs, at.close())
		}
	}
	return errors.Join(append(errs, s.db.Close(), s.remove())...)
}

// remove removes the file, its log and the index of the log.
func (s *store) remove() error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// conflictOf returns what it means that the database is busy, and nil for each other error.
func conflictOf(err error) *txn.Conflict {
	var refused *sqlitego.Error
	switch {
	case !errors.As(err, &refused):
		return nil
	case refused.Code() == codes.SQLITE_BUSY_SNAPSHOT:
		return txn.ConflictOf(txn.Refused)
	case refused.Code()&0xff == codes.SQLITE_BUSY:
		return txn.ConflictOf(txn.Locked)
	}
	return nil
}
