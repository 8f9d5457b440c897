package barrier

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

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
		Points: harness.Points{Stress: []harness.Grid{harness.Over(parties.In(1, 2, 8))}},
	},
	Run: runChanging,
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

// A plan is the lives of all parties, with a record of what happened in each phase.
type plan struct {
	phaser   barriers.Phaser
	lives    []life // the first one lasts from the first phase to the last
	arrivals [planned]atomic.Int64
	leads    [planned]atomic.Int64
	failure  atomic.Pointer[error]
	group    sync.WaitGroup
}

func (p *plan) play() error {
	for i, l := range p.lives {
		if l.from == 0 {
			p.group.Go(func() { p.live(l, i == 0) })
		}
	}
	p.group.Wait()
	if err := p.failure.Load(); err != nil {
		return *err
	}
	for phase := range planned {
		if leads := p.leads[phase].Load(); leads != 1 {
			return fmt.Errorf("phase %d had %d leaders", phase, leads)
		}
	}
	return nil
}

// live goes through the phases of a life. The party that lives to the end registers those
// that come later.
func (p *plan) live(l life, registers bool) {
	for phase := l.from; phase <= l.to; phase++ {
		if registers {
			p.register(phase)
		}
		p.arrivals[phase].Add(1)
		if p.phaser.Wait(0) {
			p.leads[phase].Add(1)
		}
		if got, want := p.arrivals[phase].Load(), p.expected(phase); got != want {
			err := fmt.Errorf("a party left phase %d when %d of %d parties had arrived", phase, got, want)
			p.failure.Store(&err)
		}
	}
	p.phaser.Leave()
}

// register starts the parties whose first phase is this one.
func (p *plan) register(phase int) {
	for _, l := range p.lives {
		if l.from == phase && phase > 0 {
			p.phaser.Register()
			p.group.Go(func() { p.live(l, false) })
		}
	}
}

// expected is how many parties meet in a phase.
func (p *plan) expected(phase int) int64 {
	n := int64(0)
	for _, l := range p.lives {
		if l.from <= phase && phase <= l.to {
			n++
		}
	}
	return n
}
