package results

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A run's folder is data that others may have made. So nothing in it leads out of it: no
// link is followed, and only regular files are opened.

// ErrIrregular is the error of a file in a run's folder that is a link, a device or
// anything else but a regular file.
var ErrIrregular = errors.New("want a regular file, not a link or a device")

// openIn opens a regular file of a folder. flag is that of os.OpenFile.
func openIn(root *os.Root, name string, flag int) (*os.File, error) {
	before, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && flag&os.O_CREATE != 0:
	case err != nil:
		return nil, inFolder(root, name, err)
	case !before.Mode().IsRegular():
		return nil, inFolder(root, name, ErrIrregular)
	}
	f, err := root.OpenFile(name, flag|syscall.O_NONBLOCK, 0o644) // a pipe in its place must not block
	if err != nil {
		return nil, inFolder(root, name, err)
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || before != nil && !os.SameFile(before, info)) {
		err = inFolder(root, name, ErrIrregular)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// inFolder names the whole path in an error about a file of a folder.
func inFolder(root *os.Root, name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &fs.PathError{Op: "open", Path: filepath.Join(root.Name(), name), Err: err}
}

// readIn reads a regular file of a folder, of at most limit bytes.
func readIn(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := openIn(root, name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(&bounded{in: f, name: f.Name(), left: limit, limit: limit})
}

// ReadRegular reads a regular file of at most limit bytes. It does not follow a link.
func ReadRegular(file string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readIn(root, filepath.Base(file), limit)
}

// bounded reads from in, and fails if that has more than limit bytes.
type bounded struct {
	in          io.Reader
	name        string
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p[:min(int64(len(p)), b.left+1)])
	if int64(n) > b.left {
		n, err = int(b.left), fmt.Errorf("%s: the file has more than %d bytes", b.name, b.limit)
	}
	b.left -= int64(n)
	return n, err
}

// openNamed opens a file that the user named. It may be a link, and it may be a pipe, as
// a shell's <(command).
func openNamed(file string) (*os.File, io.Reader, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 {
		return nil, nil, fmt.Errorf("%s is neither a regular file nor a pipe", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	return f, &bounded{in: f, name: file, left: maxFile, limit: maxFile}, nil
}

// subfolder opens a folder within another, and makes it if necessary.
func subfolder(root *os.Root, name string) (*os.Root, error) {
	if err := root.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, inFolder(root, name, err)
	}
	info, err := root.Lstat(name)
	if err == nil && !info.IsDir() {
		err = errors.New("want a folder, not a link or a file")
	}
	if err != nil {
		return nil, inFolder(root, name, err)
	}
	return root.OpenRoot(name)
}

// Subfolder makes a folder within a run's, if necessary, and returns its path. It refuses
// a link.
func Subfolder(dir, name string) (string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	sub, err := subfolder(root, name)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, name), sub.Close()
}

// SaveFile writes a file of a run's folder, and makes the folders on its way. name has
// slashes. It follows no link.
func SaveFile(dir, name string, write func(io.Writer) error) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return saveIn(root, name, write)
}

func saveIn(root *os.Root, name string, write func(io.Writer) error) (err error) {
	first, rest, nested := strings.Cut(name, "/")
	if !nested {
		return writeIn(root, name, write)
	}
	sub, err := subfolder(root, first)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sub.Close()) }()
	return saveIn(sub, rest, write)
}

// writeIn writes a file of a folder under a temporary name and renames it. A full disk or
// a kill leaves the old file intact. A link of that name is replaced, not followed.
func writeIn(root *os.Root, name string, write func(io.Writer) error) error {
	failed := func(err error) error {
		return fmt.Errorf("write %s: %w", filepath.Join(root.Name(), name), err)
	}
	temp := "." + name + "-" + rand.Text()
	f, err := openIn(root, temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err != nil {
		return failed(err)
	}
	defer root.Remove(temp) // fails after the rename, as it should
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		return errors.Join(failed(err), f.Close())
	}
	if err := errors.Join(b.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return failed(err)
	}
	if err := root.Rename(temp, name); err != nil {
		return failed(err)
	}
	return nil
}
