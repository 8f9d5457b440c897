package distlock

import (
	"bufio"
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/contendbench/contend/impls"
)

// server drives a machine for clients on connections. One goroutine owns the machine. It
// handles all messages that have arrived, logs their changes with one sync, and then
// answers. So a waiter is answered when the release that frees its key is handled, and a
// slow disk makes larger groups.
type server struct {
	machine  machine
	clock    *clock
	journal  *journal // nil: the state is not logged
	inbox    chan event
	conns    map[*session]*serverConn
	timer    *time.Timer
	due      time.Duration // what the timer is set to, by the clock; never: it is not set
	wake     time.Time     // the same, in real time
	grace    time.Duration // nothing expires before
	rechecks int           // of what is due now
}

// event is what a connection's reader passes to the owner.
type event struct {
	conn    *serverConn
	message message
	gone    bool // the connection has ended
}

type serverConn struct {
	net.Conn
	session *session // nil before opHello
	out     []byte
	raw     syscall.RawConn
	closed  bool
}

// inboxSize is how many messages may wait while the log is synced. More wait in their
// connections.
const inboxSize = 1024

func newServer(m machine, j *journal) *server {
	return &server{
		machine: m, clock: newClock(), journal: j, inbox: make(chan event, inboxSize),
		conns: map[*session]*serverConn{}, due: never,
	}
}

// run serves what l accepts until ctx ends, or until the log fails. What the log has not
// recorded must not be answered.
func (s *server) run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(ctx, func() { l.Close() })
	failed := make(chan error, 1)
	go func() { failed <- s.accept(ctx, l) }()
	s.timer = time.NewTimer(time.Hour)
	defer s.timer.Stop()
	for {
		select {
		case err := <-failed:
			if ctx.Err() != nil {
				return nil
			}
			return err
		case e := <-s.inbox:
			s.handle(e)
			for range len(s.inbox) {
				s.handle(<-s.inbox)
			}
		case <-s.timer.C:
			s.expire()
		}
		if err := s.settle(); err != nil {
			return err
		}
		s.schedule()
	}
}

// accept accepts connections until the listener is closed. Any other error, such as too
// many open files, passes.
func (s *server) accept(ctx context.Context, l net.Listener) error {
	pause := minPause
	for {
		c, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			time.Sleep(pause)
			pause = min(2*pause, maxPause)
			continue
		}
		pause = minPause
		raw, err := c.(*net.TCPConn).SyscallConn()
		if err != nil {
			return err
		}
		go s.read(ctx, &serverConn{Conn: c, raw: raw})
	}
}

// read passes a connection's messages to the owner. A damaged one ends the connection.
func (s *server) read(ctx context.Context, c *serverConn) {
	defer context.AfterFunc(ctx, func() { c.Close() })()
	in := bufio.NewReaderSize(c, frameSpace)
	for {
		m, err := readFrame(in)
		select {
		case s.inbox <- event{c, m, err != nil}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

func (s *server) handle(e event) {
	c, m := e.conn, e.message
	switch {
	case c.closed:
	case e.gone, (c.session == nil) != (m.op == opHello), m.op == opAcquire && m.ttl <= 0:
		s.cut(c)
	case m.op == opHello:
		if c.session = s.machine.open(s.clock.now(), m); c.session == nil {
			s.cut(c)
			return
		}
		if old := s.conns[c.session]; old != nil {
			old.session = nil // the session no longer belongs to it
			s.cut(old)
		}
		s.conns[c.session] = c
	default:
		c.session.heard = s.clock.now()
		s.call(c, m)
	}
}

func (s *server) call(c *serverConn, m message) {
	switch m.op {
	case opAcquire:
		m.ttl = min(m.ttl, maxTTL)
		s.machine.acquire(c.session, m)
	case opCancel:
		s.machine.cancel(c.session, m)
	case opRelease:
		s.machine.release(c.session, m)
	case opHeartbeat:
		s.machine.answer(c.session, m)
	case opSkew:
		s.clock.skew(impls.Skew{Jump: m.ttl, Rate: float64(m.token) / 1000})
		s.due = never
		s.machine.expire(s.clock.now()) // at once, before the next heartbeat
		s.machine.answer(c.session, m)
	case opClose:
		s.machine.answer(c.session, m)
		s.machine.leave(c.session)
	default: // only a server sends this
		s.cut(c)
	}
}

// cut ends a connection. Its client may resume the session by another one.
func (s *server) cut(c *serverConn) {
	c.closed = true
	c.Close()
	if c.session != nil {
		s.machine.drop(c.session)
		delete(s.conns, c.session)
	}
}

// settle grants what has become free, logs the changes, and answers.
func (s *server) settle() error {
	s.machine.serve()
	replies, changes := s.machine.take()
	if s.journal != nil {
		if err := s.journal.commit(changes); err != nil {
			return err
		}
		if s.journal.long() {
			if err := s.journal.rewrite(s.machine.state()); err != nil {
				return err
			}
		}
	}
	for _, r := range replies {
		if c := s.conns[r.session]; c != nil {
			c.out = r.frame(c.out)
		}
	}
	for _, r := range replies {
		if c := s.conns[r.session]; c != nil && c.send() != nil {
			s.cut(c) // its client keeps its leases until they expire
		}
	}
	return nil
}

var errSlow = errors.New("distlock: a client does not read its answers")

// send writes all that is pending, or fails. It must not wait for one client while the
// others wait.
func (c *serverConn) send() (err error) {
	if len(c.out) == 0 {
		return nil
	}
	n := 0
	wrote := c.raw.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), c.out)
		return err != syscall.EINTR
	})
	if n < len(c.out) {
		return errors.Join(errSlow, wrote, err)
	}
	c.out = c.out[:0]
	return nil
}
