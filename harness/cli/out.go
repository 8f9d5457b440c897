package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/contendbench/contend/results"
)

// line returns a line for a shell that calls this command: by the name that the user
// called it by, which need not be contend.
func (a *app) line(args ...string) string {
	words := []string{results.ShellWord(a.command)}
	for _, arg := range args {
		words = append(words, results.ShellWord(arg))
	}
	return strings.Join(words, " ")
}

// claim returns an error if a folder holds files, and none that contend wrote. ours tells
// its files. A new or an empty folder is free, and so is that of a run.
func claim(dir string, ours func(file string) bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if len(entries) == 0 || results.HoldsRun(dir) {
		return nil
	}
	for _, e := range entries {
		if ours(filepath.Join(dir, e.Name())) {
			return nil
		}
	}
	return fmt.Errorf("%s is not empty, and holds nothing that contend wrote: name a new or an empty folder", dir)
}

// writable returns an error if no file can be written into a folder, which need not exist
// yet. It leaves nothing.
func writable(dir string) error {
	there := dir
	for {
		_, err := os.Stat(there)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(there) == there {
			return fmt.Errorf("--out %s: %w", dir, err)
		}
		there = filepath.Dir(there)
	}
	f, err := os.CreateTemp(there, ".contend-")
	if err != nil {
		return fmt.Errorf("--out %s: %w", dir, err)
	}
	_, err = f.WriteString("\n") // a full disk may still make files
	if err := errors.Join(err, f.Close(), os.Remove(f.Name())); err != nil {
		return fmt.Errorf("--out %s: %w", dir, err)
	}
	return nil
}

// maxReport bounds what is read of a file to tell whether it is a report.
const maxReport = 1 << 30

// freeForReport returns an error if a file exists, and is neither a report nor empty.
func freeForReport(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name a file for the report", path)
	}
	text, err := results.ReadRegular(path, maxReport)
	if err != nil {
		return err
	}
	if len(text) > 0 && !strings.Contains(string(text[:min(len(text), 4096)]), "<title>contend: ") {
		return fmt.Errorf("%s exists, and is no report that contend wrote: name another file", path)
	}
	return nil
}
