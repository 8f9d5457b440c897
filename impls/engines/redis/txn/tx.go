package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	redisgo "github.com/redis/go-redis/v9"

	"github.com/contendbench/contend/impls/engines/attempt"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

type tx struct {
	attempt.State
	ctx     context.Context
	s       *store
	conn    *redisgo.Tx
	watched map[string]struct{}
	writes  writeset.Set
}

// member is the key in the sorted set. Its bytes have the order of the number.
func member(key uint64) string { return string(binary.BigEndian.AppendUint64(nil, key)) }

func (t *tx) fail(err error, tried string, args ...any) error {
	return t.Fail(t.ctx, nil, err, tried, args...)
}

// watch watches what is not watched yet, before it is read.
func (t *tx) watch(keys ...string) error {
	var fresh []string
	for _, k := range keys {
		if _, is := t.watched[k]; !is {
			fresh = append(fresh, k)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := t.conn.Watch(t.ctx, fresh...).Err(); err != nil {
		return t.fail(err, "watching %d keys", len(fresh))
	}
	for _, k := range fresh {
		t.watched[k] = struct{}{}
	}
	return nil
}

func (t *tx) Get(key uint64) ([]byte, error) {
	if err := t.CanRead(); err != nil {
		return nil, err
	}
	if value, ok := t.writes.Get(key); ok {
		return value, nil
	}
	name := t.s.prefix + member(key)
	if err := t.watch(name); err != nil {
		return nil, err
	}
	value, err := t.conn.Get(t.ctx, name).Bytes()
	switch {
	case errors.Is(err, redisgo.Nil):
		return nil, nil
	case err != nil:
		return nil, t.fail(err, "reading key %d", key)
	}
	return attempt.Present(value), nil
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
	if err := t.watch(t.s.index); err != nil {
		return err
	}
	over := t.writes.Over(first, last, visit)
	for start := "[" + member(first); ; {
		members, err := t.conn.ZRangeArgs(t.ctx, redisgo.ZRangeArgs{
			Key: t.s.index, ByLex: true, Start: start, Stop: "[" + member(last), Count: attempt.Page,
		}).Result()
		if err != nil {
			return t.fail(err, "looking for keys")
		}
		if more, err := t.visit(members, over); err != nil || !more {
			return err
		}
		if len(members) < attempt.Page {
			over.Rest()
			return nil
		}
		start = "(" + members[len(members)-1]
	}
}

// visit reads the values of members of the sorted set, and visits them.
func (t *tx) visit(members []string, over *writeset.Overlay) (more bool, err error) {
	if len(members) == 0 {
		return true, nil
	}
	var names []string
	for _, m := range members {
		names = append(names, t.s.prefix+m)
	}
	if err := t.watch(names...); err != nil {
		return false, err
	}
	values, err := t.conn.MGet(t.ctx, names...).Result()
	if err != nil {
		return false, t.fail(err, "reading %d keys", len(names))
	}
	for i, v := range values {
		value, ok := v.(string)
		if !ok { // it has been deleted since, so this attempt will fail
			continue
		}
		if !over.Stored(binary.BigEndian.Uint64([]byte(members[i])), []byte(value)) {
			return false, nil
		}
	}
	return true, nil
}

func (t *tx) Commit(ctx context.Context) error {
	if t.writes.Len() == 0 {
		return t.Validate(ctx)
	}
	return t.exec(ctx, func(p redisgo.Pipeliner) {
		for _, w := range t.writes.Sorted() {
			m := member(w.Key)
			if w.Value == nil {
				p.Del(ctx, t.s.prefix+m)
				p.ZRem(ctx, t.s.index, m)
			} else {
				p.Set(ctx, t.s.prefix+m, w.Value, 0)
				p.ZAdd(ctx, t.s.index, redisgo.Z{Member: m})
			}
		}
	})
}

// Validate executes a command that changes nothing.
func (t *tx) Validate(ctx context.Context) error {
	if len(t.watched) == 0 {
		return nil
	}
	return t.exec(ctx, func(p redisgo.Pipeliner) { p.Exists(ctx, t.s.index) })
}

func (t *tx) exec(ctx context.Context, queue func(redisgo.Pipeliner)) error {
	_, err := t.conn.TxPipelined(ctx, func(p redisgo.Pipeliner) error {
		queue(p)
		return nil
	})
	switch {
	case errors.Is(err, redisgo.TxFailedErr):
		return txn.ConflictOf(txn.Changed)
	case err != nil:
		return fmt.Errorf("executing %d writes: %w", t.writes.Len(), err)
	}
	return nil
}

// Rollback has nothing to do: nothing is written before the commit, and the
// connection's watches end when it is given back.
func (t *tx) Rollback() {}
