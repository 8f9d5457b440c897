package future

import (
	"errors"
	"sync/atomic"
)

// ErrNone is the error of Any and Race of no futures.
var ErrNone = errors.New("future: there are no futures to choose from")

// Combinator makes promises of one kind, and combines futures into one.
type Combinator[T any] interface {
	New() Promise[T]
	// All has the values of all futures, in the order of its arguments, or the first error
	// that comes. All of no futures has no values.
	All(futures ...Future[T]) Future[[]T]
	// Any has the first value that comes. If all futures have errors, it has these, joined
	// in the order of its arguments. The error of Any of no futures is ErrNone.
	Any(futures ...Future[T]) Future[T]
	// Race has the first outcome that comes, be it a value or an error. The error of Race
	// of no futures is ErrNone.
	Race(futures ...Future[T]) Future[T]
}

// NewCombinator makes a Combinator.
type NewCombinator[T any] = func() Combinator[T]

// Combine is a Combinator by callbacks alone. It does not end futures whose outcome is no
// longer needed.
//
// Source: ECMAScript 2021, Promise.all, Promise.any and Promise.race, with an error where
// Promise.race waits forever.
// Progress: that of the promises.
// Space: a callback for each future; All has a slot for each value, Any for each error.
// Ordering: an atomic count orders the values before the decision.
// Wins against a goroutine for each future, which waits for it. Loses to code that gets
// one future after the other where all are needed and no error may come early.
// Make one with NewCombine. It may be copied.
type Combine[T any] struct {
	one  New[T]
	many New[[]T]
}

// NewCombine makes a Combinator that makes its promises by one and many.
func NewCombine[T any](one New[T], many New[[]T]) *Combine[T] { return &Combine[T]{one, many} }

// New makes a promise that is not decided.
func (c *Combine[T]) New() Promise[T] { return c.one() }

// All counts the values down.
func (c *Combine[T]) All(futures ...Future[T]) Future[[]T] {
	all, values := c.many(), make([]T, len(futures))
	if len(futures) == 0 {
		all.Resolve(values)
		return all
	}
	var left atomic.Int64
	left.Store(int64(len(futures)))
	for i, f := range futures {
		f.Then(func(value T, err error) {
			if err != nil {
				all.Reject(err)
				return
			}
			values[i] = value
			if left.Add(-1) == 0 {
				all.Resolve(values)
			}
		})
	}
	return all
}

// Any counts the errors down.
func (c *Combine[T]) Any(futures ...Future[T]) Future[T] {
	chosen, errs := c.one(), make([]error, len(futures))
	if len(futures) == 0 {
		chosen.Reject(ErrNone)
		return chosen
	}
	var left atomic.Int64
	left.Store(int64(len(futures)))
	for i, f := range futures {
		f.Then(func(value T, err error) {
			if err == nil {
				chosen.Resolve(value)
				return
			}
			errs[i] = err
			if left.Add(-1) == 0 {
				chosen.Reject(errors.Join(errs...))
			}
		})
	}
	return chosen
}

// Race has every future decide.
func (c *Combine[T]) Race(futures ...Future[T]) Future[T] {
	first := c.one()
	if len(futures) == 0 {
		first.Reject(ErrNone)
		return first
	}
	for _, f := range futures {
		f.Then(func(value T, err error) {
			if err != nil {
				first.Reject(err)
				return
			}
			first.Resolve(value)
		})
	}
	return first
}
