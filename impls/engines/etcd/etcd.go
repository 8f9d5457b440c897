// Package etcd runs etcd servers, and connects to them. Its folders are the adapters, one
// for each contract.
package etcd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// requestTime bounds a request that is not made for a caller.
const requestTime = time.Second

// Service is n servers, or the user's own. One embedded server runs in each process, with
// its defaults: it syncs its log before it answers, and starts an election after a second
// without a leader. An even n makes no sense.
func Service(n int) impls.Service {
	return impls.Service{
		Start: func(ctx context.Context, host impls.Host) (impls.Cluster, error) { return open(ctx, host, n) },
		Serve: serve,

		ElectionTimeout: 10 * time.Second, // an election, and leases that a new leader extends
	}
}

func open(ctx context.Context, host impls.Host, n int) (impls.Cluster, error) {
	c := &cluster.Cluster{}
	at, given := cluster.Given(host, "etcd")
	if !given {
		addresses, nodes, err := start(ctx, host, n)
		if err != nil {
			return nil, err
		}
		at, c.Processes = cluster.New(addresses...), nodes
	}
	admin, err := Connect(ctx, at)
	if err != nil {
		return nil, err
	}
	c.At, c.Shut = at, admin.Close
	c.Lead = func(ctx context.Context) (int, error) { return leader(ctx, admin, at.Addresses) }
	c.Clean = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		_, err := admin.Delete(ctx, at.Prefix, clientv3.WithPrefix())
		return err
	}
	return c, nil
}

// Connect makes a client. It returns when the servers answer a linearizable read.
func Connect(ctx context.Context, at cluster.At) (*clientv3.Client, error) {
	c, err := clientv3.New(clientv3.Config{Endpoints: at.Addresses, Logger: zap.NewNop()})
	if err != nil {
		return nil, err
	}
	_, err = cluster.Retry(ctx, func() (*clientv3.GetResponse, error) {
		limited, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		return c.Get(limited, at.Prefix)
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Reach returns an error unless etcd answers at one of the addresses, which are separated
// by commas.
func Reach(ctx context.Context, addresses string) error {
	c, err := Connect(ctx, cluster.New(strings.Split(addresses, ",")...))
	if err != nil {
		return fmt.Errorf("no etcd answers at %s: %w", addresses, err)
	}
	return c.Close()
}

// leader asks all servers. If two call themselves the leader, the one of the later term
// is.
func leader(ctx context.Context, c *clientv3.Client, addresses []string) (int, error) {
	index, term := -1, uint64(0)
	for i, a := range addresses {
		limited, cancel := context.WithTimeout(ctx, requestTime)
		s, err := c.Status(limited, a)
		cancel()
		if err == nil && s.Leader == s.Header.MemberId && s.RaftTerm > term {
			index, term = i, s.RaftTerm
		}
	}
	if index < 0 {
		return 0, errors.New("etcd has no leader now")
	}
	return index, nil
}
