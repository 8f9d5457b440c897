// Package results holds what was measured: trials, the journal that keeps them, rows with
// their statistics, and comparisons. It reads and writes the Go benchmark format. Results
// files are untrusted input: damaged lines are reported and skipped.
package results

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"golang.org/x/perf/benchunit"
)

// Run is a run as read from its files.
type Run struct {
	Path     string // the folder or file it was read from
	Info     Info
	Trials   []Trial // in the journal's order
	Problems []Problem
	// Unjournaled says that the trials are from bench.txt alone, which leaves out rows that
	// failed. It is not set for files of other tools.
	Unjournaled bool

	file     *packed  // a results file that was not unpacked
	units    []string // of a results file, in its order
	constant []Param  // the keys of a results file that are the same in all lines
	varying  []string // its other keys
}

// Problem is a line of a results file that was skipped, or that says that something
// failed.
type Problem struct {
	File    string
	Line    int
	Text    string
	Bench   string // the benchmark that lost a result or failed, if that is known
	Failure bool   // a benchmark or a package failed, as go test says

	torn bool // the last line, cut short
}

// String says where the problem is, and which benchmark it concerns.
func (p Problem) String() string {
	if p.Bench == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Bench, p.Text)
}

// Failures returns the problems that are failures, as go test says.
func (r *Run) Failures() []Problem { return r.problems(true) }

// Damage returns the problems that are damaged or skipped lines.
func (r *Run) Damage() []Problem { return r.problems(false) }

func (r *Run) problems(failure bool) (some []Problem) {
	for _, p := range r.Problems {
		if p.Failure == failure {
			some = append(some, p)
		}
	}
	return some
}

const (
	maxLine = 1 << 20
	maxFile = 1 << 30
	maxInfo = 64 << 20
	maxName = 4 << 10
)

// Open reads a run's folder, or any file in the Go benchmark format. If there is nothing
// to read, the error says what Open expects. Within a folder, it follows no link.
func Open(path string) (*Run, error) {
	run, err := OpenPacked(path)
	if run != nil {
		run.Unpack()
	}
	return run, err
}

// OpenPacked is Open without the trials of a results file, which take ten times the
// memory of its numbers. Across and Rivals compare such a run; Unpack makes its trials.
func OpenPacked(path string) (*Run, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		f, in, err := openNamed(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return openBench(in, path, false)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := root.Lstat(trialsFile); err == nil {
		return readFolder(root, path)
	}
	return openBenchIn(root, path)
}

// openBenchIn reads the bench.txt of a folder without a journal.
func openBenchIn(root *os.Root, path string) (*Run, error) {
	f, err := openIn(root, benchFile, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no results: want the folder of a run, with %s or %s",
			path, trialsFile, benchFile)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, err = root.Lstat(infoFile)
	own := err == nil // a run without its journal
	run, err := openBench(&bounded{in: f, name: f.Name(), left: maxFile, limit: maxFile}, f.Name(), own)
	if err != nil {
		return nil, err
	}
	run.Path = path
	if own {
		run.Unjournaled = true
		if err := run.readInfo(root); err != nil {
			return nil, err
		}
		for c := range run.Cells() {
			c.Contract = run.Info.folder(c.Contract)
		}
	}
	return run, nil
}

// folder returns the contract that a benchmark belongs to. The benchmark's name holds
// only the last element of the contract's folder.
func (i *Info) folder(base string) string {
	for _, w := range i.Works {
		if filepath.Base(w.Contract) == base {
			return w.Contract
		}
	}
	return base
}

// readInfo reads the run.json of a folder. What it does not say stays as it is.
func readInfo(root *os.Root, info *Info) error {
	text, err := readIn(root, infoFile, maxInfo)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, info); err != nil {
		return fmt.Errorf("%s: not a file that contend wrote: %w", filepath.Join(root.Name(), infoFile), err)
	}
	makePrintable(reflect.ValueOf(info))
	for i, arg := range info.Args { // older versions recorded all that they were given
		info.Args[i] = Masked(arg)
	}
	info.Profiles = slices.DeleteFunc(info.Profiles, func(p ProfileInfo) bool {
		return p.File != "" && !filepath.IsLocal(p.File)
	})
	return nil
}

// readInfo reads the run.json of the run's folder. One that says nothing is a problem.
func (r *Run) readInfo(root *os.Root) error {
	before := r.Info
	if err := readInfo(root, &r.Info); err != nil {
		return err
	}
	if reflect.DeepEqual(before, r.Info) {
		r.Problems = append(r.Problems, Problem{
			File: filepath.Join(root.Name(), infoFile), Line: 1, Text: "it says nothing of how the run was measured",
		})
	}
	return nil
}

// readFolder reads a run that has a journal.
func readFolder(root *os.Root, dir string) (*Run, error) {
	run := &Run{Path: dir}
	if err := run.readInfo(root); err != nil {
		return nil, err
	}
	f, err := openIn(root, trialsFile, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := run.readTrials(&bounded{in: f, name: f.Name(), left: maxFile, limit: maxFile}, f.Name()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return run, nil
}

// readTrials reads the journal. A damaged line becomes a problem.
func (r *Run) readTrials(in io.Reader, path string) error {
	b := bufio.NewReader(in)
	j := journalReader{run: r, path: path, lines: map[pair]int{}, shared: newShared()}
	for n := 1; ; n++ {
		line, err := readLine(b)
		end := errors.Is(err, io.EOF)
		if err != nil && !end && !errors.Is(err, errLong) {
			return err
		}
		if len(line) > 0 || errors.Is(err, errLong) {
			j.add(line, n, end, err)
		}
		if end {
			return nil
		}
	}
}

// journalReader makes trials of the lines of a journal.
type journalReader struct {
	run    *Run
	path   string
	lines  map[pair]int // where each trial is
	shared *shared
}

// pair is what a run measures once: a cell in a round, on a side of a duet.
type pair struct {
	name, side string
	round      int
}

func (j *journalReader) add(line []byte, n int, end bool, err error) {
	problem := func(bench, text string) {
		j.run.Problems = append(j.run.Problems, Problem{File: j.path, Line: n, Bench: bench, Text: text, torn: end})
	}
	var t Trial
	var name string
	switch {
	case errors.Is(err, errLong):
	case end: // a whole line ends with a newline
		problem("", "the last line is cut short; its trial is lost")
		return
	default:
		if t, err = parseTrial(line); err == nil {
			name = t.Name()
			err = t.check(name)
		}
	}
	if err != nil {
		problem("", "skipped: "+err.Error())
		return
	}
	key := pair{name, t.Side, t.Round}
	if before, twice := j.lines[key]; twice {
		problem(name, fmt.Sprintf("skipped: line %d has its trial of round %d already", before, t.Round))
		return
	}
	j.lines[key] = n
	if _, err := t.Histogram(); err != nil {
		problem("", "its row has no latencies: "+err.Error())
	}
	j.shared.in(&t)
	j.run.Trials = append(j.run.Trials, t)
}

// parseTrial reads a line of the journal. Few lines hold anything that may have to be made
// printable.
func parseTrial(line []byte) (t Trial, err error) {
	if err := json.Unmarshal(line, &t); err != nil {
		return t, errors.New(Printable(err.Error()))
	}
	odd := func(c byte) bool { return c == '\\' || c >= 0x7f }
	for _, c := range line {
		if odd(c) {
			makePrintable(reflect.ValueOf(&t))
			break
		}
	}
	return t, nil
}

var errLong = fmt.Errorf("the line is longer than %d bytes", maxLine)

// readLine returns the next line without its newline. With io.EOF, the line has none. A
// line that is too long is skipped, with errLong.
func readLine(b *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) <= maxLine {
			line = append(line, part...)
		} else {
			line = append(line[:0], make([]byte, maxLine+1)...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(line) > maxLine {
			return nil, errLong
		}
		if err != nil {
			return line, err
		}
		return line[:len(line)-1], nil
	}
}

// check rejects a trial that contend cannot have written. name is the trial's own.
func (t *Trial) check(name string) error {
	switch t.Status {
	case Ok, Failed, Hung, Crashed, Unknown:
	default:
		return fmt.Errorf("status %q: want ok, failed, hung, crashed or unknown", t.Status)
	}
	if t.Contract == "" || t.Impl == "" {
		return errors.New("the trial has no contract or no implementation")
	}
	if len(name) > maxName {
		return fmt.Errorf("the name is longer than %d bytes", maxName)
	}
	if t.Round < 1 || t.Procs < 0 {
		return fmt.Errorf("round %d with GOMAXPROCS %d", t.Round, t.Procs)
	}
	if t.Detail != "" && !isSafeName(t.Detail) {
		return fmt.Errorf("detail %q: want the name of a file in %s", t.Detail, failuresDir)
	}
	for unit, v := range t.Values {
		if !sensible(v) || v < 0 && amount(unit) {
			return fmt.Errorf("%s is %v", unit, v)
		}
	}
	return nil
}

// amount reports whether a unit is one of time, memory or speed as go test reports them,
// which are never negative.
func amount(unit string) bool {
	_, tidy := benchunit.Tidy(1, unit)
	return slices.Contains([]string{"sec/op", "B/op", "allocs/op", "B/s"}, tidy)
}

// sensible bounds values so that no ratio of two of them overflows.
func sensible(v float64) bool { return v == 0 || math.Abs(v) < 1e100 && math.Abs(v) > 1e-100 }
