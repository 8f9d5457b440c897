package distlock

import (
	"context"
	"net"
	"syscall"
	"time"
)

const (
	// helloTime is how long a connection may take to greet.
	helloTime = 2 * time.Second
	// idleTime is how long a connection may be silent. Its client resumes by another one.
	idleTime = 10 * time.Minute
	// maxConns is how many connections a server keeps. When there are more, it cuts off one
	// that holds and waits for nothing; maxCrowd more than that, and it takes no new one.
	maxConns = 1024
	maxCrowd = 64
)

// limits bound what clients can take from a server.
type limits struct {
	hello, idle time.Duration
	conns       int64
}

// newLimits returns the limits of a server's process. Half of the files that it may open
// are left for the log and for whatever else the process does.
func newLimits() limits {
	l := limits{helloTime, idleTime, maxConns}
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil && files.Cur/2 < uint64(l.conns) {
		l.conns = int64(files.Cur / 2)
	}
	return l
}

// admit starts a reader of a new connection, unless there are too many.
func (s *server) admit(ctx context.Context, c net.Conn) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		c.Close()
		return
	}
	raw, err := tcp.SyscallConn()
	n := s.open.Add(1)
	if err != nil || n > s.limits.conns+maxCrowd {
		s.open.Add(-1)
		c.Close()
		return
	}
	if n > s.limits.conns {
		s.tell(ctx, event{about: crowded})
	}
	go func() {
		defer s.open.Add(-1)
		s.read(ctx, &serverConn{Conn: c, raw: raw})
	}()
}

// tell passes an event to the owner. It returns false if ctx ends first.
func (s *server) tell(ctx context.Context, e event) bool {
	select {
	case s.inbox <- e:
		return true
	case <-ctx.Done():
		return false
	}
}

// watchIdle asks the owner at times to look for silent connections, until ctx ends.
func (s *server) watchIdle(ctx context.Context) {
	every := time.NewTicker(s.limits.idle / 2)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			s.tell(ctx, event{about: sweep})
		}
	}
}

// sweep cuts off the connections that were silent since the last sweep.
func (s *server) sweep() {
	for _, c := range s.conns {
		if !c.active {
			s.cut(c)
		}
		c.active = false
	}
}

// makeRoom cuts off a connection that holds and waits for nothing, if there is one.
func (s *server) makeRoom() {
	for session, c := range s.conns {
		if len(session.requests) == 0 {
			s.cut(c)
			return
		}
	}
}
