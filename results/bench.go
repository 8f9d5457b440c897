package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// unitOrder is the order of a row's values; the others follow by name.
var unitOrder = []string{
	"ns/op", "ops/s", "p50-ns", "p90-ns", "p99-ns", "p99.9-ns", "max-ns", "active", "jain", "min-share", "max-share",
	"starved", "wait-max-ns", "fair-ms", "cpu-ns/op", "B/op", "allocs/op", "hop-ns",
}

// higherIsBetter are the units of which more is better; of the others less is.
var higherIsBetter = map[string]bool{"ops/s": true, "jain": true, "min-share": true, "active": true, "hysteresis": true, "burst-ratio": true, "kept-rate": true}

// unjudged are the units that are neither better nor worse.
var unjudged = map[string]bool{"fair-ms": true, "hop-ns": true, "samples": true, "max-share": true, "hog-turns/op": true, "handoffs/op": true}

// Derive writes what follows from a run's trials: bench.txt, in the Go benchmark format, and hist/. A row
// with a trial that is not ok has no line.
func Derive(run *Run) error {
	if err := writeFile(filepath.Join(run.Path, benchFile), run.WriteBench); err != nil {
		return err
	}
	return writeHistograms(run)
}

// WriteBench writes the run in the Go benchmark format, a line a trial: rows in the order of the
// run's tables, trials by round, so that equal positions within rows of a point are equal rounds.
func (r *Run) WriteBench(out io.Writer) error {
	w := benchfmt.NewWriter(out)
	units := map[string]bool{}
	rows := r.Rows()
	for _, row := range rows {
		for _, t := range row.Good {
			for unit := range t.Values {
				units[unit] = true
			}
		}
	}
	for _, unit := range ordered(units) {
		if err := writeUnit(w, unit); err != nil {
			return err
		}
	}
	config := r.Info.Machine.config()
	for _, row := range rows {
		if !row.Passed() {
			continue
		}
		for _, t := range row.Good {
			res := benchfmt.Result{Config: config, Name: benchfmt.Name(t.benchName()), Iters: int(max(t.Turns, 1))}
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

// digits rounds to the six digits that a measurement can have at most.
func digits(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil { // it parses what it has formatted
		return v
	}
	return rounded
}

func writeUnit(w *benchfmt.Writer, unit string) error {
	if unjudged[unit] {
		return nil
	}
	better := "lower"
	if higherIsBetter[unit] {
		better = "higher"
	}
	_, tidy := benchunit.Tidy(1, unit)
	return w.Write(&benchfmt.UnitMetadata{
		UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: tidy, Key: "better"}, OrigUnit: unit, Value: better,
	})
}

// benchName is the row's name with the side of a duet as a dimension.
func (t Trial) benchName() string {
	if t.Side == "" {
		return t.Name()
	}
	c := t.Cell
	c.Params = append([]Param{{"side", t.Side}}, c.Params...)
	return c.Name()
}

func ordered[V any](units map[string]V) []string {
	rank := func(u string) int {
		if i := slices.Index(unitOrder, u); i >= 0 {
			return i
		}
		return len(unitOrder)
	}
	return slices.SortedFunc(maps.Keys(units), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return 1
	})
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

// keys are the facts that must match, in the order of the file.
func (m Machine) keys() []Param {
	cores := ""
	if m.Cores > 0 {
		cores = strconv.Itoa(m.Cores)
	}
	return []Param{{"goos", m.GOOS}, {"goarch", m.GOARCH}, {"cpu", m.CPU}, {"cores", cores}, {"kernel", m.Kernel}, {"go", m.Go}}
}

// openBench reads a file in the Go benchmark format, from contend or from go test -bench.
func openBench(path string) (*Run, error) {
	f, err := openBounded(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	run := &Run{Path: path}
	if err := run.readBench(f, path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(run.Trials) == 0 {
		return nil, fmt.Errorf("%s: no benchmark result in it: want lines such as \"BenchmarkMutex/impl=sync-2 1000 35.1 ns/op\", or the folder of a run", path)
	}
	return run, nil
}

func (r *Run) readBench(in io.Reader, path string) error {
	bounded := boundLines(in)
	defer bounded.Close()
	reader := benchfmt.NewReader(bounded, path)
	rounds := map[string]int{}
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			r.Problems = append(r.Problems, Problem{File: path, Line: rec.Line, Text: "skipped: " + rec.Msg})
		case *benchfmt.Result:
			_, line := rec.Pos()
			t, err := benchTrial(rec)
			if err != nil {
				r.Problems = append(r.Problems, Problem{File: path, Line: line, Text: "skipped: " + err.Error()})
				continue
			}
			key := t.Side + " " + t.Name()
			rounds[key]++
			t.Round = rounds[key]
			r.Trials = append(r.Trials, t)
			r.Info.Machine.read(rec)
		}
	}
	return reader.Err()
}

func benchTrial(rec *benchfmt.Result) (Trial, error) {
	if len(rec.Name) > longestName {
		return Trial{}, fmt.Errorf("a name longer than %d bytes", longestName)
	}
	cell, err := ParseName(rec.Name.String())
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Cell: cell, Status: Ok, Round: 1, Turns: uint64(max(rec.Iters, 0)), Values: map[string]float64{}}
	if i := slices.IndexFunc(t.Params, func(p Param) bool { return p.Key == "side" }); i >= 0 {
		t.Side = t.Params[i].Value
		t.Params = slices.Delete(t.Params, i, i+1)
	}
	for _, v := range rec.Values {
		unit, value := v.Unit, v.Value
		if v.OrigUnit != "" {
			unit, value = v.OrigUnit, v.OrigValue
		}
		t.Values[unit] = value
	}
	for unit, v := range t.Values {
		if !sensible(v) {
			return Trial{}, fmt.Errorf("%s is %v", unit, v)
		}
	}
	return t, nil
}

func (m *Machine) read(rec *benchfmt.Result) {
	m.GOOS, m.GOARCH, m.CPU = rec.GetConfig("goos"), rec.GetConfig("goarch"), rec.GetConfig("cpu")
	m.Kernel, m.Go = rec.GetConfig("kernel"), rec.GetConfig("go")
	if n, err := strconv.Atoi(rec.GetConfig("cores")); err == nil {
		m.Cores = n
	}
}

// boundLines passes lines on, but for those that are too long.
func boundLines(in io.Reader) *io.PipeReader {
	out, w := io.Pipe()
	go func() {
		b := bufio.NewReader(in)
		for {
			line, err := readLine(b)
			if len(line) > 0 || err == nil || errors.Is(err, errLong) {
				if _, werr := w.Write(append(line, '\n')); werr != nil {
					return
				}
			}
			if err != nil && !errors.Is(err, errLong) {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				w.CloseWithError(err) // nil is the end of the file
				return
			}
		}
	}()
	return out
}
