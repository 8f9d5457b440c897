package distlock

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/etcd"
	"github.com/contendbench/contend/impls/engines/lease"
)

// client is a lock client. A session's key in the queue of a lock is its lease, so a
// session that locks twice would not wait for itself. Therefore each acquisition has its
// own session. A released session serves the next acquisition.
type client struct {
	etcd   *clientv3.Client
	prefix string
	held   lease.Held

	mu   sync.Mutex
	idle map[int64][]*concurrency.Session // by time to live, seconds
}

func dial(ctx context.Context, endpoint string) (locks.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	c, err := etcd.Connect(ctx, at)
	if err != nil {
		return nil, err
	}
	return &client{etcd: c, prefix: at.Prefix, idle: map[int64][]*concurrency.Session{}}, nil
}

// Acquire waits in the queue.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (locks.Lease, error) {
	if c.held.Closed() {
		return nil, locks.ErrClosed
	}
	seconds := int64((max(ttl, minTTL) + time.Second - 1) / time.Second)
	return cluster.Retry(ctx, func() (*lease.Lease, error) { return c.acquire(ctx, key, seconds) })
}

func (c *client) acquire(ctx context.Context, key string, seconds int64) (*lease.Lease, error) {
	s, err := c.session(ctx, seconds)
	if err != nil {
		return nil, err
	}
	m := concurrency.NewMutex(s, c.prefix+url.PathEscape(key)) // a key below this one would be in its queue
	if err := m.Lock(ctx); err != nil {
		// A call that was cut off may have put the key. The key is removed with its
		// session.
		return nil, errors.Join(err, c.drop(s))
	}
	l := c.held.New(uint64(m.Header().Revision), func(ctx context.Context) error {
		// Mutex.Unlock would delete the key even if it belonged to another client by now.
		done, err := c.etcd.Txn(ctx).If(m.IsOwner()).Then(clientv3.OpDelete(m.Key())).Commit()
		switch {
		case err != nil:
			return err
		case !done.Succeeded:
			s.Orphan()
			return locks.ErrLost
		}
		c.put(seconds, s)
		return nil
	})
	go func() {
		select {
		case <-s.Done():
			l.End()
		case <-l.Done():
		}
	}()
	return l, nil
}

// session takes an idle session, or makes one.
func (c *client) session(ctx context.Context, seconds int64) (*concurrency.Session, error) {
	for s := c.take(seconds); s != nil; s = c.take(seconds) {
		select {
		case <-s.Done(): // it has expired
		default:
			return s, nil
		}
	}
	granted, err := c.etcd.Grant(ctx, seconds)
	if err != nil {
		return nil, err
	}
	return concurrency.NewSession(c.etcd, concurrency.WithLease(granted.ID), concurrency.WithTTL(int(seconds)))
}

func (c *client) take(seconds int64) *concurrency.Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.idle[seconds]
	if len(list) == 0 {
		return nil
	}
	c.idle[seconds] = list[:len(list)-1]
	return list[len(list)-1]
}

func (c *client) put(seconds int64, s *concurrency.Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle[seconds] = append(c.idle[seconds], s)
}

// drop ends a session, and with it all that it has put.
func (c *client) drop(s *concurrency.Session) error {
	s.Orphan()
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	_, err := c.etcd.Revoke(ctx, s.Lease())
	return err
}

// Close releases what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	errs := []error{c.held.Release(ctx)}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, list := range c.idle {
		for _, s := range list {
			s.Orphan()
			// A lease that is not revoked expires. A server that is gone is no failure of
			// a client that ends.
			_, _ = c.etcd.Revoke(ctx, s.Lease())
		}
	}
	return errors.Join(append(errs, c.etcd.Close())...)
}
