package harness

import (
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// Spec describes one trial. The parent sends it to the child process as JSON.
type Spec struct {
	Cell       results.Cell      `json:"cell"`
	Suite      string            `json:"suite,omitempty"` // stress run: the suite; "": any of the contract
	Loads      []string          `json:"loads,omitempty"` // stress run without a load in Cell: its loads; empty: all
	Round      int               `json:"round"`
	Side       string            `json:"side,omitempty"`
	Seed       uint64            `json:"seed"`
	SpinsPerNs float64           `json:"spins_per_ns"`
	Warm       time.Duration     `json:"warm_ns"`               // warm-up of each window
	Length     time.Duration     `json:"length_ns"`             // measured part of each window
	Windows    int               `json:"windows"`               // throughput windows; the first is discarded
	Latency    int               `json:"latency"`               // latency windows, after those for throughput
	Fairness   time.Duration     `json:"fairness_ns"`           // length of the fairness window; 0: none
	Rate       float64           `json:"rate"`                  // open loop: turns/s of the first role; 0: closed loop
	Poisson    bool              `json:"poisson"`               // open loop: Poisson arrivals, not a constant interval
	Stress     time.Duration     `json:"stress_ns"`             // length of a stress run; 0: this is a measuring trial
	MaxWindows int               `json:"max_windows,omitempty"` // of a stress run, at most; 0: no limit
	Grace      time.Duration     `json:"grace_ns"`              // how long a window may make no progress after its end
	NoProbe    bool              `json:"no_probe"`
	Question   string            `json:"question,omitempty"` // see Answer; the trial then has no numbers
	Profile    string            `json:"profile,omitempty"`  // kind of profile; the trial then has no numbers
	ProfileDir string            `json:"profile_dir,omitempty"`
	Endpoints  map[string]string `json:"endpoints,omitempty"` // addresses of the user's own servers, by name
	Slower     float64           `json:"slower,omitempty"`    // power test: multiply Spins by this factor

	// OnWindow, if not nil, is called at the start of each window of a stress run, which its
	// error fails.
	OnWindow func(Stressed) error `json:"-"`
}

// DefaultSpec returns the spec of a cell's trial of standard length.
func DefaultSpec(cell results.Cell) Spec {
	return Spec{
		Cell: cell, Round: 1, SpinsPerNs: machine.CalibrateSpin(),
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 1,
		Grace: 10 * time.Second,
	}
}
