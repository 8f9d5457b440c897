package actor

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/workloads/load"
)

var (
	crew = harness.Param[int]{
		Key: "actors", About: "actors that a supervisor restarts, 1 to 1000", Default: 8,
		Valid: harness.Between(1, 1000),
	}
	panicEvery = harness.Param[int]{
		Key: "panic-every", About: "one message in this many has its actor panic, 0: none", Default: 1000,
		Valid: harness.AtLeast(0),
	}
)

// crash has senders of supervised actors, some of whose messages have their actor panic.
// A panic costs its message, and the actor goes on with a new state and its old mailbox.
var crash = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "crash", Turn: "message", About: "n senders send to supervised actors, which panic now and then",
		Params:    []harness.AnyParam{load.Goroutines, crew, panicEvery, dispatchers},
		CurveAxis: panicEvery, Allocates: true,
		Needs: []impls.Promise{actors.Supervised}, Probes: []impls.Promise{actors.Supervised},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(panicEvery.In(0, 10_000, 1000, 100, 10))},
			Stress: []harness.Grid{harness.Over(
				harness.Within(load.Goroutines, 1, 60), harness.Within(crew, 1, 30), panicEvery.In(0, 2, 10, 100),
				fewDispatchers)},
		},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := load.Goroutines.Of(t)
		return t.Window(func(w *harness.Window) error {
			h := newHospital(create(dispatchers.Of(t)), n, crew.Of(t))
			w.Go("sender", n, func(w *harness.Worker) { h.send(w, panicEvery.Of(t)) })
			w.Check(h.check)
			return nil
		})
	},
}

// A hospital is a supervisor, its actors and their senders.
type hospital struct {
	system   actors.System
	patients []*patient
	open     chan struct{} // closed when the supervisor has started its actors
	senders  []batch
	left     atomic.Int64
}

// patient is what stays of an actor when its state is made anew. Only the actor writes it.
type patient struct {
	ref     actors.Ref
	made    atomic.Int64 // states
	panics  int
	handled int
	ofState int   // messages that its state has handled
	next    []int // by sender: the number of its next message
	wrong   error
	_       [cpu.Line]byte
}

// batch is the messages of a sender that are under way.
type batch struct {
	messages  [window]dose
	unhandled atomic.Int64
	handled   chan struct{}
	sent      []int // by actor
	panics    int
}

// dose is a message to a patient.
type dose struct {
	from   int
	number int // among those of its sender to its actor
	batch  *batch
	deadly bool
}

func newHospital(system actors.System, senders, crew int) *hospital {
	h := &hospital{system: system, open: make(chan struct{}), senders: make([]batch, senders)}
	h.left.Store(int64(senders))
	for i := range h.senders {
		h.senders[i].handled, h.senders[i].sent = make(chan struct{}, 1), make([]int, crew)
	}
	head := system.Spawn(actors.Props{
		New:      func() actors.Behavior { return actors.Func(h.admit) },
		Capacity: 1, Supervise: actors.Supervision{Then: actors.Restart},
	})
	for range crew {
		h.patients = append(h.patients, &patient{next: make([]int, senders)})
	}
	head.Tell(starts{})
	return h
}

// admit is the only message of the supervisor.
func (h *hospital) admit(c actors.Context, _ any) {
	for _, p := range h.patients {
		p.ref = c.Spawn(actors.Props{New: p.state, Capacity: len(h.senders) * window})
	}
	close(h.open)
}

// state makes the state of an actor: how many messages it has handled.
func (p *patient) state() actors.Behavior {
	p.made.Add(1)
	return &health{patient: p}
}

// health is the state of an actor.
type health struct {
	patient *patient
	handled int
}

// Receive checks that messages of a sender come in order, each once, to a state that is as
// new as it must be.
func (s *health) Receive(_ actors.Context, m any) {
	p, d := s.patient, m.(*dose)
	if d.number != p.next[d.from] {
		p.fail(fmt.Errorf("message %d of a sender came when message %d was due", d.number, p.next[d.from]))
	}
	p.next[d.from] = d.number + 1
	if s.handled != p.ofState {
		p.fail(fmt.Errorf("the state had handled %d messages, want %d since the last panic", s.handled, p.ofState))
	}
	s.handled++
	p.ofState++
	p.handled++
	deadly := d.deadly
	if d.batch.unhandled.Add(-1) == 0 {
		d.batch.handled <- struct{}{}
	}
	if deadly {
		p.ofState = 0
		p.panics++
		panic(errDeadly)
	}
}

func (p *patient) fail(err error) {
	if p.wrong == nil {
		p.wrong = err
	}
}

// errDeadly is what actors panic with.
var errDeadly = errors.New("a message that its actor does not survive")

func (h *hospital) send(w *harness.Worker, every int) {
	b, at := &h.senders[w.ID], 0
	b.unhandled.Store(window)
	<-h.open
	for w.Next() {
		d := &b.messages[at]
		to := w.Rand().IntN(len(h.patients))
		*d = dose{from: w.ID, number: b.sent[to], batch: b, deadly: every > 0 && w.Rand().IntN(every) == 0}
		if d.deadly {
			b.panics++
		}
		b.sent[to]++
		if !h.patients[to].ref.Tell(d) {
			w.Fail(errors.New("a supervised actor refused a message"))
			break
		}
		if at++; at == window {
			at = 0
			w.Mark()
			<-b.handled
			b.unhandled.Store(window)
		}
	}
	if at > 0 && b.unhandled.Add(int64(at-window)) > 0 {
		<-b.handled
	}
	if h.left.Add(-1) == 0 {
		h.system.Close()
	}
}

// restarted checks that each panic had the state made anew. One that is the actor's last
// message need not.
func (p *patient) restarted() error {
	if n := p.made.Load() - 1; n > int64(p.panics) || n < int64(p.panics)-1 {
		return fmt.Errorf("got %d restarts of an actor after %d panics", n, p.panics)
	}
	return nil
}

func (h *hospital) check() error {
	errs := []error{noDeadLetters(h.system)}
	panics, sent := 0, make([]int, len(h.patients))
	for i := range h.senders {
		panics += h.senders[i].panics
		for to, n := range h.senders[i].sent {
			sent[to] += n
		}
	}
	for i, p := range h.patients {
		errs = append(errs, p.wrong, differs("messages handled by an actor", p.handled, sent[i]),
			p.restarted())
		panics -= p.panics
	}
	return errors.Join(append(errs, differs("panics that did not happen", panics, 0))...)
}
