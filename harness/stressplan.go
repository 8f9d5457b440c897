package harness

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/contendbench/contend/results"
)

// stressPlan draws the windows of a stress run. It goes through all loads in a random
// order, and then gives each its share of the time: a crowd's window may take as long as a
// hundred others.
type stressPlan struct {
	rng   *rand.Rand
	spec  Spec
	loads []*stressLoad
	kept  keepers       // of all loads
	ended time.Duration // when time or the windows were over; 0: they are not
}

// stressLoad is a load that a stress run draws.
type stressLoad struct {
	c        Case
	fixed    []results.Param // the only point; nil: it is drawn from the grids
	least    []results.Param // the smallest point within the implementation's limits
	windows  int
	spent    time.Duration
	decided  bool
	why      error // why the last window decided nothing
	subjects subjects
	deck     []place     // of the grids, still to come before each comes again
	carried  map[any]any // see Trial.Carry
}

// moreTime is how long a stress run goes on with loads that have decided nothing.
const moreTime = 10 * time.Second

// newStressPlan returns the plan of the loads that spec selects.
func newStressPlan(suites []Suite, spec Spec, rng *rand.Rand) (*stressPlan, error) {
	p := &stressPlan{rng: rng, spec: spec, kept: keepers{}}
	for _, s := range suites {
		if s.Contract != spec.Cell.Contract || spec.Suite != "" && s.Name != spec.Suite {
			continue
		}
		for i, l := range s.Loads {
			if spec.Cell.Work != "" && l.Name != spec.Cell.Work {
				continue
			}
			if len(spec.Loads) > 0 && !slices.Contains(spec.Loads, l.Name) {
				continue
			}
			for _, c := range s.Cases(i) {
				if c.Impl.Name != spec.Cell.Impl {
					continue
				}
				load := &stressLoad{c: c, fixed: spec.Cell.Params, least: c.leastStress(), carried: map[any]any{}}
				load.subjects.forget()
				if load.fixed != nil || load.least != nil {
					p.loads = append(p.loads, load)
				}
			}
		}
	}
	if len(p.loads) == 0 {
		return nil, fmt.Errorf("stressing %s of %s: no workload fits", spec.Cell.Impl, spec.Cell.Contract)
	}
	return p, nil
}

// next returns the load of the next window, or nil at the end: when no load is left, or
// time is up or all windows have run, and each load that ran has decided something or had
// moreTime.
func (p *stressPlan) next(elapsed time.Duration) *stressLoad {
	if len(p.loads) == 0 {
		return nil
	}
	if n := p.windows(); n > 0 && (elapsed >= p.spec.Stress || p.spec.MaxWindows > 0 && n >= p.spec.MaxWindows) {
		p.ended = cmp.Or(p.ended, elapsed)
		undecided := p.undecided()
		if len(undecided) == 0 || elapsed >= p.ended+moreTime {
			return nil
		}
		return undecided[p.rng.IntN(len(undecided))]
	}
	p.rng.Shuffle(len(p.loads), func(i, j int) { p.loads[i], p.loads[j] = p.loads[j], p.loads[i] })
	return slices.MinFunc(p.loads, func(a, b *stressLoad) int { return cmp.Compare(a.due(), b.due()) })
}

// due is the time that the load has had, in terms of its share.
func (l *stressLoad) due() time.Duration { return l.spent / time.Duration(max(l.c.Load.Share, 1)) }

func (p *stressPlan) windows() int {
	n := 0
	for _, l := range p.loads {
		n += l.windows
	}
	return n
}

// undecided returns the loads that ran and have decided nothing.
func (p *stressPlan) undecided() []*stressLoad {
	var list []*stressLoad
	for _, l := range p.loads {
		if l.windows > 0 && !l.decided {
			list = append(list, l)
		}
	}
	return list
}

// drop takes a load out of the plan.
func (p *stressPlan) drop(load *stressLoad) {
	p.loads = slices.DeleteFunc(p.loads, func(l *stressLoad) bool { return l == load })
}

// maxDraws bounds the draws until a point is within the implementation's limits.
const maxDraws = 100

// draw returns the point of the load's next window. The first is the smallest: on a busy
// machine, a few crowds could take all the time, and leave loads without a window. Then
// each point of the grids comes once before one comes again.
func (l *stressLoad) draw(rng *rand.Rand) []results.Param {
	if l.fixed != nil {
		return l.fixed
	}
	if l.windows == 0 {
		return l.least
	}
	grids := l.c.stressGrids()
	for range maxDraws {
		if len(l.deck) == 0 {
			l.deck = shuffled(grids, rng)
		}
		last := len(l.deck) - 1
		at := l.deck[last]
		l.deck = l.deck[:last]
		if point := grids[at.grid].draw(l.c.Load.Params, at.place, rng); l.c.endures(point) {
			return point
		}
	}
	return l.least
}

// A place is a point of one of some grids, but for the values that are drawn.
type place struct{ grid, place int }

// shuffled returns the places of grids in random order.
func shuffled(grids []Grid, rng *rand.Rand) (deck []place) {
	for i, g := range grids {
		for j := range g.weight() {
			deck = append(deck, place{i, j})
		}
	}
	rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	return deck
}

func (c Case) stressGrids() []Grid {
	if len(c.Load.Points.Stress) == 0 {
		return []Grid{Over()}
	}
	return c.Load.Points.Stress
}

// endures reports whether a point is within the implementation's limits for stress runs.
func (c Case) endures(point []results.Param) bool {
	limit := c.Impl.Limits.Crowd
	return c.within(point, nil) && (limit == 0 || c.Load.Crowd(point) <= limit)
}

// leastStress returns the first point at which the case can be stressed, with the least
// values of what is drawn; nil: there is none.
func (c Case) leastStress() []results.Param {
	for _, g := range c.stressGrids() {
		for _, point := range g.points(c.Load.Params, nil) {
			if c.endures(point) {
				if point == nil {
					point = []results.Param{}
				}
				return point
			}
		}
	}
	return nil
}
