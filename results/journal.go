package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// Journal is a run that is being measured. It is for one goroutine.
type Journal struct {
	dir    string
	info   Info
	trials *os.File
}

// Create makes a run's folder, with its run.json, and an empty journal. A folder that already holds a journal is
// refused, so that nothing measured is lost.
func Create(dir string, info Info) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the run's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, trialsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s already holds a run (%s); name another folder, or go on with it by --resume", dir, trialsFile)
	}
	if err != nil {
		return nil, fmt.Errorf("making the journal: %w", err)
	}
	j := &Journal{dir: dir, info: info, trials: f}
	return j, j.SaveInfo()
}

// Resume opens a run's journal to append to it and returns what it holds. A last line that a kill cut
// short is removed; other damage stands in the run's Problems.
func Resume(dir string) (*Journal, *Run, error) {
	path := filepath.Join(dir, trialsFile)
	run, err := openFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the journal: %w", err)
	}
	if err := cutTorn(f); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: cutting the torn last line: %w", path, err), f.Close())
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
		begin := max(end-step, 0)
		buf := make([]byte, end-begin)
		if _, err := f.ReadAt(buf, begin); err != nil && err != io.EOF {
			return err
		}
		if i := bytes.LastIndexByte(buf, '\n'); i >= 0 || begin == 0 {
			return f.Truncate(begin + int64(i) + 1)
		}
		end = begin
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

// Append writes a trial to the journal and syncs it: a kill loses at most the trial in flight.
func (j *Journal) Append(t Trial) error {
	line, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("a trial of %s: %w", t.Name(), err)
	}
	if _, err := j.trials.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	if err := j.trials.Sync(); err != nil {
		return fmt.Errorf("syncing the journal: %w", err)
	}
	return nil
}

// mostDetail bounds what is kept of one failure.
const mostDetail = 1 << 20

// Failure keeps what is known of a trial that went wrong, and returns its file's name under failures/.
func (j *Journal) Failure(t Trial, detail []byte, evidence map[string][]byte) (string, error) {
	dir := filepath.Join(j.dir, failuresDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("keeping a failure: %w", err)
	}
	name := fmt.Sprintf("%s-round%d.txt", safeName(t.Name()), t.Round)
	if t.Side != "" {
		name = t.Side + "-" + name
	}
	if err := os.WriteFile(filepath.Join(dir, name), detail[:min(len(detail), mostDetail)], 0o644); err != nil {
		return "", fmt.Errorf("keeping a failure: %w", err)
	}
	for file, content := range evidence {
		path := filepath.Join(dir, strings.TrimSuffix(name, ".txt")+"-"+safeName(file))
		if err := os.WriteFile(path, content[:min(len(content), mostDetail)], 0o644); err != nil {
			return "", fmt.Errorf("keeping the evidence of a failure: %w", err)
		}
	}
	return name, nil
}

// Info returns what run.json will say; SaveInfo writes it.
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

// Close ends the journal and derives bench.txt and hist/ from it.
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

// writeFile writes a file under a temporary name and renames it, so that a full disk or a kill leaves the
// old one whole.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // fails once it has been renamed, which is the good case
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), f.Close())
	}
	if err := errors.Join(b.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// safeName makes a file's name of a row's name.
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
