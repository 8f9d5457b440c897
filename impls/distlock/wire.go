package distlock

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// wire keeps a client connected to a server. When a connection breaks, it connects again
// and resumes the session.
type wire struct {
	client  *client
	address string
	session uint64
	greeted uint64          // how often; the server refuses a greeting that others have overtaken
	ctx     context.Context // ends with the client
	cancel  context.CancelFunc
	group   sync.WaitGroup

	mu   sync.Mutex
	conn net.Conn // the present one, or nil
}

const (
	greetTime = time.Second // for a connection, and for the answer to a greeting
	postTime  = time.Second // for a message to a server that does not read

	// The pause between two tries to connect.
	minPause = time.Millisecond
	maxPause = 50 * time.Millisecond
)

// dialLease connects a client to the lease server at an address.
func dialLease(ctx context.Context, address string) (Client, error) {
	w := &wire{address: address, session: rand.Uint64()}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.client = newClient(w.stop)
	in, err := w.connect(ctx)
	if err != nil {
		w.stop()
		return nil, fmt.Errorf("dialing the lease server at %s: %w", address, err)
	}
	w.group.Go(func() { w.run(in) })
	w.group.Go(w.beat)
	return w.client, nil
}

// stop ends the wire's goroutines.
func (w *wire) stop() {
	w.cancel()
	w.cut()
	w.group.Wait()
}

// cut breaks the present connection.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
}

// connect greets the server by a new connection, and posts the unanswered calls.
func (w *wire) connect(ctx context.Context) (*bufio.Reader, error) {
	conn, err := (&net.Dialer{Timeout: greetTime}).DialContext(ctx, "tcp", w.address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.conn = conn
	w.mu.Unlock()
	if err := w.ctx.Err(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	in, err := w.greet(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return in, nil
}

func (w *wire) greet(conn net.Conn) (*bufio.Reader, error) {
	start := time.Now()
	if err := conn.SetDeadline(start.Add(greetTime)); err != nil {
		return nil, err
	}
	w.greeted++
	hello := message{op: opHello, id: w.greeted, session: w.session, tokens: w.client.held()}
	if _, err := conn.Write(hello.frame(nil)); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(conn, readSpace)
	for welcome := false; !welcome; {
		m, err := readFrame(in)
		if err != nil {
			return nil, err
		}
		if welcome = m.op == opWelcome; !welcome {
			w.client.hear(m)
		}
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	link := tcpLink{conn}
	for _, m := range w.client.connected(link, start) {
		link.post(m)
	}
	return in, nil
}

// tcpLink is a link by one connection. The connection's reader finds out when it breaks.
type tcpLink struct{ conn net.Conn }

// post sends a message. What follows one that was cut off could not be read, so an error
// breaks the connection.
func (l tcpLink) post(m message) {
	err := l.conn.SetWriteDeadline(time.Now().Add(postTime))
	if err == nil {
		_, err = l.conn.Write(m.frame(make([]byte, 0, 64)))
	}
	if err != nil {
		l.conn.Close()
	}
}

// run takes in what the server sends until the client is closed.
func (w *wire) run(in *bufio.Reader) {
	for w.ctx.Err() == nil {
		w.hear(in)
		w.cut()
		w.client.disconnected()
		in = w.reconnect()
	}
}

// hear takes in what comes by one connection until it breaks.
func (w *wire) hear(in *bufio.Reader) {
	w.mu.Lock()
	conn := w.conn
	w.mu.Unlock()
	if conn == nil { // it is cut already
		return
	}
	for {
		m, err := readFrame(in)
		if err != nil {
			return
		}
		if answer, ok := w.client.hear(m); ok {
			tcpLink{conn}.post(answer)
		}
	}
}

// reconnect retries until it succeeds. nil: the client is closed.
func (w *wire) reconnect() *bufio.Reader {
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		if in, err := w.connect(w.ctx); err == nil {
			return in
		}
		select {
		case <-w.ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// beat sends heartbeats while there is something to keep alive.
func (w *wire) beat() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-w.client.newMinimum:
		case <-timer.C:
		}
		wait, link, heartbeat, broken := w.client.tick(time.Now())
		if broken {
			w.cut()
		}
		if link != nil {
			link.post(heartbeat)
		}
		timer.Reset(wait)
	}
}
