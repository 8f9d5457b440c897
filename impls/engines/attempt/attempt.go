// Package attempt is what the transactions of databases share: how an attempt ends, and
// what it may do until then.
package attempt

import (
	"context"
	"fmt"
	"time"

	"github.com/contendbench/contend/impls/txn"
)

// Tx is a transaction of a database that has begun. Its errors are *txn.Conflict as they
// are, or say what was tried.
type Tx interface {
	txn.Tx
	// Err returns the error of the call that has doomed the transaction, or nil.
	Err() error
	// End ends the Tx for the body.
	End()
	// Commit commits.
	Commit(ctx context.Context) error
	// Validate returns an error unless all that was read was of one state. It writes
	// nothing, and ends the transaction.
	Validate(ctx context.Context) error
	// Rollback ends a transaction that has not committed, and frees what it holds.
	Rollback()
}

// endTime bounds a request that ends a transaction. Such a request does not end with the
// caller's context, because then it would not be known whether it has taken effect.
const endTime = 10 * time.Second

// Ending returns the context of a request that ends a transaction.
func Ending(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), endTime)
}

// Run runs body in tx, and commits. What a body returned or panicked with counts only if
// what it had read was of one state.
func Run(ctx context.Context, tx Tx, body func(txn.Tx) error) (err error) {
	returned, committed := false, false
	defer func() {
		if !returned && tx.Err() == nil { // a panic, or runtime.Goexit
			if c := txn.Conflicted(validate(ctx, tx)); c != nil && recover() != nil {
				err = c
			}
		}
		if !committed {
			tx.Rollback()
		}
	}()
	refusal := call(tx, body)
	returned = true
	switch {
	case tx.Err() != nil:
		return tx.Err()
	case refusal != nil:
		if err := validate(ctx, tx); err != nil {
			return err
		}
		return refusal
	case ctx.Err() != nil:
		return ctx.Err()
	}
	ending, cancel := Ending(ctx)
	defer cancel()
	if err := tx.Commit(ending); err != nil {
		return unknown(ending, err)
	}
	committed = true
	return nil
}

// unknown says of a commit without an answer that it may have taken effect. The error is
// not that of a context, which would mean that it has not.
func unknown(ending context.Context, err error) error {
	if ending.Err() == nil {
		return err
	}
	return fmt.Errorf("the commit may have taken effect, but has no answer after %v: %v", endTime, err)
}

func call(tx Tx, body func(txn.Tx) error) error {
	defer tx.End()
	return body(tx)
}

func validate(ctx context.Context, tx Tx) error {
	ending, cancel := Ending(ctx)
	defer cancel()
	return tx.Validate(ending)
}

// State is what a Tx may do now. Transactions embed it.
type State struct {
	txn.Lifetime
	err error
}

// CanRead returns the error of a read that is no longer possible.
func (s *State) CanRead() error {
	if err := s.Lifetime.CanRead(); err != nil {
		return err
	}
	return s.err
}

// CanWrite returns the error of a write that is not, or no longer, possible.
func (s *State) CanWrite() error {
	if err := s.Lifetime.CanWrite(); err != nil {
		return err
	}
	return s.err
}

// Err returns the error that has doomed the transaction, or nil.
func (s *State) Err() error { return s.err }

// Fail dooms the transaction by the error of a request, and returns what it means: that the
// context has ended, a conflict, or that something else failed. conflict may be nil.
func (s *State) Fail(ctx context.Context, conflict *txn.Conflict, err error, tried string, args ...any) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		s.err = fmt.Errorf("%s: %w", fmt.Sprintf(tried, args...), ctx.Err())
	case conflict != nil:
		s.err = conflict
	default:
		s.err = fmt.Errorf("%s: %w", fmt.Sprintf(tried, args...), err)
	}
	return s.err
}

// Ordered maps a key to a signed number, as databases have them, in the order of the keys.
func Ordered(key uint64) int64 { return int64(key ^ 1<<63) }

// Key returns the key of an ordered number.
func Key(ordered int64) uint64 { return uint64(ordered) ^ 1<<63 }

// Page is how many records a Scan asks a server for at a time.
const Page = 128

// Present returns a value that is not nil: drivers take nil for NULL.
func Present(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}
