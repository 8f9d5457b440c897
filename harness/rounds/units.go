package rounds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contendbench/contend/results"
)

// The units that only some windows have.
var (
	timedUnits = []string{"p50-ns", "p90-ns", "p99-ns", "p99.9-ns", "max-ns", "samples", "sampling-cost"}
	fairUnits  = []string{"jain", "min-share", "max-share", "starved", "wait-max-ns", "fair-ms"}
	openUnits  = unitsWith("kept-rate", "late-share", "service-", "generator-late-")
	heapUnits  = []string{"B/op", "allocs/op"}
)

// unitsWith returns the standard units with one of the prefixes.
func unitsWith(prefixes ...string) (units []string) {
	for _, m := range results.Standard {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(m.Unit, p) }) {
			units = append(units, m.Unit)
		}
	}
	return units
}

// Unit returns how trials of the plan spell a unit, which may be written as benchstat
// does: sec/op. A unit that no trial can have is an error. The empty unit is what each
// workload ranks by.
func (p Plan) Unit(preset Preset, unit string) (string, error) {
	if unit == "" {
		return "", nil
	}
	var known []string
	for _, j := range p.all() {
		for _, m := range slices.Concat(j.Load.Metrics, results.Standard) {
			if preset.For(m.Unit).Has(j, m.Unit) {
				known = append(known, m.Unit)
			}
		}
	}
	if spelt, ok := results.MatchUnit(unit, known); ok {
		return spelt, nil
	}
	return "", fmt.Errorf("--unit %s: no trial of this plan has it; %s", unit, Nearest(unit, known))
}

func (p Plan) all() (jobs []Job) {
	for _, b := range p.Blocks {
		jobs = append(jobs, b...)
	}
	return jobs
}

// Has reports whether the trials of a job's first round can have a unit. Whether a
// workload reports a metric of its own, only its trials show.
func (p Preset) Has(j Job, unit string) bool {
	s := p.Spec(j, 1)
	declared := func(m results.Metric) bool { return m.Unit == unit }
	switch {
	case slices.ContainsFunc(j.Load.Metrics, declared):
		return true
	case slices.Contains(timedUnits, unit):
		return s.Latency > 0
	case slices.Contains(fairUnits, unit):
		return s.Fairness > 0
	case slices.Contains(openUnits, unit):
		return s.Rate > 0
	case slices.Contains(heapUnits, unit):
		return j.Load.Allocates && s.Windows > 0
	}
	return s.Windows > 0 && slices.ContainsFunc(results.Standard, declared)
}

// Rows returns how many cells of the plan have a unit, and so are compared with a second
// side. An empty unit is what each workload ranks by.
func (p Plan) Rows(preset Preset, unit string) int {
	rows := map[string]bool{}
	for _, j := range p.all() {
		if _, again := j.Cell.Unalias(); !again && (unit == "" || preset.Has(j, unit)) {
			rows[j.Cell.Name()] = true
		}
	}
	return len(rows)
}

// For returns the preset with every window that a unit needs in every round, since a
// round without it is no pair. A workload's own metric may be one of timed windows.
func (p Preset) For(unit string) Preset {
	standard := slices.ContainsFunc(results.Standard, func(m results.Metric) bool { return m.Unit == unit })
	if slices.Contains(timedUnits, unit) || unit != "" && !standard {
		p.LatencyIn = 1
	}
	if slices.Contains(fairUnits, unit) {
		p.FairAlways, p.FairEverywhere = true, true
	}
	return p
}
