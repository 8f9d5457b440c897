// Package redis holds locks on Redis.
package redis

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

// Missing says why the servers cannot be started here.
func Missing() error {
	if _, err := exec.LookPath("redis-server"); err != nil {
		return errors.New("needs redis-server: scripts/servers.sh installs it (Debian: apt-get install redis-server)")
	}
	return nil
}

// Backend is Redlock: a key with a time to live and a random value, on most of n servers that know nothing of each other; an even n
// makes no sense. n = 1 is the plain lock by SET NX PX. The library has no keep-alive; the adapter extends in every third of the time to live.
//
// Source: github.com/go-redsync/redsync/v4 v4.18.1 with github.com/redis/go-redis/v9 v9.23.0, on real redis-servers without
// persistence; the algorithm is on redis.io, Distributed Locks with Redis.
// Progress: may starve. A waiter asks again after 50 to 250 ms, drawn anew each time, and nobody tells it of a release: who
// comes when the key happens to be free has it, mostly the one that released it just before.
// Promises: a holder that is gone or stands still loses the lock to the millisecond. There is no token, so that a resource cannot tell a
// holder that is late. Servers without files forget their holders when they start anew. Five servers go on without two.
// Space: a key a lock and server; two clocks' drift is allowed for by 1 % of the time to live.
// Observed: a call that is cut off by its context leaves the key until it expires, because the library takes back what it set within the
// context that has ended (mutex.go, lockContext); the adapter takes it back. redsync bounds each try by 5 % of the time to live, which
// go-redis heeds only with ContextTimeoutEnabled. A release is not bounded and waits for every server: with go-redis's defaults, 5 dials
// and 3 retries, one dead server of five left 1 acquisition a second of 1,400. Both are set here.
// Wins: throughput, if nobody minds who has it. Loses: the wait of each; everything that needs a token.
func Backend(n int) distlock.Backend {
	return distlock.Backend{
		Start: func(ctx context.Context, host impls.Host) (distlock.Cluster, error) { return open(ctx, host, n) },
		Dial:  dial,
	}
}

func open(ctx context.Context, host impls.Host, n int) (distlock.Cluster, error) {
	if at, given := cluster.Given(host, "redis"); given {
		return &cluster.Cluster{At: at, Clean: func(ctx context.Context) error { return clean(ctx, at) }}, nil
	}
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, err
	}
	ports, err := cluster.Ports(n)
	if err != nil {
		return nil, err
	}
	c := &cluster.Cluster{}
	var addresses []string
	for i, port := range ports {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		p, err := host.Start(ctx, impls.Program{
			Name: fmt.Sprintf("redis-%d", i), Path: program, Ready: func(ctx context.Context) error { return ping(ctx, address) },
			Argv: []string{"--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--save", "", "--appendonly", "no", "--dir", host.Dir()},
		})
		if err != nil {
			return nil, err
		}
		c.Processes = append(c.Processes, p)
		addresses = append(addresses, address)
	}
	c.At = cluster.New(addresses...)
	return c, nil
}

// connect opens no connection yet. A call ends with its context, on which redsync relies, and asks its server once: redsync itself
// tries again, and waits for all servers, so that one which is away must not be waited for.
func connect(address string) (*redis.Client, error) {
	o := &redis.Options{Addr: address}
	if strings.Contains(address, "://") { // a user's own server may have a password, or TLS
		var err error
		if o, err = redis.ParseURL(address); err != nil {
			return nil, err
		}
	}
	o.ContextTimeoutEnabled, o.MaxRetries, o.DialerRetries = true, -1, 1
	return redis.NewClient(o), nil
}

func ping(ctx context.Context, address string) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Ping(ctx).Err()
}

// clean removes the keys of a user's own servers.
func clean(ctx context.Context, at cluster.At) error {
	var errs []error
	for _, address := range at.Addresses {
		c, err := connect(address)
		if err != nil {
			return err
		}
		keys := c.Scan(ctx, 0, at.Prefix+"*", 0).Iterator()
		for keys.Next(ctx) {
			errs = append(errs, c.Del(ctx, keys.Val()).Err())
		}
		errs = append(errs, keys.Err(), c.Close())
	}
	return errors.Join(errs...)
}

// reach returns when most servers answer: the lock needs no more.
func reach(ctx context.Context, clients []*redis.Client) error {
	_, err := lease.Until(ctx, func() (int, error) {
		answers := 0
		var errs []error
		for _, c := range clients {
			limited, cancel := context.WithTimeout(ctx, patience)
			err := c.Ping(limited).Err()
			cancel()
			if errs = append(errs, err); err == nil {
				answers++
			}
		}
		if answers > len(clients)/2 {
			return answers, nil
		}
		return answers, errors.Join(errs...)
	})
	return err
}
