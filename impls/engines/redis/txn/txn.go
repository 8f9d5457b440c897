// Package txn holds the transactions of Redis.
package txn

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	redisgo "github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/redis"
	"github.com/contendbench/contend/impls/txn"
)

// Backend is WATCH, MULTI and EXEC.
//
// Idea: backward validation in the server. WATCH marks a key for a connection, and the
// client reads it then. What it writes waits in the client. EXEC runs all of it in one
// step, unless a watched key has been touched meanwhile.
// Source: Redis's documentation, Transactions, by github.com/redis/go-redis/v9 v9.23.0, on
// a redis-server process without persistence. The ranges are ours: a sorted set holds the
// keys that have a value, in the order of their bytes. A scan watches it, too.
// Progress: nothing waits. An attempt fails at its EXEC only if another transaction has
// committed a change of what it read, or, after a scan, has added or removed any key.
// Promises: what EXEC accepts was read as if at one instant, that of EXEC. Until then reads
// show live data, and two of them may be of two states, so this is not opaque. An EXEC
// without writes therefore validates views, and bodies that return an error or panic.
// Redis has no rollback: if a command of EXEC fails, for lack of memory, others stay.
// Space: a list of watchers for each key, and the sorted set.
// Wins: short transactions on one server thread, which needs no lock.
// Loses: transactions that read much: each read is two round trips, and all is validated
// at the end only.
func Backend() txn.Backend { return txn.Backend{Service: redis.Service(1), Open: open} }

// maxConns is how many transactions are under way at most. More of them wait, as long as
// their contexts let them.
const (
	maxConns = 80
	connTime = 24 * time.Hour
)

// store is the keys under a prefix.
type store struct {
	txn.Retry
	client *redisgo.Client
	prefix string
	index  string // the sorted set
}

func open(ctx context.Context, endpoint string, o txn.Options) (txn.Store, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	client, err := redis.ConnectPool(at.Addresses[0], maxConns, connTime)
	if err != nil {
		return nil, err
	}
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to Redis: %w", err), client.Close())
	}
	prefix := at.Prefix + strings.ToLower(rand.Text())
	return &store{Retry: txn.NewRetry(o), client: client, prefix: prefix + "/", index: prefix}, nil
}

func (s *store) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, txn.Lifetime{}, body) })
}

func (s *store) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, txn.ReadOnly, body) })
}

// attempt runs body on a connection. That is given back by the context of Watch, which
// must not have ended, or the connection would go on watching.
func (s *store) attempt(ctx context.Context, may txn.Lifetime, body func(txn.Tx) error) error {
	return s.client.Watch(context.WithoutCancel(ctx), func(conn *redisgo.Tx) error {
		t := &tx{State: attempt.State{Lifetime: may}, ctx: ctx, s: s, conn: conn, watched: map[string]struct{}{}}
		return attempt.Run(ctx, t, body)
	})
}

// Close removes the keys. The sorted set names all of them.
func (s *store) Close() (err error) {
	defer func() { err = errors.Join(err, s.client.Close()) }()
	ctx, cancel := attempt.Ending(context.Background())
	defer cancel()
	for {
		members, err := s.client.ZRange(ctx, s.index, 0, attempt.Page-1).Result()
		if err != nil {
			return fmt.Errorf("looking for keys to remove: %w", err)
		}
		if len(members) == 0 {
			return nil
		}
		var keys []string
		var gone []any
		for _, m := range members {
			keys, gone = append(keys, s.prefix+m), append(gone, m)
		}
		if _, err := s.client.TxPipelined(ctx, func(p redisgo.Pipeliner) error {
			p.Unlink(ctx, keys...)
			p.ZRem(ctx, s.index, gone...)
			return nil
		}); err != nil {
			return fmt.Errorf("removing keys: %w", err)
		}
	}
}
