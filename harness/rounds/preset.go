package rounds

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// Preset is the size of a run: how much it measures, and for how long.
type Preset struct {
	Name      string
	About     string
	Rounds    int
	Warm      time.Duration // of a window
	Length    time.Duration
	Windows   int
	Latency   int
	LatencyIn int // one in this many rounds has latency windows
	// Fairness windows take at least Fair. A cell that needs more than FairMost has none.
	// FairAlways gives one to every trial, not only the first. FairEverywhere gives one
	// to every load, not only to those that want fairness.
	Fair, FairMost time.Duration
	FairAlways     bool
	FairEverywhere bool
	// Budgeted keeps each suite within its share of the time; see harness.About.
	Budgeted bool

	grids func(harness.Points) []harness.Grid
}

// Presets are the sizes of a run, smallest first. With 8 rounds, the smallest possible
// p-value is 0.0078. The correction over many rows would lift it above 0.01, so quick has
// 9. Quick has fairness windows only for loads that want them, and only for few
// goroutines. The row says how long they were.
var Presets = []Preset{
	{
		Name: "quick", About: "every pattern, within five minutes: 9 rounds of the headline implementations", Rounds: 9,
		Warm: 3 * time.Millisecond, Length: 7 * time.Millisecond, Windows: 2, Latency: 1, LatencyIn: 2,
		Fair: 200 * time.Millisecond, FairMost: 200 * time.Millisecond, Budgeted: true,
		grids: func(p harness.Points) []harness.Grid { return p.Quick },
	},
	{
		Name: "standard", About: "all implementations at every point that matters, 12 rounds", Rounds: 12,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 1, LatencyIn: 1,
		Fair: 2 * time.Second, FairMost: time.Minute, FairEverywhere: true,
		grids: func(p harness.Points) []harness.Grid { return p.Standard },
	},
	{
		Name: "full", About: "the whole grid, 24 rounds, a fairness window in every trial", Rounds: 24,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 2, LatencyIn: 1,
		Fair: 2 * time.Second, FairMost: time.Minute, FairAlways: true, FairEverywhere: true,
		grids: func(p harness.Points) []harness.Grid {
			if len(p.Full) == 0 {
				return p.Standard
			}
			return p.Full
		},
	},
}

// FindPreset returns the preset called name.
func FindPreset(name string) (Preset, error) {
	var names []string
	for _, p := range Presets {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("unknown preset %q; want one of %s", name, strings.Join(names, ", "))
}

// timeslice is after how long the Go scheduler preempts a goroutine.
const timeslice = 10 * time.Millisecond

// fairness returns the length of a trial's fairness window: at least four time slices for
// every goroutine. 0 means none.
func (p Preset) fairness(wanted bool, goroutines, procs, round int) time.Duration {
	if goroutines < 2 || round > 1 && !p.FairAlways || !wanted && !p.FairEverywhere {
		return 0
	}
	need := max(p.Fair, 4*time.Duration(goroutines)*timeslice/time.Duration(max(procs, 1)))
	if need > p.FairMost {
		return 0
	}
	return need
}

// spec returns the spec of a job's trial in a round.
func (p Preset) spec(j Job, round int, seed uint64, o Options) harness.Spec {
	s := harness.Spec{
		Cell: j.Cell, Round: round, Side: j.Side, Seed: seed, SpinsPerNs: o.Spins,
		Warm: p.Warm, Length: max(p.Length, j.Load.AtLeast), Windows: p.Windows, Latency: p.Latency,
		Fairness: p.fairness(j.Load.WantsFairness, j.Load.Crowd(j.Cell.Params), j.Cell.Procs, round),
		Rate:     rate(j.Cell), Poisson: true, Grace: o.Grace, Endpoints: o.Endpoints,
	}
	if round%p.LatencyIn != 1%p.LatencyIn {
		s.Latency = 0
	}
	if s.Rate > 0 { // an open loop measures latency at a given throughput
		s.Windows, s.Latency, s.Fairness = 0, max(p.Windows, 2), 0
		due := time.Duration(turnsForP99 / s.Rate / float64(s.Latency) * float64(time.Second))
		s.Length = max(s.Length, min(due, longestDue))
	}
	return s
}

const (
	// turnsForP99 are due in a trial of an open loop, so that at least ten lie beyond the
	// 99th percentile.
	turnsForP99 = 1300
	// longestDue limits the windows of an open loop. At low rates, a trial then has no p99
	// and no verdict.
	longestDue = 2 * time.Second
)

// Spec returns the spec of a job's trial in a round, with default options.
func (p Preset) Spec(j Job, round int) harness.Spec { return p.spec(j, round, 0, Options{}) }

func rate(cell results.Cell) float64 {
	text, _ := cell.Get(harness.RateKey)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil { // it is absent: NewPlan has checked the values
		return 0
	}
	return v
}

// The time that a trial takes in addition to its windows. It starts a process and probes
// the machine, and a window under full load starts and ends late.
const (
	trialOverhead  = 25 * time.Millisecond
	windowOverhead = 12 * time.Millisecond
)

// trialTime returns an estimate of a trial's time.
func trialTime(s harness.Spec, j Job) time.Duration {
	windows := time.Duration(s.Windows+s.Latency) * (s.Warm + s.Length + windowOverhead)
	return windows + s.Fairness + trialOverhead + j.Load.Takes + j.Startup
}

// takes returns an estimate of a job's time over all rounds.
func (p Preset) takes(j Job) (sum time.Duration) {
	for round := range p.Rounds {
		sum += trialTime(p.spec(j, round+1, 0, Options{}), j)
	}
	return sum
}

// checkpoints are the numbers of rounds after which a run looks at its precision. They
// are fixed, so that looking does not bias the result.
var checkpoints = []int{8, 12, 24, 48, 96}

func isCheckpoint(round int) bool { return slices.Contains(checkpoints, round) }
