package distlock

import "github.com/contendbench/contend/impls"

// Engines returns the locks over foreign servers. It is their only declaration, so that
// contend can list and select them without linking a server. The module impls/engines
// gives each its New.
func Engines() []impls.Impl[Backend] {
	const (
		etcd     = "go.etcd.io/etcd/client/v3 v3.7.3, concurrency.Mutex"
		nats     = "github.com/nats-io/nats.go v1.55.0, jetstream.KeyValue"
		redsync  = "github.com/go-redsync/redsync/v4 v4.18.1"
		postgres = "github.com/jackc/pgx/v5 v5.12.0, pg_advisory_lock"
	)
	return []impls.Impl[Backend]{
		impls.Headline(impls.NewEngine[Backend]("etcd", "etcd", etcd, Expires, Fenced, Durable)),
		impls.NewEngine[Backend]("etcd-3", "etcd", etcd, Expires, Fenced, Durable, Survives),
		impls.Headline(impls.NewEngine[Backend]("nats", "nats", nats, Expires, Fenced)),
		impls.NewEngine[Backend]("nats-3", "nats", nats, Expires, Fenced, Survives),
		impls.NewEngine[Backend]("nats-direct", "nats", nats, Expires, Fenced, Survives),
		impls.Headline(impls.NewEngine[Backend]("redsync", "redis", redsync, Expires)),
		impls.NewEngine[Backend]("redsync-5", "redis", redsync, Expires, Survives),
		impls.Headline(impls.NewEngine[Backend]("postgres", "postgres", postgres, Released)),
	}
}
