// Package redis runs Redis servers, and connects to them. Its folders are the adapters,
// one for each contract.
package redis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Missing returns why the servers cannot be started here, or nil.
func Missing() error {
	if _, err := exec.LookPath("redis-server"); err != nil {
		return errors.New("needs redis-server: scripts/servers.sh installs it (Debian: apt-get install redis-server)")
	}
	return nil
}

// Service is n servers without persistence that do not know each other, or the user's
// own.
func Service(n int) impls.Service {
	return impls.Service{
		Start: func(ctx context.Context, host impls.Host) (impls.Cluster, error) { return open(ctx, host, n) },
	}
}

func open(ctx context.Context, host impls.Host, n int) (impls.Cluster, error) {
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
			Name: fmt.Sprintf("redis-%d", i), Path: program,
			Argv: []string{
				"--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--dir", host.Dir(),
				"--save", "", "--appendonly", "no",
			},
			Ready: func(ctx context.Context) error { return ping(ctx, address) },
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

// Connect makes a client, and opens no connection yet. A call ends with its context and
// does not retry: adapters retry by themselves, and must not wait for a server that is
// away.
func Connect(address string) (*redis.Client, error) {
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

// Reach returns an error unless Redis answers at each of the addresses, which are separated
// by commas.
func Reach(ctx context.Context, addresses string) error {
	for address := range strings.SplitSeq(addresses, ",") {
		if err := ping(ctx, address); err != nil {
			return fmt.Errorf("no Redis answers at %s: %w", public(address), err)
		}
	}
	return nil
}

// public returns an address without its password.
func public(address string) string {
	if u, err := url.Parse(address); err == nil && u.User != nil {
		return u.Redacted()
	}
	return address
}

func ping(ctx context.Context, address string) error {
	c, err := Connect(address)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Ping(ctx).Err()
}

// clean removes the keys from a user's own servers.
func clean(ctx context.Context, at cluster.At) error {
	var errs []error
	for _, address := range at.Addresses {
		c, err := Connect(address)
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
