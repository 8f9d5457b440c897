package distlock

import (
	"fmt"
	"net"
	"regexp"
	"sync"
)

// proxy is a way to servers that can be cut. Each of its two directions can stop by itself: what is under way is kept back, in order, as by a network that
// will send it again. Or all connections are closed, and new ones at once. Bytes are never dropped from a stream.
type proxy struct {
	requests, replies *gate

	mu        sync.Mutex
	closed    bool // connections are refused
	conns     map[net.Conn]bool
	listeners []net.Listener
}

// gate lets through, or keeps back.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed: it lets through
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

var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// throughProxy puts a proxy before every address in an endpoint, and returns the endpoint that leads through it.
func throughProxy(endpoint string) (*proxy, string, error) {
	p := &proxy{requests: newGate(), replies: newGate(), conns: map[net.Conn]bool{}}
	by := map[string]string{}
	for _, address := range loopback.FindAllString(endpoint, -1) {
		if by[address] != "" {
			continue
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			p.Close()
			return nil, "", err
		}
		by[address] = l.Addr().String()
		p.listeners = append(p.listeners, l)
		go p.accept(l, address)
	}
	if len(by) == 0 {
		return nil, "", fmt.Errorf("the endpoint %q has no address on 127.0.0.1 to stand before", endpoint)
	}
	return p, loopback.ReplaceAllStringFunc(endpoint, func(address string) string { return by[address] }), nil
}

func (p *proxy) accept(l net.Listener, target string) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", target)
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

// keep remembers a connection's two ends, or closes them.
func (p *proxy) keep(ends ...net.Conn) bool {
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

// carry carries one direction of a connection.
func (p *proxy) carry(from, to net.Conn, g *gate) {
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
		g.pass() // the news of an end is kept back, too
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
func (p *proxy) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
}

// heal lets everything through again.
func (p *proxy) heal() {
	p.mu.Lock()
	p.closed = false
	p.mu.Unlock()
	p.requests.lift()
	p.replies.lift()
}

// Close ends the proxy.
func (p *proxy) Close() error {
	for _, l := range p.listeners {
		l.Close()
	}
	p.refuse()
	p.requests.lift()
	p.replies.lift()
	return nil
}
