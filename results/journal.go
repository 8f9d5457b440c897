package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
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

// Journal is a run that is being measured. Only one goroutine may use it, and no other
// process can open the run's folder to write to it.
type Journal struct {
	dir    string
	root   *os.Root
	lock   *os.File // nil: it is released
	info   Info
	trials *os.File
}

// Create makes a run's folder, with its run.json and an empty journal. It refuses a folder
// that holds anything, so that nothing is lost. If it fails, it leaves nothing.
func Create(dir string, info Info) (*Journal, error) {
	_, err := os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create the run's folder: %w", err)
	}
	j := &Journal{dir: dir, info: info}
	if err := j.create(); err != nil {
		if made {
			err = errors.Join(err, os.Remove(dir))
		}
		return nil, err
	}
	return j, nil
}

func (j *Journal) create() (err error) {
	if j.root, err = os.OpenRoot(j.dir); err != nil {
		return fmt.Errorf("create the run's folder: %w", err)
	}
	if err = busy(j.root); err == nil {
		err = vacant(j.root)
	}
	if err == nil {
		j.lock, err = lock(j.root)
	}
	if err == nil {
		err = vacant(j.root) // another process may have been here since
	}
	if err == nil {
		err = j.begin()
	}
	if err != nil {
		return errors.Join(err, j.Release())
	}
	return nil
}

// begin writes the first files of a run, and removes them if one cannot be written.
func (j *Journal) begin() (err error) {
	if err := j.root.Remove(trialsFile); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty one
		return fmt.Errorf("create the journal: %w", err)
	}
	if j.trials, err = openIn(j.root, trialsFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND); err != nil {
		return fmt.Errorf("create the journal: %w", err)
	}
	if err = j.SaveInfo(); err != nil {
		err = errors.Join(err, j.root.Remove(trialsFile))
	}
	return err
}

// vacant returns an error if a folder holds more than a start leaves that was killed, or
// that failed before its first trial.
func vacant(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, e := range entries {
		switch {
		case e.Name() == infoFile, e.Name() == trialsFile && !isEmpty(e):
			has[e.Name()] = true
		case e.Name() != trialsFile && e.Name() != lockFile && !strings.HasPrefix(e.Name(), "."+infoFile+"-"):
			has["other"] = true
		}
	}
	switch {
	case has[trialsFile]:
		return holds(root, trialsFile)
	case has[infoFile] && (has["other"] || !startedIn(root)):
		return holds(root, infoFile)
	case has["other"]:
		return fmt.Errorf("%s is not empty and holds no run: name a new or an empty folder", root.Name())
	}
	return nil
}

func holds(root *os.Root, name string) error {
	return fmt.Errorf("%s already holds a run (%s); name another folder, or continue the run with --resume",
		root.Name(), name)
}

// startedIn reports whether a folder has a run.json that contend wrote.
func startedIn(root *os.Root) bool {
	var info Info
	return readInfo(root, &info) == nil && info.State != ""
}

func isEmpty(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && info.Mode().IsRegular() && info.Size() == 0
}

// HoldsRun reports whether a folder holds a run of contend.
func HoldsRun(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	return startedIn(root)
}

// Resume opens a run's journal to append to it, and returns what it holds. It removes a
// last line that a kill cut short. The run's Problems list any other damage.
func Resume(dir string) (*Journal, *Run, error) {
	root, err := openRun(dir)
	if err != nil {
		return nil, nil, err
	}
	j := &Journal{dir: dir, root: root}
	run, err := j.resume()
	if err != nil {
		return nil, nil, errors.Join(err, j.Release())
	}
	return j, run, nil
}

// openRun opens the folder of a run that has a journal.
func openRun(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run to continue: there is no such folder", dir)
	}
	if err != nil {
		return nil, err
	}
	for _, name := range []string{infoFile, trialsFile} {
		if _, err := root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(fmt.Errorf("%s holds no run to continue: it has no %s", dir, name), root.Close())
		}
	}
	return root, nil
}

// ReadInfo returns the run.json of a run that has a journal. It changes nothing.
func ReadInfo(dir string) (info Info, err error) {
	root, err := openRun(dir)
	if err != nil {
		return info, err
	}
	defer root.Close()
	err = readInfo(root, &info)
	return info, err
}

func (j *Journal) resume() (run *Run, err error) {
	if j.lock, err = lock(j.root); err != nil {
		return nil, err
	}
	if run, err = readFolder(j.root, j.dir); err != nil {
		return nil, err
	}
	j.info = run.Info
	if j.trials, err = openIn(j.root, trialsFile, os.O_RDWR|os.O_APPEND); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	if err := cutTorn(j.trials); err != nil {
		return nil, fmt.Errorf("%s: remove the torn last line: %w", j.trials.Name(), err)
	}
	run.Problems = dropTorn(run.Problems)
	return run, nil
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

// Failure saves the details of a trial that did not pass. It returns the name of their
// file under failures/.
func (j *Journal) Failure(t Trial, detail []byte, evidence map[string][]byte) (string, error) {
	dir, err := subfolder(j.root, failuresDir)
	if err != nil {
		return "", fmt.Errorf("save a failure: %w", err)
	}
	defer dir.Close()
	name := fmt.Sprintf("%s-round%d", safeName(t.Name()), t.Round)
	if t.Side != "" {
		name = safeName(t.Side) + "-" + name
	}
	files, err := saveFailure(dir, name, detail, evidence)
	if err != nil {
		return "", err
	}
	return files[0], nil
}

// Info returns the contents of run.json, for the caller to change. SaveInfo writes them.
func (j *Journal) Info() *Info { return &j.info }

// Dir returns the run's folder.
func (j *Journal) Dir() string { return j.dir }

// SaveInfo writes run.json.
func (j *Journal) SaveInfo() error {
	return writeIn(j.root, infoFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(j.info)
	})
}

// Close closes the journal and derives bench.txt and hist/ from it.
func (j *Journal) Close() (err error) {
	defer func() { err = errors.Join(err, j.Release()) }()
	if err := j.SaveInfo(); err != nil {
		return err
	}
	run, err := readFolder(j.root, j.dir)
	if err != nil {
		return err
	}
	return derive(j.root, run)
}

// Release lets other processes write to the run's folder. The journal must not be used
// any more. After Close or Release, it does nothing.
func (j *Journal) Release() error {
	if j.root == nil {
		return nil
	}
	var errs []error
	if j.trials != nil {
		errs = append(errs, j.trials.Close())
	}
	if j.lock != nil {
		errs = append(errs, unlock(j.root, j.lock))
	}
	errs = append(errs, j.root.Close())
	j.root, j.lock, j.trials = nil, nil, nil
	return errors.Join(errs...)
}
