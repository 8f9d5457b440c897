package actor

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/workloads/load"
)

// fanIn has many senders of one receiver, an actor or a plain channel. A sender has at
// most a window of messages under way, and then waits until the last one was handled.
var fanIn = harness.Workload[newInbox]{
	Load: harness.Load{
		Name: "fan-in", Turn: "message", About: "n senders send to one actor, or to a plain channel",
		Params:    []harness.AnyParam{load.Goroutines, dispatchers},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(8))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4, 8, 64))},
			Stress:   []harness.Grid{harness.Over(few, fewDispatchers), harness.Over(crowd, fewDispatchers)},
		},
	},
	Run: func(t *harness.Trial, create newInbox) error {
		n := load.Goroutines.Of(t)
		return t.Window(func(w *harness.Window) error {
			f := newFan(n, create, dispatchers.Of(t))
			w.Go("sender", n, f.send)
			w.Check(f.check)
			return nil
		})
	},
}

// window is how many messages a sender has under way.
const window = 64

// note is a message. Its sender writes it again when it has been handled.
type note struct {
	from   *sender
	number uint64
}

// sender is one of the senders, and what the receiver knows of it.
type sender struct {
	notes   [window]note
	sent    uint64
	handled chan struct{}
	_       [cpu.Line]byte
	got     uint64 // the receiver's
	_       [cpu.Line]byte
}

// fan is senders and their receiver.
type fan struct {
	inbox   inbox
	senders []sender
	left    atomic.Int64
	wrong   error // the receiver's
}

func newFan(n int, create newInbox, dispatchers int) *fan {
	f := &fan{senders: make([]sender, n)}
	f.left.Store(int64(n))
	for i := range f.senders {
		f.senders[i].handled = make(chan struct{}, 1)
	}
	f.inbox = create(dispatchers, n*window, f.receive)
	return f
}

// receive checks that messages of a sender come in order, each once.
func (f *fan) receive(m any) {
	k := m.(*note)
	if k.number != k.from.got && f.wrong == nil {
		f.wrong = fmt.Errorf("message %d of a sender came when message %d was due", k.number, k.from.got)
	}
	if k.from.got++; k.from.got%window == 0 {
		k.from.handled <- struct{}{}
	}
}

func (f *fan) send(w *harness.Worker) {
	s := &f.senders[w.ID]
	for w.Next() {
		k := &s.notes[s.sent%window]
		k.from, k.number = s, s.sent
		if !f.inbox.Tell(k) {
			w.Fail(errors.New("a mailbox with room refused a message"))
			break
		}
		if s.sent++; s.sent%window == 0 {
			w.Mark()
			<-s.handled
		}
	}
	if f.left.Add(-1) == 0 {
		f.inbox.Close()
	}
}

func (f *fan) check() error {
	errs := []error{f.wrong}
	for i := range f.senders {
		errs = append(errs, differs("messages handled of a sender", f.senders[i].got, f.senders[i].sent))
	}
	return errors.Join(errs...)
}
