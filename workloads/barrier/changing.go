package barrier

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// changing lets parties come and go by a random plan, which says how many meet in each
// phase.
var changing = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "changing", Turn: "run of 16 phases", About: "parties come and go between phases",
		Params: []harness.AnyParam{parties},
		Needs:  []impls.Promise{impls.Resizable}, Probes: []impls.Promise{impls.Resizable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(parties.In(1, 2, 8)), harness.Over(harness.Within(parties, 1, 200)),
		}},
	},
	Method: resizes,
	Run:    runChanging,
}

// planned is the number of phases in a plan.
const planned = 16

func runChanging(t *harness.Trial, newBarrier barriers.New) error {
	n := parties.Of(t)
	return load.Rounds(t, func(rng *rand.Rand) error {
		p := &plan{phaser: newBarrier(n).(barriers.Phaser), lives: []life{{0, planned - 1}}}
		for range n - 1 {
			p.lives = append(p.lives, life{0, rng.IntN(planned)})
		}
		for range 2 * n {
			from := 1 + rng.IntN(planned-1)
			p.lives = append(p.lives, life{from, from + rng.IntN(planned-from)})
		}
		return p.play()
	})
}

// A life is a party's first and last phase.
type life struct{ from, to int }

// A plan is the lives of all parties, with a record of what happened in each phase. The
// record is plain memory that only the phaser orders.
type plan struct {
	phaser  barriers.Phaser
	lives   []life // the first one lasts from the first phase to the last
	arrived [planned][]bool
	leaders [planned]int // each is written by the leader of its phase
	first   firstError
	group   sync.WaitGroup
}

func (p *plan) play() error {
	for phase := range p.arrived {
		p.arrived[phase] = make([]bool, len(p.lives))
	}
	for i, l := range p.lives {
		if l.from == 0 {
			p.group.Go(func() { p.live(i) })
		}
	}
	p.group.Wait()
	if p.first.err != nil {
		return p.first.err
	}
	for phase, leaders := range p.leaders {
		if leaders != 1 {
			return fmt.Errorf("phase %d had %d leaders", phase, leaders)
		}
	}
	return nil
}

// live goes through the phases of life i. The party that lives to the end registers those
// that come later.
func (p *plan) live(i int) {
	l := p.lives[i]
	for phase := l.from; phase <= l.to; phase++ {
		if i == 0 {
			p.register(phase)
		}
		p.arrived[phase][i] = true
		if p.phaser.Wait(0) {
			p.leaders[phase]++
		}
		if missing := p.missing(phase); missing > 0 {
			p.first.Fail(fmt.Errorf("a party left phase %d before %d others had arrived", phase, missing))
		}
	}
	p.phaser.Leave()
}

// register starts the parties whose first phase is this one.
func (p *plan) register(phase int) {
	for i, l := range p.lives {
		if l.from == phase && phase > 0 {
			p.phaser.Register()
			p.group.Go(func() { p.live(i) })
		}
	}
}

// missing is how many parties of a phase have not arrived.
func (p *plan) missing(phase int) int {
	n := 0
	for i, l := range p.lives {
		if l.from <= phase && phase <= l.to && !p.arrived[phase][i] {
			n++
		}
	}
	return n
}
