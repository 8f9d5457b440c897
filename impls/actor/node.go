package actor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/contendbench/contend/impls"
)

// Node is a System that is reached by TCP. Its actors have names, and actors of other
// nodes have the same Ref as its own.
type Node interface {
	System
	// Address is where the node listens, as ip:port.
	Address() string
	// Register names an actor of this node, and returns its URL. It fails for a name that
	// an actor has which has not stopped.
	Register(name string, r Ref) (url string, err error)
	// Resolve returns the actor at actor://ip:port/name. It connects to another node if
	// there is no connection yet, and fails if nothing answers.
	Resolve(ctx context.Context, url string) (Ref, error)
}

// NodeConfig says how to make a Node.
type NodeConfig struct {
	Workers int    // dispatchers, as New has them
	Listen  string // ip:port; "": a free port on loopback
	// Anywhere lets the node listen and connect beyond loopback. Nothing encrypts what it
	// sends, and whoever connects may send to every actor with a name.
	Anywhere bool
	// Messages has a value of each type that messages and replies have, in both processes.
	// Numbers, text and truth values of Go's own types need not be there.
	Messages []any
	// Actors are started and named before the node listens.
	Actors map[string]Props
}

// NewNode makes a node, which listens.
type NewNode = func(NodeConfig) (Node, error)

// ErrUnreachable is the error of an Ask whose connection broke. The actor may have handled
// the message, or may still do so.
var ErrUnreachable = errors.New("actor: the node cannot be reached")

// scheme starts the URL of an actor.
const scheme = "actor://"

const (
	maxConns = 256 // accepted connections of a node; a further one is closed at once
	maxPeers = 256 // other nodes that a node connects to
)

// tcpNode is a Node over our leanest system.
//
// Source: Agha, Actors, 1986, §2.1, mail addresses; Waldo, Wyant, Wollrath and Kendall, A
// Note on Distributed Computing, 1994, for what a remote Ref cannot hide.
// Progress: a Tell to another node waits while maxQueued bytes wait to be sent. A message
// is sent once. It is lost if the connection breaks, although Tell returned true. So it
// is handled at most once, and dead letters do not count it. A Tell while there is no
// connection returns false. An Ask fails with ErrUnreachable when its connection breaks.
// Stop and Done are sent again after a reconnection.
// Space: two goroutines and a buffer for each connection; a goroutine for each Ask that
// waits. Frames, connections and Asks are bounded.
// Ordering: the messages of one node to another are sent in the order of their Tells. A
// connection ends the earlier one of the same node before it is heard.
// Wins nowhere over a local Ref. It shows what a process boundary costs.
// Make one with NewTCP. It must not be copied.
type tcpNode struct {
	*system
	codec    codec
	listener net.Listener
	anywhere bool
	ctx      context.Context // ends when the connections should
	cancel   context.CancelFunc
	group    sync.WaitGroup
	once     sync.Once

	mu     sync.Mutex
	names  map[string]*cell
	conns  int
	peers  map[string]*peer   // by address
	served map[string]*served // connections, by the name of the peer
}

// NewTCP makes a node whose actors are those of NewVyukov.
func NewTCP(c NodeConfig) (Node, error) {
	types, err := newCodec(c.Messages)
	if err != nil {
		return nil, err
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if err := mayReach(c.Listen, c.Anywhere); err != nil {
		return nil, fmt.Errorf("listening at %s: %w", c.Listen, err)
	}
	d := new(dispatcher)
	n := &tcpNode{
		system: newVyukov(c.Workers, d, d, openVyukov), codec: types, anywhere: c.Anywhere,
		names: map[string]*cell{}, peers: map[string]*peer{}, served: map[string]*served{},
	}
	for name, p := range c.Actors {
		n.names[name] = n.spawn(p, nil)
	}
	if n.listener, err = net.Listen("tcp", c.Listen); err != nil {
		n.system.Close()
		return nil, err
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.group.Go(n.accept)
	return n, nil
}

var errNotLoopback = errors.New("the address is not on loopback, and NodeConfig does not allow others")

// mayReach returns why a node may not use an address.
func mayReach(address string, anywhere bool) error {
	at, err := netip.ParseAddrPort(address)
	if err == nil && !at.Addr().IsLoopback() && !anywhere {
		err = errNotLoopback
	}
	return err
}

// Address is where the node listens.
func (n *tcpNode) Address() string { return n.listener.Addr().String() }

// Register names an actor.
func (n *tcpNode) Register(name string, r Ref) (string, error) {
	a, ok := r.(*cell)
	if !ok || a.system != n.system {
		return "", fmt.Errorf("naming an actor %q: it is not of this node", name)
	}
	if len(name) > maxName {
		return "", fmt.Errorf("naming an actor %.20q…: the name has more than %d bytes", name, maxName)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if old := n.names[name]; old != nil && old.state.Load()&departed == 0 {
		return "", fmt.Errorf("naming an actor %q: another one has the name", name)
	}
	n.names[name] = a
	return scheme + n.Address() + "/" + name, nil
}

// named returns an actor of the node, or nil.
func (n *tcpNode) named(name string) *cell {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.names[name]
}

// Resolve returns the actor at a URL.
func (n *tcpNode) Resolve(ctx context.Context, url string) (Ref, error) {
	rest, ok := strings.CutPrefix(url, scheme)
	address, name, slash := strings.Cut(rest, "/")
	if !ok || !slash || len(name) > maxName {
		return nil, fmt.Errorf("resolving %.80q: want %sip:port/name", url, scheme)
	}
	if address == n.Address() {
		if a := n.named(name); a != nil {
			return a, nil
		}
		return nil, fmt.Errorf("resolving %s: no actor of this node has the name", url)
	}
	if err := mayReach(address, n.anywhere); err != nil {
		return nil, fmt.Errorf("resolving %s: %w", url, err)
	}
	p, err := n.peer(address)
	if err == nil {
		err = p.reached(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("resolving %s: %w", url, err)
	}
	return &remote{peer: p, name: name, end: p.watch(name)}, nil
}

// peer returns the other node at an address.
func (n *tcpNode) peer(address string) (*peer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p := n.peers[address]; p != nil {
		return p, nil
	}
	if len(n.peers) == maxPeers || n.ctx.Err() != nil {
		return nil, fmt.Errorf("connecting to %s: the node is closed, or has %d connections", address, maxPeers)
	}
	p := newPeer(n, address)
	n.peers[address] = p
	n.group.Go(p.run)
	return p, nil
}

// accept serves other nodes until the listener is closed. Any other error, such as too
// many open files, passes.
func (n *tcpNode) accept() {
	for {
		c, err := n.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(minPause)
		case n.admit():
			n.group.Go(func() {
				defer n.leave()
				serve(n, c)
			})
		default:
			c.Close()
		}
	}
}

// admit counts a connection. It returns false if there are too many.
func (n *tcpNode) admit() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conns == maxConns {
		return false
	}
	n.conns++
	return true
}

func (n *tcpNode) leave() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns--
}

// Close stops the actors, sends what they have replied, and ends the connections.
func (n *tcpNode) Close() {
	n.once.Do(func() {
		n.listener.Close()
		n.system.Close()
		n.mu.Lock() // no further peer starts
		n.cancel()
		n.mu.Unlock()
		n.group.Wait()
	})
}

// Remotes returns every way to reach actors of other processes.
func Remotes() []impls.Impl[Backend] {
	return []impls.Impl[Backend]{
		impls.Headline(impls.New("tcp", impls.Atomic, "Agha 1986, §2.1; encoding/json", Backend{newService(NewTCP), NewTCP},
			Remote, Asks)),
	}
}
