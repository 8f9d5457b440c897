package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockFile is there while a process writes to a run's folder, and says which one does.
// The lock is the system's, so it ends with its process, even if the file stays.
const lockFile = ".lock"

// ErrInUse is the error of a folder that another process writes to.
var ErrInUse = errors.New("it is in use")

// writer is what a lock file says.
type writer struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// lock makes this process the only writer of a folder, until the file is closed.
func lock(root *os.Root) (*os.File, error) {
	for {
		f, err := openIn(root, lockFile, os.O_CREATE|os.O_RDWR)
		if err != nil {
			return nil, err
		}
		held, err := tryLock(f)
		switch {
		case err != nil:
			return nil, errors.Join(fmt.Errorf("lock %s: %w", root.Name(), err), f.Close())
		case held:
			return nil, errors.Join(inUse(root, f), f.Close())
		}
		info, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if now, err := root.Lstat(lockFile); err != nil || !os.SameFile(info, now) {
			if err := f.Close(); err != nil { // the last writer has removed it meanwhile
				return nil, err
			}
			continue
		}
		if err := sign(f); err != nil {
			return nil, errors.Join(err, root.Remove(lockFile), f.Close())
		}
		return f, nil
	}
}

// tryLock locks a file, and reports whether another process holds it.
func tryLock(f *os.File) (held bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// sign writes into a lock file which process holds it.
func sign(f *os.File) error {
	text, err := json.Marshal(writer{os.Getpid(), time.Now()})
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(append(text, '\n'), 0)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Name(), err)
	}
	return nil
}

// maxWriter is the size of a lock file, at most.
const maxWriter = 4 << 10

// inUse names the process that holds a lock file.
func inUse(root *os.Root, f *os.File) error {
	text := make([]byte, maxWriter)
	n, _ := f.ReadAt(text, 0) // it has fewer bytes, and an unreadable file names no process
	var w writer
	if json.Unmarshal(text[:n], &w) != nil || w.PID <= 0 {
		return fmt.Errorf("%s: %w: another process writes to it", root.Name(), ErrInUse)
	}
	return fmt.Errorf("%s: %w: process %d has been writing to it since %s", root.Name(), ErrInUse, w.PID,
		w.Since.Format("2006-01-02 15:04:05"))
}

// busy returns an ErrInUse if a process writes to the folder. It makes no file.
func busy(root *os.Root) error {
	f, err := openIn(root, lockFile, os.O_RDONLY)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	held, err := tryLock(f)
	if err == nil && held {
		err = inUse(root, f)
	}
	return err
}

// unlock removes a lock file and ends the lock.
func unlock(root *os.Root, f *os.File) error {
	return errors.Join(root.Remove(lockFile), f.Close())
}
