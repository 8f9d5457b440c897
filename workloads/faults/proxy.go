package faults

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
)

// What Proxy.Cut stops.
const (
	Requests = "requests"
	Replies  = "replies"
	Both     = "both"
	Closed   = "closed" // connections are closed, and new ones too
)

var cuts = []string{Requests, Replies, Both, Closed}

// Cut is the parameter of a load that cuts a network path.
var Cut = harness.Param[string]{
	Key: "cut", About: "what stops on the path to the servers: requests, replies or both; or closed", Default: Both,
	Valid: func(what string) bool { return slices.Contains(cuts, what) },
}

// Proxy is a network path to servers that can be cut. Each direction can stop by itself.
// What is under way is then held back and keeps its order, as on a network that
// retransmits. Bytes are never dropped from a stream.
type Proxy struct {
	endpoint          string
	requests, replies *gate

	mu        sync.Mutex
	closed    bool // connections are refused
	conns     map[net.Conn]bool
	listeners []net.Listener
}

// gate lets bytes pass, or holds them back.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed: they pass
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	close(g.open)
	return g
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = make(chan struct{})
}

func (g *gate) lift() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
	default:
		close(g.open)
	}
}

func (g *gate) pass() {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	<-open
}

// errNoPath skips a load: the endpoint may be a folder, or servers elsewhere.
var errNoPath = &harness.SkipError{Reason: "it cuts a network path, and the endpoint has no address on 127.0.0.1"}

// dialTime bounds how long a server may take to accept a connection.
const dialTime = time.Second

// acceptPause is the time between two tries to accept a connection.
const acceptPause = 5 * time.Millisecond

var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// NewProxy puts a proxy in front of every address on 127.0.0.1 in an endpoint. Endpoint
// is the endpoint that leads through it.
func NewProxy(endpoint string) (*Proxy, error) {
	p := &Proxy{requests: newGate(), replies: newGate(), conns: map[net.Conn]bool{}}
	by := map[string]string{}
	for _, address := range loopback.FindAllString(endpoint, -1) {
		if by[address] != "" {
			continue
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("listening in front of %s: %w", address, err)
		}
		by[address] = l.Addr().String()
		p.listeners = append(p.listeners, l)
		go p.accept(l, address)
	}
	if len(by) == 0 {
		return nil, errNoPath
	}
	p.endpoint = loopback.ReplaceAllStringFunc(endpoint, func(address string) string { return by[address] })
	return p, nil
}

// Endpoint is the endpoint that leads through the proxy.
func (p *Proxy) Endpoint() string { return p.endpoint }

// Cut stops requests, replies or both, or closes all connections and every new one.
func (p *Proxy) Cut(what string) error {
	switch what {
	case Requests:
		p.requests.shut()
	case Replies:
		p.replies.shut()
	case Both:
		p.requests.shut()
		p.replies.shut()
	case Closed:
		p.refuse()
	default:
		return fmt.Errorf("cutting a network path: unknown kind %q", what)
	}
	return nil
}

// Heal lets everything through again.
func (p *Proxy) Heal() {
	p.mu.Lock()
	p.closed = false
	p.mu.Unlock()
	p.requests.lift()
	p.replies.lift()
}

// Close ends the proxy.
func (p *Proxy) Close() error {
	for _, l := range p.listeners {
		l.Close()
	}
	p.refuse()
	p.requests.lift()
	p.replies.lift()
	return nil
}

func (p *Proxy) accept(l net.Listener, target string) {
	for {
		client, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as too many open files, which passes
			time.Sleep(acceptPause)
			continue
		}
		server, err := net.DialTimeout("tcp", target, dialTime)
		if err != nil {
			client.Close()
			continue
		}
		if !p.keep(client, server) {
			continue
		}
		go p.carry(client, server, p.requests)
		go p.carry(server, client, p.replies)
	}
}

// keep records the two ends of a connection, or closes them if connections are refused.
func (p *Proxy) keep(ends ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range ends {
		if p.closed {
			c.Close()
		} else {
			p.conns[c] = true
		}
	}
	return !p.closed
}

// carry forwards one direction of a connection.
func (p *Proxy) carry(from, to net.Conn, g *gate) {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		from.Close()
		to.Close()
		delete(p.conns, from)
		delete(p.conns, to)
	}()
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		g.pass() // the end of a connection is held back, too
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// refuse closes all connections, and from now on every new one.
func (p *Proxy) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
}
