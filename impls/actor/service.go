package actor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/contendbench/contend/impls"
)

// Backend is how to reach actors of other processes. Its Service is a process with a node
// that serves the actors Echo and Tally. A load with actors of its own makes nodes by New
// in processes of its own.
type Backend struct {
	impls.Service
	New NewNode
}

// The names of the actors that a Service serves.
const (
	// EchoName replies to each Ask with its message.
	EchoName = "echo"
	// TallyName counts Numbered messages, and replies to a Report with a Tally.
	TallyName = "tally"
)

// Numbered is a message of which its sender has sent Seq before.
type Numbered struct{ Sender, Seq int }

// Report asks for a Tally.
type Report struct{}

// Tally is what the actor TallyName has handled.
type Tally struct {
	Pid     int // of its process
	Handled int // Numbered messages
	Late    int // those whose Seq is not above all earlier ones of their sender
}

// Served are the message types of a Service, for NodeConfig.Messages.
func Served() []any { return []any{Numbered{}, Report{}, Tally{}} }

// servedActors are the actors of a Service.
func servedActors() map[string]Props {
	echo := func(c Context, m any) { c.Reply(m) }
	return map[string]Props{
		EchoName:  {New: func() Behavior { return Func(echo) }},
		TallyName: {New: func() Behavior { return &tallying{next: map[int]int{}} }},
	}
}

// tallying is the actor TallyName.
type tallying struct {
	tally Tally
	next  map[int]int // the least Seq that is not late, by sender
}

// Receive counts a message, or replies with the count.
func (t *tallying) Receive(c Context, message any) {
	switch m := message.(type) {
	case Numbered:
		t.tally.Handled++
		if m.Seq < t.next[m.Sender] {
			t.tally.Late++
		}
		t.next[m.Sender] = max(t.next[m.Sender], m.Seq+1)
	case Report:
		t.tally.Pid = os.Getpid()
		c.Reply(t.tally)
	}
}

// newService returns how to start a process with a node.
func newService(create NewNode) impls.Service {
	return impls.Service{
		Start: startNode,
		Serve: func(ctx context.Context, args json.RawMessage, ready func(string) error) error {
			return serveNode(ctx, create, args, ready)
		},
	}
}

// nodeArgs is what a node's process is told.
type nodeArgs struct {
	Dir string `json:"dir"` // holds the address of the last start
}

func startNode(ctx context.Context, host impls.Host) (impls.Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "node-")
	if err != nil {
		return nil, err
	}
	p, err := host.Start(ctx, impls.Program{Name: "node", Entry: impls.ServerEntry, Args: nodeArgs{dir}})
	if err != nil {
		return nil, err
	}
	var address string
	if err := json.Unmarshal(p.Message(), &address); err != nil {
		return nil, fmt.Errorf("reading the node's address: %w", err)
	}
	return nodeCluster{address, p}, nil
}

// nodeCluster is one node.
type nodeCluster struct {
	address string
	process impls.Process
}

func (c nodeCluster) Endpoint() string                    { return c.address }
func (c nodeCluster) Nodes() []impls.Process              { return []impls.Process{c.process} }
func (c nodeCluster) Leader(context.Context) (int, error) { return 0, nil }
func (c nodeCluster) Close() error                        { return nil }

// serveNode is the node's process. After a restart, it listens at the same address.
func serveNode(ctx context.Context, create NewNode, args json.RawMessage, ready func(string) error) error {
	var a nodeArgs
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("reading the node's arguments: %w", err)
	}
	file := filepath.Join(a.Dir, "address")
	last, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	n, err := bind(ctx, create, NodeConfig{Listen: string(last), Messages: Served(), Actors: servedActors()})
	if err != nil {
		return err
	}
	defer n.Close()
	if err := os.WriteFile(file, []byte(n.Address()), 0o600); err != nil {
		return err
	}
	if err := ready(n.Address()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// bindTime is how long a restarted node tries to listen at its old address. A connection
// that happens to use that port is usually short.
const bindTime = 5 * time.Second

// bind makes a node.
func bind(ctx context.Context, create NewNode, c NodeConfig) (Node, error) {
	for start := time.Now(); ; time.Sleep(minPause) {
		n, err := create(c)
		if !errors.Is(err, syscall.EADDRINUSE) || time.Since(start) > bindTime || ctx.Err() != nil {
			return n, err
		}
	}
}
