package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The files of a run's folder.
const (
	trialsFile  = "trials.jsonl"
	infoFile    = "run.json"
	benchFile   = "bench.txt"
	histDir     = "hist"
	failuresDir = "failures"
)

// Journal is a run that is being measured. Only one goroutine may use it.
type Journal struct {
	dir    string
	info   Info
	trials *os.File
}

// Create makes a run's folder, with its run.json and an empty journal. It fails if the
// folder already holds a journal, so that no measurement is lost.
func Create(dir string, info Info) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create the run's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, trialsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s already holds a run (%s); name another folder, or continue the run with --resume",
			dir, trialsFile)
	}
	if err != nil {
		return nil, fmt.Errorf("create the journal: %w", err)
	}
	j := &Journal{dir: dir, info: info, trials: f}
	return j, j.SaveInfo()
}

// Resume opens a run's journal to append to it, and returns what it holds. It removes a
// last line that a kill cut short. The run's Problems list any other damage.
func Resume(dir string) (*Journal, *Run, error) {
	for _, name := range []string{infoFile, trialsFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("%s holds no run to continue: it has no %s", dir, name)
		}
	}
	path := filepath.Join(dir, trialsFile)
	run, err := openFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("open the journal: %w", err)
	}
	if err := cutTorn(f); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: remove the torn last line: %w", path, err), f.Close())
	}
	run.Problems = dropTorn(run.Problems)
	return &Journal{dir: dir, info: run.Info, trials: f}, run, nil
}

// cutTorn truncates the file after its last newline.
func cutTorn(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	const step = 64 << 10
	for end := size; ; {
		start := max(end-step, 0)
		buf := make([]byte, end-start)
		if _, err := f.ReadAt(buf, start); err != nil && err != io.EOF {
			return err
		}
		if i := bytes.LastIndexByte(buf, '\n'); i >= 0 || start == 0 {
			return f.Truncate(start + int64(i) + 1)
		}
		end = start
	}
}

func dropTorn(problems []Problem) []Problem {
	var rest []Problem
	for _, p := range problems {
		if !p.torn {
			rest = append(rest, p)
		}
	}
	return rest
}

// Append writes a trial to the journal and syncs it. A kill loses at most the trial in
// flight.
func (j *Journal) Append(t Trial) error {
	line, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encode a trial of %s: %w", t.Name(), err)
	}
	if _, err := j.trials.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := j.trials.Sync(); err != nil {
		return fmt.Errorf("sync the journal: %w", err)
	}
	return nil
}

// maxDetail bounds each file that is kept of a failure.
const maxDetail = 1 << 20

// Failure saves the details of a trial that did not pass. It returns the name of their
// file under failures/.
func (j *Journal) Failure(t Trial, detail []byte, evidence map[string][]byte) (string, error) {
	dir := filepath.Join(j.dir, failuresDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("save a failure: %w", err)
	}
	name := fmt.Sprintf("%s-round%d.txt", safeName(t.Name()), t.Round)
	if t.Side != "" {
		name = t.Side + "-" + name
	}
	if err := os.WriteFile(filepath.Join(dir, name), detail[:min(len(detail), maxDetail)], 0o644); err != nil {
		return "", fmt.Errorf("save a failure: %w", err)
	}
	for file, content := range evidence {
		path := filepath.Join(dir, strings.TrimSuffix(name, ".txt")+"-"+safeName(file))
		if err := os.WriteFile(path, content[:min(len(content), maxDetail)], 0o644); err != nil {
			return "", fmt.Errorf("save the evidence of a failure: %w", err)
		}
	}
	return name, nil
}

// Info returns the contents of run.json, for the caller to change. SaveInfo writes them.
func (j *Journal) Info() *Info { return &j.info }

// Dir returns the run's folder.
func (j *Journal) Dir() string { return j.dir }

// SaveInfo writes run.json.
func (j *Journal) SaveInfo() error {
	return writeFile(filepath.Join(j.dir, infoFile), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(j.info)
	})
}

// Close closes the journal and derives bench.txt and hist/ from it.
func (j *Journal) Close() error {
	if err := errors.Join(j.SaveInfo(), j.trials.Close()); err != nil {
		return err
	}
	run, err := openFolder(j.dir)
	if err != nil {
		return err
	}
	return Derive(run)
}

// writeFile writes a file under a temporary name and renames it. A full disk or a kill
// leaves the old file intact.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), f.Close())
	}
	if err := errors.Join(b.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// safeName turns a row's name into a file name.
func safeName(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			b.WriteRune(r)
		case r == '=':
			b.WriteByte('-')
		default:
			b.WriteByte('_')
		}
	}
	return strings.TrimLeft(b.String()[:min(b.Len(), 180)], ".")
}
