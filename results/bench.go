package results

import (
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// derive writes the files that follow from a run's trials: bench.txt, in the Go benchmark
// format, and hist/. A row with a trial that is not ok has no line.
func derive(root *os.Root, run *Run) error {
	if err := writeIn(root, benchFile, run.WriteBench); err != nil {
		return err
	}
	return writeHistograms(root, run)
}

// WriteBench writes the run in the Go benchmark format, with a line for each trial. Rows
// are in the order of the run's tables, and the trials of a row are by round. So equal
// positions within the rows of a point are equal rounds.
func (r *Run) WriteBench(out io.Writer) error {
	w := benchfmt.NewWriter(out)
	rows := r.Rows()
	better := r.directions(rows)
	units := ordered(better)
	if err := writeUnit(w, slices.Concat(units, []string{nsPerOp})[0], roundsKey, "lines"); err != nil {
		return err
	}
	for _, unit := range units {
		if err := writeUnit(w, unit, "better", string(better[unit])); err != nil {
			return err
		}
	}
	config := r.Info.Machine.config()
	for _, row := range rows {
		if !row.Passed() {
			continue
		}
		for _, t := range row.Good {
			res := benchfmt.Result{Config: config, Name: benchfmt.Name(t.benchName()), Iters: int(t.Turns)}
			for _, unit := range ordered(t.Values) {
				res.Values = append(res.Values, benchfmt.Value{Value: digits(t.Values[unit]), Unit: unit})
			}
			if len(res.Values) == 0 {
				continue
			}
			if err := w.Write(&res); err != nil {
				return err
			}
		}
	}
	return nil
}

// directions returns which direction is better for each unit that rows have. It leaves
// out a unit without a direction, and one that workloads of the run declare with
// different directions.
func (r *Run) directions(rows []Row) map[string]Better {
	type use struct{ contract, work, unit string }
	uses := map[use]bool{}
	for _, row := range rows {
		for _, t := range row.Good {
			for unit := range t.Values {
				uses[use{row.Contract, row.Work, unit}] = true
			}
		}
	}
	better := map[string]Better{}
	for u := range uses {
		m, declared := r.Info.metric(u.contract, u.work, u.unit)
		if !declared {
			continue
		}
		if other, ok := better[u.unit]; ok && other != m.Better {
			m.Better = Neither // for good: it differs from any direction that follows
		}
		better[u.unit] = m.Better
	}
	maps.DeleteFunc(better, func(_ string, b Better) bool { return b == Neither })
	return better
}

// digits rounds to six significant digits; no measurement has more.
func digits(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil { // cannot happen: it parses what it has formatted
		return v
	}
	return rounded
}

// roundsKey marks a file of contend: the lines of a row are in the order of the rounds.
// It is metadata of a unit, because benchstat compares no rows of files whose keys differ,
// and older files have no mark.
const roundsKey = "rounds"

func writeUnit(w *benchfmt.Writer, unit, key, value string) error {
	_, tidy := benchunit.Tidy(1, unit)
	return w.Write(&benchfmt.UnitMetadata{
		UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: tidy, Key: key}, OrigUnit: unit, Value: value,
	})
}

// benchName returns the row's name, with the side of a duet as a dimension.
func (t Trial) benchName() string {
	if !t.Own() {
		return t.from.bench
	}
	c := t.Cell
	c.from = nil
	if t.Side == "" {
		return c.Name()
	}
	c.Params = append([]Param{{"side", t.Side}}, c.Params...)
	return c.Name()
}

// ordered returns units in the order of Standard; the others follow by name.
func ordered[V any](units map[string]V) []string {
	var out []string
	for _, m := range Standard {
		if _, ok := units[m.Unit]; ok {
			out = append(out, m.Unit)
		}
	}
	standard := len(out)
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		if !slices.Contains(out[:standard], unit) {
			out = append(out, unit)
		}
	}
	return out
}

func (m Machine) config() []benchfmt.Config {
	var config []benchfmt.Config
	for _, kv := range m.keys() {
		if kv.Value != "" {
			config = append(config, benchfmt.Config{Key: kv.Key, Value: []byte(kv.Value), File: true})
		}
	}
	return config
}

// keys returns the facts that must match for a comparison, in the order of the file.
func (m Machine) keys() []Param {
	cores := ""
	if m.Cores > 0 {
		cores = strconv.Itoa(m.Cores)
	}
	return []Param{
		{"goos", m.GOOS},
		{"goarch", m.GOARCH},
		{"cpu", m.CPU},
		{"cores", cores},
		{"kernel", m.Kernel},
		{"go", m.Go},
	}
}
