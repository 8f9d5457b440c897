package layout

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module makes a repository with a module in a folder, which has a main package, a
// library, and a replacement by a folder outside of the repository. It returns the
// module's folder.
func module(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	for name, text := range map[string]string{
		"other/go.mod": "module example.com/other\n\ngo 1.26.0\n", "other/other.go": "package other\n\nconst Two = 2\n",
		"repo/inside/go.mod":    "module example.com/inside\n\ngo 1.26.0\n",
		"repo/inside/inside.go": "package inside\n\nconst Three = 3\n",
		"repo/mod/go.mod": "module example.com/mod\n\ngo 1.26.0\n\n" +
			"require (\n\texample.com/other v0.0.0\n\texample.com/inside v0.0.0\n)\n\n" +
			"replace example.com/other => ../../other\n\nreplace example.com/inside => ../inside\n",
		"repo/mod/lib/lib.go": "package lib\n\n//go:noinline\nfunc One() int { return 1 }\n",
		"repo/mod/cmd/main.go": "package main\n\nimport (\n\t\"example.com/inside\"\n\t\"example.com/mod/lib\"\n" +
			"\t\"example.com/other\"\n)\n\nfunc main() { println(lib.One(), other.Two, inside.Three) }\n",
	} {
		write(t, filepath.Join(top, name), text)
	}
	dir := filepath.Join(top, "repo", "mod")
	sh(t, dir, "git init -q .. && git add .. && "+
		"git -c user.name=test -c user.email=test@example.com commit -q -m first")
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sh(t *testing.T, dir, line string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: got error %v, want none\n%s", line, err, out)
	}
	return string(out)
}

// The source of an executable is found while it gives the same executable: whatever its
// flags were, wherever the command runs, and even if there are new files that are no
// source. After a change in any package it is another one.
func TestTheSourceOfAnExecutable(t *testing.T) {
	dir := module(t)
	for _, flags := range []string{
		"", "-trimpath", "-ldflags='-X main.name=text -w'", "-buildvcs=false", "-buildvcs=true", "-race",
	} {
		bin := filepath.Join(dir, "bin", "tool")
		sh(t, dir, "rm -rf bin && go build -o bin/tool "+flags+" ./cmd")
		source, err := Of(t.Context(), bin)
		if err != nil {
			t.Errorf("%s: got error %v, want none", flags, err)
			continue
		}
		linked := filepath.Join(t.TempDir(), "linked")
		if err := source.Link(t.Context(), linked, 7); err != nil {
			t.Errorf("%s: linking: got error %v, want none", flags, err)
		} else if out := sh(t, dir, linked); out != "1 2 3\n" {
			t.Errorf("%s: got output %q, want 1 2 3", flags, out)
		}
	}
	sh(t, dir, "go build -o bin/tool ./cmd")
	write(t, filepath.Join(dir, "lib", "lib.go"), "package lib\n\n//go:noinline\nfunc One() int { return 4 }\n")
	if _, err := Of(t.Context(), filepath.Join(dir, "bin", "tool")); err == nil ||
		!strings.Contains(err.Error(), "gives another executable") {
		t.Errorf("after a change: got error %v, want another executable", err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "cmd")); err != nil {
		t.Fatal(err)
	}
	if _, err := Of(t.Context(), filepath.Join(dir, "bin", "tool")); err == nil ||
		!strings.Contains(err.Error(), "its source is not at hand") {
		t.Errorf("without the source: got error %v, want not at hand", err)
	}
}

// order returns the functions of an executable's packages, by address.
func order(t *testing.T, file string) string {
	t.Helper()
	return sh(t, ".", "go tool nm -n "+file+" | awk '$2 == \"T\" { print $3 }'")
}

// A set has executables of different layouts for every name and round, the same ones for
// the same seed, and keeps those of one round only.
func TestASetLinksEveryRound(t *testing.T) {
	dir := module(t)
	source, err := At(t.Context(), dir, "./cmd")
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[uint64]bool{}
	sets := map[int]*Set{}
	for i := range 2 {
		if sets[i], err = NewSet(5); err != nil {
			t.Fatal(err)
		}
		sets[i].Add("base", source)
		sets[i].Add("head", source)
	}
	for round := 1; round <= 3; round++ {
		linked, err := sets[0].Round(t.Context(), round)
		if err != nil {
			t.Fatalf("got error %v, want none", err)
		}
		files, err := os.ReadDir(sets[0].folder)
		if err != nil || len(files) != 2 || len(linked) != 2 {
			t.Errorf("round %d: got files %v, executables %v and error %v, want 2 of each", round, files, linked, err)
		}
		for _, e := range linked {
			numbers[e.Number] = true
			if out := sh(t, dir, e.Path); out != "1 2 3\n" {
				t.Errorf("round %d: got output %q, want 1 2 3", round, out)
			}
		}
	}
	if len(numbers) != 6 || numbers[0] {
		t.Errorf("got layouts %v, want 6 that are not 0", numbers)
	}
	again, err := sets[1].Round(t.Context(), 3)
	if err != nil || !numbers[again["base"].Number] || !numbers[again["head"].Number] {
		t.Errorf("got %v and error %v, want the layouts of round 3 again", again, err)
	}
	for _, s := range sets {
		if err := s.Close(); err != nil {
			t.Errorf("closing: got error %v, want none", err)
		}
		if _, err := os.Stat(s.folder); !os.IsNotExist(err) {
			t.Errorf("got the folder %s and error %v, want it removed", s.folder, err)
		}
	}
}

// The number of a layout decides the order of the functions, and nothing else does.
func TestLayoutsDiffer(t *testing.T) {
	dir, out := module(t), t.TempDir()
	for name, flags := range map[string]string{
		"plain": "", "one": "-randlayout=1", "two": "-randlayout=2", "again": "-randlayout=1",
	} {
		sh(t, dir, "go build -buildvcs=false -trimpath -ldflags="+flags+" -o "+filepath.Join(out, name)+" ./cmd")
	}
	one := order(t, filepath.Join(out, "one"))
	for name, same := range map[string]bool{"plain": false, "two": false, "again": true} {
		if got := order(t, filepath.Join(out, name)) == one; got != same {
			t.Errorf("%s: got the order of layout 1: %v, want %v", name, got, same)
		}
	}
}

// A revision builds in its tree, with what go.mod replaces by folders inside and outside
// of the repository. The tree is gone afterwards.
func TestARevisionBuilds(t *testing.T) {
	dir := module(t)
	write(t, filepath.Join(dir, "lib", "lib.go"), "package lib\n\nsyntax error\n") // not in the revision
	t.Chdir(dir)
	tree := filepath.Join(t.TempDir(), "tree")
	if IsRevision(t.Context(), "no-such") || !IsRevision(t.Context(), "HEAD") {
		t.Error("got no-such as a revision or HEAD as none, want the reverse")
	}
	r, err := Checkout(t.Context(), tree, "HEAD")
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "example.com/other is outside") {
		t.Errorf("got notes %q, want one on example.com/other", r.Notes)
	}
	source, err := At(t.Context(), r.Dir, "./cmd")
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	bin := filepath.Join(t.TempDir(), "bin")
	if err := source.Build(t.Context(), bin); err != nil {
		t.Errorf("building: got error %v, want none", err)
	} else if out := sh(t, dir, bin); out != "1 2 3\n" {
		t.Errorf("got output %q, want 1 2 3", out)
	}
	for _, pkg := range []string{"./lib", "./none"} {
		_, err := At(t.Context(), r.Dir, pkg)
		if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(pkg, "./")) {
			t.Errorf("%s: got error %v, want one that names it", pkg, err)
		}
	}
	r.Remove(t.Context())
	if out := sh(t, dir, "git worktree list"); strings.Count(out, "\n") != 1 {
		t.Errorf("got work trees\n%s\nwant only the repository's own", out)
	}
	if err := os.Rename(filepath.Join(dir, "../../other"), filepath.Join(dir, "../../moved")); err != nil {
		t.Fatal(err)
	}
	if _, err := Checkout(t.Context(), tree, "HEAD"); err == nil || !strings.Contains(err.Error(), "../../other") {
		t.Errorf("without the other module: got error %v, want one that names ../../other", err)
	}
}

// A link that is interrupted leaves no folder of the go command behind.
func TestAnInterruptedBuildLeavesNothing(t *testing.T) {
	dir, temporary := module(t), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	left := func() []string {
		files, err := filepath.Glob(filepath.Join(temporary, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	source, err := At(t.Context(), dir, "./cmd")
	if err != nil || len(left()) != 0 {
		t.Fatalf("got error %v and %v left, want nothing", err, left())
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- source.Link(ctx, filepath.Join(t.TempDir(), "out"), 7) }()
	for len(left()) == 0 {
		select {
		case err := <-ended:
			t.Fatalf("got the link's end (%v) before it had a folder, want one to interrupt", err)
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	if err := <-ended; err == nil {
		t.Skip("the link ended before the interrupt")
	}
	if files := left(); len(files) != 0 {
		t.Errorf("got %v left after an interrupt, want nothing", files)
	}
}
