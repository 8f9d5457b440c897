package selftest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness/layout"
)

// poolSize is the number of layouts that pairs draw theirs from: four thirds of what a
// pair needs. The pairs of a run share a pool, since linking for each would take hours.
const poolSize = 4 * pairRounds

// The sides of a pair. As in a duet, the base runs twice, which gives the A/A floor.
const (
	base = iota
	again
	head
	sides
)

// pairOf holds what runs each side of a pair in each of its rounds.
type pairOf [sides][pairRounds]layout.Executable

// itself returns a pair of the executable with itself.
func (o NullOptions) itself() (p pairOf) {
	for side := range p {
		for round := range p[side] {
			p[side][round].Path = o.Executable
		}
	}
	return p
}

// pool holds executables of one source in different layouts.
type pool struct {
	set    *layout.Set // nil without a source
	fills  int
	linked []layout.Executable
}

func (o NullOptions) newPool() (*pool, error) {
	if o.Source == nil {
		return &pool{}, nil
	}
	set, err := layout.NewSet(o.Seed)
	if err != nil {
		return nil, err
	}
	for i := range poolSize {
		set.Add(fmt.Sprint(i), o.Source)
	}
	return &pool{set: set}, nil
}

// refill replaces the pool's executables by others.
func (p *pool) refill(ctx context.Context) error {
	if p.set == nil {
		return nil
	}
	p.fills++
	linked, err := p.set.Round(ctx, p.fills)
	if err != nil {
		return err
	}
	p.linked = slices.SortedFunc(maps.Values(linked), func(a, b layout.Executable) int {
		return cmp.Compare(a.Number, b.Number)
	})
	return nil
}

// draw returns a pair with a layout of its own for every side of every round.
func (p *pool) draw(rng *rand.Rand) (pair pairOf) {
	order := rng.Perm(len(p.linked))
	for side := range pair {
		for round := range pair[side] {
			pair[side][round] = p.linked[order[side*pairRounds+round]]
		}
	}
	return pair
}

func (p *pool) close() {
	if p.set != nil {
		p.set.Close()
	}
}
