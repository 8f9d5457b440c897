package txn

import "github.com/contendbench/contend/impls/txn"

// Serializable is the isolation level of that name.
//
// Idea: serializable snapshot isolation. A transaction reads from a snapshot. The server
// notes what it reads, without a lock that anybody waits for. It rolls one transaction back
// when two dependencies in a row could be part of a cycle.
// Source: Ports and Grittner 2012, Serializable Snapshot Isolation in PostgreSQL, by
// github.com/jackc/pgx/v5 v5.12.0. The manual, Transaction Isolation, promises some serial
// order. It does not promise the order of real time.
// Progress: a transaction waits for another one that has changed the same record. It is
// refused by SQLSTATE 40001, also at its commit, and by 40P01 if the wait is a deadlock.
// Both are run again, as the manual asks; each other error is returned.
// Space: what each transaction has read, in the server's memory, until all that ran beside
// it have ended. Where that is short, a page or a table stands for its records.
// Promises: the server keeps its defaults, so a commit has synced the log. A view is READ
// ONLY, and may be refused. It is not DEFERRABLE: a deferrable one is never refused, but
// waits until no transaction that could disturb it is under way.
// Observed: up to 12.3, the server let some write skew pass (Jepsen, PostgreSQL 12.3, 2020).
// A table of a few pages is read by a sequential scan, which counts as a read of all
// records, so the connections set enable_seqscan off.
// Wins: transactions that read much and rarely meet; no reader holds up a writer.
// Loses: few hot records, where most of the work is done again.
func Serializable() txn.Backend {
	return backend(protocol{
		update: "begin isolation level serializable read write",
		view:   "begin isolation level serializable read only",
		wrap:   plain,
	})
}

// RepeatableRead is the isolation level of that name.
//
// Idea: snapshot isolation. A transaction reads from a snapshot. It is refused if it
// changes a record that another one has changed since.
// Source: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, §4.2, by
// github.com/jackc/pgx/v5 v5.12.0; PostgreSQL's manual, Transaction Isolation.
// Progress: as Serializable, but a view is never refused.
// Promises: write skew is possible. Two transactions may each read what the other one
// changes, and both commit.
// Space: the old versions of records, until vacuum removes them.
// Wins: it notes no reads, so that it costs less than Serializable.
// Loses: where an invariant spans two records; it needs locks of its own there.
func RepeatableRead() txn.Backend {
	return backend(protocol{
		update: "begin isolation level repeatable read read write", view: snapshotView, wrap: plain,
	})
}

// snapshotView begins a transaction that reads from one snapshot.
const snapshotView = "begin isolation level repeatable read read only"
