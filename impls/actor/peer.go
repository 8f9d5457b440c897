package actor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	dialTime = time.Second

	// The pause between two tries to connect.
	minPause = time.Millisecond
	maxPause = 50 * time.Millisecond
)

// peer is another node, as this one sees it. When the connection breaks, it connects
// again.
type peer struct {
	node    *tcpNode
	address string
	name    string        // by which the other node knows its links
	tried   chan struct{} // closed after the first try to connect
	failure error         // of the first try; after tried

	mu      sync.Mutex
	link    *link // nil: there is none
	lastAsk uint64
	answers map[uint64]chan frame // each of one
	watches map[string]*watch     // by the actor's name
}

// watch is what is known about the end of an actor of another node.
type watch struct {
	done    chan struct{} // closed when it has stopped
	sent    bool          // the other node was asked to tell
	stopped bool          // this node has stopped the actor
}

func newPeer(n *tcpNode, address string) *peer {
	return &peer{
		node: n, address: address, name: rand.Text(), tried: make(chan struct{}),
		answers: map[uint64]chan frame{}, watches: map[string]*watch{},
	}
}

// reached waits for the first connection, and returns why there is none.
func (p *peer) reached(ctx context.Context) error {
	select {
	case <-p.tried:
		return p.failure
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run keeps up a connection until the node is closed, or until the first try fails.
func (p *peer) run() {
	defer p.node.forget(p)
	dialer := net.Dialer{Timeout: dialTime}
	for first, pause := true, minPause; p.node.ctx.Err() == nil; first = false {
		c, err := dialer.DialContext(p.node.ctx, "tcp", p.address)
		if first {
			p.failure = err
		}
		if first && err != nil {
			close(p.tried)
			return
		}
		if err == nil {
			p.talk(c, first)
			pause = minPause
		}
		select {
		case <-p.node.ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, maxPause)
	}
}

// forget drops a node that cannot be reached, so that the next Resolve tries again.
func (n *tcpNode) forget(p *peer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.peers, p.address)
}

// talk uses a connection until it breaks.
func (p *peer) talk(c net.Conn, first bool) {
	l := newLink(c)
	p.node.group.Go(func() { l.write(p.node.ctx) })
	_ = l.send(p.node.ctx, frame{op: opHello, name: p.name}) // if it fails, the link is broken
	p.use(l)
	if first {
		close(p.tried)
	}
	l.read(p.hear)
	p.use(nil)
}

// use sets the present link. What the other node was asked to tell, it is asked again.
func (p *peer) use(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link = l
	if l == nil {
		return
	}
	for name, w := range p.watches {
		if w.sent {
			p.ask(name, w)
		}
	}
}

// ask asks the other node about the end of an actor. The caller holds mu. A frame that is
// not sent is sent by the next link.
func (p *peer) ask(name string, w *watch) {
	w.sent = true
	if p.link == nil {
		return
	}
	if w.stopped {
		_ = p.link.send(p.node.ctx, frame{op: opStop, name: name})
	}
	_ = p.link.send(p.node.ctx, frame{op: opWatch, name: name})
}

// hear takes in what the other node sends.
func (p *peer) hear(f frame) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch f.op {
	case opGone:
		if w := p.watches[f.name]; w != nil && w.sent {
			close(w.done)
			delete(p.watches, f.name)
		}
	case opReply, opStopped, opFull, opFailed:
		if answer := p.answers[f.id]; answer != nil {
			answer <- f
			delete(p.answers, f.id)
		}
	default: // only a client sends this
		return fmt.Errorf("%w: kind %d from a server", errDamaged, f.op)
	}
	return nil
}

// expect returns the link for an Ask, its number, and where its answer will be.
func (p *peer) expect() (l *link, id uint64, answer chan frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastAsk++
	answer = make(chan frame, 1)
	if p.link != nil {
		p.answers[p.lastAsk] = answer
	}
	return p.link, p.lastAsk, answer
}

// abandon drops an Ask.
func (p *peer) abandon(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.answers, id)
}

// watch returns what is known about the end of an actor.
func (p *peer) watch(name string) *watch {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.watches[name]
	if w == nil {
		w = &watch{done: make(chan struct{})}
		p.watches[name] = w
	}
	return w
}

// remote is the Ref of an actor of another node.
type remote struct {
	peer *peer
	name string
	end  *watch
}

// Tell sends a message. It returns true when the message is on its way.
func (r *remote) Tell(message any) bool {
	l := r.open()
	if l == nil {
		return false
	}
	f, err := r.peer.node.codec.encode(frame{op: opTell, name: r.name}, message)
	return err == nil && l.send(context.Background(), f) == nil
}

// open returns the link to the actor. nil: there is none, or the actor has stopped.
func (r *remote) open() *link {
	r.peer.mu.Lock()
	defer r.peer.mu.Unlock()
	select {
	case <-r.end.done:
		return nil
	default:
	}
	if r.end.stopped {
		return nil
	}
	return r.peer.link
}

// Ask sends a message and waits for the reply.
func (r *remote) Ask(ctx context.Context, message any) (any, error) {
	f, err := r.peer.node.codec.encode(frame{op: opAsk, name: r.name}, message)
	if err != nil {
		return nil, err
	}
	l, id, answer := r.peer.expect()
	if l == nil {
		return nil, ErrUnreachable
	}
	defer r.peer.abandon(id)
	f.id = id
	if err := l.send(ctx, f); err != nil {
		return nil, err
	}
	select {
	case f := <-answer:
		return r.peer.node.codec.result(f)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.done:
	}
	select {
	case f := <-answer: // it came before the link broke
		return r.peer.node.codec.result(f)
	default:
		return nil, ErrUnreachable
	}
}

// result returns what a frame says about an Ask.
func (c codec) result(f frame) (any, error) {
	switch f.op {
	case opReply:
		return c.decode(f)
	case opStopped:
		return nil, ErrStopped
	case opFull:
		return nil, ErrFull
	default:
		return nil, errors.New("asking another node: " + string(f.body))
	}
}

// Stop stops the actor, now or after a reconnection.
func (r *remote) Stop() {
	r.peer.mu.Lock()
	defer r.peer.mu.Unlock()
	if !r.end.stopped {
		r.end.stopped = true
		r.peer.ask(r.name, r.end)
	}
}

// Done is closed when the other node says that the actor has stopped. A node that was
// started anew says so of actors that it does not have.
func (r *remote) Done() <-chan struct{} {
	r.peer.mu.Lock()
	defer r.peer.mu.Unlock()
	if !r.end.sent {
		r.peer.ask(r.name, r.end)
	}
	return r.end.done
}
