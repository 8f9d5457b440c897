// Package distlock holds the lock of etcd's client library.
package distlock

import (
	"time"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/etcd"
)

const (
	// minTTL is the shortest time to live that a server with the default election time
	// grants.
	minTTL = 2 * time.Second
	// requestTime bounds a request that is not made for a caller.
	requestTime = time.Second
)

// Backend is etcd's own lock, on n servers. A waiter puts a key below the lock's key. It
// then waits until the key of its predecessor, by revision of creation, is gone.
//
// Source: go.etcd.io/etcd/client/v3 v3.7.3, concurrency.Mutex and Session, on
// go.etcd.io/etcd/server/v3 v3.7.3.
// Progress: first come, first served. A release wakes the next waiter only.
// Promises: the keys of a holder that is gone or stalls are removed with its session's
// lease. A lease lasts whole seconds, and at least one and a half elections, which makes
// 2 s here. The server looks for expired leases every 500 ms. The token is the store's
// revision at the acquisition. A restart keeps it, and the holder. Three servers continue
// without one.
// Space: a key and a lease for each acquisition under way. A released lease is used
// again.
// Observed: under contention, hand-overs come in bursts. Mutex.Lock watches its
// predecessor from the revision at which it has read it (concurrency/key.go, waitDelete).
// A watch that starts at or before the store's present revision is not notified at once.
// It stays unsynced until a loop gets to it, every watchResyncPeriod = 100 ms (server,
// mvcc/watchable_store.go, watch and syncWatchersLoop). So all waiters that came within a
// period are served at its end, whatever their number. Longer sections do not suffer:
// their waiters' watches have caught up. Watching from the next revision would help only
// while no other client writes.
// Wins: it makes the most promises. Loses: short sections under contention.
func Backend(n int) locks.Backend {
	return locks.Backend{Service: etcd.Service(n), Dial: dial, MinTTL: minTTL}
}
