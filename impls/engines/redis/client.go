package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"math"
	"time"

	"github.com/go-redsync/redsync/v4"
	redsyncredis "github.com/go-redsync/redsync/v4/redis"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

// patience is how long requests that nobody waits for may take.
const patience = time.Second

// client is a distlock.Client.
type client struct {
	servers []*redis.Client
	sync    *redsync.Redsync
	prefix  string
	held    lease.Held
}

func dial(ctx context.Context, endpoint string) (distlock.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	c := &client{prefix: at.Prefix}
	var pools []redsyncredis.Pool
	for _, address := range at.Addresses {
		server, err := connect(address)
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

// Acquire tries again after the library's own delay, for as long as ctx lasts.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (distlock.Lease, error) {
	return lease.Until(ctx, func() (*lease.Lease, error) { return c.acquire(ctx, key, ttl) })
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

// withdraw takes back what a call that was cut off may have set: the library tries to, in the context that has ended.
func (c *client) withdraw(key, value string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := c.sync.NewMutex(c.prefix+key, redsync.WithValue(value)).UnlockContext(ctx)
	if taken := new(redsync.ErrTaken); errors.As(err, &taken) || errors.Is(err, redsync.ErrLockAlreadyExpired) {
		return nil // nothing of this call's was there
	}
	return err
}

// lost tells a lock that is somebody else's, or nobody's, from servers that did not answer.
func lost(ok bool, err error) error {
	taken := new(redsync.ErrTaken)
	switch {
	case ok:
		return nil
	case errors.As(err, &taken), errors.Is(err, redsync.ErrLockAlreadyExpired):
		return distlock.ErrLost
	}
	return err
}

// Close gives up what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	errs := []error{c.held.Release(ctx)}
	for _, s := range c.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}
