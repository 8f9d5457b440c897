package hashmap

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// mix has workers read, insert, delete and update in a map that keeps its size.
var mix = harness.Workload[New]{
	Load: harness.Load{
		Name: "mix", Turn: "operation", About: "n workers read, insert, delete and update in a map that keeps its size",
		Params:    []harness.AnyParam{load.Goroutines, size, mixture, load.Theta},
		Probes:    []impls.Promise{maps.Sized},
		CurveAxis: load.Goroutines, Maps: []harness.Plane{{size, load.Theta}}, Allocates: true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 8, 64)),
				harness.Over(size.In(100, 10_000, 100_000), mixture.In(changing...), load.Theta.In(0, 0.9, 1.2)),
			},
			Full: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), mixture.In(changing...)),
				harness.Over(
					size.In(100, 1000, 10_000, 100_000), mixture.In(updating), load.Theta.In(0, 0.6, 0.9, 1.2),
				),
				harness.Over(
					size.In(100, 1000, 10_000, 100_000), mixture.In(changing...), load.Theta.In(0, 0.6, 0.9, 1.2),
				),
				harness.Over(size.In(1_000_000), mixture.In(changing...), load.Theta.In(0, 0.9)),
			},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), size.In(10, 100, 1000), mixture.In("50-25-25-0", "20-30-30-20")),
				harness.Over(
					harness.Within(load.Goroutines, 2, 100), harness.Within(size, 1, 20_000), mixture.In("20-30-30-20"),
				),
			},
		},
	},
	Run: runMix,
}

// changing are mixes that insert and delete. There are as many inserts as deletes, or the
// map would not keep its size.
var changing = []string{"98-1-1-0", "90-5-5-0", "50-25-25-0"}

// updating is the mix that only reads and updates.
const updating = "90-0-0-10"

var mixture = harness.Param[string]{
	Key: "mix", About: "reads, inserts, deletes and updates, percent, as many inserts as deletes", Default: changing[1],
	Valid: func(text string) bool { _, ok := parseMix(text); return ok },
}

// An op is what a turn does. Inserts and deletes are one op, because they alternate.
type op uint8

const (
	read op = iota
	change
	update
)

// parseMix reads the shares of a mix, and returns the share of each op.
func parseMix(text string) (shares [3]int, ok bool) {
	var parts [4]int
	texts := strings.Split(text, "-")
	if len(texts) != len(parts) {
		return shares, false
	}
	sum := 0
	for i, t := range texts {
		n, err := strconv.ParseUint(t, 10, 8)
		if err != nil {
			return shares, false
		}
		parts[i] = int(n)
		sum += int(n)
	}
	shares = [3]int{read: parts[0], change: parts[1] + parts[2], update: parts[3]}
	return shares, sum == 100 && parts[1] == parts[2]
}

// choices is how many ops a worker draws before a window; it repeats them.
const choices = 4096

func drawOps(rng *rand.Rand, shares [3]int) *[choices]op {
	ops := new([choices]op)
	for i := range ops {
		switch r := rng.IntN(100); {
		case r < shares[read]:
			ops[i] = read
		case r < shares[read]+shares[change]:
			ops[i] = change
		default:
			ops[i] = update
		}
	}
	return ops
}

// Picks are what reads and updates choose from. The workers of a trial share them, and
// start at different places. A larger map has more of them, or its working set would be
// as small as a small map's.
type picks struct {
	residents []int32 // numbers, by their rank
	own       []int32 // of the residents of any worker
}

const maxPicks = 1 << 17

func (p *population) pick(theta float64) picks {
	n := choices
	for n < len(p.owners)*p.share && n < maxPicks {
		n *= 2
	}
	rng := rand.New(rand.NewPCG(uint64(n), 1)) // a fixed seed: only where a worker starts is random
	c := picks{load.Choices(rng, len(p.owners)*p.share, theta, n), load.Choices(rng, p.share, theta, n)}
	for i, rank := range c.residents {
		c.residents[i] = int32(p.number(int(rank)))
	}
	return c
}

func runMix(t *harness.Trial, create New) error {
	n := load.Goroutines.Of(t)
	shares, _ := parseMix(mixture.Of(t))
	p := populate(create, size.Of(t), n)
	picks := p.pick(load.Theta.Of(t))
	return t.Window(func(w *harness.Window) error {
		w.Go("worker", n, func(w *harness.Worker) {
			o, ops, mask := &p.owners[w.ID], drawOps(w.Rand(), shares), len(picks.residents)-1
			for turn := w.Rand().IntN(len(picks.residents)); w.Next(); turn++ {
				var err error
				switch ops[turn%choices] {
				case read:
					err = p.read(o, int(picks.residents[turn&mask]))
				case change:
					err = p.change(o)
				default:
					p.update(o, int(picks.own[turn&mask]))
				}
				if err != nil {
					w.Fail(err)
				}
			}
		})
		w.Check(p.check)
		return nil
	})
}
