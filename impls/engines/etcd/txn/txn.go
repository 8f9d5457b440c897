// Package txn holds the transactions of etcd.
package txn

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/etcd"
	"github.com/contendbench/contend/impls/txn"
)

// SerializableSnapshot is concurrency.STM at its default level.
//
// Idea: backward validation in the server. The first read decides the revision of all
// reads. The client keeps the writes. A mini-transaction commits them if no key has been
// modified that was read, nor one that is written, since the first read.
// Source: go.etcd.io/etcd/client/v3 v3.7.3, concurrency/stm.go, on an etcd server process.
// The ranges are ours: the library has none. A scan reads the keys of a range at the
// revision of the first read, and then each by the library. A compare of the range goes
// with the library's own to the server: none of its keys is newer than that revision.
// Progress: nothing waits. An attempt fails only if another transaction has committed.
// Promises: what commits was read as if at the instant of the commit. All reads of an
// attempt are of one revision, so a view ends without a validation. The server syncs its
// log before it answers.
// Space: each commit leaves a revision of what it changed until a compaction, and the
// server stores 2 GiB by default.
// Observed: in a conflict, the library reads again what was read, and mixes that with new
// reads of another revision in the next attempt. So each attempt is an STM of its own. The
// server refuses more than --max-txn-ops (128) reads or writes in a transaction. The
// started one takes 16384; a user's own must be told to.
// Wins: few changes that must survive, agreed upon by a cluster.
// Loses: each read is a round trip, each commit a sync, and hot keys fail many attempts.
func SerializableSnapshot() txn.Backend {
	return backend(level{isolation: concurrency.SerializableSnapshot, oneRevision: true})
}

// Serializable is SerializableSnapshot without the check of what is written. A write to a
// key that was not read conflicts with nothing.
func Serializable() txn.Backend {
	return backend(level{isolation: concurrency.Serializable, oneRevision: true})
}

// RepeatableReads is concurrency.STM at that level.
//
// Idea: as Serializable, but each key is read at the latest revision that the server at
// hand knows. Repeated reads of a key return the same.
// Source, progress and space: those of SerializableSnapshot.
// Promises: the commit validates all that was read, so what commits is serializable. An
// attempt may see two states, so this is not opaque. A commit without writes validates
// views, and bodies that return an error or panic.
// Wins: reads that no quorum confirms.
// Loses: views, which commit and may fail.
func RepeatableReads() txn.Backend { return backend(level{isolation: concurrency.RepeatableReads}) }

// level is an isolation level of the library.
type level struct {
	isolation   concurrency.Isolation
	oneRevision bool // all reads of an attempt are of one revision
}

func backend(l level) txn.Backend {
	return txn.Backend{
		Service: etcd.Service(1),
		Open: func(ctx context.Context, endpoint string, o txn.Options) (txn.Store, error) {
			return open(ctx, endpoint, o, l)
		},
	}
}

// store is the keys under a prefix.
type store struct {
	txn.Retry
	level
	client *clientv3.Client
	prefix string
}

func open(ctx context.Context, endpoint string, o txn.Options, l level) (txn.Store, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	client, err := etcd.Connect(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("connecting to etcd: %w", err)
	}
	return &store{
		Retry: txn.NewRetry(o), level: l, client: client, prefix: at.Prefix + strings.ToLower(rand.Text()) + "/",
	}, nil
}

func (s *store) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, txn.Lifetime{}, false, body) })
}

func (s *store) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, txn.ReadOnly, s.oneRevision, body) })
}

// attempt runs body with an STM of the library. The library calls its function on a
// goroutine of its own, which must neither panic nor end. So that function only lends the
// STM to this one, and waits for what becomes of it.
func (s *store) attempt(ctx context.Context, may txn.Lifetime, unchecked bool, body func(txn.Tx) error) error {
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	t := &tx{
		State: attempt.State{Lifetime: may}, ctx: ctx, s: s, unchecked: unchecked, seen: map[string]struct{}{},
		uncancel: context.AfterFunc(ctx, cancel), cancel: cancel,
		verdict: make(chan error, 1), outcome: make(chan error, 1), guard: &guard{KV: s.client.KV},
	}
	defer t.uncancel()
	library := clientv3.NewCtxClient(requests)
	library.KV = t.guard
	lent := make(chan concurrency.STM)
	go func() {
		calls := 0
		_, err := concurrency.NewSTM(library, func(stm concurrency.STM) error {
			if calls++; calls > 1 {
				return errConflict
			}
			lent <- stm
			return <-t.verdict
		}, concurrency.WithIsolation(s.isolation), concurrency.WithAbortContext(requests))
		t.outcome <- err
	}()
	t.stm = <-lent
	return attempt.Run(ctx, t, body)
}

// Close removes the keys.
func (s *store) Close() error {
	ctx, cancel := attempt.Ending(context.Background())
	defer cancel()
	_, err := s.client.Delete(ctx, s.prefix, clientv3.WithPrefix())
	if err != nil {
		err = fmt.Errorf("removing keys: %w", err)
	}
	return errors.Join(err, s.client.Close())
}
