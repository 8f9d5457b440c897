package distlock

import (
	"context"
	"errors"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

// requestTime bounds a request that is not made for a caller.
const requestTime = time.Second

// client is a lock client. A session may lock again what it holds, so each acquisition
// has its own session. A released session serves the next acquisition.
type client struct {
	address, prefix string
	held            lease.Held

	mu   sync.Mutex
	idle []*pgx.Conn
}

func dial(ctx context.Context, endpoint string) (locks.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	c := &client{address: at.Addresses[0], prefix: at.Prefix}
	conn, err := c.session(ctx)
	if err != nil {
		return nil, err
	}
	c.put(conn)
	return c, nil
}

// Acquire waits in the server's queue. The lock has no time to live, so ttl is not used.
func (c *client) Acquire(ctx context.Context, key string, _ time.Duration) (locks.Lease, error) {
	if c.held.Closed() {
		return nil, locks.ErrClosed
	}
	return cluster.Retry(ctx, func() (*lease.Lease, error) { return c.acquire(ctx, c.number(key)) })
}

// number is the key as the server takes it. Two keys with the same number exclude each
// other.
func (c *client) number(key string) int64 {
	h := fnv.New64a()
	h.Write([]byte(c.prefix + key))
	return int64(h.Sum64())
}

func (c *client) acquire(ctx context.Context, number int64) (*lease.Lease, error) {
	conn, err := c.session(ctx)
	if err != nil {
		return nil, err
	}
	if err := lock(ctx, conn, number); err != nil {
		return nil, errors.Join(err, drop(conn))
	}
	watching, unwatch := context.WithCancel(context.Background())
	watched := make(chan struct{})
	l := c.held.New(0, func(ctx context.Context) error {
		unwatch()
		<-watched
		return c.unlock(ctx, conn, number)
	})
	go func() {
		defer close(watched)
		watch(watching, conn, l.End)
	}()
	return l, nil
}

// lock returns ctx's error if ctx ends first. The session is then of no use. The server
// is asked to cancel the wait: a connection that is only closed may get the lock before
// the server notices.
func lock(ctx context.Context, conn *pgx.Conn, number int64) error {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	asked := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(asked)
		limited, done := context.WithTimeout(context.Background(), requestTime)
		defer done()
		_ = conn.PgConn().CancelRequest(limited) // if it does not arrive, the limit ends the wait
		time.AfterFunc(requestTime, cancel)
	})
	_, err := conn.Exec(hard, "select pg_advisory_lock($1)", number)
	if !stop() {
		<-asked
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// watch reads the connection of a held lock, on which only its end can arrive.
func watch(ctx context.Context, conn *pgx.Conn, ended func()) {
	for {
		_, err := conn.WaitForNotification(ctx)
		switch {
		case ctx.Err() != nil: // the release needs the connection; a read that timed out does no harm
			return
		case err != nil:
			ended()
			return
		}
	}
}

// unlock frees the lock. If it cannot ask the server, the end of the session frees it.
func (c *client) unlock(ctx context.Context, conn *pgx.Conn, number int64) error {
	var ours bool
	err := conn.QueryRow(ctx, "select pg_advisory_unlock($1)", number).Scan(&ours)
	switch {
	case err == nil && ours:
		c.put(conn)
		return nil
	case ctx.Err() != nil:
		return drop(conn)
	}
	return errors.Join(locks.ErrLost, err, drop(conn))
}

// session takes an idle session, or makes one.
func (c *client) session(ctx context.Context) (*pgx.Conn, error) {
	for conn := c.take(); conn != nil; conn = c.take() {
		if !conn.IsClosed() {
			return conn, nil
		}
	}
	return pgx.Connect(ctx, c.address)
}

func (c *client) take() *pgx.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.idle) == 0 {
		return nil
	}
	conn := c.idle[len(c.idle)-1]
	c.idle = c.idle[:len(c.idle)-1]
	return conn
}

func (c *client) put(conn *pgx.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, conn)
}

// drop ends a session, and with it what it holds.
func drop(conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	return conn.Close(ctx)
}

// Close releases what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	errs := []error{c.held.Release(ctx)}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.idle {
		errs = append(errs, drop(conn))
	}
	return errors.Join(errs...)
}
