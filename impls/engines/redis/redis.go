// Package redis runs Redis servers, and connects to them. Its folders are the adapters,
// one for each contract.
package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/loopback"
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
	ports, err := loopback.Ports(n)
	if err != nil {
		return nil, err
	}
	c := &cluster.Cluster{}
	var addresses []string
	for i, port := range ports {
		name, password := fmt.Sprintf("redis-%d", i), rand.Text()
		file := filepath.Join(host.Dir(), name+".conf")
		if err := os.WriteFile(file, []byte(config(host.Dir(), port, password)), 0o600); err != nil {
			return nil, err
		}
		address := fmt.Sprintf("redis://:%s@127.0.0.1:%d", password, port)
		p, err := host.Start(ctx, impls.Program{
			Name: name, Path: program, Argv: []string{file},
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

// config is the configuration of a server. It has a password, because every user of this
// machine can reach the port. Other users can read a command line, and not a file.
func config(dir string, port int, password string) string {
	return fmt.Sprintf(`bind 127.0.0.1
protected-mode yes
port %d
requirepass %s
dir %q
save ""
appendonly no
`, port, password, dir)
}

// Connect makes a client, and opens no connection yet. A call ends with its context and
// does not retry: adapters retry by themselves, and must not wait for a server that is
// away.
func Connect(address string) (*redis.Client, error) {
	o, err := options(address)
	if err != nil {
		return nil, err
	}
	return redis.NewClient(o), nil
}

// ConnectPool is Connect with at most that many connections, for which a call waits that
// long.
func ConnectPool(address string, conns int, wait time.Duration) (*redis.Client, error) {
	o, err := options(address)
	if err != nil {
		return nil, err
	}
	o.PoolSize, o.PoolTimeout = conns, wait
	return redis.NewClient(o), nil
}

func options(address string) (*redis.Options, error) {
	o := &redis.Options{Addr: address}
	if strings.Contains(address, "://") { // a user's own server may have a password, or TLS
		var err error
		if o, err = redis.ParseURL(address); err != nil {
			return nil, err
		}
	}
	o.ContextTimeoutEnabled, o.MaxRetries, o.DialerRetries = true, -1, 1
	return o, nil
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
