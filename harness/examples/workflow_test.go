package examples_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
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

// clone makes a repository of the example module, outside of this one.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("mylock")); err != nil {
		t.Fatal(err)
	}
	module, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	must(t, dir, "go mod edit -replace github.com/contendbench/contend="+module)
	must(t, dir, "git init -q && printf '/bin\\n/duet*\\n' > .gitignore && git add . && "+commit("first"))
	return dir
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

// slow makes the lock of the example a thousand loads slower.
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
	for range 1000 {
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
	dir := clone(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	env := map[string]string{
		"PACKAGE": "./cmd/mylock", "FILTER": "/impl:mylock /goroutines:1 /work:counter", "GITHUB_STEP_SUMMARY": summary,
		"THRESHOLD": "50%", // the machine of a test is busy
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
