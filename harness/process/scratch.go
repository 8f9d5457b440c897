package process

import (
	"errors"
	"os"

	"github.com/contendbench/contend/impls"
)

// Scratch is where a command and all that it starts keep temporary files. It disappears
// with the command, even if the command is killed. On Linux, so does every process that
// the command has left behind.
type Scratch struct {
	reaper *reaper
	former string // value of TMPDIR
	set    bool   // whether it had one
}

// NewScratch makes a folder and has TMPDIR name it until Close.
func NewScratch() (*Scratch, error) {
	if !asked.Load() {
		return nil, ErrNotAsked
	}
	r, dir, err := startReaper(forCommand)
	if err != nil {
		return nil, impls.EnvironmentOf(err, "")
	}
	s := &Scratch{reaper: r}
	s.former, s.set = os.LookupEnv("TMPDIR")
	if err := os.Setenv("TMPDIR", dir); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return s, nil
}

// Close removes the folder, and ends what is left of the processes.
func (s *Scratch) Close() error {
	restore := os.Unsetenv("TMPDIR")
	if s.set {
		restore = os.Setenv("TMPDIR", s.former)
	}
	return errors.Join(restore, s.reaper.close())
}
