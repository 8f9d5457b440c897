// Package examples_test runs what the documents and the example module show.
package examples_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// root is the module's folder, from here.
const root = "../.."

// build builds a main package in a module's folder.
func build(t *testing.T, dir, pkg string, flags ...string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "command")
	cmd := exec.Command("go", append(append([]string{"build", "-o", bin}, flags...), pkg)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// run runs a command line in dir and returns its output and its exit status.
func run(t *testing.T, dir, line string) (string, int) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running %s: %v", line, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// shown is a command in a document, with the output below it.
type shown struct {
	line   string
	output []string
}

var block = regexp.MustCompile("(?s)```console\n(.*?)```")

// shownIn returns the commands that a document shows.
func shownIn(t *testing.T, file string) []shown {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []shown
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(m[1]) {
			line = strings.TrimRight(line, "\n")
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				all = append(all, shown{line: command})
			} else if len(all) > 0 {
				all[len(all)-1].output = append(all[len(all)-1].output, line)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s: got no command, want at least 1", file)
	}
	return all
}

var digits = regexp.MustCompile(`[0-9][0-9.]*`)

// shape returns the start of a line without its numbers, which is the same in every run.
func shape(line string) string {
	fields := strings.Fields(digits.ReplaceAllString(line, "#"))
	return strings.Join(fields[:min(2, len(fields))], " ")
}

// Every command in the documents runs, and prints lines of the shape shown.
func TestDocumentsShowWhatCommandsPrint(t *testing.T) {
	t.Parallel()
	bin := build(t, root, "./harness/cmd/contend")
	for _, file := range []string{"README.md", "harness/examples/broken-lock.md"} {
		for _, s := range shownIn(t, filepath.Join(root, file)) {
			t.Run(s.line, func(t *testing.T) {
				if strings.HasPrefix(s.line, "make ") || strings.HasPrefix(s.line, "go ") && testing.Short() {
					t.Skip("covered by CI, which calls it")
				}
				out, status := run(t, root, strings.Replace(s.line, "bin/contend", bin, 1))
				if status > 1 {
					t.Fatalf("got exit status %d, want 0 or 1\n%s", status, out)
				}
				printed := map[string]bool{}
				out = strings.ReplaceAll(out, bin, "bin/contend") // lines to copy have the command as it was called
				for line := range strings.Lines(out) {
					printed[shape(line)] = true
				}
				for _, line := range s.output {
					if line == "..." {
						break
					}
					if strings.TrimSpace(line) != "" && !printed[shape(line)] {
						t.Errorf("got no line like %q, want one in\n%s", line, out)
					}
				}
			})
		}
	}
}

// The README's table of patterns is what the command prints.
func TestTableOfPatterns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	table, status := run(t, root, build(t, root, "./harness/cmd/contend")+" list --markdown")
	if status != 0 || !strings.Contains(string(text), "<!-- contend list --markdown -->\n"+table+"<!-- end -->\n") {
		t.Errorf("README.md: got another table, want the following; make readme writes it\n%s", table)
	}
}

// The pages that say which implementation to take are what the command prints for
// results/reference.
func TestPagesOfChoices(t *testing.T) {
	t.Parallel()
	bin := build(t, root, "./harness/cmd/contend")
	contracts, status := run(t, root, bin+" list --contracts")
	if status != 0 || len(strings.Fields(contracts)) < 11 {
		t.Fatalf("got contracts %q with status %d, want at least 11", contracts, status)
	}
	for _, c := range strings.Fields(contracts) {
		text, err := os.ReadFile(filepath.Join(root, "impls", c, "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		advice, adviseStatus := run(t, root, bin+" advise "+c+" --markdown")
		answers, askStatus := run(t, root, bin+" ask "+c+" --markdown")
		for try := 1; try < 4 && advice+answers != string(text); try++ { // at load, a case may not come about in time
			answers, askStatus = run(t, root, bin+" ask "+c+" --markdown")
		}
		if adviseStatus != 0 || askStatus != 0 || advice+answers != string(text) {
			t.Errorf("impls/%s/README.md: got another page than contend advise and contend ask print; make readme writes it", c)
		}
	}
}

// The example module's command runs, stresses, plots and compares its lock.
func TestMyLockFromItsOwnCommand(t *testing.T) {
	t.Parallel()
	bin := build(t, "mylock", "./cmd/mylock")
	dir := t.TempDir()
	const filter = "'/work:counter /impl:(sync OR sync.again OR mylock) /goroutines:2'"
	for _, c := range []struct{ args, says string }{
		{"list", "mylock"},
		{"stress --filter /impl:mylock --for 300ms", "ok"},
		{"run --filter " + filter + " --rounds 2 --out run", "state complete"},
		{"plot run", "mutex-counter"},
		{"compare run", "mylock"},
		{"report run", "report.html"},
		{"duet " + bin + " --filter '/work:counter /impl:mylock /goroutines:2' --rounds 2 --out duet", "base"},
	} {
		out, status := run(t, dir, bin+" "+c.args)
		if status != 0 || !strings.Contains(out, c.says) {
			t.Errorf("mylock %s: got exit status %d, want 0 and %q in\n%s", c.args, status, c.says, out)
		}
	}
	text, err := os.ReadFile("mylock/cmd/mylock/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n >= 40 {
		t.Errorf("got %d lines in the example's main.go, want under 40", n)
	}
}

// A run that is killed continues with --resume, and loses at most one trial.
func TestKillAndResume(t *testing.T) {
	t.Parallel()
	bin, dir := build(t, root, "./harness/cmd/contend"), t.TempDir()
	cmd := exec.Command(bin, "run", "mutex", "--filter", "/work:counter /goroutines:2", "--rounds", "3", "--out", "run")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := func() int {
		text, err := os.ReadFile(filepath.Join(dir, "run", "trials.jsonl"))
		if err != nil {
			return 0 // it does not exist yet
		}
		return strings.Count(string(text), "\n")
	}
	for start := time.Now(); lines() < 5 && time.Since(start) < time.Minute; {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("got a run that ended by itself, want it killed")
	}
	kept := lines()
	out, status := run(t, dir, bin+" run --resume run")
	if all := lines(); status != 0 || !strings.Contains(out, "state complete") || kept < 5 || all <= kept || all%3 != 0 {
		t.Errorf("got exit status %d, %d trials kept and %d at the end, want 0 and a complete run\n%s",
			status, kept, all, out)
	}
}

// The same lock under go test -bench prints what benchstat reads.
func TestMyLockUnderGoTestBench(t *testing.T) {
	t.Parallel()
	out, status := run(t, "mylock", "go test -run '^$' -bench Mutex/work=counter -benchtime 3x -count 6 .")
	if status != 0 {
		t.Fatalf("got exit status %d, want 0\n%s", status, out)
	}
	file := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
	out, status = run(t, root, "go tool benchstat -col /impl "+file)
	if status != 0 || !strings.Contains(out, "mylock") || !strings.Contains(out, "sec/op") {
		t.Errorf("got exit status %d, want 0 and a table of mylock in\n%s", status, out)
	}
}
