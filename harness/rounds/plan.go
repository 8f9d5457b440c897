// Package rounds plans and runs measurements: it expands patterns into cells, runs every cell once a
// round in fresh processes, in an order that a recorded seed shuffles, and keeps the journal.
package rounds

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Selection says which cells to run.
type Selection struct {
	Names  []string            // patterns or contracts; none: all
	Filter string              // in benchfilter's syntax
	Set    map[string][]string // parameter, or procs → values, instead of the preset's
}

// Job is a cell to run, and by which executable.
type Job struct {
	Cell       results.Cell
	Side       string // of a duet
	Executable string
	Fair       bool // its workload asks for fairness windows
}

// Plan is the blocks of a round. The jobs of a block are compared with each other, so they run
// together.
type Plan struct {
	Blocks [][]Job
}

// Jobs returns the number of jobs in a round.
func (p Plan) Jobs() (n int) {
	for _, b := range p.Blocks {
		n += len(b)
	}
	return n
}

// round returns the jobs in the order of one round: blocks shuffled, and the jobs within each.
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

// ErrNothing says that a selection selects nothing.
var ErrNothing = errors.New("the selection holds no cell")

// Cells expands rows into the cells of a preset. Every point's baseline stands twice, the second time
// under its name with results.Again, for the run's A/A certificate. Seeded bugs are left out.
func Cells(rows []harness.Row, preset Preset, s Selection, procs int) ([]results.Cell, error) {
	if err := s.check(rows); err != nil {
		return nil, err
	}
	rows, err := Named(rows, s.Names)
	if err != nil {
		return nil, err
	}
	filter, err := results.Filter(s.Filter)
	if err != nil {
		return nil, err
	}
	procValues, err := s.numbers("procs", strconv.Itoa(procs), 1024)
	if err != nil {
		return nil, err
	}
	rates, err := s.numbers(harness.RateKey, "0", 1e9)
	if err != nil {
		return nil, err
	}
	var cells []results.Cell
	var skipped error
	baselines := map[string]bool{}
	for _, row := range rows {
		if row.Impl.Role == impls.Bug {
			continue
		}
		unavailable := row.Impl.Unavailable()
		for _, point := range row.Points(preset.grids(row.Work), s.Set) {
			if err := row.Check(point); err != nil {
				return nil, err
			}
			for _, cell := range spread(row, point, procValues, rates) {
				if !filter(cell) {
					continue
				}
				if unavailable != nil {
					skipped = fmt.Errorf("%w: %s was skipped: %w", ErrNothing, row.Impl.Name, unavailable)
					continue
				}
				cells = append(cells, cell)
				if row.Impl.Name == row.Baseline && !baselines[cell.Point()] {
					baselines[cell.Point()] = true
					cells = append(cells, cell.With(row.Impl.Name+results.Again))
				}
			}
		}
	}
	if len(cells) == 0 && skipped != nil {
		return nil, skipped
	}
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: preset %s%s", ErrNothing, preset.Name, s.describe())
	}
	return cells, nil
}

func (s Selection) describe() string {
	text := ""
	if len(s.Names) > 0 {
		text += " of " + strings.Join(s.Names, ", ")
	}
	if s.Filter != "" {
		text += fmt.Sprintf(" with filter %q", s.Filter)
	}
	return text
}

// calledBy lists what a row can be selected by: its pattern, its contract, and the last element of the contract's folder.
func calledBy(row harness.Row) []string {
	return []string{row.Pattern, row.Contract, path.Base(row.Contract)}
}

// Named returns the rows of the patterns or contracts named; without names, all.
func Named(rows []harness.Row, names []string) ([]harness.Row, error) {
	var known []string
	for _, r := range rows {
		known = append(known, calledBy(r)...)
	}
	for _, n := range names {
		if !slices.Contains(known, n) {
			return nil, fmt.Errorf("unknown pattern %q; %s", n, Nearest(n, known))
		}
	}
	if len(names) == 0 {
		return rows, nil
	}
	var selected []harness.Row
	for _, r := range rows {
		if slices.ContainsFunc(calledBy(r), func(n string) bool { return slices.Contains(names, n) }) {
			selected = append(selected, r)
		}
	}
	return selected, nil
}

// check refuses parameters that no row has.
func (s Selection) check(rows []harness.Row) error {
	var keys []string
	for _, r := range rows {
		for _, p := range r.Work.Params {
			keys = append(keys, p.Name())
		}
	}
	keys = append(keys, "procs", harness.RateKey)
	for key := range s.Set {
		if !slices.Contains(keys, key) {
			return fmt.Errorf("unknown parameter %q; %s", key, Nearest(key, keys))
		}
	}
	return nil
}

// numbers reads the values of a parameter that every workload has.
func (s Selection) numbers(key, fallback string, most int) ([]int, error) {
	texts, ok := s.Set[key]
	if !ok {
		texts = []string{fallback}
	}
	var values []int
	for _, t := range texts {
		n, err := strconv.Atoi(t)
		if err != nil || ok && n < 1 || n > most {
			return nil, fmt.Errorf("parameter %s: %q is not a value it takes (1 to %d)", key, t, most)
		}
		values = append(values, n)
	}
	return values, nil
}

// spread makes the cells of a row at a point, for each GOMAXPROCS and each rate; rate 0 is a closed loop.
func spread(row harness.Row, point []results.Param, procs, rates []int) []results.Cell {
	var cells []results.Cell
	for _, n := range procs {
		for _, rate := range rates {
			cell := results.Cell{Contract: row.Contract, Work: row.Work.Name, Impl: row.Impl.Name, Params: point, Procs: n}
			if rate > 0 {
				cell.Params = append(point[:len(point):len(point)], results.Param{Key: harness.RateKey, Value: strconv.Itoa(rate)})
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

func asksFairness(rows []harness.Row) map[string]bool {
	fair := map[string]bool{}
	for _, r := range rows {
		fair[r.Contract+" "+r.Work.Name] = r.Work.Fair
	}
	return fair
}

// ByPoint groups cells into blocks that are comparable: all implementations at one point. Rows that this executable does not link
// are run by their own.
func ByPoint(rows []harness.Row, cells []results.Cell, executable string) Plan {
	fair := asksFairness(rows)
	var p Plan
	index := map[string]int{}
	for _, c := range cells {
		i, ok := index[c.Point()]
		if !ok {
			i = len(p.Blocks)
			index[c.Point()] = i
			p.Blocks = append(p.Blocks, nil)
		}
		p.Blocks[i] = append(p.Blocks[i], Job{
			Cell: c, Executable: harness.ExecutableOf(rows, c, executable), Fair: fair[c.Contract+" "+c.Work],
		})
	}
	return p
}

// Duet makes a block of every cell: the base's executable and the head's, side by side.
func Duet(cells []results.Cell, base, head string) Plan {
	var p Plan
	for _, c := range cells {
		if _, again := c.Base(); again {
			continue
		}
		p.Blocks = append(p.Blocks, []Job{
			{Cell: c, Side: "base", Executable: base},
			{Cell: c, Side: "head", Executable: head},
		})
	}
	return p
}

// spec is the trial of a job in a round.
func (p Preset) spec(j Job, round int, seed uint64, o Options) harness.Spec {
	s := harness.Spec{
		Cell: j.Cell, Round: round, Side: j.Side, Seed: seed, SpinsPerNs: o.Spins,
		Warm: p.Warm, Length: p.Length, Windows: p.Windows, Latency: p.Latency,
		Fairness: p.fairness(j.Fair, number(j.Cell, "goroutines", number(j.Cell, "waiters", 1)), j.Cell.Procs, round),
		Rate:     float64(number(j.Cell, harness.RateKey, 0)), Poisson: true, Grace: o.Grace, Endpoints: o.Endpoints,
	}
	if round%p.LatencyIn != 1%p.LatencyIn {
		s.Latency = 0
	}
	if s.Rate > 0 { // an open loop is about latency at a load, not about how much goes through
		s.Windows, s.Latency, s.Fairness = 0, max(p.Windows, 2), 0
	}
	return s
}

func number(cell results.Cell, key string, fallback int) int {
	text, ok := cell.Get(key)
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fallback
	}
	return n
}

// expected is how long a trial should last, without set-up.
func expected(s harness.Spec) time.Duration {
	return time.Duration(s.Windows+s.Latency)*(s.Warm+s.Length) + s.Fairness + 10*time.Millisecond
}
