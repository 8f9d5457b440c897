package optimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// crowd is how many goroutines may commit few transactions in seconds, if all want the same
// records of PostgreSQL. More are taken for hung.
const crowd = 8

// Engines returns the optimistic transactions of databases. It is their only declaration,
// so that contend can list and select them without linking a client. The module
// impls/engines gives each its New.
func Engines() []impls.Impl[txn.Backend] {
	const (
		postgres = "github.com/jackc/pgx/v5 v5.12.0, on PostgreSQL, "
		redis    = "github.com/redis/go-redis/v9 v9.23.0, WATCH"
		etcd     = "go.etcd.io/etcd/client/v3 v3.7.3, concurrency.STM, "
		sqlite   = "modernc.org/sqlite v1.62.0, BEGIN DEFERRED"
	)
	return []impls.Impl[txn.Backend]{
		impls.UpToCrowd(crowd, impls.NewEngine[txn.Backend]("postgres-serializable", "postgres",
			postgres+"SERIALIZABLE", txn.Serializable, txn.Opaque, txn.Durable, impls.Cancellable)),
		impls.UpToCrowd(crowd, impls.NewEngine[txn.Backend]("postgres-repeatable-read", "postgres",
			postgres+"REPEATABLE READ", txn.Snapshot, txn.Opaque, txn.ReadsOn, txn.Durable, impls.Cancellable)),
		impls.NewEngine[txn.Backend]("redis", "redis", redis, txn.StrictSerializable),
		impls.NewEngine[txn.Backend]("etcd-serializable-snapshot", "etcd", etcd+"SerializableSnapshot",
			txn.StrictSerializable, txn.Opaque, txn.ReadsOn, txn.Durable),
		impls.NewEngine[txn.Backend]("etcd-serializable", "etcd", etcd+"Serializable",
			txn.StrictSerializable, txn.Opaque, txn.ReadsOn, txn.Durable),
		impls.NewEngine[txn.Backend]("etcd-repeatable-reads", "etcd", etcd+"RepeatableReads",
			txn.StrictSerializable, txn.Durable),
		impls.NewEngine[txn.Backend]("sqlite-deferred", "", sqlite,
			txn.StrictSerializable, txn.Opaque, txn.ReadsOn, impls.Cancellable),
	}
}
