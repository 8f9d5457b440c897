package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

var (
	errConflict   = errors.New("the transaction conflicts")
	errRolledBack = errors.New("the transaction is rolled back")
)

// tx is an STM of the library, with ranges.
type tx struct {
	attempt.State
	ctx       context.Context
	s         *store
	stm       concurrency.STM
	guard     *guard
	unchecked bool                // it commits nothing, and what it reads is of one revision
	seen      map[string]struct{} // what the STM has read
	writes    writeset.Set

	uncancel func() bool // has ctx no longer end the requests
	cancel   func()      // ends the requests
	settled  bool
	verdict  chan error // what becomes of the STM; nil: it commits
	outcome  chan error
}

// present is the first byte of each value. The library does not tell an empty value from
// none.
const present = "="

// name is the key in etcd. Its bytes have the order of the number.
func (s *store) name(key uint64) string {
	return s.prefix + string(binary.BigEndian.AppendUint64(nil, key))
}

// read reads keys by the library, and returns the value of the first. The library panics
// if it cannot. The guard has the error then.
func (t *tx) read(names ...string) (value string, err error) {
	defer func() {
		switch reason := recover(); {
		case reason != nil && t.guard.err == nil:
			panic(reason)
		case reason != nil:
			err = t.Fail(t.ctx, nil, t.guard.err, "reading %d keys", len(names))
		}
	}()
	value = t.stm.Get(names...)
	for _, n := range names {
		t.seen[n] = struct{}{}
	}
	return value, nil
}

func (t *tx) Get(key uint64) ([]byte, error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	if value, ok := t.writes.Get(key); ok {
		return value, nil
	}
	value, err := t.read(t.s.name(key))
	if err != nil || value == "" {
		return nil, err
	}
	return []byte(value[len(present):]), nil
}

func (t *tx) Put(key uint64, value []byte) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	t.writes.Put(key, value)
	return nil
}

func (t *tx) Delete(key uint64) error {
	if err := t.CanWrite(); err != nil {
		return err
	}
	t.writes.Delete(key)
	return nil
}

func (t *tx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := t.CanRead(); err != nil {
		return err
	}
	if t.s.oneRevision && t.guard.revision == 0 {
		if _, err := t.read(t.s.prefix); err != nil { // no record has this name
			return err
		}
	}
	over := t.writes.Over(first, last, visit)
	end := t.s.name(last) + "\x00"
	for start := t.s.name(first); start < end; {
		names, err := t.find(start, end)
		if err != nil {
			return err
		}
		for _, n := range names {
			value, err := t.read(n)
			if err != nil {
				return err
			}
			if value == "" { // it has been deleted since
				continue
			}
			key := binary.BigEndian.Uint64([]byte(n[len(t.s.prefix):]))
			if !over.Stored(key, []byte(value[len(present):])) {
				return nil
			}
		}
		if len(names) < attempt.Page {
			break
		}
		start = names[len(names)-1] + "\x00"
	}
	over.Rest()
	return nil
}

// find returns the next names of a range, has the STM read them in one round trip, and
// guards the part of the range that it has read.
func (t *tx) find(start, end string) (names []string, err error) {
	// The revision is 0, which means the latest, unless the first read has decided it.
	found, err := t.s.client.Get(t.ctx, start, clientv3.WithRange(end), clientv3.WithLimit(attempt.Page),
		clientv3.WithKeysOnly(), clientv3.WithRev(t.guard.revision), clientv3.WithSerializable())
	if err != nil {
		return nil, t.Fail(t.ctx, nil, err, "looking for keys")
	}
	var fresh []string
	for _, kv := range found.Kvs {
		n := string(kv.Key)
		names = append(names, n)
		if _, seen := t.seen[n]; !seen {
			fresh = append(fresh, n)
		}
	}
	if len(names) == attempt.Page {
		end = names[len(names)-1] + "\x00"
	}
	revision := t.guard.revision
	if revision == 0 {
		revision = found.Header.Revision
	}
	t.guard.ranges = append(t.guard.ranges,
		clientv3.Compare(clientv3.ModRevision(start), "<", revision+1).WithRange(end))
	if len(fresh) > 0 {
		_, err = t.read(fresh...)
	}
	return names, err
}

func (t *tx) Commit(ctx context.Context) error {
	if t.unchecked {
		t.Rollback()
		return nil
	}
	for _, w := range t.writes.Sorted() {
		if w.Value == nil {
			t.stm.Del(t.s.name(w.Key))
		} else {
			t.stm.Put(t.s.name(w.Key), present+string(w.Value))
		}
	}
	return t.settle(ctx)
}

// Validate commits no write where reads may be of several revisions.
func (t *tx) Validate(ctx context.Context) error {
	if t.s.oneRevision {
		return nil
	}
	return t.settle(ctx)
}

// settle has the library commit. ctx ends the request in place of the caller's context.
func (t *tx) settle(ctx context.Context) error {
	if !t.uncancel() {
		return t.ctx.Err()
	}
	defer context.AfterFunc(ctx, t.cancel)()
	t.settled = true
	t.verdict <- nil
	switch err := <-t.outcome; {
	case errors.Is(err, errConflict):
		return txn.ConflictOf(txn.Changed)
	case err != nil:
		return fmt.Errorf("committing %d writes: %w", t.writes.Len(), err)
	}
	return nil
}

func (t *tx) Rollback() {
	if !t.settled {
		t.settled = true
		t.verdict <- errRolledBack
		<-t.outcome // it says just that
	}
}
