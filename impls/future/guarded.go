package future

import "sync"

// guarded is the part of a promise that a Mutex guards: the outcome and the callbacks.
type guarded[T any] struct {
	mu        sync.Mutex
	decided   bool
	calling   bool // a goroutine calls callbacks
	callbacks []func(T, error)
	outcome   outcome[T] // it does not change once decided is set
}

// decide sets the outcome, calls wake under the Mutex, and then calls the callbacks. It
// reports whether it was the first to decide.
func (g *guarded[T]) decide(o outcome[T], wake func()) bool {
	g.mu.Lock()
	if g.decided {
		g.mu.Unlock()
		return false
	}
	g.decided, g.outcome = true, o
	wake()
	g.callAll()
	return true
}

// Then has f called with the outcome: now, if it is known and no other goroutine calls
// callbacks.
func (g *guarded[T]) Then(f func(T, error)) {
	g.mu.Lock()
	g.callbacks = append(g.callbacks, f)
	g.callAll()
}

// callAll calls the callbacks of a decided promise, also those that are added during that.
// Only one goroutine at a time does so. The caller holds mu, and callAll unlocks it.
func (g *guarded[T]) callAll() {
	if !g.decided || g.calling {
		g.mu.Unlock()
		return
	}
	g.calling = true
	for len(g.callbacks) > 0 {
		added := g.callbacks
		g.callbacks = nil
		g.mu.Unlock()
		for _, f := range added {
			f(g.outcome.value, g.outcome.err)
		}
		g.mu.Lock()
	}
	g.calling = false
	g.mu.Unlock()
}
