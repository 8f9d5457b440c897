// Package distlock holds locks that processes share, on one machine or on many.
//
// A Backend starts the servers that a lock needs, and dials them. Nothing but the
// endpoint passes between the two, so that a client may live in any process. A Client
// acquires keys. What it gets is a Lease, not a lock: the lease may end while its holder
// still works, because the holder was paused, cut off or slow. A token lets the protected
// resource refuse such a holder. Implementations that promise Fenced have tokens.
//
// To add an implementation, write its file and add one line to All. An implementation
// that links a foreign server goes to Engines, and its file to the module impls/engines.
package distlock

import (
	"context"
	"errors"
	"time"

	"github.com/contendbench/contend/impls"
)

// Backend is how to start a lock's servers, and how to reach them.
type Backend struct {
	impls.Service
	// Dial connects a client. Each worker has its own.
	Dial func(ctx context.Context, endpoint string) (Client, error)
	// MinTTL is the shortest time to live that the lock keeps. A shorter one counts as
	// this. 0: it keeps any.
	MinTTL time.Duration
	// LosePower starts the same servers on files that lose what was not synced when a
	// server is killed, as a loss of power does. nil: their files cannot be made to.
	LosePower func(ctx context.Context, host impls.Host) (impls.Cluster, error)
}

// Client acquires locks for one worker. Its methods are for one goroutine at a time. Its
// leases may be released by another goroutine.
type Client interface {
	// Acquire waits until key is free and takes it for ttl. While this process runs, the
	// client keeps the lease alive. Once it cannot, the lease ends after ttl, if the
	// implementation promises Expires. If ctx ends first, or has ended before, the error is
	// ctx's and nothing is held. Any text is a key, and different texts are different keys.
	// After Close, it returns an error.
	Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error)
	// Close releases what the client still holds.
	Close() error
}

// Lease is one acquisition.
type Lease interface {
	// Token is greater than the token of every earlier acquisition of the key. 0: the
	// lock has no tokens.
	Token() uint64
	// Done is closed when the client knows that the lease has ended, by Release or
	// otherwise.
	Done() <-chan struct{}
	// Release ends the lease. It frees this acquisition only: the error is ErrLost if the
	// lease had ended before. If ctx ends first, the error may be ctx's. The client then
	// keeps the lease alive no longer.
	Release(ctx context.Context) error
}

var (
	// ErrLost says that a lease had ended before it was released.
	ErrLost = errors.New("distlock: the lease had ended before")
	// ErrClosed says that a client was closed before the call.
	ErrClosed = errors.New("distlock: the client is closed")
)

// The promises of locks between processes.
var (
	Expires = impls.Promise{
		Name: "expires", Meaning: "takes the lock from a holder that is gone or stalls, once its time to live is over",
	}
	Released = impls.Promise{
		Name: "released", Meaning: "frees the lock of a process at once when the process ends",
	}
	Fenced = impls.Promise{
		Name: "fenced", Meaning: "numbers its acquisitions in order, so that a resource can refuse a late holder",
	}
	Durable = impls.Promise{
		Name: "durable", Meaning: "forgets no holder and reuses no number when its server restarts",
	}
	Survives = impls.Promise{
		Name: "survives", Meaning: "continues after a pause when it loses one server of several",
	}
)
