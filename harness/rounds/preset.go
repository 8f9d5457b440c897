package rounds

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
)

// Preset is how much a run measures.
type Preset struct {
	Name      string
	About     string
	Rounds    int
	Warm      time.Duration // of a window
	Length    time.Duration
	Windows   int
	Latency   int
	LatencyIn int // latency windows in one of so many rounds
	// Fairness windows: the least length, the most that a cell may need to get one, whether every trial has
	// one or only the first, and whether every workload has, or only those that ask for it.
	Fair, FairMost time.Duration
	FairAlways     bool
	FairEverywhere bool

	grids func(harness.Work) []harness.Grid
}

// Presets are the sizes of a run, smallest first. With 8 rounds the least p-value is
// 0.0078, which the correction over many rows lifts above 0.01; so quick has 9. It keeps its fairness windows short, and takes them
// only for workloads that ask for them, where the goroutines need no longer; the row says how long they were.
var Presets = []Preset{
	{
		Name: "quick", About: "every pattern, curated cells, 9 rounds", Rounds: 9,
		Warm: 3 * time.Millisecond, Length: 7 * time.Millisecond, Windows: 2, Latency: 1, LatencyIn: 2,
		Fair: 200 * time.Millisecond, FairMost: 200 * time.Millisecond,
		grids: func(w harness.Work) []harness.Grid { return w.Quick },
	},
	{
		Name: "standard", About: "all implementations at every point that matters, 12 rounds", Rounds: 12,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 1, LatencyIn: 1,
		Fair: 2 * time.Second, FairMost: time.Minute, FairEverywhere: true,
		grids: func(w harness.Work) []harness.Grid { return w.Standard },
	},
	{
		Name: "full", About: "the whole grid, 24 rounds, a fairness window a trial", Rounds: 24,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 2, LatencyIn: 1,
		Fair: 2 * time.Second, FairMost: time.Minute, FairAlways: true, FairEverywhere: true,
		grids: func(w harness.Work) []harness.Grid { return w.Full },
	},
}

// FindPreset returns the preset of a name.
func FindPreset(name string) (Preset, error) {
	var names []string
	for _, p := range Presets {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("unknown preset %q; there are %s", name, strings.Join(names, ", "))
}

// timeslice is after how long the Go scheduler preempts a goroutine.
const timeslice = 10 * time.Millisecond

// fairness returns the length of a trial's fairness window: at least four turns of the scheduler for
// every goroutine. 0 is none.
func (p Preset) fairness(asks bool, goroutines, procs, round int) time.Duration {
	if goroutines < 2 || round > 1 && !p.FairAlways || !asks && !p.FairEverywhere {
		return 0
	}
	need := max(p.Fair, 4*time.Duration(goroutines)*timeslice/time.Duration(max(procs, 1)))
	if need > p.FairMost {
		return 0
	}
	return need
}

// checkpoints are the numbers of rounds at which a run looks at its precision: at fixed points, so that
// looking does not bias what it finds.
var checkpoints = []int{8, 12, 24, 48, 96}

func isCheckpoint(round int) bool { return slices.Contains(checkpoints, round) }
