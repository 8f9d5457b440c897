package actor

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
)

// A program is one of the actor programs of Savina, at a size that is a parameter. One
// run spawns its actors, has them work, and ends when they have stopped. Its result is
// known beforehand.
//
// Source: Imam and Sarkar, Savina - An Actor Benchmark Suite, AGERE! 2014, §§3-5. The
// defaults of the parameters are the published sizes.
type program struct {
	name, about string
	params      []harness.AnyParam
	points      harness.Points
	curve       harness.AnyParam
	per         harness.Metric // time for each unit that Savina counts, such as a message
	// floods says that a sender does not wait for what it has sent, so that mailboxes grow
	// with the size. A bounded mailbox must wait then.
	floods  bool
	prepare func(t *harness.Trial) run
}

// A run is how one run of a program goes.
type run struct {
	units int // that Savina counts; play may set another number in the stage
	// play spawns the actors and starts them. check looks at the result, after the actors
	// have stopped.
	play func(s *stage) (check func() error)
}

// workload returns the workload that runs the program once in each window.
func (p program) workload() harness.Workload[actors.New] {
	return harness.Workload[actors.New]{
		Load: harness.Load{
			Name: p.name, Turn: "run of the program", About: p.about,
			Params:  append(p.params[:len(p.params):len(p.params)], dispatchers),
			Metrics: []harness.Metric{p.per}, Ranks: p.per,
			Points: p.points, CurveAxis: p.curve, Allocates: true, Takes: p.takes(),
		},
		Accepts: p.accepts,
		Run:     p.run,
	}
}

// takes is about how much longer the windows of a trial take than those of other loads.
// Those of a program that the quick preset measures are about as long.
func (p program) takes() time.Duration {
	if len(p.points.Quick) > 0 {
		return 0
	}
	return 200 * time.Millisecond
}

// accepts refuses mailboxes that lose messages of a program that floods them.
func (p program) accepts(i impls.Impl[actors.New]) bool {
	return !p.floods || !i.Has(actors.Drops) && !i.Has(actors.Refuses)
}

func (p program) run(t *harness.Trial, create actors.New) error {
	r := p.prepare(t)
	return t.Window(func(w *harness.Window) error {
		s := &stage{system: create(dispatchers.Of(t)), over: make(chan struct{})}
		var took time.Duration
		var check func() error
		w.Go("program", 1, func(w *harness.Worker) {
			s.alive = w.Alive
			for w.Next() {
				s.units = r.units
				start := time.Now()
				check = r.play(s)
				s.end()
				took = time.Since(start)
			}
			s.system.Close()
		}, harness.Whole())
		w.Check(func() error {
			w.Set(p.per, float64(took)/float64(s.units))
			return errors.Join(s.err, check(), noDeadLetters(s.system))
		})
		return nil
	})
}

// noDeadLetters returns an error if the system has lost messages.
func noDeadLetters(s actors.System) error {
	if n := s.DeadLetters(); n > 0 {
		return fmt.Errorf("got %d dead letters, want none", n)
	}
	return nil
}

// per makes the metric of programs that Savina measures by this unit.
func per(unit string) harness.Metric {
	return harness.Metric{
		Unit: "ns/" + unit, Better: harness.Lower, About: "time of a run of the program for each " + unit,
	}
}

var (
	perMessage = per("message")
	perActor   = per("actor")
)

// size declares a parameter that is the size of a program.
func size(key, about string, published int) harness.Param[int] {
	return harness.Param[int]{
		Key: key, About: about + ", 1 to 100000000", Default: published, Valid: harness.Between(1, 100_000_000),
	}
}

// A stage is a system and the actors of a run at its top.
type stage struct {
	system actors.System
	top    []actors.Ref
	units  int           // of the run
	alive  func()        // called for each unit of a program whose units take long
	over   chan struct{} // closed when the program has its result, or has failed
	once   sync.Once
	err    error // set before over is closed
}

// spawn starts an actor at the top. room is the capacity of its mailbox.
func (s *stage) spawn(room int, receive actors.Func) actors.Ref {
	ref := s.system.Spawn(props(room, receive))
	s.top = append(s.top, ref)
	return ref
}

// props are those of an actor that no supervisor restarts.
func props(room int, receive actors.Func) actors.Props {
	return actors.Props{New: func() actors.Behavior { return receive }, Capacity: room}
}

// flooded is the room of mailboxes that a program floods.
const flooded = 128

// tell sends a message that the mailbox must take.
func (s *stage) tell(to actors.Ref, message any) {
	if !to.Tell(message) {
		s.refused(message)
	}
}

func (s *stage) refused(message any) {
	s.fail(fmt.Errorf("a mailbox with room refused %T", message))
}

// finish ends the program. Its actors may still have messages.
func (s *stage) finish() { s.once.Do(func() { close(s.over) }) }

// fail ends the program, because an actor has seen a violation.
func (s *stage) fail(err error) {
	s.once.Do(func() {
		s.err = err
		close(s.over)
	})
}

// end waits until the program is over, and then until its actors have stopped.
func (s *stage) end() {
	<-s.over
	for _, ref := range s.top {
		ref.Stop()
	}
	for _, ref := range s.top {
		<-ref.Done()
	}
}

// differs returns an error if a result is not the one that is known.
func differs[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s: got %v, want %v", what, got, want)
	}
	return nil
}
