package distlock

import (
	"bufio"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
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
	hook     string   // what opSkew must know; "": no client may skew the clock
	limits   limits
	open     atomic.Int64 // connections
	inbox    chan event
	conns    map[*session]*serverConn
	timer    *time.Timer
	due      time.Duration // what the timer is set to, by the clock; never: it is not set
	wake     time.Time     // the same, in real time
	grace    time.Duration // nothing expires before
	rechecks int           // of what is due now
}

// event is what the owner is told.
type event struct {
	about   happening
	conn    *serverConn // of received and gone
	message message
}

// happening is the kind of an event.
type happening int

const (
	received happening = iota // a message of conn
	gone                      // conn has ended
	crowded                   // there are too many connections
	sweep                     // it is time to look for silent ones
)

type serverConn struct {
	net.Conn
	session *session // nil before opHello
	out     []byte
	raw     syscall.RawConn
	active  bool // it has sent a message since the last sweep
	closed  bool
}

// inboxSize is how many messages may wait while the log is synced. More wait in their
// connections.
const inboxSize = 1024

func newServer(m machine, j *journal) *server {
	return &server{
		machine: m, clock: newClock(), journal: j, limits: newLimits(), inbox: make(chan event, inboxSize),
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
	go s.watchIdle(ctx)
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
			if pause == minPause { // once for errors that follow each other
				fmt.Fprintln(os.Stderr, "contend: accepting a connection:", err)
			}
			time.Sleep(pause)
			pause = min(2*pause, maxPause)
			continue
		}
		pause = minPause
		s.admit(ctx, c)
	}
}

// read passes a connection's messages to the owner. A damaged one ends the connection.
func (s *server) read(ctx context.Context, c *serverConn) {
	defer context.AfterFunc(ctx, func() { c.Close() })()
	in := bufio.NewReaderSize(c, readSpace)
	err := c.SetReadDeadline(time.Now().Add(s.limits.hello))
	for greeted := false; ; greeted = true {
		var m message
		if err == nil {
			m, err = readFrame(in)
		}
		if !greeted && err == nil {
			err = c.SetReadDeadline(time.Time{})
		}
		if err != nil {
			s.tell(ctx, event{about: gone, conn: c})
			return
		}
		if !s.tell(ctx, event{conn: c, message: m}) {
			return
		}
	}
}

func (s *server) handle(e event) {
	c, m := e.conn, e.message
	switch {
	case e.about == crowded:
		s.makeRoom()
		return
	case e.about == sweep:
		s.sweep()
		return
	case c.closed:
		return
	}
	c.active = true
	switch {
	case e.about == gone, (c.session == nil) != (m.op == opHello), m.op == opAcquire && m.ttl <= 0:
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
		if s.hook == "" || subtle.ConstantTimeCompare([]byte(s.hook), []byte(m.key)) == 0 {
			s.cut(c) // only the process that started this one may
			return
		}
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
