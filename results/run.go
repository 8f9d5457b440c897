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
	"math"
	"os"
	"path/filepath"
)

// Run is a run as read from its files.
type Run struct {
	Path     string // the folder or file it was read from
	Info     Info
	Trials   []Trial // in the journal's order
	Problems []Problem

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

const (
	maxLine = 1 << 20
	maxFile = 1 << 30
	maxName = 4 << 10
)

// Open reads a run's folder, or any file in the Go benchmark format. If there is nothing
// to read, the error says what Open expects.
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
		return openBench(path, false)
	}
	if _, err := os.Stat(filepath.Join(path, trialsFile)); err == nil {
		return openFolder(path)
	}
	bench := filepath.Join(path, benchFile)
	if _, err := os.Stat(bench); err != nil {
		return nil, fmt.Errorf("%s holds no results: want the folder of a run, with %s or %s",
			path, trialsFile, benchFile)
	}
	_, err = os.Stat(filepath.Join(path, infoFile))
	own := err == nil // a run without its journal
	run, err := openBench(bench, own)
	if err != nil {
		return nil, err
	}
	run.Path = path
	if own {
		err := run.readInfo(path)
		for c := range run.Cells() {
			c.Contract = run.Info.folder(c.Contract)
		}
		return run, err
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

// readInfo reads run.json.
func (r *Run) readInfo(dir string) error {
	path := filepath.Join(dir, infoFile)
	text, err := readBounded(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &r.Info); err != nil {
		return fmt.Errorf("%s: not a file that contend wrote: %w", path, err)
	}
	return nil
}

func openFolder(dir string) (*Run, error) {
	run := &Run{Path: dir}
	if err := run.readInfo(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, trialsFile)
	f, err := openBounded(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := run.readTrials(f, path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// readTrials reads the journal. A damaged line becomes a problem.
func (r *Run) readTrials(in io.Reader, path string) error {
	b, shared := bufio.NewReader(in), newShared()
	for n := 1; ; n++ {
		line, err := readLine(b)
		end := errors.Is(err, io.EOF)
		if err != nil && !end && !errors.Is(err, errLong) {
			return err
		}
		if len(line) > 0 || errors.Is(err, errLong) {
			r.addLine(line, shared, path, n, end, err)
		}
		if end {
			return nil
		}
	}
}

func (r *Run) addLine(line []byte, shared *shared, path string, n int, end bool, err error) {
	var t Trial
	switch {
	case errors.Is(err, errLong):
	case end: // a whole line ends with a newline
		r.Problems = append(r.Problems, Problem{
			File: path, Line: n, Text: "the last line is cut short; its trial is lost", torn: true,
		})
		return
	default:
		if err = json.Unmarshal(line, &t); err == nil {
			err = t.check()
		}
	}
	if err != nil {
		r.Problems = append(r.Problems, Problem{File: path, Line: n, Text: "skipped: " + err.Error()})
		return
	}
	shared.in(&t)
	r.Trials = append(r.Trials, t)
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

// check rejects a trial that contend cannot have written.
func (t *Trial) check() error {
	switch t.Status {
	case Ok, Failed, Hung, Crashed, Unknown:
	default:
		return fmt.Errorf("status %q: want ok, failed, hung, crashed or unknown", t.Status)
	}
	if t.Contract == "" || t.Impl == "" {
		return errors.New("the trial has no contract or no implementation")
	}
	if len(t.Name()) > maxName {
		return fmt.Errorf("the name is longer than %d bytes", maxName)
	}
	if t.Round < 1 || t.Procs < 0 {
		return fmt.Errorf("round %d with GOMAXPROCS %d", t.Round, t.Procs)
	}
	for unit, v := range t.Values {
		if !sensible(v) {
			return fmt.Errorf("%s is %v", unit, v)
		}
	}
	return nil
}

// sensible bounds values so that no ratio of two of them overflows.
func sensible(v float64) bool { return v == 0 || math.Abs(v) < 1e100 && math.Abs(v) > 1e-100 }

func openBounded(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("%s: the file has %d bytes; at most %d are allowed", path, info.Size(), maxFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := openBounded(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
