package distlock

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// store keeps files by name. Tests replace it by one that loses at a crash what was not
// synced.
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
