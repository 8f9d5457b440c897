package actor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

const (
	maxAsks    = 1024 // that wait, by one connection; a further one is answered by opFull
	maxWatches = 1024 // by one connection, which a further one breaks
)

// served is a connection that another node has made to this one.
type served struct {
	node    *tcpNode
	link    *link
	name    string          // of the peer; "": not known yet
	over    chan struct{}   // closed when all that was read is handled
	ctx     context.Context // ends with the link
	group   sync.WaitGroup
	asks    atomic.Int64
	watches int
}

// serve handles what another node sends, until the connection breaks.
func serve(n *tcpNode, c net.Conn) {
	s := &served{node: n, link: newLink(c), over: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	s.group.Go(func() { s.link.write(n.ctx) })
	s.link.read(s.hear)
	n.parted(s)
	cancel()
	s.group.Wait()
}

// met takes the place of an earlier connection of the same peer. What that one has read is
// handled first, and the rest is lost: it must not come after what is sent from now on.
func (n *tcpNode) met(s *served, name string) error {
	if s.name != "" || name == "" {
		return fmt.Errorf("%w: a link says twice whose it is", errDamaged)
	}
	n.mu.Lock()
	old := n.served[name]
	s.name, n.served[name] = name, s
	n.mu.Unlock()
	if old != nil {
		old.link.cut()
		<-old.over
	}
	return nil
}

// parted says that a connection handles nothing more.
func (n *tcpNode) parted(s *served) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.served[s.name] == s {
		delete(n.served, s.name)
	}
	close(s.over)
}

// hear handles a frame. An error breaks the connection.
func (s *served) hear(f frame) error {
	if f.op == opHello {
		return s.node.met(s, f.name)
	}
	a := s.node.named(f.name)
	switch f.op {
	case opTell:
		if m, err := s.node.codec.decode(f); err != nil || a == nil || !a.Tell(m) {
			s.node.dead.Add(1)
		}
		return nil
	case opAsk:
		return s.ask(a, f)
	case opStop:
		if a != nil {
			a.Stop()
		}
		return nil
	case opWatch:
		return s.watch(a, f.name)
	default: // only a server sends this
		return fmt.Errorf("%w: kind %d from a client", errDamaged, f.op)
	}
}

// ask gives an Ask to its actor at once, so that it keeps its place among the messages of
// its sender.
func (s *served) ask(a *cell, f frame) error {
	if a == nil {
		return s.link.send(s.ctx, frame{op: opStopped, id: f.id})
	}
	m, err := s.node.codec.decode(f)
	if err != nil {
		return s.link.send(s.ctx, failure(f.id, err))
	}
	if s.asks.Load() >= maxAsks {
		return s.link.send(s.ctx, frame{op: opFull, id: f.id})
	}
	k, err := a.ask(s.ctx, m)
	if err != nil {
		return s.link.send(s.ctx, s.outcome(f.id, nil, err))
	}
	s.asks.Add(1)
	s.group.Go(func() {
		defer s.asks.Add(-1)
		m, err := k.wait(s.ctx, a.Done())
		// A broken link has ended the Ask, which has then no one to answer.
		_ = s.link.send(s.ctx, s.outcome(f.id, m, err))
	})
	return nil
}

// outcome is the answer to an Ask.
func (s *served) outcome(id uint64, message any, err error) frame {
	switch {
	case errors.Is(err, ErrStopped):
		return frame{op: opStopped, id: id}
	case errors.Is(err, ErrFull):
		return frame{op: opFull, id: id}
	case err != nil:
		return failure(id, err)
	}
	f, err := s.node.codec.encode(frame{op: opReply, id: id}, message)
	if err == nil && len(f.body) > maxFrame-2*maxName {
		err = errTooLong
	}
	if err != nil {
		return failure(id, err)
	}
	return f
}

// failure is the answer to an Ask that cannot be answered.
func failure(id uint64, err error) frame {
	return frame{op: opFailed, id: id, body: []byte(err.Error())}
}

// watch tells the other node when an actor has stopped. One that is not there has.
func (s *served) watch(a *cell, name string) error {
	if s.watches++; s.watches > maxWatches {
		return errors.New("watching an actor: the connection watches too many")
	}
	gone := frame{op: opGone, name: name}
	if a == nil {
		return s.link.send(s.ctx, gone)
	}
	s.group.Go(func() {
		select {
		case <-a.Done():
			_ = s.link.send(s.ctx, gone) // a new link asks again
		case <-s.ctx.Done():
		}
	})
	return nil
}
