package future

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// genetic makes generations of individuals. Each individual is computed by an evaluator
// once its two parents are, which callbacks find out.
//
// Source: the shape of future-genetic in Prokopec et al., Renaissance: Benchmarking Suite
// for Parallel Applications on the JVM, PLDI 2019. The individuals are numbers, so that
// the futures and not the genetics take the time.
var genetic = harness.Workload[New]{
	Load: harness.Load{
		Name: "genetic", Turn: "graph of 16 generations",
		About:     "individuals are computed once their two parents are; the shape of Renaissance's future-genetic",
		Params:    []harness.AnyParam{load.Goroutines, population, workNs},
		CurveAxis: population, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2), population.In(4, 16, 64, 256)),
				harness.Over(load.Goroutines.In(1, 2, 8), workNs.In(0, 1000)),
			},
			Stress: []harness.Grid{harness.Over(few, harness.Within(population, 1, 100))},
		},
	},
	Run: runGenetic,
}

const generations = 16

var (
	population = harness.Param[int]{
		Key: "population", About: "individuals of a generation, 1 to 10000", Default: 16, Valid: harness.Between(1, 10_000),
	}
	workNs = harness.Param[int]{
		Key: "work-ns", About: "work for each individual, ns", Default: 0, Valid: harness.Between(0, 1_000_000_000),
	}
)

// A pedigree holds the parents of each individual.
type pedigree [generations - 1][][2]int

func drawPedigree(rng *rand.Rand, n int) *pedigree {
	p := new(pedigree)
	for g := range p {
		p[g] = make([][2]int, n)
		for i := range p[g] {
			p[g][i] = [2]int{rng.IntN(n), rng.IntN(n)}
		}
	}
	return p
}

// child is the number of an individual. It is exact, so the order of computing is no
// matter.
func child(a, b float64, generation, i int) float64 {
	return float64((3*uint64(a) + 5*uint64(b) + uint64(generation*i) + 1) % (1 << 32))
}

// fittest returns the sum of the last generation, computed in sequence.
func (p *pedigree) fittest(n int) float64 {
	now := make([]float64, n)
	for i := range now {
		now[i] = float64(i)
	}
	for g := range p {
		next := make([]float64, n)
		for i, parents := range p[g] {
			next[i] = child(now[parents[0]], now[parents[1]], g, i)
		}
		now = next
	}
	sum := 0.0
	for _, v := range now {
		sum += v
	}
	return sum
}

// An individual is ready to be computed.
type individual struct {
	promise       futures.Promise[Value]
	a, b          float64
	generation, i int
}

// grow makes the promises of all generations. Individuals go to ready as soon as both
// parents have their numbers.
func (p *pedigree) grow(newPromise New, n int, ready chan<- individual) (all [][]futures.Promise[Value]) {
	now := make([]futures.Promise[Value], n)
	for i := range now {
		now[i] = newPromise()
	}
	all = append(all, now)
	for g := range p {
		next := make([]futures.Promise[Value], n)
		for i, parents := range p[g] {
			next[i] = newPromise()
			a, b := now[parents[0]], now[parents[1]]
			a.Then(func(va Value, _ error) {
				b.Then(func(vb Value, _ error) { ready <- individual{next[i], va.Number, vb.Number, g, i} })
			})
		}
		now = next
		all = append(all, now)
	}
	return all
}

// sum returns the sum of a generation.
func sum(w *harness.Worker, generation []futures.Promise[Value]) (sum float64) {
	for _, f := range generation {
		v, _ := get(w, f)
		sum += v.Number
	}
	return sum
}

func runGenetic(t *harness.Trial, newPromise New) error {
	n, m, work := population.Of(t), load.Goroutines.Of(t), t.Spins(workNs.Of(t))
	return t.Window(func(w *harness.Window) error {
		ready := make(chan individual, n*generations) // so that no callback waits
		w.Go("graph", 1, func(w *harness.Worker) {
			p := drawPedigree(w.Rand(), n)
			want := p.fittest(n)
			for w.Next() {
				all := p.grow(newPromise, n, ready)
				for i, f := range all[0] {
					f.Resolve(Value{Number: float64(i)})
				}
				last := 0.0
				for _, generation := range all { // those without children, too, so that none is left
					last = sum(w, generation)
				}
				if last != want {
					w.Fail(fmt.Errorf("the last generation has the sum %v, want %v", last, want))
				}
			}
		}, harness.Then(func() { close(ready) }))
		w.Go("evaluator", m, func(w *harness.Worker) {
			for w.Next() {
				x, ok := <-ready
				if !ok {
					w.Undo()
					return
				}
				w.Spin(work)
				x.promise.Resolve(Value{Number: child(x.a, x.b, x.generation, x.i)})
			}
		}, harness.After("graph"))
		return nil
	})
}
