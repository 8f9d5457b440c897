package distlock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// client is the client's side of a session at a lease server. It sends messages by a
// link, and hear takes in what the server sends.
//
// It counts the time of a lease from when it sent the last message that the server has
// answered. The server counts from when it received that message, which is later. So the
// client gives a lease up before the server does, as long as both clocks run at one
// speed.
type client struct {
	stop func() // ends what is behind link

	mu         sync.Mutex
	link       link // nil: not connected
	last       uint64
	calls      map[uint64]*call
	leases     map[uint64]*lease // by token
	acked      time.Time         // when the last answered message was sent
	lastBeat   time.Time         // when the last heartbeat was sent
	shortest   time.Duration     // time to live that sets the pace of heartbeats; 0: nothing to keep alive
	newMinimum chan struct{}     // shortest has become shorter
	closed     bool
}

// link sends messages to the server. A message posted to a broken link is lost. The next
// link posts all unanswered calls again.
type link interface{ post(m message) }

// call is a message that waits for its answer.
type call struct {
	message
	sent      time.Time
	answer    chan op // 0: the client is closed
	lease     *lease  // what it acquired
	abandoned bool    // its caller has gone, but the answer must have its effect
}

var (
	errFull    = errors.New("distlock: a client holds at most 4096 leases")
	errRefused = errors.New("distlock: the server has no room for another lease")
)

func newClient(stop func()) *client {
	return &client{
		stop: stop, calls: map[uint64]*call{}, leases: map[uint64]*lease{}, newMinimum: make(chan struct{}, 1),
	}
}

// maxTTL is the longest time to live. A longer one counts as this. It bounds for how long
// a client that is gone can block a key, and no sum with a time overflows.
const maxTTL = 24 * time.Hour

// Acquire asks for key and waits in the server's queue.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	if ttl <= 0 || len(key) > maxKey {
		return nil, fmt.Errorf("distlock: acquiring a key of %d bytes for %v: want at most %d bytes and a time above 0",
			len(key), ttl, maxKey)
	}
	k := newCall(message{op: opAcquire, key: key, ttl: min(ttl, maxTTL)})
	if _, err := c.do(ctx, k); err != nil {
		return nil, fmt.Errorf("acquiring %q: %w", key, err)
	}
	if k.lease == nil {
		return nil, fmt.Errorf("acquiring %q: %w", key, errRefused)
	}
	return k.lease, nil
}

func newCall(m message) *call { return &call{message: m, sent: time.Now(), answer: make(chan op, 1)} }

// do posts a call and waits for the answer.
func (c *client) do(ctx context.Context, k *call) (op, error) {
	if err := ctx.Err(); err != nil && k.op != opRelease { // a release must reach the server in any case
		return 0, err
	}
	c.mu.Lock()
	if c.closed || k.op == opAcquire && len(c.leases) == maxTokens {
		defer c.mu.Unlock()
		if c.closed {
			return 0, ErrClosed
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
		return answered(a)
	case <-ctx.Done():
	}
	c.mu.Lock()
	select {
	case a := <-k.answer: // it has just come
		c.mu.Unlock()
		return answered(a)
	default:
	}
	k.abandoned = true
	link, m = c.link, message{op: opCancel, id: k.id}
	c.mu.Unlock()
	if link != nil && k.op == opAcquire {
		link.post(m)
	}
	return 0, ctx.Err()
}

func answered(a op) (op, error) {
	if a == 0 {
		return 0, ErrClosed
	}
	return a, nil
}

// register gives a call its id. The caller holds mu.
func (c *client) register(k *call) {
	c.last++
	k.id = c.last
	c.calls[k.id] = k
	if k.op == opAcquire && (c.shortest == 0 || k.ttl < c.shortest) {
		c.shortest = k.ttl
		select {
		case c.newMinimum <- struct{}{}:
		default: // an earlier change has not been read yet
		}
	}
}

// hear takes in a message of the server. If ok, answer is a message to post in turn.
func (c *client) hear(m message) (answer message, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.op == opLost {
		c.lose(m.token)
		return answer, false
	}
	k := c.calls[m.id]
	if k == nil {
		return answer, false
	}
	delete(c.calls, m.id)
	if k.sent.After(c.acked) {
		c.acked = k.sent
	}
	switch {
	case m.op == opGranted && k.abandoned:
		return message{op: opRelease, token: m.token, key: k.key}, true
	case m.op == opGranted:
		k.lease = &lease{client: c, token: m.token, key: k.key, ttl: k.ttl, done: make(chan struct{})}
		c.leases[m.token] = k.lease
	case m.op == opEnded && !k.abandoned: // this process had been silent for too long; it asks again
		k.sent = time.Now()
		c.register(k)
		return k.message, true
	case k.op == opRelease:
		c.lose(k.token)
	}
	k.answer <- m.op
	return answer, false
}

// lose ends a lease as far as this process knows. The caller holds mu.
func (c *client) lose(token uint64) {
	if l := c.leases[token]; l != nil {
		delete(c.leases, token)
		close(l.done)
	}
}

// closeTime is how long Close waits for the server's answer.
const closeTime = time.Second

// Close ends the session, and with it all leases. Without a link to the server, they end
// when their times to live are over.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	c.mu.Lock()
	connected := c.link != nil
	c.mu.Unlock()
	var err error
	if connected {
		_, err = c.do(ctx, newCall(message{op: opClose}))
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

// Release asks the server to end the lease. The server decides whether it had ended
// before, so Release may be retried. If ctx ends first, the server still receives the
// request sooner or later. If the connection breaks after the server has handled the
// first copy of the request, the second copy is answered with ErrLost.
func (l *lease) Release(ctx context.Context) error {
	a, err := l.client.do(ctx, newCall(message{op: opRelease, token: l.token, key: l.key}))
	if errors.Is(err, ErrClosed) || a == opNotHeld {
		err = ErrLost
	}
	if err != nil {
		return fmt.Errorf("releasing %q: %w", l.key, err)
	}
	return nil
}
