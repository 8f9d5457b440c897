package results

import "time"

// Status is how a trial ended. Only Ok trials have numbers.
type Status string

// The statuses. Failed is a check's verdict. Hung and Crashed say how the child process
// ended. Unknown is a check that could not decide, or a fault that had no effect. Only Ok
// is a pass.
const (
	Ok      Status = "ok"
	Failed  Status = "failed"
	Hung    Status = "hung"
	Crashed Status = "crashed"
	Unknown Status = "unknown"
)

// Trial is one line of the journal: one cell in one fresh process.
type Trial struct {
	Cell
	Round  int    `json:"round"`            // from 1; trials of one round are paired
	Side   string `json:"side,omitempty"`   // of a duet: Base, BaseAgain or Head
	Layout uint64 `json:"layout,omitempty"` // of the executable's functions, linked for the round; 0: as it was built
	Seed   uint64 `json:"seed"`
	Status Status `json:"status"`
	Reason string `json:"reason,omitempty"` // why it is not Ok, in one line
	Detail string `json:"detail,omitempty"` // name of its file under failures/

	Workers int                `json:"workers,omitempty"` // goroutines of the largest window, in all roles
	Turns   uint64             `json:"turns"`             // over the kept throughput windows
	Windows []float64          `json:"windows,omitempty"` // ns/op of each kept throughput window
	Values  map[string]float64 `json:"values,omitempty"`  // unit → value, "ns/op" among them
	Hist    string             `json:"hist,omitempty"`    // latency: HdrHistogram V2, deflated, base64
	Probe   Probe              `json:"probe"`

	Timeline *Timeline `json:"timeline,omitempty"` // of the last window

	Start time.Time     `json:"start"`
	Took  time.Duration `json:"took_ns"`

	line int // of a results file: its place among the results
}

// Probe is what the machine was doing when the trial began.
type Probe struct {
	HopNs     float64 `json:"hop_ns"`     // one transfer of a cache line between two cores; 0 on one core
	ArithNs   float64 `json:"arith_ns"`   // one step of a fixed arithmetic chain
	StolenPct float64 `json:"stolen_pct"` // processor time that the host took during the trial
	Load      float64 `json:"load"`       // runnable tasks of other processes at the start
}

// Info is run.json: how a run was made, on which machine, and what its tables say. Runs
// of older versions leave newer fields empty.
type Info struct {
	Tool     string    `json:"tool"`
	Revision string    `json:"revision"`
	Args     []string  `json:"args"`
	Preset   string    `json:"preset"`
	Seed     uint64    `json:"seed"`
	Rounds   int       `json:"rounds"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	State    string    `json:"state"`        // running, complete, interrupted, budget
	Spins    float64   `json:"spins_per_ns"` // steps of calibrated work in a nanosecond
	Stops    []Stop    `json:"stops,omitempty"`
	OnlyBase []string  `json:"only_base,omitempty"` // of a duet: what the head no longer has, by name
	// OneLayout says why rounds were not linked anew, in a line, and of what; "": they were.
	// Runs of older versions were never linked anew, and do not say so.
	OneLayout string  `json:"one_layout,omitempty"`
	Machine   Machine `json:"machine"`
	// Executable and Engines are the starts of the SHA-256 sums of the executables that run
	// trials: of the command, and of others by name. Runs of older versions do not say them.
	Executable string            `json:"executable,omitempty"`
	Engines    map[string]string `json:"engines,omitempty"`
	Costs      map[string]Figure `json:"costs,omitempty"` // what the harness itself costs, by name
	Suites     []SuiteInfo       `json:"suites,omitempty"`
	Impls      []ImplInfo        `json:"impls,omitempty"`
	Promises   []PromiseInfo     `json:"promises,omitempty"`
	Works      []WorkInfo        `json:"works,omitempty"`
	Profiles   []ProfileInfo     `json:"profiles,omitempty"`

	units   map[string]*unitInfo // that a results file describes, by tidy unit
	benches map[string]benchInfo // of other tools, by name
}

// Machine holds the facts that must match for two runs to be comparable.
type Machine struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// Stop says why a point had no further rounds.
type Stop struct {
	Point  string  `json:"point"`
	Rounds int     `json:"rounds"`
	Width  float64 `json:"width"` // of the widest interval, relative to its median
	Reason string  `json:"reason"`
}

// Figure is a number with its unit.
type Figure struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// SuiteInfo names a suite: the implementations of one interface, with their workloads.
type SuiteInfo struct {
	Pattern  string `json:"pattern"`
	Contract string `json:"contract"`
	Name     string `json:"name,omitempty"` // "" if the contract has only one
}

// ImplInfo is what a report says of an implementation, apart from its numbers.
type ImplInfo struct {
	Contract string   `json:"contract"`
	Suite    string   `json:"suite,omitempty"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Source   string   `json:"source"`
	Role     string   `json:"role,omitempty"` // "", noop, broken, known-broken
	Promises []string `json:"promises,omitempty"`
	Flaw     string   `json:"flaw,omitempty"`
	Skipped  string   `json:"skipped,omitempty"` // why it did not run
}

// PromiseInfo says what a promise means, as the predicate of a sentence: "serves in
// order".
type PromiseInfo struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning"`
	Covers  string `json:"covers,omitempty"` // a promise that is not lacking where this one is made
}

// WorkInfo is what a report says of a workload.
type WorkInfo struct {
	Contract string   `json:"contract"`
	Suite    string   `json:"suite,omitempty"`
	Name     string   `json:"name"`
	Op       string   `json:"op"`                 // what one turn is; ns/op divides by turns
	About    string   `json:"about"`              // the load in a sentence
	Baseline string   `json:"baseline,omitempty"` // implementation that others are compared with
	Ranks    string   `json:"ranks,omitempty"`    // unit that verdicts rank by; "": ns/op
	Metrics  []Metric `json:"metrics,omitempty"`  // that the workload declares
	Crowd    []string `json:"crowd,omitempty"`    // parameters that count goroutines; their sum is the number
	Curve    string   `json:"curve"`              // parameter on the x axis of its scaling chart
	// Planes are the parameters, x and y, of its maps of winners.
	Planes [][2]string `json:"planes,omitempty"`
}

// ProfileInfo is a profile of one cell.
type ProfileInfo struct {
	Cell string   `json:"cell"` // the cell's name
	Kind string   `json:"kind"` // cpu, mutex, block, mem, goroutine, trace
	File string   `json:"file"` // relative to the run's folder; "": it was not kept
	Top  []TopRow `json:"top,omitempty"`
}

// TopRow is one line of a profile's top table.
type TopRow struct {
	Function string  `json:"function"`
	Flat     float64 `json:"flat"` // share of the total, 0 to 1
	Cum      float64 `json:"cum"`
	Value    string  `json:"value"` // flat value with unit
}
