// Package etcd holds locks on etcd.
package etcd

import (
	"context"
	"errors"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

const (
	// least is the shortest time to live that a server with the default election time of a second grants.
	least = 2 * time.Second
	// patience is how long one request that nobody waits for may take.
	patience = time.Second
)

// Backend is etcd's own lock on n servers, of which an even number makes no sense: a waiter puts a key below the lock's and waits
// until the key before its own, by revision of creation, is gone.
//
// Source: go.etcd.io/etcd/client/v3 v3.7.3, concurrency.Mutex and Session, on go.etcd.io/etcd/server/v3 v3.7.3; one embedded server
// a process, with its defaults: it syncs its log before it answers, and elects a leader after a second without one.
// Progress: first come, first served. A release wakes the next in line only.
// Promises: the keys of a holder that is gone or stands still go with its session's lease, which lasts whole seconds, at least one and a
// half elections, so 2 here; the server looks for expired ones every 500 ms. The token is the store's revision at the acquisition, which
// a restart keeps as it keeps the holder. Three servers go on without one.
// Space: a key and a lease for each acquisition under way; a released lease is used again.
// Observed: under contention each waiter gets its turn about 10 times a second, however many there are: 21 acquisitions a second with 2
// waiters, 68 with 8, 138 with 16, against 666 with one (two cores, loopback). The mechanism: Mutex.Lock watches its predecessor from
// the revision at which it has read it (concurrency/key.go, waitDelete), and a watch that begins at or before the store's present
// revision is not among those that are told at once: it is unsynced until a loop gets to it, every watchResyncPeriod = 100 ms
// (server, mvcc/watchable_store.go, watch and syncWatchersLoop). So all who came within a period are served in a burst at its end, a few
// ms apart. Tried: with the constant at 10 ms, 2 waiters made 201 and 8 made 488 a second; sections of 150 ms, in which
// the watch has long caught up, are handed over in 3.5 ms; to watch from the next revision helps only while nobody else writes
// (2 waiters 44, 8 waiters 85), because the store has moved on when the watch arrives.
// Wins: it promises the most. Loses: short sections under contention.
func Backend(n int) distlock.Backend {
	return distlock.Backend{
		Start:  func(ctx context.Context, host impls.Host) (distlock.Cluster, error) { return open(ctx, host, n) },
		Dial:   dial,
		Least:  least,
		Elects: 10 * time.Second, // an election, and leases that a new leader extends
		Serve:  serve,
	}
}

func open(ctx context.Context, host impls.Host, n int) (distlock.Cluster, error) {
	c := &cluster.Cluster{}
	at, given := cluster.Given(host, "etcd")
	if !given {
		addresses, nodes, err := start(ctx, host, n)
		if err != nil {
			return nil, err
		}
		at, c.Processes = cluster.New(addresses...), nodes
	}
	admin, err := connect(ctx, at)
	if err != nil {
		return nil, err
	}
	c.At, c.Shut = at, admin.Close
	c.Lead = func(ctx context.Context) (int, error) { return leader(ctx, admin, at.Addresses) }
	c.Clean = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := admin.Delete(ctx, at.Prefix, clientv3.WithPrefix())
		return err
	}
	return c, nil
}

// connect returns when the servers answer a linearizable read.
func connect(ctx context.Context, at cluster.At) (*clientv3.Client, error) {
	c, err := clientv3.New(clientv3.Config{Endpoints: at.Addresses, Logger: zap.NewNop()})
	if err != nil {
		return nil, err
	}
	_, err = lease.Until(ctx, func() (*clientv3.GetResponse, error) {
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return c.Get(limited, at.Prefix)
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// leader asks all servers; of two that both take themselves for the leader, the one of the later term is.
func leader(ctx context.Context, c *clientv3.Client, addresses []string) (int, error) {
	place, term := -1, uint64(0)
	for i, a := range addresses {
		limited, cancel := context.WithTimeout(ctx, patience)
		s, err := c.Status(limited, a)
		cancel()
		if err == nil && s.Leader == s.Header.MemberId && s.RaftTerm > term {
			place, term = i, s.RaftTerm
		}
	}
	if place < 0 {
		return 0, errors.New("etcd has no leader now")
	}
	return place, nil
}
