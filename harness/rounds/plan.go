// Package rounds plans and runs measurements. It expands suites into cells, and runs
// every cell once a round, in a fresh process. The order within a round is random with a
// recorded seed. All trials go to a journal.
package rounds

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Job is a cell to run, and the executable that runs it.
type Job struct {
	Cell       results.Cell
	Load       harness.Load
	Side       string        // of a duet
	Executable string        // a path, or a name of what Options.Link links
	Startup    time.Duration // see impls.Requires
}

// Plan is what a round runs, in blocks. The jobs of a block are compared with each other,
// so they run one after the other.
type Plan struct {
	Blocks [][]Job
	Shares []Share  // for each suite, in order
	Notes  []string // what of the selection has no effect
}

// Share is what a plan measures of a suite.
type Share struct {
	Suite   harness.Suite
	Cells   int
	LeftOut int           // cells that only a larger preset measures
	Takes   time.Duration // an estimate for all rounds of the preset
}

// Takes returns an estimate of the plan's time.
func (p Plan) Takes() (sum time.Duration) {
	for _, s := range p.Shares {
		sum += s.Takes
	}
	return sum
}

// Jobs returns the number of jobs in a round.
func (p Plan) Jobs() (n int) {
	for _, b := range p.Blocks {
		n += len(b)
	}
	return n
}

// round returns the jobs in the order of one round: blocks are shuffled, and so are the
// jobs within each.
func (p Plan) round(seed uint64, round int) []Job {
	rng := rand.New(rand.NewPCG(seed, uint64(round)))
	blocks := slices.Clone(p.Blocks)
	rng.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	var jobs []Job
	for _, b := range blocks {
		b = slices.Clone(b)
		rng.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
		jobs = append(jobs, b...)
	}
	return jobs
}

// Duet returns a plan with a block for every cell, which runs it with the executables of
// base and head, and once more with again: another layout of the base.
func (p Plan) Duet(base, again, head string) Plan {
	var duet Plan
	for _, b := range p.Blocks {
		for _, j := range b {
			if _, again := j.Cell.Unalias(); again {
				continue
			}
			duet.Blocks = append(duet.Blocks, []Job{
				{Cell: j.Cell, Load: j.Load, Side: results.Base, Executable: base},
				{Cell: j.Cell, Load: j.Load, Side: results.BaseAgain, Executable: again},
				{Cell: j.Cell, Load: j.Load, Side: results.Head, Executable: head},
			})
		}
	}
	return duet
}

// Without returns the plan without the jobs that drop selects.
func (p Plan) Without(drop func(Job) bool) Plan {
	var rest Plan
	for _, b := range p.Blocks {
		if b = slices.DeleteFunc(slices.Clone(b), drop); len(b) > 0 {
			rest.Blocks = append(rest.Blocks, b)
		}
	}
	return rest
}

// planner builds a plan.
type planner struct {
	preset     Preset
	s          Selection
	filter     func(results.Cell) bool
	procs      []int
	rates      []int
	executable func(impls.Card) string

	plan   Plan
	blocks map[string]int      // index in plan.Blocks, by point: two suites may share a point
	reason error               // why a selected case has no cell
	unset  map[string][]string // workloads that are not measured, by a parameter of theirs that was set
}

// NewPlan expands suites into the cells of a preset, at GOMAXPROCS procs. Every point's
// baseline occurs twice, the second time under an alias, for the run's A/A certificate. If
// the selection leaves it out, the first contender of the point takes its place.
// The plan leaves out seeded bugs and implementations that are known to be broken.
// executable returns what runs an implementation's trials.
func NewPlan(
	suites []harness.Suite, preset Preset, s Selection, procs int, executable func(impls.Card) string,
) (Plan, error) {
	p := planner{preset: preset, s: s, executable: executable, blocks: map[string]int{}, unset: map[string][]string{}}
	suites, err := Named(suites, s.Names)
	if err != nil {
		return Plan{}, err
	}
	if err := s.check(suites); err != nil {
		return Plan{}, err
	}
	if p.filter, err = results.Filter(s.Filter); err != nil {
		return Plan{}, err
	}
	if p.procs, err = s.numbers("procs", strconv.Itoa(procs), 1024); err != nil {
		return Plan{}, err
	}
	if p.rates, err = s.numbers(harness.RateKey, "0", 1e9); err != nil {
		return Plan{}, err
	}
	for _, suite := range suites {
		if err := p.suite(suite); err != nil {
			return Plan{}, err
		}
	}
	switch {
	case len(p.plan.Blocks) > 0:
		p.plan.Notes = p.notes()
		return p.plan, nil
	case p.reason != nil:
		return Plan{}, fmt.Errorf("%w: %w", ErrNothing, p.reason)
	}
	return Plan{}, fmt.Errorf("%w: preset %s%s", ErrNothing, preset.Name, s.describe())
}

// suite adds a suite's share.
func (p *planner) suite(s harness.Suite) error {
	var all []entry
	for i, l := range s.Loads {
		before := len(all)
		for _, c := range s.Cases(i) {
			entries, err := p.entries(l, c)
			if err != nil {
				return err
			}
			all = append(all, entries...)
		}
		if len(all) == before {
			p.noteUnset(s, l)
		}
	}
	certify(all)
	kept := all
	if p.preset.Budgeted && p.s.everything() {
		kept = within(all, s.QuickShare)
	}
	share := Share{Suite: s}
	for _, e := range all {
		share.LeftOut += len(e.jobs)
	}
	for _, e := range kept {
		share.Cells += len(e.jobs)
		share.Takes += e.takes
		for _, j := range e.jobs {
			p.add(j)
		}
	}
	share.LeftOut -= share.Cells
	p.plan.Shares = append(p.plan.Shares, share)
	return nil
}

// noteUnset notes that parameters were set of a load that no cell measures. Loads for
// stress runs alone do not count.
func (p *planner) noteUnset(s harness.Suite, l harness.Load) {
	if p.s.Filter != "" || !l.Measured() {
		return
	}
	for _, param := range l.Params {
		if _, set := p.s.Set[param.Name()]; set {
			p.unset[param.Name()] = append(p.unset[param.Name()], s.Title()+"/"+l.Name)
		}
	}
}

// notes says which workloads have a parameter that was set, and are not measured.
func (p *planner) notes() (all []string) {
	for _, key := range slices.Sorted(maps.Keys(p.unset)) {
		all = append(all, fmt.Sprintf("--set %s=%s leaves out %s, which preset %s has no point of",
			key, strings.Join(p.s.Set[key], ","), strings.Join(p.unset[key], ", "), p.preset.Name))
	}
	return all
}

func (p *planner) add(j Job) {
	i, ok := p.blocks[j.Cell.Point()]
	if !ok {
		i = len(p.plan.Blocks)
		p.blocks[j.Cell.Point()] = i
		p.plan.Blocks = append(p.plan.Blocks, nil)
	}
	p.plan.Blocks[i] = append(p.plan.Blocks[i], j)
}

// entries returns the case at the points of the selection.
func (p *planner) entries(l harness.Load, c harness.Case) ([]entry, error) {
	var entries []entry
	for _, point := range c.Points(p.preset.grids(l.Points), p.s.Set) {
		if err := l.Check(point); err != nil {
			return nil, err
		}
		for _, cell := range p.spread(c, point) {
			if !p.filter(cell) || c.Impl.Role == impls.Seeded {
				continue
			}
			if err := unmeasured(c.Impl); err != nil {
				p.reason = err
				continue
			}
			job := Job{Cell: cell, Load: l, Executable: p.executable(c.Impl), Startup: c.Impl.Requires.Startup}
			e := entry{
				point: cell.Point(), headline: c.Impl.Headline || c.Impl.Name == l.Baseline,
				control: c.Impl.Role == impls.Noop, jobs: []Job{job}, takes: p.preset.takes(job),
			}
			if c.Impl.Name == l.Baseline {
				e.double()
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// unmeasured returns the reason why an implementation has no cell, or nil.
func unmeasured(c impls.Card) error {
	if c.Role == impls.Known {
		return fmt.Errorf("skipping %s: it is known to be broken (%s); contend stress shows it", c.Name, c.Flaw.Text)
	}
	if err := c.Unavailable(); err != nil {
		return fmt.Errorf("skipping %s: %w", c.Name, err)
	}
	return nil
}

// spread returns a point's cells at every GOMAXPROCS and rate.
func (p *planner) spread(c harness.Case, point []results.Param) []results.Cell {
	var cells []results.Cell
	for _, n := range p.procs {
		for _, rate := range p.rates {
			cell := results.Cell{Contract: c.Suite.Contract, Work: c.Load.Name, Impl: c.Impl.Name, Params: point, Procs: n}
			if rate > 0 {
				cell.Params = append(point[:len(point):len(point)], results.Param{Key: harness.RateKey, Value: strconv.Itoa(rate)})
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

// Uses reports whether fits holds for the executable of any job.
func (p Plan) Uses(fits func(executable string) bool) bool {
	return slices.ContainsFunc(p.all(), func(j Job) bool { return fits(j.Executable) })
}
