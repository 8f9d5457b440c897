package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"golang.org/x/perf/benchfmt"
)

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
		return nil, fmt.Errorf("%s: no benchmark result: want the folder of a run, or lines such as %q",
			path, "BenchmarkMutex/impl=sync-2 1000 35.1 ns/op")
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
	if len(rec.Name) > maxName {
		return Trial{}, fmt.Errorf("the name is longer than %d bytes", maxName)
	}
	cell, err := ParseName(rec.Name.String())
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Cell: cell, Status: Ok, Round: 1, Turns: uint64(max(rec.Iters, 0)), Values: map[string]float64{}}
	if i := slices.IndexFunc(t.Params, isSide); i >= 0 {
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

// isSide tells the side of a duet from a workload's own parameter of that name, such as
// the barrier stencil's.
func isSide(p Param) bool { return p.Key == "side" && slices.Contains(Sides, p.Value) }

func (m *Machine) read(rec *benchfmt.Result) {
	m.GOOS, m.GOARCH, m.CPU = rec.GetConfig("goos"), rec.GetConfig("goarch"), rec.GetConfig("cpu")
	m.Kernel, m.Go = rec.GetConfig("kernel"), rec.GetConfig("go")
	if n, err := strconv.Atoi(rec.GetConfig("cores")); err == nil {
		m.Cores = n
	}
}

// boundLines passes lines on, except those that are too long.
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
