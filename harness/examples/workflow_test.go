package examples_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/contendbench/contend/results"
)

// workflow is what a test needs of a workflow of GitHub.
type workflow struct {
	Env      map[string]string
	Defaults struct{ Run struct{ Shell string } }
	Jobs     map[string]struct {
		Steps []step
	}
}

type step struct {
	Name, Run, Shell string
	Env              map[string]string
}

// duetWorkflow returns the shipped workflow, and the steps that build and measure.
func duetWorkflow(t *testing.T) (w workflow, build, measure step) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".github/workflows/duet.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatalf("duet.yml: got error %v, want none", err)
	}
	for _, s := range w.Jobs["duet"].Steps {
		switch {
		case strings.HasPrefix(s.Run, "go build"):
			build = s
		case strings.Contains(s.Run, "--fail"):
			measure = s
		}
	}
	if build.Run == "" || measure.Run == "" {
		t.Fatalf("duet.yml: got steps %+v, want one that builds and one that measures with --fail", w.Jobs["duet"].Steps)
	}
	return w, build, measure
}

// do runs a step's text in a folder, as a runner does: in a file, by its shell. other
// replaces the shell of the workflow.
func (w workflow) do(t *testing.T, dir, other string, s step, env map[string]string) (string, int) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "step.sh")
	if err := os.WriteFile(script, []byte(s.Run), 0o644); err != nil {
		t.Fatal(err)
	}
	shell := cmp.Or(other, map[string]string{ // of GitHub's documentation
		"": "bash -e", "bash": "bash --noprofile --norc -eo pipefail", "sh": "sh -e",
	}[cmp.Or(s.Shell, w.Defaults.Run.Shell)])
	words := append(strings.Fields(shell), script)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir, cmd.Env = dir, os.Environ()
	for _, values := range []map[string]string{w.Env, s.Env, env} {
		for key, v := range values {
			cmd.Env = append(cmd.Env, key+"="+v)
		}
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running %s: %v", s.Name, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A pipe has the status of its last command unless its own text says otherwise: a step
// must not depend on which shell the workflow names.
func TestNoPipeHidesAFailure(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got workflows %v and error %v, want some", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Fatalf("%s: got error %v, want none", file, err)
		}
		for _, job := range w.Jobs {
			for _, s := range job.Steps {
				if strings.Contains(s.Run, "| tee") && !strings.HasPrefix(s.Run, "set -o pipefail\n") {
					t.Errorf("%s, step %q: got a pipe, want set -o pipefail before it in\n%s", file, s.Name, s.Run)
				}
			}
		}
	}
}

// clone makes a repository of the example module, outside of this one. The module
// replaces contend by this folder, relative to itself.
func clone(t *testing.T) (dir, replaced string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("mylock")); err != nil {
		t.Fatal(err)
	}
	module, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	replaced, err = filepath.Rel(dir, module)
	if err != nil {
		t.Fatal(err)
	}
	must(t, dir, "go mod edit -replace github.com/contendbench/contend="+replaced)
	must(t, dir, "git init -q && printf '/bin\\n/duet*\\n' > .gitignore && git add . && "+commit("first"))
	return dir, module
}

func commit(message string) string {
	return "git -c user.name=test -c user.email=test@example.com commit -q --allow-empty -m " + message
}

func must(t *testing.T, dir, line string) {
	t.Helper()
	if out, status := run(t, dir, line); status != 0 {
		t.Fatalf("%s: got status %d, want 0\n%s", line, status, out)
	}
}

// slow makes the lock of the example hundreds of times slower.
func slow(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "mylock.go")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const fast = "{ l.held.Store(false) }"
	if !strings.Contains(string(text), fast) {
		t.Fatalf("got\n%s\nwant %q in it", text, fast)
	}
	changed := strings.Replace(string(text), fast, `{
	for range 30000 {
		if !l.held.Load() {
			panic("not held")
		}
	}
	l.held.Store(false)
}`, 1)
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The shipped workflow fails over a pull request that makes a lock slower, and passes
// over one that changes nothing, whatever the shell does with pipes.
func TestTheWorkflowGates(t *testing.T) {
	w, build, measure := duetWorkflow(t)
	dir, _ := clone(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	env := map[string]string{
		"PACKAGE": "./cmd/mylock", "FILTER": "/impl:mylock /goroutines:1 /work:counter", "GITHUB_STEP_SUMMARY": summary,
		"THRESHOLD": "50%",                         // the machine of a test is busy
		"FLAGS":     "--layouts=false --rounds 24", // a layout takes a second; more rounds bear more bad pairs
	}
	for i, c := range []struct {
		name, shell string
		change      func(*testing.T, string)
		fails       bool
	}{
		{"nothing changed", "", func(*testing.T, string) {}, false},
		{"a lock is slower", "", slow, true},
		{"the same lock, still slow", "sh -e", func(*testing.T, string) {}, false},
	} {
		c.change(t, dir)
		must(t, dir, "rm -rf duet && git add . && "+commit(fmt.Sprint(i)))
		if out, status := w.do(t, dir, "", build, env); status != 0 {
			t.Fatalf("%s: building: got status %d, want 0\n%s", c.name, status, out)
		}
		shells := []string{c.shell}
		if c.fails {
			shells = append(shells, "sh -e")
		}
		for _, shell := range shells {
			must(t, dir, "rm -rf duet")
			out, status := w.do(t, dir, shell, measure, env)
			want := 0
			if c.fails {
				want = 1
			}
			if status != want || strings.Contains(out, "regression: ") != c.fails {
				t.Errorf("%s, %q: got status %d, want %d\n%s", c.name, shell, status, want, out)
			}
		}
	}
	if text, err := os.ReadFile(summary); err != nil || strings.Count(string(text), "| base → head |") != 4 {
		t.Errorf("got summary %q and error %v, want the table of 4 duets", text, err)
	}
}

// A duet of revisions links both sides anew for every round, and the base twice. It works
// for a module that replaces another by a folder outside of its repository. It leaves no
// work tree and no executable behind.
func TestADuetOfRevisions(t *testing.T) {
	dir, replaced := clone(t)
	temp := t.TempDir()
	must(t, dir, "go build -o bin/head ./cmd/mylock")
	out, status := run(t, dir, "TMPDIR="+temp+" bin/head duet HEAD --package ./cmd/mylock "+
		"--filter '/impl:mylock /goroutines:1 /work:counter' --rounds 2 --out duet")
	if status != 0 || !strings.Contains(out, "outside of the repository, so it is as it is now: "+replaced) {
		t.Errorf("got status %d, want 0 and a note on %s in\n%s", status, replaced, out)
	}
	measured, err := results.Open(filepath.Join(dir, "duet"))
	if err != nil {
		t.Fatal(err)
	}
	layouts, sides := map[uint64]bool{}, map[string]int{}
	for _, trial := range measured.Trials {
		layouts[trial.Layout] = true
		sides[trial.Side]++
	}
	if want := map[string]int{"base": 2, "base.again": 2, "head": 2}; !maps.Equal(sides, want) {
		t.Errorf("got trials %v, want %v", sides, want)
	}
	if len(layouts) != 6 || layouts[0] || measured.Info.OneLayout != "" {
		t.Errorf("got layouts %v and %q, want 6 and no note on one layout", layouts, measured.Info.OneLayout)
	}
	left, err := filepath.Glob(filepath.Join(temp, "contend*"))
	if trees, _ := run(t, dir, "git worktree list"); err != nil || len(left) > 0 || strings.Count(trees, "\n") != 1 {
		t.Errorf("got files %v, work trees\n%s and error %v, want none left", left, trees, err)
	}
	for args, says := range map[string]string{
		"duet HEAD --package .":                     "want a main package",
		"duet HEAD --package ./cmd/none":            "cmd/none",
		"duet bin/head bin/head":                    "one layout of base (bin/head is a given executable) and head",
		"duet HEAD bin/head --package ./cmd/mylock": "one layout of head (bin/head is a given executable)",
	} {
		out, status := run(t, dir, "bin/head "+args+
			" --filter '/impl:mylock /goroutines:1 /work:counter' --rounds 1 --out $(mktemp -d)/duet")
		if want := 2; strings.HasPrefix(says, "one layout") == (status == want) || !strings.Contains(out, says) {
			t.Errorf("%s: got status %d, want %q in\n%s", args, status, says, out)
		}
	}
}
