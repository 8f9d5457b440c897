package actor

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	creatures = harness.Param[int]{
		Key: "actors", About: "creatures that meet, 2 to 100000", Default: 100, Valid: harness.Between(2, 100_000),
	}
	meetings = size("meetings", "meetings in all", 200_000)
)

// chameneos has creatures meet in pairs at a mall. Both change their color to what their
// colors make.
var chameneos = program{
	name: "chameneos", about: "creatures meet at a mall and change their colors (Savina: Chameneos)",
	params: []harness.AnyParam{creatures, meetings}, per: per("meeting"),
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(meetings.In(50_000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(creatures, 2, 300), harness.Within(meetings, 1, 1000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, m := creatures.Of(t), meetings.Of(t)
		return run{units: m, play: func(s *stage) func() error { return playChameneos(s, n, m) }}
	},
}

type (
	// color is one of three. It is the message by which a creature learns its new one.
	color uint8
	// creature is the state of an actor. While it waits at the mall, the mall or the creature
	// that it meets may read it: its pointer is the message that says that it waits.
	creature struct {
		self           actors.Ref
		color          color
		met, metItself int
	}
	faded struct{ *creature } // says that the creature leaves
	fade  struct{}            // asks a creature to leave
)

// with is the color that two colors make: their own if they are equal, or else the third.
// It leaves the sum of the two modulo 3 as it is.
func (a color) with(b color) color { return (6 - a - b) % 3 }

func playChameneos(s *stage, n, meetings int) func() error {
	all := make([]creature, n)
	met, left := 0, meetings
	mall := s.spawn(2*n, mallOf(s, &left, &met, n))
	for i := range all {
		k := &all[i]
		k.color = color(i % 3)
		k.self = s.spawn(2, func(_ actors.Context, m any) {
			switch m := m.(type) {
			case starts:
			case *creature: // it came after this one
				if m == k {
					k.metItself++
				}
				k.met++
				k.color = k.color.with(m.color)
				s.tell(m.self, k.color)
			case color:
				k.met++
				k.color = m
			case fade:
				s.tell(mall, faded{k})
				return
			}
			s.tell(mall, k)
		})
	}
	for i := range all {
		s.tell(all[i].self, starts{})
	}
	return func() error { return checkChameneos(all, met, meetings) }
}

// mallOf pairs the creatures that come. It counts into met what those report that leave.
func mallOf(s *stage, left, met *int, n int) actors.Func {
	var waiting *creature
	gone := 0
	return func(_ actors.Context, m any) {
		switch m := m.(type) {
		case *creature:
			switch {
			case *left == 0:
				s.tell(m.self, fade{})
			case waiting == nil:
				waiting = m
			default:
				*left--
				first := waiting
				waiting = nil
				s.tell(first.self, m)
			}
		case faded:
			*met += m.met
			if gone++; gone == n {
				s.finish()
			}
		}
	}
}

// checkChameneos checks that each meeting had two sides, and that the colors still have
// the sum modulo 3 that no meeting changes.
func checkChameneos(all []creature, met, meetings int) error {
	errs := []error{differs("sides of meetings", met, 2*meetings)}
	before, after := 0, 0
	for i, k := range all {
		before += i % 3
		after += int(k.color)
		if k.metItself > 0 {
			errs = append(errs, fmt.Errorf("creature %d met itself %d times", i, k.metItself))
		}
	}
	return errors.Join(append(errs, differs("sum of the colors modulo 3", after%3, before%3))...)
}
