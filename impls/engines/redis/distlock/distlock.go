// Package distlock holds the lock of redsync.
package distlock

import (
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/redis"
)

// Backend is Redlock: a key with a time to live and a random value, on a majority of n
// independent servers. An even n makes no sense. With n = 1 it is the plain lock by SET
// NX PX. The library has no keep-alive: the adapter extends the lock every third of the
// time to live.
//
// Source: github.com/go-redsync/redsync/v4 v4.18.1 with github.com/redis/go-redis/v9
// v9.23.0, on redis-server processes without persistence. The algorithm is on redis.io,
// Distributed Locks with Redis.
// Progress: may starve. A waiter retries after a random 50 to 250 ms, and is not told of
// a release. A client that comes when the key happens to be free has it. Usually, that is
// the client which has just released it.
// Promises: a holder that is gone or stalls loses the lock to the millisecond. There is
// no token, so a resource cannot recognize a late holder. Servers without files forget
// their holders when they restart. Five servers continue without two.
// Space: a key for each lock on each server. The drift between two clocks is allowed for
// by 1 % of the time to live.
// Observed: a call that its context cuts off leaves the key until it expires. The library
// deletes what it has set under the same context, which has ended (mutex.go,
// lockContext), so the adapter deletes it. redsync bounds each try by 5 % of the time to
// live, which go-redis respects only with ContextTimeoutEnabled. A release is not bounded
// and waits for every server. With go-redis's defaults, 5 dials and 3 retries, one dead
// server of five slows down every release. Both are set here.
// Wins: throughput, where it does not matter which client gets the lock. Loses: the wait
// of each client, and everything that needs a token.
func Backend(n int) locks.Backend {
	return locks.Backend{Service: redis.Service(n), Dial: dial}
}
