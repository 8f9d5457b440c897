package distlock

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// store keeps files by name. Tests replace it by one in memory.
type store interface {
	// read returns a file's content. The error is fs.ErrNotExist if there is no such
	// file.
	read(name string) ([]byte, error)
	// create makes an empty file, and replaces an old one.
	create(name string) (storeFile, error)
	// rename gives a file another name, and replaces an old file of that name. The change
	// is on disk when rename has returned.
	rename(from, to string) error
}

// storeFile is a file that is only appended to. What was written is on disk when Sync has
// returned.
type storeFile interface {
	io.WriteCloser
	Sync() error
}

// disk is a store in a folder.
type disk string

func (d disk) path(name string) string { return filepath.Join(string(d), name) }

func (d disk) read(name string) ([]byte, error) { return os.ReadFile(d.path(name)) }

func (d disk) create(name string) (storeFile, error) {
	return os.OpenFile(d.path(name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
}

func (d disk) rename(from, to string) error {
	if err := os.Rename(d.path(from), d.path(to)); err != nil {
		return err
	}
	folder, err := os.Open(string(d)) // the name is part of the folder's content
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// volatile is a disk that loses what was not synced when its process is killed, as a loss
// of power does: until then, it is in the process's memory.
type volatile struct{ disk }

func (v volatile) create(name string) (storeFile, error) {
	f, err := v.disk.create(name)
	if err != nil {
		return nil, err
	}
	return &volatileFile{storeFile: f}, nil
}

// volatileFile is a file of volatile.
type volatileFile struct {
	storeFile
	unsynced []byte
}

// earlyWrites is how many writes there are to one that reaches the disk in part before the
// sync, as any write may: a log then ends with a torn record.
const earlyWrites = 8

// Write keeps p in memory.
func (f *volatileFile) Write(p []byte) (int, error) {
	f.unsynced = append(f.unsynced, p...)
	if rand.IntN(earlyWrites) == 0 {
		if err := f.flush(rand.IntN(len(f.unsynced) + 1)); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// Sync writes to the disk what is in memory.
func (f *volatileFile) Sync() error {
	if err := f.flush(len(f.unsynced)); err != nil {
		return err
	}
	return f.storeFile.Sync()
}

// flush writes the first n bytes of what is in memory.
func (f *volatileFile) flush(n int) error {
	written, err := f.storeFile.Write(f.unsynced[:n])
	f.unsynced = append(f.unsynced[:0], f.unsynced[written:]...)
	return err
}
