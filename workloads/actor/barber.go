package actor

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	haircuts = size("customers", "customers, each of which gets one haircut", 2000)
	seats    = size("seats", "places in the waiting room", 1000)
	cutCost  = harness.Param[int]{
		Key: "cost", About: "most steps of work for a haircut and between customers, 1 to 1000000", Default: 1000,
		Valid: harness.Between(1, 1_000_000),
	}
)

// barber serves customers that wait in a room. A customer that finds the room full comes
// back.
var barber = program{
	name: "barber", about: "customers wait in a room for a barber (Savina: Sleeping Barber)",
	params: []harness.AnyParam{haircuts, seats, cutCost}, per: per("haircut"),
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(seats.In(10, 1000))},
		Stress: []harness.Grid{harness.Over(
			harness.Within(haircuts, 1, 200), harness.Within(seats, 1, 50), cutCost.In(1, 100), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		b := barbering{haircuts.Of(t), seats.Of(t), cutCost.Of(t)}
		return run{units: b.customers, play: b.play}
	},
}

// barbering is the sizes of a run.
type barbering struct{ customers, seats, cost int }

// customer is the state of one. The actor that has the customer may write it.
type customer struct {
	self   actors.Ref
	ticket int // in order of the seats
	cuts   int
}

type (
	enter    struct{ *customer } // to the room and to the barber
	noSeat   struct{}            // to the customer
	shaved   struct{}            // to the customer
	returned struct{ *customer } // to the factory: it comes back
	home     struct{}            // to the factory: it was served
	closed   struct{}            // to the factory: the barber has served all, and sleeps
	nextOne  struct{}            // to the room: the barber is free
	nap      struct{}            // to the barber: the room is empty
)

func (b barbering) play(s *stage) func() error {
	all := make([]customer, b.customers)
	var factory, room, chair actors.Ref
	waiting := &waitingRoom{asleep: true}
	spin, last := uint64(1), 0
	room = s.spawn(b.customers+1, func(_ actors.Context, m any) { waiting.serve(s, b.seats, chair, m) })
	chair = s.spawn(2, func(_ actors.Context, m any) {
		k, ok := m.(enter)
		if !ok {
			if last == b.customers {
				s.tell(factory, closed{})
			}
			return
		}
		if last++; k.ticket != last {
			s.fail(fmt.Errorf("the customer with ticket %d was served as number %d", k.ticket, last))
		}
		spin = machine.Spin(spin, 10+int(spin%uint64(b.cost)))
		k.cuts++
		s.tell(k.self, shaved{})
		s.tell(room, nextOne{})
	})
	served, open, work := 0, true, uint64(2)
	factory = s.spawn(2*b.customers+1, func(c actors.Context, m any) {
		switch m := m.(type) {
		case starts:
			for i := range all {
				k := &all[i]
				k.self = c.Spawn(props(1, k.receive(s, factory)))
				s.tell(room, enter{k})
				work = machine.Spin(work, 10+int(work%uint64(b.cost)))
			}
		case returned:
			s.tell(room, enter(m))
		case home:
			s.alive() // on one core, the customers that come back hold up the barber
			served++
		case closed:
			open = false
		}
		if served == b.customers && !open { // no message is under way
			s.finish()
		}
	})
	s.tell(factory, starts{})
	return func() error {
		errs := []error{differs("customers served", served, b.customers)}
		for i := range all {
			errs = append(errs, differs("haircuts of a customer", all[i].cuts, 1))
		}
		return errors.Join(errs...)
	}
}

// receive is the behavior of a customer.
func (k *customer) receive(s *stage, factory actors.Ref) actors.Func {
	return func(c actors.Context, m any) {
		switch m.(type) {
		case noSeat:
			s.tell(factory, returned{k})
		case shaved:
			s.tell(factory, home{})
			c.Stop()
		}
	}
}

// waitingRoom is the state of the room's actor.
type waitingRoom struct {
	seated  []*customer
	tickets int
	asleep  bool // the barber waits for a customer
}

func (r *waitingRoom) serve(s *stage, seats int, chair actors.Ref, m any) {
	switch m := m.(type) {
	case enter:
		if len(r.seated) == seats {
			s.tell(m.self, noSeat{})
			return
		}
		r.tickets++
		m.ticket = r.tickets
		r.seated = append(r.seated, m.customer)
		if !r.asleep {
			return
		}
		r.asleep = false
	case nextOne:
		if len(r.seated) == 0 {
			r.asleep = true
			s.tell(chair, nap{})
			return
		}
	}
	first := r.seated[0]
	r.seated = r.seated[1:]
	s.tell(chair, enter{first})
}
