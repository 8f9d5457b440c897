package future

import "sync/atomic"

// The seeded bugs of Combine. Each is Combine minus one idea, and the lines that differ
// are marked. Never use them.

// allButOne is Combine whose All counts one future less than there are.
type allButOne[T any] struct{ Combine[T] }

func (c *allButOne[T]) All(futures ...Future[T]) Future[[]T] {
	all, values := c.many(), make([]T, len(futures))
	var left atomic.Int64
	left.Store(int64(len(futures)) - 1) // bug: Combine counts all futures
	if len(futures) < 2 {
		return c.Combine.All(futures...)
	}
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

// allForgives is Combine whose All takes an error for a zero value.
type allForgives[T any] struct{ Combine[T] }

func (c *allForgives[T]) All(futures ...Future[T]) Future[[]T] {
	all, values := c.many(), make([]T, len(futures))
	if len(futures) == 0 {
		all.Resolve(values)
		return all
	}
	var left atomic.Int64
	left.Store(int64(len(futures)))
	for i, f := range futures {
		f.Then(func(value T, _ error) { // bug: Combine rejects with the error
			values[i] = value
			if left.Add(-1) == 0 {
				all.Resolve(values)
			}
		})
	}
	return all
}

// anyGivesUp is Combine whose Any does not wait for a value after an error.
type anyGivesUp[T any] struct{ Combine[T] }

func (c *anyGivesUp[T]) Any(futures ...Future[T]) Future[T] {
	if len(futures) == 0 {
		return c.Combine.Any()
	}
	return c.Race(futures...) // bug: Combine waits for the first value
}

// raceForgives is Combine whose Race waits for a value after an error.
type raceForgives[T any] struct{ Combine[T] }

func (c *raceForgives[T]) Race(futures ...Future[T]) Future[T] {
	if len(futures) == 0 {
		return c.Combine.Race()
	}
	chosen := c.one()
	var errs atomic.Int64
	for _, f := range futures {
		f.Then(func(value T, err error) {
			if err == nil {
				chosen.Resolve(value)
			} else if errs.Add(1) == int64(len(futures)) { // bug: Combine decides on the first error
				chosen.Reject(err)
			}
		})
	}
	return chosen
}
