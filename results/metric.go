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
	About  string `json:"about"` // what it is, in a few words
}

// nsPerOp ranks the workloads that name no metric of their own.
const nsPerOp = "ns/op"

// Standard lists the metrics that the harness itself measures, in the order of a row's
// values.
var Standard = []Metric{
	{nsPerOp, Lower, "wall time divided by the turns of all workers"},
	{"ops/s", Higher, "turns per second"},
	{"p50-ns", Lower, "median latency"},
	{"p90-ns", Lower, "latency, 90th percentile"},
	{"p99-ns", Lower, "latency, 99th percentile"},
	{"p99.9-ns", Lower, "latency, 99.9th percentile"},
	{"max-ns", Lower, "longest sampled latency"},
	{"active", Higher, "workers that completed a turn in a window"},
	{"jain", Higher, "Jain's fairness index of the workers' shares; 1 is equal"},
	{"min-share", Higher, "smallest share of a worker, relative to an equal one"},
	{"max-share", Neither, "largest share of a worker, relative to an equal one"},
	{"starved", Lower, "workers without a turn in the fairness window"},
	{"wait-max-ns", Lower, "longest time without a turn of a worker in the fairness window"},
	{"fair-ms", Neither, "length of the fairness window"},
	{"cpu-ns/op", Lower, "processor time divided by turns"},
	{"B/op", Lower, "bytes allocated divided by turns"},
	{"allocs/op", Lower, "allocations divided by turns"},
	{emptyWindows, Neither, "throughput windows in which no turn finished"},
	{emptyMs, Neither, "length of the windows in which no turn finished"},
	{"hop-ns", Neither, "one transfer of a cache line between two cores, when the trial began"},
	{"kept-rate", Higher, "share of an open loop's rate that was kept"},
	{"late-share", Lower, "share of an open loop's turns that were due before the worker's previous turn was over"},
	{"generator-late-share", Lower, "share of an open loop's turns that the load generator began over 1 µs late"},
	{"generator-late-p99-ns", Lower, "by how much the load generator began a turn late, 99th percentile"},
	{"generator-late-max-ns", Lower, "by how much the load generator began a turn late, at most"},
	{"sampling-cost", Neither, "time of a turn in a latency window, relative to a throughput window"},
	{"samples", Neither, "turns whose latency was sampled"},
	{"service-p50-ns", Lower, "median latency from the actual start of a turn"},
	{"service-p90-ns", Lower, "latency from the actual start, 90th percentile"},
	{"service-p99-ns", Lower, "latency from the actual start, 99th percentile"},
	{"service-p99.9-ns", Lower, "latency from the actual start, 99.9th percentile"},
	{"service-max-ns", Lower, "longest latency from the actual start"},
	{"service-samples", Neither, "turns whose latency from the actual start was sampled"},
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
