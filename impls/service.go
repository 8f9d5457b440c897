package impls

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Service is the servers that an implementation needs: how to start them, and how to
// disturb them.
type Service struct {
	// Start starts the servers by host, or finds the user's own by host.Endpoint. It
	// returns when they serve.
	Start func(ctx context.Context, host Host) (Cluster, error)
	// Serve is the server's own process, where it is a function of this program: an
	// impls.Program with the entry ServerEntry. It calls ready once with its address,
	// serves, and returns when ctx ends. nil: the servers are other programs.
	Serve func(ctx context.Context, args json.RawMessage, ready func(address string) error) error
	// Skew disturbs the clock of the servers behind an endpoint. nil: their clock cannot
	// be disturbed.
	Skew func(ctx context.Context, endpoint string, s Skew) error
	// ElectionTimeout is how long the cluster may be unavailable after losing its leader,
	// in addition to the usual timeout of a fault. 0: no extra time.
	ElectionTimeout time.Duration
}

// ServerEntry is the entry by which Start runs Serve in a process of its own.
const ServerEntry = "server"

// Skew is an error of a server's clock: it jumps ahead, and then runs at Rate times its
// speed.
type Skew struct {
	Jump time.Duration
	Rate float64
}

// Cluster is the running servers. They end with their Host.
type Cluster interface {
	// Endpoint is all that a client needs.
	Endpoint() string
	// Nodes are the servers' processes: none where there is no server, or where it is the
	// user's own.
	Nodes() []Process
	// Leader returns the index of the node that serves writes now. The error is
	// ErrNoLeader where all nodes are equal.
	Leader(ctx context.Context) (int, error)
	// Close removes what the clients have left behind on a user's own servers.
	Close() error
}

// ErrNoLeader says that the nodes of a cluster are equal.
var ErrNoLeader = errors.New("these servers have no leader")

// EnginesBinary is the executable that links what is too heavy for contend's own.
const EnginesBinary = "contend-engines"

var errNeedsEngines = errors.New("needs " + EnginesBinary + ": make engines")

// engineStartup is about what etcd, NATS, Redis and PostgreSQL need until they serve. What
// names no server runs in the trial's own process.
const engineStartup = time.Second

// NewEngine declares an implementation that EnginesBinary links. Contend lists and
// selects it without linking it; the module impls/engines gives it its New.
func NewEngine[C any](name, server, source string, promises ...Promise) Impl[C] {
	needs := Requires{Binary: EnginesBinary, Server: server, Missing: func() error { return errNeedsEngines }}
	if server != "" {
		needs.Startup = engineStartup
	}
	return Impl[C]{Card: Card{
		Name: name, Kind: Library, Source: source, Promises: promises, Requires: needs,
	}}
}
