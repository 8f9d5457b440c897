// Package engines runs the implementations over foreign servers: etcd, NATS, Redis and
// PostgreSQL. It is a module of its own, because they are a thousand packages that
// contend's own executable must neither link nor build.
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
	"github.com/contendbench/contend/impls/engines/nats"
	natslock "github.com/contendbench/contend/impls/engines/nats/distlock"
	"github.com/contendbench/contend/impls/engines/postgres"
	postgreslock "github.com/contendbench/contend/impls/engines/postgres/distlock"
	"github.com/contendbench/contend/impls/engines/redis"
	redislock "github.com/contendbench/contend/impls/engines/redis/distlock"
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

// missing returns why a server that is not part of this executable cannot be started, by
// its name.
var missing = map[string]func() error{"redis": redis.Missing, "postgres": postgres.Missing}

// reach asks whether a user's own servers answer, by their name.
var reach = map[string]func(context.Context, string) error{
	"etcd": etcd.Reach, "nats": nats.Reach, "redis": redis.Reach, "postgres": postgres.Reach,
}

// Distlock returns the locks of distlock.Engines, as this executable runs them.
func Distlock() []impls.Impl[distlock.Backend] { return linked(distlock.Engines(), distlocks) }

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
