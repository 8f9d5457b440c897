package results

import "slices"

// Better says which direction of a metric is an improvement.
type Better string

// The directions. A metric with Neither describes a row and does not judge it.
const (
	Lower   Better = "lower"
	Higher  Better = "higher"
	Neither Better = ""
)

// Metric is a figure that a row may have, identified by its unit.
type Metric struct {
	Unit   string `json:"unit"` // as in bench.txt: "takeover-ms"
	Better Better `json:"better,omitempty"`
	About  string `json:"about"`          // what it is, in a few words
	Rare   bool   `json:"rare,omitempty"` // nothing is said by a column of it that has zeros only
}

// nsPerOp ranks the workloads that name no metric of their own.
const nsPerOp = "ns/op"

// Standard lists the metrics that the harness itself measures, in the order of a row's
// values.
var Standard = []Metric{
	{Unit: nsPerOp, Better: Lower, About: "wall time divided by the turns of all workers"},
	{Unit: "ops/s", Better: Higher, About: "turns per second"},
	{Unit: "p50-ns", Better: Lower, About: "median latency"},
	{Unit: "p90-ns", Better: Lower, About: "latency, 90th percentile"},
	{Unit: "p99-ns", Better: Lower, About: "latency, 99th percentile"},
	{Unit: "p99.9-ns", Better: Lower, About: "latency, 99.9th percentile"},
	{Unit: "max-ns", Better: Lower, About: "longest sampled latency"},
	{Unit: "active", Better: Higher, About: "workers that completed a turn in a window"},
	{Unit: "jain", Better: Higher, About: "Jain's fairness index of the workers' shares; 1 is equal"},
	{Unit: "min-share", Better: Higher, About: "smallest share of a worker, relative to an equal one"},
	{Unit: "max-share", Better: Neither, About: "largest share of a worker, relative to an equal one"},
	{Unit: "starved", Better: Lower, About: "workers without a turn in the fairness window"},
	{Unit: "wait-max-ns", Better: Lower, About: "longest time without a turn of a worker in the fairness window"},
	{Unit: "fair-ms", Better: Neither, About: "length of the fairness window"},
	{Unit: "cpu-ns/op", Better: Lower, About: "processor time divided by turns"},
	{Unit: "B/op", Better: Lower, About: "bytes allocated divided by turns"},
	{Unit: "allocs/op", Better: Lower, About: "allocations divided by turns"},
	{Unit: emptyWindows, Better: Neither, About: "throughput windows in which no turn finished"},
	{Unit: emptyMs, Better: Neither, About: "length of the windows in which no turn finished"},
	{Unit: "hop-ns", Better: Neither, About: "one transfer of a cache line between two cores, when the trial began"},
	{Unit: "kept-rate", Better: Higher, About: "share of an open loop's rate that was kept"},
	{
		Unit: "late-share", Better: Lower,
		About: "share of an open loop's turns that were due before the worker's previous turn was over",
	},
	{
		Unit: "generator-late-share", Better: Lower,
		About: "share of an open loop's turns that the load generator began over 1 µs late",
	},
	{
		Unit: "generator-late-p99-ns", Better: Lower,
		About: "by how much the load generator began a turn late, 99th percentile",
	},
	{Unit: "generator-late-max-ns", Better: Lower, About: "by how much the load generator began a turn late, at most"},
	{
		Unit: "sampling-cost", Better: Neither,
		About: "time of a turn in a latency window, relative to a throughput window",
	},
	{Unit: "samples", Better: Neither, About: "turns whose latency was sampled"},
	{Unit: "service-p50-ns", Better: Lower, About: "median latency from the actual start of a turn"},
	{Unit: "service-p90-ns", Better: Lower, About: "latency from the actual start, 90th percentile"},
	{Unit: "service-p99-ns", Better: Lower, About: "latency from the actual start, 99th percentile"},
	{Unit: "service-p99.9-ns", Better: Lower, About: "latency from the actual start, 99.9th percentile"},
	{Unit: "service-max-ns", Better: Lower, About: "longest latency from the actual start"},
	{Unit: "service-samples", Better: Neither, About: "turns whose latency from the actual start was sampled"},
}

// findMetric returns the metric of a unit.
func findMetric(metrics []Metric, unit string) (Metric, bool) {
	i := slices.IndexFunc(metrics, func(m Metric) bool { return m.Unit == unit })
	if i < 0 {
		return Metric{Unit: unit}, false
	}
	return metrics[i], true
}

// Metrics returns the metrics that a workload declares, each once. Suites of one contract
// may share the workload; the declarations of all of them count.
func (i *Info) Metrics(contract, work string) []Metric {
	var all []Metric
	for _, w := range i.works(contract, work) {
		for _, m := range w.Metrics {
			if _, ok := findMetric(all, m.Unit); !ok {
				all = append(all, m)
			}
		}
	}
	return all
}

// Metric describes a unit of a workload: by the workload's own declaration, or else as a
// standard metric. A unit that is neither, as in old runs, has no direction and no
// description.
func (i *Info) Metric(contract, work, unit string) Metric {
	m, _ := i.metric(contract, work, unit)
	return m
}

// metric returns a unit's metric, and whether anything declares it. What a results file
// says of the direction comes first.
func (i *Info) metric(contract, work, unit string) (m Metric, declared bool) {
	m, declared = findMetric(i.Metrics(contract, work), unit)
	if !declared && work != "" { // another tool's unit of that name may be something else
		m, declared = findMetric(Standard, unit)
	}
	if b := i.said(unit).better; b != Neither {
		m.Better, declared = b, true
	}
	if !declared {
		m.Better = usual(unit)
	}
	return m, declared
}

// Ranking returns the metric that verdicts on a cell rank by: unit, or the workload's own
// choice if unit is empty. Without a choice, it is the p99 from the due time in an open
// loop, whose rate is given, and otherwise ns/op. A metric without a direction cannot
// rank, so that replaces it.
func (i *Info) Ranking(c Cell, unit string) Metric {
	if unit == "" {
		w, _ := i.Work(c.Contract, c.Work)
		unit = w.Ranks
	}
	if m := i.Metric(c.Contract, c.Work, unit); m.Better != Neither {
		return m
	}
	if c.OpenLoop() {
		return i.Metric(c.Contract, c.Work, dueP99)
	}
	return i.Metric(c.Contract, c.Work, nsPerOp)
}
