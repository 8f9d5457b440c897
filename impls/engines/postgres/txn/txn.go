// Package txn holds the transactions of PostgreSQL.
package txn

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/postgres"
	"github.com/contendbench/contend/impls/txn"
)

// maxConns is how many transactions are under way at most. More of them wait. It is more
// than the loads have workers, and less than the 97 that a server takes by default.
const maxConns = 80

// cancelTime is how long a request may go on whose context has ended.
const cancelTime = time.Second

// A protocol is how transactions begin, and how those that write read and lock.
type protocol struct {
	update, view string // the commands by which they begin
	wrap         func(*tx) attempt.Tx
}

func plain(t *tx) attempt.Tx { return t }

// backend is PostgreSQL under a protocol. The started server looks for a deadlock after
// 10 ms in place of 1 s. The manual advises more than the time of a transaction, which is a
// few ms here.
func backend(p protocol) txn.Backend {
	return txn.Backend{
		Service: postgres.Service("deadlock_timeout=10ms"),
		Open: func(ctx context.Context, endpoint string, o txn.Options) (txn.Store, error) {
			return open(ctx, endpoint, o, p)
		},
	}
}

// store is a table.
type store struct {
	txn.Retry
	protocol
	pool  *pgxpool.Pool
	table string // quoted
	statements
}

// statements are the commands on a table.
type statements struct {
	get, getForUpdate, put, remove  string
	scan, scanForUpdate, keys, read string
	claim, bury, exhume             string
}

func statementsOf(table string) statements {
	const (
		between  = " where key between $1 and $2 order by key limit $3"
		overrule = " on conflict (key) do update set value = excluded.value"
	)
	return statements{
		get:           "select value from " + table + " where key = $1",
		getForUpdate:  "select value from " + table + " where key = $1 for update",
		put:           "insert into " + table + " values ($1, $2)" + overrule,
		remove:        "delete from " + table + " where key = $1",
		scan:          "select key, value from " + table + between,
		scanForUpdate: "select key, value from " + table + between + " for update",
		keys:          "select key from " + table + between,
		read:          "select key, value from " + table + " where key = any($1) order by key",
		claim:         "insert into " + table + " values ($1, '') on conflict (key) do nothing",
		bury:          "insert into " + table + " values ($1, '')" + overrule,
		exhume:        "delete from " + table + " where key = any($1)",
	}
}

func open(ctx context.Context, endpoint string, o txn.Options, p protocol) (txn.Store, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(at.Addresses[0])
	if err != nil {
		return nil, fmt.Errorf("reading the address of PostgreSQL: %w", err)
	}
	config.MaxConns = maxConns
	// A sequential scan locks the table for a serializable transaction. The planner chooses
	// it as long as the table is small.
	config.ConnConfig.RuntimeParams["enable_seqscan"] = "off"
	config.ConnConfig.BuildContextWatcherHandler = cancels
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	table := pgx.Identifier{at.Prefix + strings.ToLower(rand.Text())}.Sanitize()
	if _, err := pool.Exec(ctx, "create table "+table+" (key bigint primary key, value bytea not null)"); err != nil {
		pool.Close()
		return nil, fmt.Errorf("creating a table: %w", err)
	}
	return &store{Retry: txn.NewRetry(o), protocol: p, pool: pool, table: table, statements: statementsOf(table)}, nil
}

// cancels has the server end a statement whose context ends. A connection that is only
// closed waits in the server for its lock.
func cancels(c *pgconn.PgConn) ctxwatch.Handler {
	return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelTime}
}

func (s *store) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, s.update, s.wrap, txn.Lifetime{}, body) })
}

func (s *store) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, s.view, plain, txn.ReadOnly, body) })
}

func (s *store) attempt(
	ctx context.Context, begin string, wrap func(*tx) attempt.Tx, may txn.Lifetime, body func(txn.Tx) error,
) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("waiting for a connection: %w", err)
	}
	defer conn.Release() // closes it unless the transaction has ended
	t := &tx{State: attempt.State{Lifetime: may}, ctx: ctx, s: s, conn: conn.Conn()}
	if err := t.exec("beginning a transaction", begin); err != nil {
		t.Rollback()
		return err
	}
	return attempt.Run(ctx, wrap(t), body)
}

// Close drops the table.
func (s *store) Close() error {
	ctx, cancel := attempt.Ending(context.Background())
	defer cancel()
	_, err := s.pool.Exec(ctx, "drop table "+s.table)
	s.pool.Close()
	if err != nil {
		return fmt.Errorf("dropping a table: %w", err)
	}
	return nil
}

// conflictOf returns what a serialization failure or a deadlock means, and nil for each
// other error. These two are what the manual has a client try again.
func conflictOf(err error) *txn.Conflict {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return nil
	}
	switch refused.Code {
	case "40001":
		return txn.ConflictOf(txn.Refused)
	case "40P01":
		return txn.ConflictOf(txn.Deadlock)
	}
	return nil
}
