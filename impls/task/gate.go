package task

import (
	"sync"
	"sync/atomic"
)

// A gate counts what is inside, and lets nothing in after it was shut.
type gate struct {
	state atomic.Int64 // twice the number of those inside, and one if it is shut
	once  sync.Once
	empty chan struct{} // closed when it is shut and nothing is inside
}

func newGate() *gate { return &gate{empty: make(chan struct{})} }

// enter reports whether the gate is open. The caller is inside then.
func (g *gate) enter() bool {
	if g.state.Add(2)&1 == 0 {
		return true
	}
	g.leave()
	return false
}

func (g *gate) leave() {
	if g.state.Add(-2) == 1 {
		g.once.Do(func() { close(g.empty) })
	}
}

// shut returns when nothing is inside any more.
func (g *gate) shut() {
	if g.state.Or(1)|1 == 1 {
		g.once.Do(func() { close(g.empty) })
	}
	<-g.empty
}
