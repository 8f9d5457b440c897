package results

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxDetail bounds each file that is kept of a failure.
const maxDetail = 1 << 20

// SaveFailure writes what is known of a failure into a folder, which it makes if
// necessary: a text, and the files that are evidence, by name. It returns the paths of the
// files, the text first. It overwrites nothing.
func SaveFailure(dir, name string, text []byte, evidence map[string][]byte) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("save a failure: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("save a failure: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	files, err = saveFailure(root, safeName(name), text, evidence)
	for i, f := range files {
		files[i] = filepath.Join(dir, f)
	}
	return files, err
}

// maxSame is how many failures of one name a folder keeps.
const maxSame = 1000

func saveFailure(dir *os.Root, name string, text []byte, evidence map[string][]byte) ([]string, error) {
	free := name
	for n := 2; ; n++ {
		err := keep(dir, free+".txt", text)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) || n > maxSame {
			return nil, fmt.Errorf("save a failure: %w", err)
		}
		free = fmt.Sprintf("%s-%d", name, n)
	}
	files := []string{free + ".txt"}
	for _, e := range slices.Sorted(maps.Keys(evidence)) {
		file := free + "-" + safeName(e)
		if err := keep(dir, file, evidence[e]); err != nil {
			return files, fmt.Errorf("save the evidence of a failure: %w", err)
		}
		files = append(files, file)
	}
	return files, nil
}

// keep writes a new file, of at most maxDetail bytes.
func keep(dir *os.Root, name string, content []byte) error {
	if _, err := dir.Lstat(name); err == nil {
		return inFolder(dir, name, fs.ErrExist)
	}
	f, err := openIn(dir, name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.Write(content[:min(len(content), maxDetail)])
	if err = errors.Join(err, f.Close()); err != nil { // half a file cannot be replayed
		return errors.Join(err, dir.Remove(name))
	}
	return nil
}

// safeName turns a row's name into a file name.
func safeName(name string) string {
	clean := func(r rune) rune {
		switch {
		case isSafe(r):
			return r
		case r == '=':
			return '-'
		}
		return '_'
	}
	text := strings.Map(clean, name)
	return strings.TrimLeft(text[:min(len(text), 180)], ".")
}

func isSafe(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_'
}

// isSafeName reports whether a text can be a file's name that contend gave it.
func isSafeName(name string) bool {
	unsafe := func(r rune) bool { return !isSafe(r) }
	return name != "" && len(name) <= 255 && name[0] != '.' && !strings.ContainsFunc(name, unsafe)
}
