package distlock

import (
	"errors"

	"github.com/contendbench/contend/impls"
)

// enginesBinary links what is too heavy for contend's own executable.
const enginesBinary = "contend-engines"

var errNeedsEngines = errors.New("needs " + enginesBinary + ": make engines")

// Engines returns the rows over servers of others. It is their only declaration, so that contend can list and select them without
// linking a server; the module impls/engines gives each its New.
func Engines() []impls.Impl[Backend] {
	const (
		etcd     = "go.etcd.io/etcd/client/v3 v3.7.3, concurrency.Mutex"
		nats     = "github.com/nats-io/nats.go v1.55.0, jetstream.KeyValue"
		redsync  = "github.com/go-redsync/redsync/v4 v4.18.1"
		postgres = "github.com/jackc/pgx/v5 v5.12.0, pg_advisory_lock"
	)
	row := func(name, server, source string, p ...impls.Promise) impls.Impl[Backend] {
		return impls.Impl[Backend]{
			Name: name, Kind: impls.Library, Source: source, Promises: p, Binary: enginesBinary, Server: server,
			Missing: func() error { return errNeedsEngines },
		}
	}
	return []impls.Impl[Backend]{
		row("etcd", "etcd", etcd, impls.Expires, impls.Fenced, impls.Durable),
		row("etcd-3", "etcd", etcd, impls.Expires, impls.Fenced, impls.Durable, impls.Survives),
		row("nats", "nats", nats, impls.Expires, impls.Fenced),
		row("nats-3", "nats", nats, impls.Expires, impls.Fenced, impls.Survives),
		row("nats-direct", "nats", nats, impls.Expires, impls.Fenced, impls.Survives),
		row("redsync", "redis", redsync, impls.Expires),
		row("redsync-5", "redis", redsync, impls.Expires, impls.Survives),
		row("postgres", "postgres", postgres, impls.Released),
	}
}
