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
func openBench(in io.Reader, path string, own bool) (*Run, error) {
	run := &Run{Path: path}
	if err := run.readBench(in, path, own); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if run.file.lines == 0 {
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

// benchReader packs the results in a file.
type benchReader struct {
	run    *Run
	lines  *lines
	watch  watch
	marked bool                // the file says that contend wrote it
	spelt  map[string]string   // tidy unit → as the file writes it first
	known  map[string]spelling // unit as it is written → how it is kept
	blocks map[string]*block   // by their keys
	order  []*block            // as in the file
	block  *block              // of the last result
}

// A block is the results whose keys of the file are the same.
type block struct {
	keys  []Param
	rows  [2]map[string]*packedRow // by name; the second of results that contend wrote
	cells map[string]*packedRow    // that contend wrote, by side and name
	lines int
}

// A spelling says how a unit is kept. Kinds of units keep the unit that a file has first.
type spelling struct {
	unit     string
	from, to float64 // that a value is multiplied with and divided by; equal: it stays
}

func (r *Run) readBench(in io.Reader, path string, own bool) error {
	text, err := printed(decoded(in))
	if err != nil {
		return err
	}
	r.file = &packed{}
	b := &benchReader{
		run: r, marked: own, watch: watch{file: path, panicked: -1},
		spelt: map[string]string{}, known: map[string]spelling{}, blocks: map[string]*block{},
	}
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
	r.configure(b.order)
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
		u.better = Better(m.Value)
	case m.Key == "assume" && m.Value == "exact":
		u.exact = true
	}
}

func (b *benchReader) result(rec *benchfmt.Result) {
	_, line := rec.Pos()
	if len(rec.Name) > maxName {
		name := "Benchmark" + string(rec.Name[:31]) + "…"
		b.problem(line, name, fmt.Sprintf("skipped: the name is longer than %d bytes", maxName))
		return
	}
	row, err := b.row(rec)
	if err != nil {
		b.problem(line, "Benchmark"+rec.Name.String(), "skipped: "+err.Error())
		return
	}
	values := rec.Values
	for more := true; more; more = len(values) > 0 {
		values = b.line(row, rec, values)
	}
}

// line gives a row a line of values. It returns those of a unit that the line has already:
// benchstat takes both as samples.
func (b *benchReader) line(row *packedRow, rec *benchfmt.Result, values []benchfmt.Value) (again []benchfmt.Value) {
	row.places = append(row.places, int32(b.run.file.lines))
	row.turns = append(row.turns, uint64(max(rec.Iters, 0)))
	b.run.file.lines++
	b.block.lines++
	for n, v := range values {
		unit, value := b.spell(v)
		switch {
		case !sensible(value) || value < 0 && amount(unit):
			_, at := rec.Pos()
			b.problem(at, "Benchmark"+rec.Name.String(), fmt.Sprintf("value skipped: %s is %v", unit, value))
		case !row.set(n, unit, value):
			again = append(again, v)
		}
	}
	return again
}

// row returns the row of a result, and makes it if it is new.
func (b *benchReader) row(rec *benchfmt.Result) (*packedRow, error) {
	if b.block == nil || !b.block.has(rec.Config) {
		b.enter(rec)
	}
	rows := b.block.rows[0]
	if b.marked {
		rows = b.block.rows[1]
	}
	if row, ok := rows[string(rec.Name)]; ok {
		return row, nil
	}
	cell, side, err := b.cell(rec)
	if err != nil {
		return nil, err
	}
	row, known := b.block.same(&cell, side)
	if !known {
		row = &packedRow{cell: cell, side: side}
		b.run.file.rows = append(b.run.file.rows, row)
	}
	rows[rec.Name.String()] = row
	if cell.Own() {
		b.block.cells[side+" "+cell.Name()] = row
	}
	return row, nil
}

// same returns the row of a cell whose name was written in another way.
func (k *block) same(c *Cell, side string) (*packedRow, bool) {
	row, ok := k.cells[side+" "+c.Name()]
	if !ok && c.Own() && side == "" { // it may precede the line that says who wrote the file
		row, ok = k.rows[0][c.Name()]
	}
	return row, ok
}

// cell reads the name of a result. Names that contend wrote have their own order of
// parts, and the side of a duet among them; all others stay as they are.
func (b *benchReader) cell(rec *benchfmt.Result) (c Cell, side string, err error) {
	name := rec.Name.String()
	if b.marked && strings.Contains(name, "/work=") && strings.Contains(name, "/impl=") {
		if c, err = ParseName(name); err != nil {
			return c, "", err
		}
		c.from = &origin{file: b.block.keys}
		if i := slices.IndexFunc(c.Params, isSide); i >= 0 {
			side = c.Params[i].Value
			c.Params = slices.Delete(c.Params, i, i+1)
		}
		return c, side, nil
	}
	if name == "" {
		return c, "", errors.New("the benchmark has no name")
	}
	c = foreign(rec.Name)
	c.from.file = b.block.keys
	return c, "", nil
}

// spell returns a value in the unit that the file first wrote for its kind: ns/op and
// sec/op are of one kind.
func (b *benchReader) spell(v benchfmt.Value) (string, float64) {
	unit, value := v.Unit, v.Value
	if v.OrigUnit != "" {
		unit, value = v.OrigUnit, v.OrigValue
	}
	s, ok := b.known[unit]
	if !ok {
		s = b.spelling(unit)
		b.known[unit] = s
	}
	if s.from != s.to {
		value = value * s.from / s.to
	}
	return s.unit, value
}

func (b *benchReader) spelling(unit string) spelling {
	from, tidy := benchunit.Tidy(1, unit)
	first, ok := b.spelt[tidy]
	if !ok {
		b.spelt[tidy] = unit
		b.run.units = append(b.run.units, unit)
		return spelling{unit, 1, 1}
	}
	to, _ := benchunit.Tidy(1, first)
	return spelling{first, from, to}
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

// has reports whether the results of the block have these keys.
func (k *block) has(keys []benchfmt.Config) bool {
	same := len(keys) == len(k.keys)
	for i := 0; same && i < len(keys); i++ {
		same = keys[i].Key == k.keys[i].Key && string(keys[i].Value) == k.keys[i].Value
	}
	return same
}

// enter finds the block of a result, and makes it if it is new. The order of the keys in
// the file does not matter.
func (b *benchReader) enter(rec *benchfmt.Result) {
	keys := make([]Param, len(rec.Config))
	parts := make([]string, len(rec.Config))
	for i, c := range rec.Config {
		keys[i] = Param{c.Key, string(c.Value)}
		parts[i] = c.Key + ":" + keys[i].Value
	}
	slices.Sort(parts)
	all := strings.Join(parts, "\n") // values are lines
	if b.block = b.blocks[all]; b.block != nil {
		b.block.keys = keys
		return
	}
	b.block = &block{keys: keys, rows: [2]map[string]*packedRow{{}, {}}, cells: map[string]*packedRow{}}
	b.blocks[all] = b.block
	b.order = append(b.order, b.block)
}

// isSide tells the side of a duet from a workload's own parameter of that name, such as
// the barrier stencil's.
func isSide(p Param) bool { return p.Key == "side" && slices.Contains(Sides, p.Value) }
