// Package layout links executables anew with their functions in another order. The order
// alone makes a benchmark faster or slower. So every round of a comparison draws another
// one; harness/METHOD.md has the sources.
package layout

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Source is a main package whose executable can be linked anew.
type Source struct {
	dir     string // where go runs
	pkg     string
	flags   []string // of go build, apart from -ldflags
	ldflags string
	env     []string
}

// At returns the source of a main package, as go list names it in a folder. Its
// executables do not depend on the folder. It is an error if it is no main package.
func At(ctx context.Context, dir, pkg string) (*Source, error) {
	name, err := goTool(ctx, dir, nil, "list", "-f", "{{.Name}}", pkg)
	if err != nil {
		return nil, err
	}
	if name != "main" {
		return nil, fmt.Errorf("%s is package %s: want a main package, which calls cli.Main", pkg,
			strings.ReplaceAll(name, "\n", ", "))
	}
	return &Source{dir: dir, pkg: pkg, flags: []string{"-trimpath", "-buildvcs=false"}}, nil
}

// Of returns the source that an executable was built from, if it is at hand: in the
// module of the current folder, or in that of the executable. Otherwise the error says
// why not. Of links the source once, to see that it gives the same executable.
func Of(ctx context.Context, executable string) (*Source, error) {
	info, err := buildinfo.ReadFile(executable)
	if err != nil {
		return nil, fmt.Errorf("reading how it was built: %w", err)
	}
	if info.Path == "" {
		return nil, fmt.Errorf("the executable does not name its main package")
	}
	dir, err := moduleOf(ctx, info.Path, ".", filepath.Dir(executable))
	if err != nil {
		return nil, err
	}
	for _, s := range replays(info) {
		s.dir, s.pkg = dir, info.Path
		if same, err := s.makes(ctx, executable); same || err != nil {
			return &s, err
		}
	}
	return nil, fmt.Errorf("the source in %s gives another executable; build this one anew", dir)
}

// moduleOf returns the folder of the module that has a main package, as seen from one of
// the folders.
func moduleOf(ctx context.Context, pkg string, from ...string) (string, error) {
	var first error
	for _, dir := range from {
		found, err := goTool(ctx, dir, nil, "list", "-f", "{{.Name}} {{with .Module}}{{.Dir}}{{end}}", pkg)
		if module, ok := strings.CutPrefix(found, "main "); err == nil && ok && module != "" {
			return module, nil
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		return "", fmt.Errorf("its source is not at hand: %w", first)
	}
	return "", fmt.Errorf("its source is not at hand: %s is no main package of a module here", pkg)
}

// replays returns how an executable may have been built, likely ways first: the record
// holds defaults like flags, and has no command line.
func replays(info *buildinfo.BuildInfo) []Source {
	var s Source
	stamped, mode, tidy := "-buildvcs=false", "", false
	for _, b := range info.Settings {
		switch {
		case b.Key == "-ldflags":
			s.ldflags = b.Value
		case b.Key == "-buildmode":
			mode = b.Key + "=" + b.Value
		case b.Key == "-compiler" || b.Key == "DefaultGODEBUG": // they follow from the rest
		case strings.HasPrefix(b.Key, "-"):
			s.flags = append(s.flags, b.Key+"="+b.Value)
		case b.Key == "vcs":
			stamped = "-buildvcs=true"
		case strings.HasPrefix(b.Key, "vcs."):
			tidy = tidy || b.Key == "vcs.modified" && b.Value == "false"
		default: // GOARCH, CGO_ENABLED and the like
			s.env = append(s.env, b.Key+"="+b.Value)
		}
	}
	s.flags = append(s.flags, stamped)
	ways := []Source{s}
	if tidy { // files that are new since then would make the tree a changed one
		tracked := s
		tracked.env = append(slices.Clone(s.env),
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=status.showUntrackedFiles", "GIT_CONFIG_VALUE_0=no")
		ways = append(ways, tracked)
	}
	if mode != "" && mode != "-buildmode=exe" { // it may be the default of the system
		for _, w := range slices.Clone(ways) {
			w.flags = append(slices.Clone(w.flags), mode)
			ways = append(ways, w)
		}
	}
	return ways
}

// makes reports whether the source gives an executable with the same build ID. The ID
// covers every package, every flag, and the toolchain.
func (s *Source) makes(ctx context.Context, executable string) (bool, error) {
	folder, err := os.MkdirTemp("", "contend-layout-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	again := filepath.Join(folder, "again")
	if err := s.build(ctx, again, s.ldflags); err != nil {
		return false, err
	}
	want, err := goTool(ctx, ".", nil, "tool", "buildid", executable)
	if err != nil {
		return false, err
	}
	got, err := goTool(ctx, ".", nil, "tool", "buildid", again)
	return got == want, err
}

// Link links an executable, stripped, with its functions in the order of a number from 1
// to MaxNumber. The first call compiles, too.
func (s *Source) Link(ctx context.Context, path string, number uint64) error {
	return s.build(ctx, path, strings.TrimSpace(fmt.Sprintf("%s -s -w -randlayout=%d", s.ldflags, number)))
}

// Build links an executable with its functions in the linker's own order, stripped.
func (s *Source) Build(ctx context.Context, path string) error {
	return s.build(ctx, path, strings.TrimSpace(s.ldflags+" -s -w"))
}

func (s *Source) build(ctx context.Context, path, ldflags string) error {
	args := append([]string{"build", "-o", path}, s.flags...)
	if ldflags != "" {
		args = append(args, "-ldflags="+ldflags)
	}
	if _, err := goTool(ctx, s.dir, s.env, append(args, s.pkg)...); err != nil {
		return fmt.Errorf("building %s in %s: %w", s.pkg, s.dir, err)
	}
	return nil
}

// maxText bounds what an error repeats of a tool's output.
const maxText = 2000

// goTool runs the go command in a folder and returns its output.
func goTool(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	return output(ctx, dir, env, "go", args...)
}

// endTime is how long a tool may take to remove its temporary files after ctx has ended.
const endTime = 2 * time.Second

func output(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = endTime
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		text := strings.TrimSpace(errOut.String())
		text = text[:min(len(text), maxText)]
		return "", fmt.Errorf("%s %s: %w%s", name, args[0], err, strings.TrimRight("\n"+text, "\n"))
	}
	return strings.TrimRight(out.String(), "\r\n"), nil
}
