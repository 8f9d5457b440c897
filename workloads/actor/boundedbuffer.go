package actor

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	producers = size("producers", "actors that produce", 40)
	consumers = size("consumers", "actors that consume", 40)
	items     = size("items", "items of each producer", 1000)
	slots     = size("slots", "items in the buffer beside one for each producer", 10)
	itemCost  = harness.Param[int]{
		Key: "cost", About: "steps of work for each item on either side, 0 to 1000000", Default: 25,
		Valid: harness.Between(0, 1_000_000),
	}
)

// boundedBuffer has a manager between producers and consumers. A producer makes the next
// item when the manager asks for it.
var boundedBuffer = program{
	name: "bounded-buffer", about: "producers and consumers share the buffer of a manager (Savina: Bounded Buffer)",
	params: []harness.AnyParam{producers, consumers, items, slots, itemCost}, per: per("item"),
	points: harness.Points{
		Standard: []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(producers, 1, 60), harness.Within(consumers, 1, 60), harness.Within(items, 1, 30),
			slots.In(1, 10), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		b := buffering{
			producers: producers.Of(t), consumers: consumers.Of(t), each: items.Of(t), slots: slots.Of(t),
			cost: itemCost.Of(t),
		}
		return run{units: b.producers * b.each, play: b.play}
	},
}

// buffering is the sizes of a run.
type buffering struct{ producers, consumers, each, slots, cost int }

// item is what is produced. Its fields are plain data, which is handed over.
type item struct {
	from     actors.Ref
	made     uint64
	consumed int
}

type (
	produce  struct{}             // asks a producer for an item
	hungry   struct{ actors.Ref } // a consumer that waits
	finished struct{}             // a producer has made its items
)

// buffer is the state of the manager.
type buffer struct {
	pending   []*item
	idle      []actors.Ref // consumers that wait
	blocked   []actors.Ref // producers that wait
	ended     int          // producers that have made all
	mostItems int
}

func (b buffering) play(s *stage) func() error {
	all := make([]item, b.producers*b.each)
	state := new(buffer)
	manager := s.spawn(b.producers+b.consumers, func(_ actors.Context, m any) { state.manage(s, b, m) })
	for i := range b.producers {
		own, made := all[i*b.each:(i+1)*b.each], 0
		producer := s.spawn(1, func(c actors.Context, _ any) {
			if made == len(own) {
				s.tell(manager, finished{})
				return
			}
			it := &own[made]
			it.from, it.made = c.Self(), machine.Spin(uint64(i*b.each+made+1), b.cost)
			made++
			s.tell(manager, it)
		})
		s.tell(producer, produce{})
	}
	for range b.consumers {
		consumer := s.spawn(1, func(c actors.Context, m any) {
			if it, ok := m.(*item); ok {
				it.made = machine.Spin(it.made, b.cost)
				it.consumed++
			}
			s.tell(manager, hungry{c.Self()})
		})
		s.tell(consumer, starts{})
	}
	return func() error { return b.check(all, state) }
}

func (b *buffer) manage(s *stage, size buffering, m any) {
	switch m := m.(type) {
	case *item:
		if n := len(b.idle); n > 0 {
			s.tell(b.idle[n-1], m)
			b.idle = b.idle[:n-1]
		} else {
			b.pending = append(b.pending, m)
			b.mostItems = max(b.mostItems, len(b.pending))
		}
		if len(b.pending) >= size.slots {
			b.blocked = append(b.blocked, m.from)
		} else {
			s.tell(m.from, produce{})
		}
	case hungry:
		if len(b.pending) == 0 {
			b.idle = append(b.idle, m.Ref)
			break
		}
		s.tell(m.Ref, b.pending[0])
		b.pending = b.pending[1:]
		if n := len(b.blocked); n > 0 {
			s.tell(b.blocked[n-1], produce{})
			b.blocked = b.blocked[:n-1]
		}
	case finished:
		b.ended++
	}
	if b.ended == size.producers && len(b.idle) == size.consumers {
		s.finish()
	}
}

// check checks that each item was consumed once, with the value that both sides make.
func (b buffering) check(all []item, state *buffer) error {
	for i, it := range all {
		want := machine.Spin(machine.Spin(uint64(i+1), b.cost), b.cost)
		if it.consumed != 1 || it.made != want {
			return fmt.Errorf("item %d: got %d, consumed %d times, want %d, once", i, it.made, it.consumed, want)
		}
	}
	if most := b.slots + b.producers; state.mostItems > most {
		return fmt.Errorf("got %d items in the buffer, want at most %d", state.mostItems, most)
	}
	return differs("producers that ended", state.ended, b.producers)
}
