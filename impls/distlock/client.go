package distlock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// client is a session at a lease server, as its process sees it. What it says goes out by a link, and what the server says comes in by hear.
//
// It counts a lease from when it sent the last message that the server has answered, which is before the server heard of it: so it gives a
// lease up before the server does, as long as both clocks run at one speed.
type client struct {
	stop func() // ends what is behind link

	mu       sync.Mutex
	link     link // nil: there is none at present
	last     uint64
	calls    map[uint64]*call
	leases   map[uint64]*lease // by token
	known    time.Time         // when the last message that has been answered was sent
	beaten   time.Time         // when the last sign of life was sent
	shortest time.Duration     // of all times to live that were asked for
	sooner   chan struct{}     // shortest has changed
	closed   bool
}

// link is a way to the server. A message that is posted to a broken link is lost; the next link posts all again that is under way.
type link interface{ post(m message) }

// call is a message that waits for its answer.
type call struct {
	message
	sent   time.Time
	answer chan op // 0: the client is closed
	lease  *lease  // what it acquired
	given  bool    // up: nobody waits, but the answer must have its effect
}

var (
	errClosed = errors.New("distlock: the client is closed")
	errFull   = errors.New("distlock: a client holds at most 4096 leases")
)

func newClient(stop func()) *client {
	return &client{stop: stop, calls: map[uint64]*call{}, leases: map[uint64]*lease{}, sooner: make(chan struct{}, 1)}
}

// Acquire asks for key and waits in the server's line.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	if ttl <= 0 || len(key) > maxKey {
		return nil, fmt.Errorf("distlock: acquiring a key of %d bytes for %v: want at most %d bytes, and a time above 0", len(key), ttl, maxKey)
	}
	k := newCall(message{op: opAcquire, key: key, ttl: ttl})
	if _, err := c.do(ctx, k); err != nil {
		return nil, fmt.Errorf("acquiring %q: %w", key, err)
	}
	return k.lease, nil
}

func newCall(m message) *call { return &call{message: m, sent: time.Now(), answer: make(chan op, 1)} }

// do posts a call and waits for the answer.
func (c *client) do(ctx context.Context, k *call) (op, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	c.mu.Lock()
	if c.closed || k.op == opAcquire && len(c.leases) == maxTokens {
		defer c.mu.Unlock()
		if c.closed {
			return 0, errClosed
		}
		return 0, errFull
	}
	c.register(k)
	link, m := c.link, k.message
	c.mu.Unlock()
	if link != nil {
		link.post(m)
	}
	select {
	case a := <-k.answer:
		return heard(a)
	case <-ctx.Done():
	}
	c.mu.Lock()
	select {
	case a := <-k.answer: // just now
		c.mu.Unlock()
		return heard(a)
	default:
	}
	k.given = true
	link, m = c.link, message{op: opCancel, id: k.id}
	c.mu.Unlock()
	if link != nil && k.op == opAcquire {
		link.post(m)
	}
	return 0, ctx.Err()
}

func heard(a op) (op, error) {
	if a == 0 {
		return 0, errClosed
	}
	return a, nil
}

// register gives a call its name. The caller holds mu.
func (c *client) register(k *call) {
	c.last++
	k.id = c.last
	c.calls[k.id] = k
	if k.op == opAcquire && (c.shortest == 0 || k.ttl < c.shortest) {
		c.shortest = k.ttl
		select {
		case c.sooner <- struct{}{}:
		default: // it has not been looked at since the last time
		}
	}
}

// hear takes in what the server said, and returns what to post in turn.
func (c *client) hear(m message) (turn message, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.op == opLost {
		c.lose(m.token)
		return turn, false
	}
	k := c.calls[m.id]
	if k == nil {
		return turn, false
	}
	delete(c.calls, m.id)
	if k.sent.After(c.known) {
		c.known = k.sent
	}
	switch {
	case m.op == opGranted && k.given:
		return message{op: opRelease, token: m.token, key: k.key}, true
	case m.op == opGranted:
		k.lease = &lease{client: c, token: m.token, key: k.key, ttl: k.ttl, done: make(chan struct{})}
		c.leases[m.token] = k.lease
	case m.op == opEnded && !k.given: // this process had been silent for too long, and asks again
		k.sent = time.Now()
		c.register(k)
		return k.message, true
	case k.op == opRelease:
		c.lose(k.token)
	}
	k.answer <- m.op
	return turn, false
}

// lose ends a lease as far as this process knows. The caller holds mu.
func (c *client) lose(token uint64) {
	if l := c.leases[token]; l != nil {
		delete(c.leases, token)
		close(l.done)
	}
}

// byeTime is how long Close waits for the server's answer.
const byeTime = time.Second

// Close ends the session, and with it all leases. Without a link to the server they end when their time has passed.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), byeTime)
	defer cancel()
	c.mu.Lock()
	connected := c.link != nil
	c.mu.Unlock()
	var err error
	if connected {
		_, err = c.do(ctx, newCall(message{op: opBye}))
	}
	c.mu.Lock()
	again := c.closed
	c.closed = true
	for id, k := range c.calls {
		delete(c.calls, id)
		k.answer <- 0
	}
	for token := range c.leases {
		c.lose(token)
	}
	c.mu.Unlock()
	if again {
		return nil
	}
	c.stop()
	if err != nil {
		return fmt.Errorf("closing a client: %w", err)
	}
	return nil
}

// lease is what a client got from a lease server.
type lease struct {
	client *client
	token  uint64
	key    string
	ttl    time.Duration
	done   chan struct{}
}

// Token is the number of the acquisition.
func (l *lease) Token() uint64 { return l.token }

// Done is closed when the lease has ended, as far as this process knows.
func (l *lease) Done() <-chan struct{} { return l.done }

// Release asks the server to end the lease, which decides whether it had ended before; so it may be tried again. If ctx ends first, the server
// hears of it all the same, sooner or later. Where the connection broke, and the first copy of a release had been heard, the second one is told ErrLost.
func (l *lease) Release(ctx context.Context) error {
	a, err := l.client.do(ctx, newCall(message{op: opRelease, token: l.token, key: l.key}))
	if errors.Is(err, errClosed) || a == opNotHeld {
		err = ErrLost
	}
	if err != nil {
		return fmt.Errorf("releasing %q: %w", l.key, err)
	}
	return nil
}
