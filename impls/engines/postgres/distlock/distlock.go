// Package distlock holds the advisory lock of PostgreSQL.
package distlock

import (
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/postgres"
)

// Backend is a session's advisory lock on one server: a number that the server keeps in
// memory for a connection.
//
// Source: PostgreSQL's manual, Advisory Locks, by github.com/jackc/pgx/v5 v5.12.0, on a
// server process. The key is hashed to 64 bits. Two keys with the same hash exclude each
// other.
// Progress: first come, first served, except that the server lets a waiter pass that
// would otherwise be part of a deadlock. The server wakes the next waiter.
// Promises: the lock of a process that ends is free at once, because its connection ends.
// The lock has no time to live, so a holder that stalls keeps it. There is no token. A
// restarted server has forgotten all locks.
// Space: a connection, and so a process of the server, for each lock that is held or
// waited for. Released connections are used again.
// Observed: a session that locks again what it holds gets it at once, so every
// acquisition needs its own session. If a waiter only closes its connection, the wait
// continues in the server and may get the lock first, so the adapter cancels the wait.
// Pausing the server's process does not pause the lock, because each connection has its
// own process and process group.
// Wins where there is a database already and holders do not stall. Loses: a stalled
// holder stops all clients.
func Backend() locks.Backend {
	// A session's locks end with it, so nothing is left behind on a user's server.
	return locks.Backend{Service: postgres.Service(noSync), Dial: dial}
}

// noSync is of no effect on the locks, which write nothing.
const noSync = "fsync=off"
