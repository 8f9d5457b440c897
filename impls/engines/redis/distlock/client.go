package distlock

import (
	"context"
	"crypto/rand"
	"errors"
	"math"
	"time"

	"github.com/go-redsync/redsync/v4"
	redsyncredis "github.com/go-redsync/redsync/v4/redis"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	redisgo "github.com/redis/go-redis/v9"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
	"github.com/contendbench/contend/impls/engines/redis"
)

// requestTime bounds requests that are not made for a caller.
const requestTime = time.Second

// client is a lock client.
type client struct {
	servers []*redisgo.Client
	sync    *redsync.Redsync
	prefix  string
	held    lease.Held
}

func dial(ctx context.Context, endpoint string) (locks.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	c := &client{prefix: at.Prefix}
	var pools []redsyncredis.Pool
	for _, address := range at.Addresses {
		server, err := redis.Connect(address)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.servers = append(c.servers, server)
		pools = append(pools, goredis.NewPool(server))
	}
	c.sync = redsync.New(pools...)
	if err := reach(ctx, c.servers); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// reach returns when a majority of the servers answers: the lock needs no more.
func reach(ctx context.Context, servers []*redisgo.Client) error {
	_, err := cluster.Retry(ctx, func() (int, error) {
		answers := 0
		var errs []error
		for _, s := range servers {
			limited, cancel := context.WithTimeout(ctx, requestTime)
			err := s.Ping(limited).Err()
			cancel()
			if errs = append(errs, err); err == nil {
				answers++
			}
		}
		if answers > len(servers)/2 {
			return answers, nil
		}
		return answers, errors.Join(errs...)
	})
	return err
}

// Acquire retries after the library's own delay until ctx ends.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (locks.Lease, error) {
	if c.held.Closed() {
		return nil, locks.ErrClosed
	}
	return cluster.Retry(ctx, func() (*lease.Lease, error) { return c.acquire(ctx, key, ttl) })
}

func (c *client) acquire(ctx context.Context, key string, ttl time.Duration) (*lease.Lease, error) {
	value := rand.Text()
	m := c.sync.NewMutex(c.prefix+key, redsync.WithExpiry(ttl), redsync.WithTries(math.MaxInt),
		redsync.WithGenValueFunc(func() (string, error) { return value, nil }))
	if err := m.LockContext(ctx); err != nil {
		return nil, errors.Join(err, c.withdraw(key, value))
	}
	l := c.held.New(0, func(ctx context.Context) error { return lost(m.UnlockContext(ctx)) })
	l.Keep(ttl, m.Until().Add(-ttl), func(ctx context.Context) error { return lost(m.ExtendContext(ctx)) })
	return l, nil
}

// withdraw deletes what a call that was cut off may have set. The library tries to, under
// the context that has ended.
func (c *client) withdraw(key, value string) error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	_, err := c.sync.NewMutex(c.prefix+key, redsync.WithValue(value)).UnlockContext(ctx)
	if taken := new(redsync.ErrTaken); errors.As(err, &taken) || errors.Is(err, redsync.ErrLockAlreadyExpired) {
		return nil // there was nothing of this call's
	}
	return err
}

// lost distinguishes a lock that this client no longer holds from servers that did not
// answer.
func lost(ok bool, err error) error {
	taken := new(redsync.ErrTaken)
	switch {
	case ok:
		return nil
	case errors.As(err, &taken), errors.Is(err, redsync.ErrLockAlreadyExpired):
		return locks.ErrLost
	}
	return err
}

// Close releases what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	errs := []error{c.held.Release(ctx)}
	for _, s := range c.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}
