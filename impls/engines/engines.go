// Package engines runs the rows over servers of others: etcd, NATS, Redis and PostgreSQL. It is a module of its own because these
// are a thousand packages, which contend's own executable shall neither link nor build.
package engines

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/etcd"
	"github.com/contendbench/contend/impls/engines/nats"
	"github.com/contendbench/contend/impls/engines/postgres"
	"github.com/contendbench/contend/impls/engines/redis"
)

// backends are what runs each row of distlock.Engines.
var backends = map[string]distlock.Backend{
	"etcd":        etcd.Backend(1),
	"etcd-3":      etcd.Backend(3),
	"nats":        nats.Backend(1, false),
	"nats-3":      nats.Backend(3, false),
	"nats-direct": nats.Backend(3, true),
	"redsync":     redis.Backend(1),
	"redsync-5":   redis.Backend(5),
	"postgres":    postgres.Backend(),
}

// missing says of servers that are not part of this executable why they cannot be started.
var missing = map[string]func() error{"redis": redis.Missing, "postgres": postgres.Missing}

// Distlock returns the rows of distlock.Engines, as this executable runs them.
func Distlock() []impls.Impl[distlock.Backend] {
	rows := distlock.Engines()
	for i := range rows {
		r := &rows[i]
		r.New, r.Missing, r.Binary = backends[r.Name], missing[r.Server], ""
	}
	return rows
}
