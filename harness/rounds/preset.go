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
	Name    string
	About   string
	Rounds  int
	Warm    time.Duration // of a window
	Length  time.Duration
	Windows int
	Latency int
	// Fairness windows: the least length, the most that a cell may need to get one, and whether every
	// trial has one or only the first.
	Fair, FairMost time.Duration
	FairAlways     bool

	grids func(harness.Work) []harness.Grid
}

// Presets are the sizes of a run, smallest first. Fewer than 10 rounds cannot claim a difference over many rows: with 8
// the least p-value is 0.0078, which the correction lifts above 0.01. Quick keeps its fairness windows short, and leaves them out
// where the goroutines would need longer; the row says how long they were.
var Presets = []Preset{
	{
		Name: "quick", About: "every pattern, curated cells, 10 rounds", Rounds: 10,
		Warm: 3 * time.Millisecond, Length: 7 * time.Millisecond, Windows: 2, Latency: 1,
		Fair: 200 * time.Millisecond, FairMost: 200 * time.Millisecond,
		grids: func(w harness.Work) []harness.Grid { return w.Quick },
	},
	{
		Name: "standard", About: "all implementations at every point that matters, 12 rounds", Rounds: 12,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 1,
		Fair: 2 * time.Second, FairMost: time.Minute,
		grids: func(w harness.Work) []harness.Grid { return w.Standard },
	},
	{
		Name: "full", About: "the whole grid, 24 rounds, a fairness window a trial", Rounds: 24,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 2,
		Fair: 2 * time.Second, FairMost: time.Minute, FairAlways: true,
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
func (p Preset) fairness(goroutines, procs, round int) time.Duration {
	if goroutines < 2 || round > 1 && !p.FairAlways {
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
