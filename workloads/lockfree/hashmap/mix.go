package hashmap

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// Mixes by their shares. Inserts and deletes are as many, or the map would not keep its size.
var (
	named = []string{"98-1-1-0", "90-5-5-0", "50-25-25-0"}
	all   = append(named[:3:3], "90-0-0-10")
)

var mixture = harness.Param[string]{
	Key: "mix", About: "reads, inserts, deletes and updates, percent, as many inserts as deletes", Default: named[1],
	Valid: func(text string) bool { _, ok := parseMix(text); return ok },
}

// An op is what a turn does. Inserts and deletes are one: they alternate.
type op uint8

const (
	read op = iota
	change
	update
)

// parseMix reads the shares of a mix, and returns them an op.
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
	return [3]int{read: parts[0], change: parts[1] + parts[2], update: parts[3]}, sum == 100 && parts[1] == parts[2]
}

// choices is how many ops a worker draws before a window; it goes through them again and again.
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

// Picks are what reads and updates choose from, shared by the workers of a trial, who begin at different places. They are more for
// a larger map, or its working set would be that of a smaller one.
type picks struct {
	residents []int32 // numbers, by their rank
	own       []int32 // of the residents of any worker
}

const mostPicks = 1 << 17

func (p *population) pick(theta float64) picks {
	n := choices
	for n < len(p.owners)*p.share && n < mostPicks {
		n *= 2
	}
	rng := rand.New(rand.NewPCG(uint64(n), 1)) // a table of the distribution: what is random is where a worker begins
	c := picks{load.Choices(rng, len(p.owners)*p.share, theta, n), load.Choices(rng, p.share, theta, n)}
	for i, rank := range c.residents {
		c.residents[i] = int32(p.number(int(rank)))
	}
	return c
}

func mix(t *harness.Trial, create New) error {
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
