package actor

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	diners = harness.Param[int]{
		Key: "actors", About: "philosophers, 2 to 10000", Default: 20, Valid: harness.Between(2, 10_000),
	}
	meals = size("meals", "meals of each philosopher", 10_000)
)

// philosophers ask an arbiter for their two forks, again and again while it denies them.
// A fork's count of uses is plain data of the philosopher that has it.
var philosophers = program{
	name: "philosophers", about: "philosophers ask an arbiter for two forks (Savina: Dining Philosophers)",
	params: []harness.AnyParam{diners, meals}, per: per("meal"), curve: diners,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(diners.In(2, 5, 20), meals.In(1000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(diners, 2, 60), harness.Within(meals, 1, 50), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, each := diners.Of(t), meals.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playPhilosophers(s, n, each) }}
	},
}

// diner is a philosopher's state, which the arbiter may read.
type diner struct {
	self  actors.Ref
	id    int
	eaten int
}

type (
	wants  struct{ *diner } // to the arbiter
	leaves struct{ *diner } // to the arbiter: it has eaten
	eat    struct{}         // from the arbiter
	denied struct{}         // from the arbiter
)

// fork is used by one philosopher at a time.
type fork struct {
	taken bool // the arbiter's
	uses  int  // the philosopher's
}

func playPhilosophers(s *stage, n, each int) func() error {
	forks, all := make([]fork, n), make([]diner, n)
	gone := 0
	arbiter := s.spawn(2*n, func(_ actors.Context, m any) {
		switch m := m.(type) {
		case wants:
			left, right := &forks[m.id], &forks[(m.id+1)%n]
			if left.taken || right.taken {
				s.tell(m.self, denied{})
				break
			}
			left.taken, right.taken = true, true
			s.tell(m.self, eat{})
		case leaves:
			forks[m.id].taken, forks[(m.id+1)%n].taken = false, false
			if m.eaten < each {
				break
			}
			if gone++; gone == n {
				s.finish()
			}
		}
	})
	for i := range all {
		d := &all[i]
		d.id = i
		d.self = s.spawn(1, func(_ actors.Context, m any) {
			if _, ok := m.(eat); ok {
				forks[d.id].uses++
				forks[(d.id+1)%n].uses++
				d.eaten++
				s.alive()
				s.tell(arbiter, leaves{d})
			}
			if d.eaten < each {
				s.tell(arbiter, wants{d})
			}
		})
	}
	for i := range all {
		s.tell(all[i].self, starts{})
	}
	return func() error {
		var errs []error
		for i := range all {
			errs = append(errs, differs("meals of a philosopher", all[i].eaten, each))
			if got := forks[i].uses; got != 2*each {
				errs = append(errs, fmt.Errorf("fork %d: got %d uses, want %d", i, got, 2*each))
			}
		}
		return errors.Join(errs...)
	}
}
