package actor

import (
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	idleActors = size("actors", "idle actors", 100_000)

	idleBytes = harness.Metric{
		Unit: "bytes/actor", Better: harness.Lower,
		About: "heap and stacks in use for each actor that has handled one message and waits for the next",
	}
)

// idle spawns actors, has each handle one message, and measures the memory that they take
// while nothing happens. They handle another message then.
var idle = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "idle", Turn: "population of actors", About: "n actors have handled a message and wait for the next",
		Params:  []harness.AnyParam{idleActors, dispatchers},
		Metrics: []harness.Metric{idleBytes, perActor}, Ranks: idleBytes,
		CurveAxis: idleActors, Allocates: true, Takes: time.Second,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(idleActors.In(1000, 100_000, 1_000_000))},
			Stress:   []harness.Grid{harness.Over(harness.Within(idleActors, 1, 5000), fewDispatchers)},
		},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := idleActors.Of(t)
		return t.Window(func(w *harness.Window) error {
			p := newPopulation(n)
			before := memory() // outside the turn
			system := create(dispatchers.Of(t))
			w.Go("program", 1, func(w *harness.Worker) {
				for w.Next() {
					p.spawn(system)
				}
				after := memory()
				w.Alive()
				p.bytes = float64(after) - float64(before)
				p.greet()
				system.Close()
			}, harness.Whole())
			w.Check(func() error {
				w.Set(idleBytes, p.bytes/float64(n))
				w.Set(perActor, float64(p.took)/float64(n))
				return errors.Join(p.err, differs("messages handled", p.handled.Load(), int64(2*n)), noDeadLetters(system))
			})
			return nil
		})
	},
}

// population is idle actors.
type population struct {
	refs    []actors.Ref
	handled atomic.Int64
	due     atomic.Int64 // handled when all have handled what they were told
	all     chan struct{}
	err     error
	took    time.Duration
	bytes   float64
}

func newPopulation(n int) *population {
	return &population{refs: make([]actors.Ref, n), all: make(chan struct{}, 1)}
}

// spawn starts the actors. It returns when each has handled one message.
func (p *population) spawn(system actors.System) {
	start := time.Now()
	props := props(1, p.receive) // the same for all, so that their state is what the system adds
	for i := range p.refs {
		p.refs[i] = system.Spawn(props)
	}
	p.greet()
	p.took = time.Since(start)
}

// greet tells each actor something, and waits until all have handled it.
func (p *population) greet() {
	p.due.Add(int64(len(p.refs)))
	for _, ref := range p.refs {
		if !ref.Tell(starts{}) {
			p.err = errors.New("an idle actor refused a message")
			return
		}
	}
	<-p.all
}

func (p *population) receive(actors.Context, any) {
	if p.handled.Add(1) == p.due.Load() {
		p.all <- struct{}{}
	}
}

// memory is what the heap and the stacks of goroutines take, in bytes.
func memory() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers and pools still had
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
