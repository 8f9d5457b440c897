package harness

import (
	"time"

	"github.com/contendbench/contend/results"
)

// Spec says what one trial does. It crosses to the child process as JSON.
type Spec struct {
	Cell       results.Cell      `json:"cell"`
	Round      int               `json:"round"`
	Side       string            `json:"side,omitempty"`
	Seed       uint64            `json:"seed"`
	SpinsPerNs float64           `json:"spins_per_ns"`
	Warm       time.Duration     `json:"warm_ns"`   // of each window
	Length     time.Duration     `json:"length_ns"` // of the measured part
	Windows    int               `json:"windows"`   // throughput windows; the first is discarded
	Latency    int               `json:"latency"`   // latency windows, after them
	Fairness   time.Duration     `json:"fairness_ns"`
	Rate       float64           `json:"rate"`    // turns a second of an open loop over all workers of the first role; 0: closed
	Poisson    bool              `json:"poisson"` // else at constant distance
	Stress     time.Duration     `json:"stress_ns"`
	Grace      time.Duration     `json:"grace_ns"` // how long a window may stand still after its end
	NoProbe    bool              `json:"no_probe"`
	Profile    string            `json:"profile,omitempty"` // kind; the trial then has no numbers
	ProfileDir string            `json:"profile_dir,omitempty"`
	Endpoints  map[string]string `json:"endpoints,omitempty"` // of a user's own servers, by engine
	Slower     float64           `json:"slower,omitempty"`    // power test: lengthens Spins by this factor
}

// DefaultSpec returns a trial of standard length for a cell.
func DefaultSpec(cell results.Cell) Spec {
	return Spec{
		Cell: cell, Round: 1, SpinsPerNs: CalibrateSpin(),
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: 3, Latency: 1,
		Grace: 10 * time.Second,
	}
}
