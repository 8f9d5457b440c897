// Package txn holds transactional stores: values under ordered keys that many goroutines
// change in transactions, on one lock or many, by validation, by versions, or in a
// database.
//
// The contract: what a transaction has put and deleted takes effect at its commit, all of
// it or nothing. A transaction sees its own changes. What a transaction of another
// goroutine wrote is seen only after its commit. How far the transactions then look as if
// they ran one after the other is a promise: StrictSerializable, Serializable,
// ItemSerializable, Snapshot or ReadCommitted. What was written before a commit happens
// before a read of what it committed.
//
// Update runs its body again when the transaction conflicts with another one, so a body
// must have no effect but through its Tx, unless the store promises RunsOnce. Until then a
// store that does not promise Opaque may show the body values that belong to no common
// state: the body must end whatever it reads. Its error or panic counts only if what it
// read was consistent.
//
// Two packages below hold the implementations: optimistic ones let a conflict happen and
// run the loser again, pessimistic ones lock. To add one, write its file there and add one
// line to its All.
package txn

import (
	"context"
	"errors"

	"github.com/contendbench/contend/impls"
)

// Store is a database.
type Store interface {
	// Update runs body as one transaction. If body returns nil, it commits and returns
	// nil. If body returns another error than one of the Tx's, it rolls back and returns
	// that error. A conflict rolls back, too, and body is run again with a new Tx, by the
	// Options. If ctx ends before the commit, nothing is committed and the error is that of
	// ctx. A store that promises impls.Cancellable ends its waits then. If body panics or calls runtime.Goexit,
	// the transaction is rolled back, and the panic goes on.
	Update(ctx context.Context, body func(Tx) error) error
	// View is Update for a body that only reads.
	View(ctx context.Context, body func(Tx) error) error
	// Close frees what the store holds. No transaction must be under way.
	Close() error
}

// Tx is a transaction. It is for the goroutine that runs the body, until the body returns.
//
// A call that returns an error has doomed the transaction: it will be rolled back, and
// each further call returns an error, too. The body should return the error; what it
// returns instead is ignored. The only exceptions are ErrReadOnly and ErrEnded, which
// change nothing.
type Tx interface {
	// Get returns the value of key, or nil if there is none. The caller must not change
	// it, and may keep it.
	Get(key uint64) ([]byte, error)
	// Put sets the value of key. It copies value, which may be empty.
	Put(key uint64, value []byte) error
	// Delete removes key and its value, if there is one.
	Delete(key uint64) error
	// Scan calls visit for each key from first to last, both included, that has a value,
	// in ascending order, until visit returns false. visit must not call the Tx.
	Scan(first, last uint64, visit func(key uint64, value []byte) bool) error
}

// A Scout is a Store whose attempts run the body several times, to find out what it touches
// before it takes effect.
type Scout interface {
	Store
	// RunsPerAttempt is how often, at most.
	RunsPerAttempt() int
}

// Backend is how to open a store, and the servers that it needs.
type Backend struct {
	impls.Service
	// Open opens an empty store. endpoint is that of the Service's cluster; "" if there is
	// no Service.
	Open func(ctx context.Context, endpoint string, o Options) (Store, error)
}

// Options are what a user of a store decides.
type Options struct {
	Backoff Backoff
	// Attempts is how many attempts Update makes before it returns ErrAborted. 0: as many as
	// it takes. An attempt runs the body once, unless the store is a Scout.
	Attempts int
}

// The promises of stores.
var (
	StrictSerializable = impls.Promise{
		Name: "strict-serializable", Covers: "serializable",
		Meaning: "makes transactions take effect one after the other, each between its start and its end",
	}
	Serializable = impls.Promise{
		Name: "serializable", Meaning: "makes transactions take effect as if they ran one after the other",
	}
	ItemSerializable = impls.Promise{
		Name: "item-serializable",
		Meaning: "makes transactions take effect as if they ran one after the other, " +
			"but for keys that appear in a range that another one has scanned",
	}
	Snapshot = impls.Promise{
		Name: "snapshot-isolation",
		Meaning: "has a transaction read from one state, and lets one of two commit that change the same key; " +
			"write skew is possible",
	}
	ReadCommitted = impls.Promise{
		Name: "read-committed", Meaning: "shows a transaction only what others have committed, not always of one state",
	}
	Opaque = impls.Promise{
		Name: "opaque", Meaning: "shows also a transaction that will be rolled back only values of one state",
	}
	RunsOnce = impls.Promise{Name: "runs-once", Meaning: "runs the body of a transaction exactly once"}
	Durable  = impls.Promise{Name: "durable-commits", Meaning: "has stored what it committed when Update returns"}
	ReadsOn  = impls.Promise{
		Name: "reads-on", Meaning: "never makes a View wait for a transaction, or run again",
	}
)

// Levels are the promises about what transactions see of each other, the strongest first.
// Each store makes one of them.
var Levels = []impls.Promise{StrictSerializable, Serializable, ItemSerializable, Snapshot, ReadCommitted}

var (
	// ErrAborted is the error of an Update whose transaction conflicted as often as
	// Options.Attempts allows. It wraps the last Conflict.
	ErrAborted = errors.New("txn: no attempt could commit")
	// ErrReadOnly is the error of a Put or a Delete in a View.
	ErrReadOnly = errors.New("txn: a View cannot write")
	// ErrEnded is the error of a call of a Tx after the end of its transaction.
	ErrEnded = errors.New("txn: the transaction has ended")
)
