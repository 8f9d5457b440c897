package distlock

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// connects connects to a server and sends a text.
func connects(t *testing.T, address string, text []byte) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write(text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// cutOff reports whether the server ends a connection.
func cutOff(t *testing.T, conn net.Conn) bool {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for buf := make([]byte, 100); ; {
		if _, err := conn.Read(buf); err != nil {
			var timeout net.Error
			return !errors.As(err, &timeout) || !timeout.Timeout()
		}
	}
}

// A connection that never says what it wants holds a place of others. So does one that
// says nothing more, such as that of a peer that is gone without a word.
func TestSilentConnectionsAreCutOff(t *testing.T) {
	s := newServer(newCore(), nil)
	s.limits.hello, s.limits.idle = 50*time.Millisecond, 200*time.Millisecond
	address := servedBy(t, s)
	hello := message{op: opHello, session: 5}.frame(nil)
	acquire := message{op: opAcquire, id: 1, key: "k", ttl: time.Hour}.frame(nil)
	held := acquired(t, dialed(t, address), "living", time.Minute)
	for name, text := range map[string][]byte{
		"no word":              nil,
		"a part of a greeting": hello[:len(hello)/2],
		"a greeting":           hello,
		"a part of a message":  append(hello[:len(hello):len(hello)], acquire[:len(acquire)-1]...),
		"a holder":             append(hello[:len(hello):len(hello)], acquire...),
	} {
		if !cutOff(t, connects(t, address, text)) {
			t.Errorf("%s and then silence: got an open connection, want it cut off", name)
		}
	}
	if err := held.Release(t.Context()); err != nil {
		t.Errorf("a client that comes back after it was cut off: got %v from its release, want nil", err)
	}
}

// Connections that want nothing make room for others. Those that hold or wait stay.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	s := newServer(newCore(), nil)
	s.limits.conns = 4
	address := servedBy(t, s)
	held := acquired(t, dialed(t, address), "held", time.Minute)
	for i := range 20 {
		conn := connects(t, address, message{op: opHello, session: uint64(i)}.frame(nil))
		if _, err := conn.Read(make([]byte, 100)); err != nil {
			t.Fatalf("connection %d: got no answer to its greeting, want one: %v", i, err)
		}
	}
	acquired(t, dialed(t, address), "another", time.Minute)
	for start := time.Now(); s.open.Load() > 4+1; time.Sleep(time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatalf("got %d open connections, want about 4", s.open.Load())
		}
	}
	if err := held.Release(t.Context()); err != nil {
		t.Errorf("the holder's release: got %v, want nil", err)
	}
}

// With no room left, a new connection is refused, and those that hold keys are served.
func TestTooManyConnections(t *testing.T) {
	s := newServer(newCore(), nil)
	s.limits.conns = 2
	address := servedBy(t, s)
	var all []Lease
	for i := range 2 + maxCrowd {
		all = append(all, acquired(t, dialed(t, address), fmt.Sprint(i), time.Minute))
	}
	if c, err := dialLease(t.Context(), address); err == nil {
		t.Errorf("one more: got a client, want an error; closing it: %v", c.Close())
	}
	for _, l := range all {
		if err := l.Release(t.Context()); err != nil {
			t.Fatalf("a release: got %v, want nil", err)
		}
	}
}

// A client that asks for more than there is room for gets an error, and keeps what it has.
// There is room left for other clients.
func TestAFullServerRefuses(t *testing.T) {
	m := newCore()
	h := &localServer{machine: m, clients: map[*session]*client{}}
	var clients []Client
	for i := range 20 {
		c := h.join()
		clients = append(clients, c)
		var refused error
		held := 0
		for ; held < maxTokens && refused == nil; held++ {
			key := fmt.Sprintf("%d-%d-%s", i, held, strings.Repeat("k", maxKey-20))
			_, refused = c.Acquire(t.Context(), key, time.Hour)
		}
		if !errors.Is(refused, errRefused) || held < 10 {
			t.Fatalf("client %d: got refused %v after %d leases, want true after some", i, errors.Is(refused, errRefused), held)
		}
	}
	if m.size > maxSize || m.size < maxSize*9/10 {
		t.Errorf("got %d bytes, want nearly %d", m.size, maxSize)
	}
	for _, c := range clients {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if m.size != 0 {
		t.Errorf("after all clients have closed: got %d bytes, want 0", m.size)
	}
	if _, err := h.join().Acquire(t.Context(), "k", time.Hour); err != nil {
		t.Errorf("a new client: got %v, want nil", err)
	}
}

// One session cannot ask for more than it could resume.
func TestAFullSessionIsRefused(t *testing.T) {
	c := newCore()
	s := c.open(0, message{session: 1})
	for i := range 2 * maxRequests {
		c.acquire(s, message{id: uint64(i + 1), key: fmt.Sprint(i % 7), ttl: time.Hour})
		c.serve()
	}
	if len(s.requests) != maxRequests {
		t.Errorf("got %d requests, want %d", len(s.requests), maxRequests)
	}
	for id := range s.requests {
		c.cancel(s, message{id: id})
	}
	c.leave(s)
	c.serve()
	if c.size != 0 || len(c.locks) != 0 {
		t.Errorf("after its end: got %d bytes and %d locks, want none", c.size, len(c.locks))
	}
}

// stuck is a connection whose peer takes the first bytes of a write only.
type stuck struct {
	net.Conn
	closed bool
}

func (*stuck) SetWriteDeadline(time.Time) error { return nil }
func (*stuck) Write([]byte) (int, error)        { return 3, errSlow }
func (s *stuck) Close() error                   { s.closed = true; return nil }

// After a message that was cut off, the server could not read the next one.
func TestAMessageThatIsCutOffBreaksTheConnection(t *testing.T) {
	s := new(stuck)
	tcpLink{s}.post(message{op: opHeartbeat})
	if !s.closed {
		t.Error("got an open connection, want it closed")
	}
}
