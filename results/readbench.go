package results

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// openBench reads a file in the Go benchmark format, from contend or from go test -bench.
// If contend is known to have written it, it need not say so.
func openBench(path string, own bool) (*Run, error) {
	f, err := openBounded(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	run := &Run{Path: path}
	if err := run.readBench(f, path, own); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(run.Trials) == 0 {
		return nil, run.nothing()
	}
	return run, nil
}

// maxShown is how many problems an error tells.
const maxShown = 10

// nothing says why a file has no result.
func (r *Run) nothing() error {
	var text strings.Builder
	for _, p := range r.Problems[:min(len(r.Problems), maxShown)] {
		fmt.Fprintf(&text, "\n  %s", p)
	}
	if n := len(r.Problems) - maxShown; n > 0 {
		fmt.Fprintf(&text, "\n  and %d more", n)
	}
	return fmt.Errorf("%s: no benchmark result: want the folder of a run, or lines such as %q%s",
		r.Path, "BenchmarkMutex/impl=sync-2 1000 35.1 ns/op", text.String())
}

// benchReader makes trials of the results in a file.
type benchReader struct {
	run    *Run
	lines  *lines
	watch  watch
	marked bool              // the file says that contend wrote it
	spelt  map[string]string // tidy unit → as the file writes it first
	config []Param           // of the last result, shared by those that have the same
}

func (r *Run) readBench(in io.Reader, path string, own bool) error {
	text, err := printed(decoded(in))
	if err != nil {
		return err
	}
	b := &benchReader{run: r, marked: own, spelt: map[string]string{}, watch: watch{file: path, panicked: -1}}
	b.lines = &lines{in: bufio.NewReader(text), see: b.watch.see, long: func(n int) {
		b.problem(n, "", "skipped: "+errWide.Error())
	}}
	reader := benchfmt.NewReader(b.lines, path)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			b.syntax(rec)
		case *benchfmt.UnitMetadata:
			b.unit(rec)
		case *benchfmt.Result:
			b.result(rec)
		}
	}
	r.Problems = append(r.Problems, b.watch.problems...)
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	r.configure()
	return reader.Err()
}

func (b *benchReader) problem(line int, bench, text string) {
	b.run.Problems = append(b.run.Problems, Problem{File: b.watch.file, Line: line, Bench: bench, Text: text})
}

// syntax names the benchmark that a damaged line belongs to. What go test says of a
// failure on that line has been noted already.
func (b *benchReader) syntax(err *benchfmt.SyntaxError) {
	name := ""
	if strings.HasPrefix(string(b.lines.line), "Benchmark") {
		name = strings.Fields(string(b.lines.line))[0]
	}
	if n := len(b.watch.problems); n > 0 && b.watch.problems[n-1].Line == err.Line {
		return
	}
	b.problem(err.Line, name, "skipped: "+err.Msg)
}

func (b *benchReader) unit(m *benchfmt.UnitMetadata) {
	u := b.run.Info.unit(m.Unit)
	switch {
	case m.Key == roundsKey:
		b.marked = true
	case m.Key == "better" && (m.Value == string(Lower) || m.Value == string(Higher)):
		u.Better = Better(m.Value)
	case m.Key == "assume" && m.Value == "exact":
		u.Exact = true
	}
}

func (b *benchReader) result(rec *benchfmt.Result) {
	_, line := rec.Pos()
	name := "Benchmark" + rec.Name.String()
	if len(rec.Name) > maxName {
		b.problem(line, name[:40]+"…", fmt.Sprintf("skipped: the name is longer than %d bytes", maxName))
		return
	}
	cell, err := b.cell(rec)
	if err != nil {
		b.problem(line, name, "skipped: "+err.Error())
		return
	}
	t := Trial{Cell: cell, Status: Ok, Turns: uint64(max(rec.Iters, 0)), Values: map[string]float64{}}
	if i := slices.IndexFunc(t.Params, isSide); i >= 0 && t.Own() {
		t.Side = t.Params[i].Value
		t.Params = slices.Delete(t.Params, i, i+1)
	}
	values := []map[string]float64{t.Values} // a line may have a unit twice: benchstat takes both as samples
	for _, v := range rec.Values {
		unit, value := b.spell(v)
		if !sensible(value) {
			b.problem(line, name, fmt.Sprintf("value skipped: %s is %v", unit, value))
			continue
		}
		lacks := func(m map[string]float64) bool { _, ok := m[unit]; return !ok }
		at := slices.IndexFunc(values, lacks)
		if at < 0 {
			at = len(values)
			values = append(values, map[string]float64{})
		}
		values[at][unit] = value
	}
	file := b.file(rec)
	for _, t.Values = range values {
		t.from = t.from.at(file, len(b.run.Trials))
		b.run.Trials = append(b.run.Trials, t)
	}
}

// cell reads the name of a result. Names that contend wrote have their own order of
// parts; all others stay as they are.
func (b *benchReader) cell(rec *benchfmt.Result) (Cell, error) {
	name := rec.Name.String()
	if b.marked && strings.Contains(name, "/work=") && strings.Contains(name, "/impl=") {
		c, err := ParseName(name)
		c.from = &origin{}
		return c, err
	}
	if name == "" {
		return Cell{}, errors.New("the benchmark has no name")
	}
	return foreign(rec.Name), nil
}

// spell returns a value in the unit that the file first wrote for its kind: ns/op and
// sec/op are of one kind.
func (b *benchReader) spell(v benchfmt.Value) (unit string, value float64) {
	unit, value = v.Unit, v.Value
	if v.OrigUnit != "" {
		unit, value = v.OrigUnit, v.OrigValue
	}
	_, tidy := benchunit.Tidy(1, unit)
	first, ok := b.spelt[tidy]
	if !ok {
		b.spelt[tidy] = unit
		b.run.units = append(b.run.units, unit)
		return unit, value
	}
	return first, convert(value, unit, first)
}

// convert returns a value in another unit of its kind.
func convert(value float64, from, to string) float64 {
	if from == to {
		return value
	}
	a, _ := benchunit.Tidy(1, from)
	b, _ := benchunit.Tidy(1, to)
	return value * a / b
}

// file returns the file's keys at a result.
func (b *benchReader) file(rec *benchfmt.Result) []Param {
	same := len(rec.Config) == len(b.config)
	for i := 0; same && i < len(rec.Config); i++ {
		same = rec.Config[i].Key == b.config[i].Key && string(rec.Config[i].Value) == b.config[i].Value
	}
	if !same {
		b.config = nil
		for _, c := range rec.Config {
			b.config = append(b.config, Param{c.Key, string(c.Value)})
		}
	}
	return b.config
}

// isSide tells the side of a duet from a workload's own parameter of that name, such as
// the barrier stencil's.
func isSide(p Param) bool { return p.Key == "side" && slices.Contains(Sides, p.Value) }
