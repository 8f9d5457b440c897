package cli

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// readWhere reads the parameters of a load, which workloads of the suites must have.
func readWhere(texts []string, suites []harness.Suite) (map[string]string, error) {
	numeric := map[string]bool{"procs": true, harness.RateKey: true} // by key; false: words are values, too
	for _, s := range suites {
		for _, l := range s.Loads {
			for _, p := range l.Params {
				_, words := p.(harness.Param[string])
				numeric[p.Name()] = !words
			}
		}
	}
	wanted := map[string]string{}
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" || value == "" {
			return nil, fmt.Errorf("--where %q: want key=number, such as goroutines=64", text)
		}
		isNumber, known := numeric[key]
		if !known {
			return nil, fmt.Errorf("--where %q: no workload here has the parameter %q; %s",
				text, key, rounds.Nearest(key, slices.Collect(maps.Keys(numeric))))
		}
		v, err := strconv.ParseFloat(value, 64)
		if isNumber && (err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0) {
			return nil, fmt.Errorf("--where %q: want key=number of at least 0, such as goroutines=64", text)
		}
		if before, twice := wanted[key]; twice && before != value {
			return nil, fmt.Errorf("--where %q: %s is %s already; want one value of it", text, key, before)
		}
		if err := taken(suites, key, value); err != nil {
			return nil, fmt.Errorf("--where %q: %w", text, err)
		}
		wanted[key] = value
	}
	return wanted, nil
}

// taken returns an error unless a workload of the suites takes the value.
func taken(suites []harness.Suite, key, value string) error {
	if key == "procs" || key == harness.RateKey {
		if n, err := strconv.Atoi(value); err != nil || n < 1 {
			return fmt.Errorf("%s is a whole number of at least 1", key)
		}
		return nil
	}
	var last error
	for _, s := range suites {
		for _, l := range s.Loads {
			if !slices.ContainsFunc(l.Params, func(p harness.AnyParam) bool { return p.Name() == key }) {
				continue
			}
			if last = l.Check([]results.Param{{Key: key, Value: value}}); last == nil {
				return nil
			}
		}
	}
	return last
}

// nearby is how many points around the load to show of each suite, so that crossovers are
// visible.
const nearby = 5

// nearest returns the verdicts of a suite that are closest to the load, closest first.
// The distance is in octaves, summed over the parameters in wanted.
func nearest(
	verdicts []results.Verdict, s harness.Suite, filter func(results.Cell) bool, wanted map[string]string,
) []results.Verdict {
	var near []results.Verdict
	for _, v := range verdicts {
		of := slices.ContainsFunc(s.Loads, func(l harness.Load) bool { return l.Name == v.Work })
		if v.Contract == s.Contract && of && anyCell(v, filter) {
			near = append(near, v)
		}
	}
	slices.SortStableFunc(near, func(x, y results.Verdict) int {
		return cmp.Compare(octaves(x.Point, wanted), octaves(y.Point, wanted))
	})
	return near[:min(nearby, len(near))]
}

// anyCell reports whether the filter selects the point, or any of its rows.
func anyCell(v results.Verdict, filter func(results.Cell) bool) bool {
	cell, err := results.ParseName(v.Point)
	if err != nil {
		return false
	}
	row := func(r results.RowVerdict) bool { return filter(cell.With(r.Impl)) }
	return filter(cell) || slices.ContainsFunc(v.Rows, row)
}

// far is the distance of a point without the parameter, or with another word for it.
const far = 10

// octaves returns the distance of a point from the load.
func octaves(point string, wanted map[string]string) (sum float64) {
	cell, err := results.ParseName(point)
	if err != nil {
		return math.Inf(1)
	}
	for key, want := range wanted {
		text, ok := cell.Get(key)
		have, errHave := strconv.ParseFloat(text, 64)
		number, errWant := strconv.ParseFloat(want, 64)
		switch {
		case !ok:
			sum += far
		case text == want:
		case errHave != nil || errWant != nil:
			sum += far
		default:
			sum += math.Abs(math.Log2((have + 1) / (number + 1)))
		}
	}
	return sum
}

// A difference is what a point has instead of what was asked for.
type difference struct {
	Key  string `json:"key"`
	Have string `json:"have"` // "": the workload has no such parameter
	Want string `json:"want"`
}

// differences returns how a point differs from the load, by key.
func (q *advising) differences(point string) (all []difference) {
	cell, err := results.ParseName(point)
	if err != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(q.wanted)) {
		have, _ := cell.Get(key)
		if want := q.wanted[key]; !same(have, want) {
			all = append(all, difference{key, have, want})
		}
	}
	return all
}

// same reports whether two values are equal, as numbers if they are numbers.
func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && x == y
}

// exactly is the distance of a point that is the load that was asked for.
const exactly = "exactly the load asked for"

// distance says how far a point is from the load that was asked for.
func (q *advising) distance(point string) string {
	var parts []string
	for _, d := range q.differences(point) {
		switch {
		case d.Have == "" && d.Key == harness.RateKey:
			parts = append(parts, fmt.Sprintf("a closed loop instead of %s %s", d.Key, d.Want))
			continue
		case d.Have == "":
			parts = append(parts, fmt.Sprintf("the workload has no %s", d.Key))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %s instead of %s", d.Key, d.Have, d.Want))
	}
	if len(parts) == 0 {
		return exactly
	}
	return strings.Join(parts, ", ")
}
