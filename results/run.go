// Package results holds what was measured: trials, the journal that keeps them, rows and their statistics,
// and comparisons. It reads and writes the Go benchmark format. A results file is untrusted input: what
// is damaged is reported and skipped.
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
}

// Problem is a damaged line of a results file, which was skipped.
type Problem struct {
	File string
	Line int
	Text string

	torn bool // the last line, cut short
}

const (
	longestLine = 1 << 20
	largestFile = 1 << 30
	longestName = 4 << 10
)

// Open reads a run's folder, or any file in the Go benchmark format. The error says what would be right
// when there is nothing to read.
func Open(path string) (*Run, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return openBench(path)
	}
	if _, err := os.Stat(filepath.Join(path, trialsFile)); err == nil {
		return openFolder(path)
	}
	bench := filepath.Join(path, benchFile)
	if _, err := os.Stat(bench); err != nil {
		return nil, fmt.Errorf("%s holds no results: want the folder of a run, with %s or %s", path, trialsFile, benchFile)
	}
	run, err := openBench(bench)
	if err != nil {
		return nil, err
	}
	run.Path = path
	if _, err := os.Stat(filepath.Join(path, infoFile)); err == nil { // a run that was kept without its journal
		err := run.readInfo(path)
		for i := range run.Trials {
			run.Trials[i].Contract = run.Info.folder(run.Trials[i].Contract)
		}
		return run, err
	}
	return run, nil
}

// folder returns the contract that a benchmark's name stands for: the name holds the last element of its folder only.
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
		return fmt.Errorf("%s: not what contend wrote: %w", path, err)
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

// readTrials reads the journal; a damaged line becomes a problem.
func (r *Run) readTrials(in io.Reader, path string) error {
	b := bufio.NewReader(in)
	for n := 1; ; n++ {
		line, err := readLine(b)
		end := errors.Is(err, io.EOF)
		if err != nil && !end && !errors.Is(err, errLong) {
			return err
		}
		if len(line) > 0 || errors.Is(err, errLong) {
			r.addLine(line, path, n, end, err)
		}
		if end {
			return nil
		}
	}
}

func (r *Run) addLine(line []byte, path string, n int, end bool, err error) {
	var t Trial
	switch {
	case errors.Is(err, errLong):
	case end: // a whole line ends with a newline
		r.Problems = append(r.Problems, Problem{File: path, Line: n, Text: "the last line is cut short; its trial is lost", torn: true})
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
	r.Trials = append(r.Trials, t)
}

var errLong = fmt.Errorf("the line is longer than %d bytes", longestLine)

// readLine returns the next line without its newline; io.EOF goes with a line that has none. A line that
// is too long is passed over, with errLong.
func readLine(b *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) <= longestLine {
			line = append(line, part...)
		} else {
			line = append(line[:0], make([]byte, longestLine+1)...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(line) > longestLine {
			return nil, errLong
		}
		if err != nil {
			return line, err
		}
		return line[:len(line)-1], nil
	}
}

// check refuses a trial that nothing sensible could have written.
func (t *Trial) check() error {
	switch t.Status {
	case Ok, Failed, Hung, Crashed, Unknown:
	default:
		return fmt.Errorf("status %q is none of ok, failed, hung, crashed, unknown", t.Status)
	}
	if t.Contract == "" || t.Impl == "" {
		return errors.New("a trial without a contract or an implementation")
	}
	if len(t.Name()) > longestName {
		return fmt.Errorf("a name longer than %d bytes", longestName)
	}
	if t.Round < 1 || t.Procs < 0 {
		return fmt.Errorf("round %d and GOMAXPROCS %d", t.Round, t.Procs)
	}
	for unit, v := range t.Values {
		if !sensible(v) {
			return fmt.Errorf("%s is %v", unit, v)
		}
	}
	return nil
}

// sensible bounds values so that no ratio of two of them overflows.
func sensible(v float64) bool { return v == 0 || math.Abs(v) < 1e30 && math.Abs(v) > 1e-30 }

func openBounded(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > largestFile {
		err = fmt.Errorf("%s: %d bytes are more than a results file has (%d)", path, info.Size(), largestFile)
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
