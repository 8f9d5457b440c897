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
	t.openLoopValues(values)
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
func (t *Trial) openLoopValues(values map[string]float64) {
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
	latencyValues(values, "service-", service)
	values["kept-rate"] = float64(turns) / wall.Seconds() / t.spec.Rate
	values["late-share"] = float64(behind) / float64(paced)
	values["generator-late-share"] = float64(delayed) / float64(paced)
	values["generator-late-max-ns"] = float64(delay.Max())
	if d, ok := delay.Quantile(0.99); ok {
		values["generator-late-p99-ns"] = float64(d)
	}
}

// throughputValues sets the values that come from throughput windows.
func (t *Trial) throughputValues(trial *results.Trial, kept []windowResult) error {
	var actives, cpus, bytes, objects []float64
	metrics := map[string][]float64{}
	for _, r := range kept {
		trial.Turns += r.turns
		trial.Windows = append(trial.Windows, r.nsPerOp())
		actives = append(actives, float64(r.active))
		n := float64(max(r.turns, 1))
		cpus = append(cpus, float64(r.cpu)/n)
		all := float64(max(r.all, 1))
		bytes = append(bytes, float64(r.heap.Bytes)/all)
		objects = append(objects, float64(r.heap.Objects)/all)
		for unit, v := range r.metrics {
			metrics[unit] = append(metrics[unit], v)
		}
	}
	metrics["ns/op"] = trial.Windows
	metrics["active"] = actives
	metrics["cpu-ns/op"] = cpus
	if t.c.Load.Allocates {
		metrics["B/op"] = bytes
		metrics["allocs/op"] = objects
	}
	for unit, vs := range metrics {
		m, err := stats.Median(vs)
		if err != nil {
			return fmt.Errorf("computing the median of %s: %w", unit, err)
		}
		trial.Values[unit] = m
	}
	trial.Values["ops/s"] = 1e9 / trial.Values["ns/op"]
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
