// Package postgres holds locks on PostgreSQL.
package postgres

import (
	"context"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Backend is a session's advisory lock on one server: a number that the server keeps in memory for a connection.
//
// Source: PostgreSQL's manual, Advisory Locks, by github.com/jackc/pgx/v5 v5.12.0, on a real server. The key is hashed to 64 bits;
// two keys with the same hash shut each other out.
// Progress: first come, first served, except that the server lets a waiter pass who would otherwise be part of a deadlock. The server
// wakes the next in line.
// Promises: the lock of a process that ended is free at once, because its connection ends. A holder that stands still keeps it for as long
// as it does: the lock has no time to live. There is no token. A server that starts anew has forgotten all.
// Space: a connection, so a process of the server, for each lock that is held or waited for; released ones are used again.
// Observed: a session that locks again what it has gets it, so that every acquisition needs a session of its own. A wait whose
// connection is only closed goes on in the server and may get the lock first; the adapter cancels it. To pause the server's process
// does not pause the lock, because each connection has a process and a group of its own.
// Wins: a database is there already, and holders do not stall. Loses: whoever stalls stops all.
func Backend() distlock.Backend {
	return distlock.Backend{Start: open, Dial: dial}
}

func open(ctx context.Context, host impls.Host) (distlock.Cluster, error) {
	if at, given := cluster.Given(host, "postgres"); given {
		return &cluster.Cluster{At: at}, nil // a session's locks end with it: nothing is left behind
	}
	address, server, err := start(ctx, host)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{At: cluster.New(address), Processes: []impls.Process{server}}, nil
}
