package pessimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// crowd is how many goroutines may commit few transactions in seconds, if they deadlock in
// PostgreSQL. More are taken for hung.
const crowd = 8

// Engines returns the pessimistic transactions of databases. It is their only declaration,
// so that contend can list and select them without linking a client. The module
// impls/engines gives each its New.
func Engines() []impls.Impl[txn.Backend] {
	const (
		forUpdate = "github.com/jackc/pgx/v5 v5.12.0, on PostgreSQL, SELECT FOR UPDATE"
		advisory  = "github.com/jackc/pgx/v5 v5.12.0, on PostgreSQL, pg_advisory_xact_lock"
		sqlite    = "modernc.org/sqlite v1.62.0, BEGIN IMMEDIATE"
	)
	return []impls.Impl[txn.Backend]{
		impls.UpToCrowd(crowd, impls.NewEngine[txn.Backend]("postgres-for-update", "postgres", forUpdate,
			txn.ItemSerializable, txn.Opaque, txn.ReadsOn, txn.Durable, impls.Cancellable)),
		impls.UpToCrowd(crowd, impls.NewEngine[txn.Backend]("postgres-advisory", "postgres", advisory,
			txn.ItemSerializable, txn.Opaque, txn.ReadsOn, txn.Durable, impls.Cancellable)),
		impls.NewEngine[txn.Backend]("sqlite-immediate", "", sqlite,
			txn.StrictSerializable, txn.Opaque, txn.RunsOnce, txn.ReadsOn, impls.Cancellable),
	}
}
