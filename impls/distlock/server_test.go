package distlock

import (
	"context"
	"errors"
	"math"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/contendbench/contend/impls"
)

// served runs a server in this process until the test's end.
func served(t *testing.T) (address string) { return servedBy(t, newServer(newCore(), nil)) }

func servedBy(t *testing.T, s *server) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dialed(t *testing.T, address string) *client {
	t.Helper()
	c, err := dialLease(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c.(*client)
}

func acquired(t *testing.T, c Client, key string, ttl time.Duration) Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	l, err := c.Acquire(ctx, key, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func ended(l Lease) bool {
	select {
	case <-l.Done():
		return true
	default:
		return false
	}
}

// breaks breaks a client's connection, if it has one.
func breaks(c *client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != nil {
		c.link.(tcpLink).conn.Close()
	}
}

// A client whose connection breaks resumes its leases and repeats its waiting calls. No
// other client gets in between.
func TestAConnectionBreaks(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	address := served(t)
	a, b := dialed(t, address), dialed(t, address)
	held := acquired(t, a, "k", 30*time.Second)
	got := make(chan Lease)
	go func() { got <- acquired(t, b, "k", 30*time.Second) }()
	for range 3 {
		breaks(a)
		breaks(b)
		time.Sleep(20 * time.Millisecond) // the clients notice; too short only makes the test weaker
	}
	if err := held.Release(t.Context()); err != nil || !ended(held) {
		t.Errorf("a release after the connection broke: got %v, lease ended %v, want nil, true", err, ended(held))
	}
	if l := <-got; l.Token() <= held.Token() {
		t.Errorf("got token %d, want more than %d", l.Token(), held.Token())
	}
}

// A client that sends what no client may send is cut off, and the others are served.
func TestTheServerCutsOff(t *testing.T) {
	address := served(t)
	hello := message{op: opHello, session: 5}.frame(nil)
	for name, text := range map[string][]byte{
		"garbage":             []byte("GET / HTTP/1.1\r\n\r\n"),
		"no greeting":         message{op: opAcquire, key: "k", ttl: time.Second}.frame(nil),
		"two greetings":       append(hello[:len(hello):len(hello)], hello...),
		"a lease of no time":  message{op: opAcquire, key: "k"}.frame(hello[:len(hello):len(hello)]),
		"a server's message":  message{op: opGranted}.frame(hello[:len(hello):len(hello)]),
		"a frame that is cut": append(hello[:len(hello):len(hello)], 0, 0, 1),
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(text); err != nil {
			t.Fatal(err)
		}
		deadline := conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if err := errors.Join(conn.(*net.TCPConn).CloseWrite(), deadline); err != nil {
			t.Fatal(err)
		}
		for buf := make([]byte, 100); err == nil; {
			_, err = conn.Read(buf)
		}
		if err, ok := err.(net.Error); ok && err.Timeout() {
			t.Errorf("%s: got an open connection, want it cut off", name)
		}
		conn.Close()
	}
	whole := dialed(t, address)
	acquired(t, whole, strings.Repeat("k", maxKey), time.Minute)
	if _, err := whole.Acquire(t.Context(), strings.Repeat("k", maxKey+1), time.Minute); err == nil {
		t.Error("a key that is too long: got it, want an error")
	}
}

// A clock that runs ahead ends leases before their clients do, and the clients are told.
func TestSkewEndsLeases(t *testing.T) {
	s := newServer(newCore(), nil)
	s.hook = "hook"
	address := servedBy(t, s)
	a := dialed(t, address)
	held := acquired(t, a, "k", time.Minute)
	for _, hook := range []string{"", "hoo", "hook "} {
		text := message{op: opHello, session: 5}.frame(nil)
		text = message{op: opSkew, ttl: time.Hour, token: 1000, key: hook}.frame(text)
		if cut := cutOff(t, connects(t, address, text)); !cut || ended(held) {
			t.Errorf("a client with the hook %q: got cut off %v, the lease ended: %v, want true, false", hook, cut, ended(held))
		}
	}
	jump := impls.Skew{Jump: 2 * time.Minute, Rate: 1}
	if err := skewRemote(t.Context(), address, s.hook, jump); err != nil {
		t.Fatal(err)
	}
	select {
	case <-held.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("got no end of the lease, want one")
	}
	if err := held.Release(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("releasing it: got %v, want %v", err, ErrLost)
	}
}

// Without a server, a client gives its leases up by its own clock, before the server
// would have.
func TestAClientAlone(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- newServer(newCore(), nil).run(ctx, l) }()
	c := dialed(t, l.Addr().String())
	held := acquired(t, c, "k", 200*time.Millisecond)
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	select {
	case <-held.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("got no end of the lease, want one")
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := held.Release(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("releasing it: got %v, want %v", err, context.DeadlineExceeded)
	}
}

// A greeting that a later one has overtaken does not end what the client got since.
func TestALateGreetingEndsNothing(t *testing.T) {
	c := newCore()
	late := message{op: opHello, id: 1, session: 5}
	s := c.open(0, message{op: opHello, id: 2, session: 5})
	c.acquire(s, message{id: 1, key: "k", ttl: time.Second})
	c.serve()
	if again := c.open(0, late); again != nil || c.holder("k") == nil {
		t.Errorf("got session %v and holder %v, want none and one", again, c.holder("k"))
	}
}

// Heartbeats follow what is held now, not the shortest lease ever.
func TestHeartbeatsSlowDown(t *testing.T) {
	c := newClient(func() {})
	now := time.Now()
	c.leases[1] = &lease{client: c, ttl: 30 * time.Millisecond, done: make(chan struct{})}
	c.leases[2] = &lease{client: c, ttl: time.Hour, done: make(chan struct{})}
	c.acked = now
	if wait, _, _, _ := c.tick(now); wait > 10*time.Millisecond {
		t.Errorf("with a short lease: got the next heartbeat in %v, want at most 10 ms", wait)
	}
	c.lose(1)
	if wait, _, _, _ := c.tick(now); wait < time.Minute {
		t.Errorf("without it: got the next heartbeat in %v, want a third of an hour", wait)
	}
}

// A time to live of centuries does not overflow into the past.
func TestAHugeTimeToLive(t *testing.T) {
	address := served(t)
	a := dialed(t, address)
	held := acquired(t, a, "k", math.MaxInt64)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := dialed(t, address).Acquire(ctx, "k", time.Second)
	if !errors.Is(err, context.DeadlineExceeded) || ended(held) {
		t.Errorf("a second client: got error %v, the first lease ended: %v, want %v and false",
			err, ended(held), context.DeadlineExceeded)
	}
}

// stubborn is a listener whose first calls of Accept fail.
type stubborn struct {
	net.Listener
	fails atomic.Int32
}

func (l *stubborn) Accept() (net.Conn, error) {
	if l.fails.Add(-1) >= 0 {
		return nil, syscall.EMFILE
	}
	return l.Listener.Accept()
}

// Too many open files pass: the server goes on.
func TestTheServerOutlivesAcceptErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background()) // t.Context ends before the client closes
	done := make(chan error)
	failing := &stubborn{Listener: l}
	failing.fails.Store(5)
	go func() { done <- newServer(newCore(), nil).run(ctx, failing) }()
	t.Cleanup(func() { // after the client has closed
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got error %v, want nil", err)
		}
	})
	acquired(t, dialed(t, l.Addr().String()), "k", time.Minute)
}

// A file of the address that is empty, as a crash could leave it, or damaged must not make
// the server listen on every interface.
func TestAWrongAddressIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "address")
	for _, text := range []string{"", ":0", "0.0.0.0:0", "[::]:0", "127.0.0.1", "localhost:0\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := listenAgain(t.Context(), file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: got listener %v and error %v, want an error that names the file", text, l, err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	first, err := listenAgain(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	again, err := listenAgain(t.Context(), file)
	if err != nil || again.Addr().String() != first.Addr().String() {
		t.Fatalf("got %v and error %v, want the address of the first start, %v", again, err, first.Addr())
	}
	again.Close()
}
