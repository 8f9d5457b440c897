package harness

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/montanaflynn/stats"

	"github.com/contendbench/contend/harness/histogram"
	"github.com/contendbench/contend/results"
)

// summarize computes the trial's values from its windows. The trial's ns/op is the median
// over the windows that are kept. Windows of one process are not independent, so a trial
// is one sample.
func (t *Trial) summarize(trial *results.Trial) error {
	values := map[string]float64{}
	trial.Values = values
	var kept []windowResult
	lat := new(histogram.Histogram)
	for i, r := range t.results {
		trial.Workers = max(trial.Workers, r.workers)
		if r.timeline != nil {
			trial.Timeline = r.timeline
		}
		switch r.kind {
		case throughput:
			if i > 0 || t.spec.Windows == 1 {
				kept = append(kept, r)
			}
		case latency:
			maps.Copy(values, r.metrics) // throughput windows replace them
			lat.Add(r.hist)
		case fairness:
			for unit, v := range fairnessValues(r) {
				values[unit] = v
			}
		}
	}
	if len(kept) > 0 {
		if err := t.throughputValues(trial, kept); err != nil {
			return err
		}
	}
	latencyValues(values, "", lat)
	t.openLoopValues(trial)
	if trial.Probe.HopNs > 0 {
		values["hop-ns"] = trial.Probe.HopNs
	}
	if plain, timed := values["ns/op"], nsPerOp(t.results, latency); plain > 0 && timed > 0 && t.spec.Rate == 0 {
		values["sampling-cost"] = timed / plain
	}
	var err error
	trial.Hist, err = lat.Export()
	return err
}

// openLoopValues sets what the latency windows of an open loop say of its schedule.
func (t *Trial) openLoopValues(trial *results.Trial) {
	values := trial.Values
	service, delay := new(histogram.Histogram), new(histogram.Histogram)
	var behind, delayed, turns uint64
	var wall time.Duration
	for _, r := range t.results {
		if r.kind == latency {
			service.Add(r.service)
			delay.Add(r.delay)
			behind, delayed, turns, wall = behind+r.behind, delayed+r.delayed, turns+r.turns, wall+r.wall
		}
	}
	paced, _ := delay.Totals()
	if t.spec.Rate <= 0 || paced == 0 {
		return
	}
	trial.Turns = turns
	latencyValues(values, "service-", service)
	values["kept-rate"] = float64(turns) / wall.Seconds() / t.spec.Rate
	values["late-share"] = float64(behind) / float64(paced)
	values["generator-late-share"] = float64(delayed) / float64(paced)
	values["generator-late-max-ns"] = float64(delay.Max())
	if d, ok := delay.Quantile(0.99); ok {
		values["generator-late-p99-ns"] = float64(d)
	}
}

// throughputValues sets the values that come from throughput windows. Without a turn in
// any of them, the trial has no value per turn, and says how long it waited for one.
func (t *Trial) throughputValues(trial *results.Trial, kept []windowResult) error {
	metrics := map[string][]float64{}
	add := func(unit string, v float64) { metrics[unit] = append(metrics[unit], v) }
	var empty, emptyMs float64
	for _, r := range kept {
		trial.Turns += r.turns
		add("active", float64(r.active))
		for unit, v := range r.metrics {
			add(unit, v)
		}
		if t.c.Load.Allocates && r.all > 0 {
			add("B/op", float64(r.heap.Bytes)/float64(r.all))
			add("allocs/op", float64(r.heap.Objects)/float64(r.all))
		}
		ns, ok := r.nsPerOp()
		if !ok {
			empty++
			emptyMs += float64(r.wall) / 1e6
			continue
		}
		trial.Windows = append(trial.Windows, ns)
		add("cpu-ns/op", float64(r.cpu)/float64(r.turns))
	}
	metrics["ns/op"] = trial.Windows
	for unit, vs := range metrics {
		if len(vs) == 0 {
			continue
		}
		m, err := stats.Median(vs)
		if err != nil {
			return fmt.Errorf("computing the median of %s: %w", unit, err)
		}
		trial.Values[unit] = m
	}
	if empty > 0 { // the windows with turns are the fast ones: their median would be too good
		trial.Values["empty-windows"], trial.Values["empty-ms"] = empty, emptyMs
		delete(trial.Values, "ns/op")
		delete(trial.Values, "cpu-ns/op")
		if mean := nsPerOp(kept, throughput); mean > 0 {
			trial.Values["ns/op"] = mean
		}
	}
	trial.Values["ops/s"] = 0
	if ns := trial.Values["ns/op"]; ns > 0 {
		trial.Values["ops/s"] = 1e9 / ns
	}
	return nil
}

// nsPerOp returns the mean over the windows of a kind, or 0 if they have no turn.
func nsPerOp(windows []windowResult, kind windowKind) float64 {
	var wall, turns float64
	for _, r := range windows {
		if r.kind == kind {
			wall += float64(r.wall)
			turns += float64(r.turns)
		}
	}
	if turns == 0 {
		return 0
	}
	return wall / turns
}

// latencyValues sets the percentiles of h that have enough samples.
func latencyValues(values map[string]float64, prefix string, h *histogram.Histogram) {
	_, samples := h.Totals()
	if samples == 0 {
		return
	}
	for _, p := range []struct {
		unit string
		q    float64
	}{{"p50-ns", 0.5}, {"p90-ns", 0.9}, {"p99-ns", 0.99}, {"p99.9-ns", 0.999}} {
		if d, ok := h.Quantile(p.q); ok {
			values[prefix+p.unit] = float64(d)
		}
	}
	values[prefix+"max-ns"] = float64(h.Max())
	values[prefix+"samples"] = float64(samples)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
