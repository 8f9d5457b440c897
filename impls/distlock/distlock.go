// Package distlock holds locks that processes share, on one machine or on many.
//
// A Backend starts the servers that a lock needs and dials them; nothing but the endpoint, a text, passes between the two, so that a
// client may live in any process. A Client acquires keys. What it gets is a Lease and not a lock: it may end while its holder
// still works, because the holder was paused, cut off or slow. A Token lets the resource that the lock protects refuse such a holder;
// rows that promise Fenced have one.
//
// To add an implementation, write its file and add one line to All.
package distlock

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/contendbench/contend/impls"
)

// Backend is how to start a lock's servers and to reach them.
type Backend struct {
	// Start starts the servers by host, or finds the user's own by host.Endpoint, and returns when they serve.
	Start func(ctx context.Context, host impls.Host) (Cluster, error)
	// Dial connects a client. Each worker has its own.
	Dial func(ctx context.Context, endpoint string) (Client, error)
	// Least is the shortest time to live that the lock keeps; a shorter one counts as this. 0: any.
	Least time.Duration
	// Elects is how long the servers may serve nobody after the loss of one that leads, beyond what any fault takes. 0: no longer.
	Elects time.Duration
	// Skew disturbs the clock of the servers behind an endpoint. nil: it cannot be disturbed.
	Skew func(ctx context.Context, endpoint string, s Skew) error
	// Serve is the server's own process, where it is a function of this program (an impls.Program with the entry Server): it
	// calls ready once with its address, serves, and returns when ctx ends. nil: there is none.
	Serve func(ctx context.Context, args json.RawMessage, ready func(address string) error) error
}

// Skew is what goes wrong with a server's clock: it jumps ahead, and then runs at Rate times its speed.
type Skew struct {
	Jump time.Duration
	Rate float64
}

// Server is the entry by which Start runs Serve in a process of its own.
const Server = "server"

// Cluster is the running servers. They end with their Host.
type Cluster interface {
	// Endpoint is all that a client needs.
	Endpoint() string
	// Nodes are the servers' processes; none if the lock needs no server of its own.
	Nodes() []impls.Process
	// Leader returns the index of the node that serves writes now; an error where no node does, ErrNoLeader where the question makes no sense.
	Leader(ctx context.Context) (int, error)
	// Close removes what the clients have left behind at a user's own servers.
	Close() error
}

// Client acquires locks for one worker. Its methods are for one goroutine at a time; leases may be released by another.
type Client interface {
	// Acquire waits until key is free and takes it for ttl. While this process runs, the client keeps the lease alive; once it cannot, the
	// lease ends when ttl has passed, if the row promises Expires. The error is ctx's when ctx ends first; nothing is held then.
	Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error)
	// Close gives up what the client still holds.
	Close() error
}

// Lease is one acquisition.
type Lease interface {
	// Token is greater than that of every earlier acquisition of the key; 0 where there is none.
	Token() uint64
	// Done is closed when the client knows that the lease has ended, by Release or by itself.
	Done() <-chan struct{}
	// Release ends the lease. It frees this acquisition only: ErrLost says that it had ended before.
	Release(ctx context.Context) error
}

// ErrNoLeader is the error of Leader where all servers are equal.
var ErrNoLeader = errors.New("distlock: these servers have no leader")

// ErrLost says that a lease had ended before it was released.
var ErrLost = errors.New("distlock: the lease had ended before")
