// Package engines runs the implementations over foreign servers, etcd, NATS, Redis and
// PostgreSQL, and over SQLite. It is a module of its own, because they are a thousand
// packages that contend's own executable must neither link nor build.
//
// Each folder of a server starts it. The folders below are its adapters, one for each
// contract.
package engines

import (
	"context"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/etcd"
	etcdlock "github.com/contendbench/contend/impls/engines/etcd/distlock"
	etcdtxn "github.com/contendbench/contend/impls/engines/etcd/txn"
	"github.com/contendbench/contend/impls/engines/nats"
	natslock "github.com/contendbench/contend/impls/engines/nats/distlock"
	"github.com/contendbench/contend/impls/engines/postgres"
	postgreslock "github.com/contendbench/contend/impls/engines/postgres/distlock"
	postgrestxn "github.com/contendbench/contend/impls/engines/postgres/txn"
	"github.com/contendbench/contend/impls/engines/redis"
	redislock "github.com/contendbench/contend/impls/engines/redis/distlock"
	redistxn "github.com/contendbench/contend/impls/engines/redis/txn"
	sqlitetxn "github.com/contendbench/contend/impls/engines/sqlite/txn"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/impls/txn/pessimistic"
)

// distlocks are the backends of distlock.Engines, by name.
var distlocks = map[string]distlock.Backend{
	"etcd":        etcdlock.Backend(1),
	"etcd-3":      etcdlock.Backend(3),
	"nats":        natslock.Backend(1, false),
	"nats-3":      natslock.Backend(3, false),
	"nats-direct": natslock.Backend(3, true),
	"redsync":     redislock.Backend(1),
	"redsync-5":   redislock.Backend(5),
	"postgres":    postgreslock.Backend(),
}

// optimists and pessimists are the backends of optimistic.Engines and pessimistic.Engines,
// by name.
var (
	optimists = map[string]txn.Backend{
		"postgres-serializable":      postgrestxn.Serializable(),
		"postgres-repeatable-read":   postgrestxn.RepeatableRead(),
		"redis":                      redistxn.Backend(),
		"etcd-serializable-snapshot": etcdtxn.SerializableSnapshot(),
		"etcd-serializable":          etcdtxn.Serializable(),
		"etcd-repeatable-reads":      etcdtxn.RepeatableReads(),
		"sqlite-deferred":            sqlitetxn.Deferred(),
	}
	pessimists = map[string]txn.Backend{
		"postgres-for-update": postgrestxn.ForUpdate(),
		"postgres-advisory":   postgrestxn.Advisory(),
		"sqlite-immediate":    sqlitetxn.Immediate(),
	}
)

// missing returns why a server that is not part of this executable cannot be started, by
// its name.
var missing = map[string]func() error{"redis": redis.Missing, "postgres": postgres.Missing}

// reach asks whether a user's own servers answer, by their name.
var reach = map[string]func(context.Context, string) error{
	"etcd": etcd.Reach, "nats": nats.Reach, "redis": redis.Reach, "postgres": postgres.Reach,
}

// Distlock returns the locks of distlock.Engines, as this executable runs them.
func Distlock() []impls.Impl[distlock.Backend] { return linked(distlock.Engines(), distlocks) }

// Optimistic returns the stores of optimistic.Engines, as this executable runs them.
func Optimistic() []impls.Impl[txn.Backend] { return linked(optimistic.Engines(), optimists) }

// Pessimistic returns the stores of pessimistic.Engines, as this executable runs them.
func Pessimistic() []impls.Impl[txn.Backend] { return linked(pessimistic.Engines(), pessimists) }

// linked gives implementations that need this executable their constructors.
func linked[C any](table []impls.Impl[C], constructors map[string]C) []impls.Impl[C] {
	for i := range table {
		t := &table[i]
		t.New = constructors[t.Name]
		server := t.Requires.Server
		t.Requires = impls.Requires{Server: server, Missing: missing[server], Reach: reach[server]}
	}
	return table
}
