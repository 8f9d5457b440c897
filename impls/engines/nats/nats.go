// Package nats runs NATS servers with JetStream, and connects to them. Its folders are
// the adapters, one for each contract.
package nats

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Service is n servers, or the user's own. One embedded server runs in each process, with
// its defaults: it writes its files at once and syncs them every two minutes, and elects
// a leader some seconds after the loss of one. An even n makes no sense. Each stream has
// its own leader, so the servers are equal until an adapter sets Lead.
func Service(n int) impls.Service {
	return impls.Service{
		Start: func(ctx context.Context, host impls.Host) (impls.Cluster, error) { return Start(ctx, host, n) },
		Serve: serve,
		// An election usually takes some seconds, and rarely half a minute.
		ElectionTimeout: 40 * time.Second,
	}
}

// Start starts n servers, or finds the user's own. An adapter adds what it keeps there.
func Start(ctx context.Context, host impls.Host, n int) (*cluster.Cluster, error) {
	if at, given := cluster.Given(host, "nats"); given {
		return &cluster.Cluster{At: at}, nil
	}
	addresses, nodes, err := start(ctx, host, n)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{At: cluster.New(addresses...), Processes: nodes}, nil
}

// The pauses between two tries to connect.
const (
	reconnectWait   = 20 * time.Millisecond
	reconnectJitter = 10 * time.Millisecond
)

// Connect makes a client. It reconnects as long as it lives, because a server may
// restart.
func Connect(at cluster.At) (*nats.Conn, jetstream.JetStream, error) {
	conn, err := nats.Connect(strings.Join(at.Addresses, ","), nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait), nats.ReconnectJitter(reconnectJitter, reconnectJitter))
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return conn, js, nil
}

// Reach returns an error unless NATS with JetStream answers at one of the addresses, which
// are separated by commas.
func Reach(ctx context.Context, addresses string) error {
	conn, js, err := Connect(cluster.New(strings.Split(addresses, ",")...))
	if err == nil {
		defer conn.Close()
		_, err = js.AccountInfo(ctx)
	}
	if err != nil {
		return fmt.Errorf("no NATS with JetStream answers at %s: %w", addresses, err)
	}
	return nil
}

// Leader returns the index of the server that leads a stream. A single server leads.
func Leader(ctx context.Context, js jetstream.JetStream, stream string) (int, error) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return 0, err
	}
	info := s.CachedInfo().Cluster
	if info == nil {
		return 0, nil
	}
	i, err := strconv.Atoi(strings.TrimPrefix(info.Leader, namePrefix))
	if err != nil {
		return 0, fmt.Errorf("finding the stream's leader %q: %w", info.Leader, err)
	}
	return i, nil
}
