package actor

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// system is what all of our systems have, whatever their mailboxes.
type system struct {
	roots    family
	empty    chan struct{} // closed when roots is closed and empty
	open     func(s *system, p Props) *cell
	engine   engine
	strategy strategy
	dead     atomic.Uint64
	graves   sync.Mutex // held to take messages from actors that have stopped
	closing  sync.Once
}

// engine is the goroutines that run actors.
type engine interface {
	// start runs an actor from now on.
	start(a *cell)
	// close returns when no goroutine is left. All actors have stopped before.
	close()
}

// newSystem makes a system. open makes an actor with its mailbox.
func newSystem(e engine, open func(s *system, p Props) *cell) *system {
	return &system{empty: make(chan struct{}), open: open, engine: e, strategy: oneForOne{}}
}

// Spawn starts an actor without a supervisor.
func (s *system) Spawn(p Props) Ref { return s.spawn(p, nil) }

func (s *system) spawn(p Props, parent *cell) *cell {
	behavior := p.New()
	a := s.open(s, p)
	a.system, a.create, a.behavior, a.parent = s, p.New, behavior, parent
	if p.Supervise != (Supervision{}) {
		a.family = &family{supervise: p.Supervise}
	}
	if parent != nil && parent.family == nil {
		parent.family = new(family)
	}
	if !a.siblings().add(a) {
		a.state.Store(killed | departed)
		a.done.Store(&over)
		return a
	}
	s.engine.start(a)
	return a
}

// DeadLetters counts the messages that no actor will handle.
func (s *system) DeadLetters() uint64 { return s.dead.Load() }

// Close stops all actors, and then the goroutines.
func (s *system) Close() {
	s.closing.Do(func() {
		if !s.roots.close() {
			<-s.empty
		}
		s.engine.close()
	})
}

// goroutines is the engine that gives each actor a goroutine of its own.
type goroutines struct{ group sync.WaitGroup }

func (g *goroutines) start(a *cell) { g.group.Go(func() { a.run(new(turn)) }) }

func (g *goroutines) close() { g.group.Wait() }

// workersOrAll returns a number of dispatchers.
func workersOrAll(workers int) int {
	if workers > 0 {
		return workers
	}
	return runtime.GOMAXPROCS(0)
}
