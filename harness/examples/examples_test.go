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
func build(t *testing.T, dir, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "command")
	cmd := exec.Command("go", "build", "-o", bin, pkg)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// run runs a command line in dir and returns what it printed, and its exit status.
func run(t *testing.T, dir, line string) (string, int) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", line, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A shown command, with the output that stands below it.
type shown struct {
	line   string
	output []string
}

var block = regexp.MustCompile("(?s)```console\n(.*?)```")

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
		t.Fatalf("%s shows no command", file)
	}
	return all
}

var digits = regexp.MustCompile(`[0-9][0-9.]*`)

// shape is the begin of a line without its numbers: what must not change from run to run.
func shape(line string) string {
	fields := strings.Fields(digits.ReplaceAllString(line, "#"))
	return strings.Join(fields[:min(2, len(fields))], " ")
}

// Every command in the documents runs, and prints lines of the shape that is shown.
func TestDocumentsShowWhatCommandsPrint(t *testing.T) {
	bin := build(t, root, "./harness/cmd/contend")
	for _, file := range []string{"README.md", "harness/examples/broken-lock.md"} {
		for _, s := range shownIn(t, filepath.Join(root, file)) {
			t.Run(s.line, func(t *testing.T) {
				if strings.HasPrefix(s.line, "make ") || strings.HasPrefix(s.line, "go ") && testing.Short() {
					t.Skip("covered by CI, which calls it")
				}
				out, status := run(t, root, strings.Replace(s.line, "bin/contend", bin, 1))
				if status > 1 {
					t.Fatalf("exit status %d\n%s", status, out)
				}
				printed := map[string]bool{}
				for line := range strings.Lines(out) {
					printed[shape(line)] = true
				}
				for _, line := range s.output {
					if line == "..." {
						break
					}
					if strings.TrimSpace(line) != "" && !printed[shape(line)] {
						t.Errorf("no line like %q in\n%s", line, out)
					}
				}
			})
		}
	}
}

// The README's table of patterns is the one that the code gives.
func TestTableOfPatterns(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	table, status := run(t, root, build(t, root, "./harness/cmd/contend")+" list --markdown")
	if status != 0 || !strings.Contains(string(text), "<!-- contend list --markdown -->\n"+table+"<!-- end -->\n") {
		t.Errorf("the README has another table than the code; make readme writes it:\n%s", table)
	}
}

// The example module's command runs, stresses, plots and compares a lock of its own.
func TestMyLockFromItsOwnCommand(t *testing.T) {
	bin := build(t, "mylock", "./cmd/mylock")
	dir := t.TempDir()
	for _, c := range []struct{ args, says string }{
		{"list", "mylock"},
		{"stress --impl mylock --for 300ms", "ok"},
		{"run --filter '/work:counter /impl:(sync OR sync.again OR mylock) /goroutines:2' --rounds 2 --out run", "state complete"},
		{"plot run", "mutex-counter"},
		{"compare run", "mylock"},
		{"report run", "report.html"},
		{"duet " + bin + " --filter '/work:counter /impl:mylock /goroutines:2' --rounds 2 --out duet", "base"},
	} {
		out, status := run(t, dir, bin+" "+c.args)
		if status != 0 || !strings.Contains(out, c.says) {
			t.Errorf("mylock %s: exit status %d, want %q in\n%s", c.args, status, c.says, out)
		}
	}
	text, err := os.ReadFile("mylock/cmd/mylock/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n >= 40 {
		t.Errorf("the example's main.go has %d lines, want under 40", n)
	}
}

// A run that is killed outright goes on with --resume, and loses at most the trial in flight.
func TestKillAndResume(t *testing.T) {
	bin, dir := build(t, root, "./harness/cmd/contend"), t.TempDir()
	cmd := exec.Command(bin, "run", "mutex", "--filter", "/work:counter /goroutines:2", "--rounds", "3", "--out", "run")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := func() int {
		text, err := os.ReadFile(filepath.Join(dir, "run", "trials.jsonl"))
		if err != nil {
			return 0 // it is not there yet
		}
		return strings.Count(string(text), "\n")
	}
	for begin := time.Now(); lines() < 5 && time.Since(begin) < time.Minute; {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the run was over before it was killed")
	}
	kept := lines()
	out, status := run(t, dir, bin+" run --resume run")
	if all := lines(); status != 0 || !strings.Contains(out, "state complete") || kept < 5 || all <= kept || all%3 != 0 {
		t.Errorf("exit status %d, %d trials kept, %d in the end\n%s", status, kept, all, out)
	}
}

// The same lock under go test -bench prints what benchstat reads as it is.
func TestMyLockUnderGoTestBench(t *testing.T) {
	out, status := run(t, "mylock", "go test -run '^$' -bench Mutex/work=counter -benchtime 3x -count 6 .")
	if status != 0 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	file := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, status := run(t, root, "go tool benchstat -col /impl "+file); status != 0 || !strings.Contains(out, "mylock") || !strings.Contains(out, "sec/op") {
		t.Errorf("exit status %d\n%s", status, out)
	}
}

// Adding an implementation is one file and one line, as the README shows it: the code in the README is taken, put
// into a copy of the module, and the new row is listed, run and checked.
func TestAddingAnImplementation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	file := regexp.MustCompile("(?s)```go\n(// impls/mutex/(\\w+)\\.go\n.*?)```").FindStringSubmatch(string(text))
	line := regexp.MustCompile("(?s)```go\n// one line in All, impls/mutex/table.go\n(.*?)```").FindStringSubmatch(string(text))
	if file == nil || line == nil {
		t.Fatal("the README does not show how to add an implementation")
	}
	dir := t.TempDir()
	if out, err := exec.Command("cp", "-r", filepath.Join(root, "go.mod"), filepath.Join(root, "go.sum"), filepath.Join(root, "impls"),
		filepath.Join(root, "workloads"), filepath.Join(root, "harness"), filepath.Join(root, "results"), filepath.Join(root, "plots"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	table := filepath.Join(dir, "impls/mutex/table.go")
	old, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	const anchor = "		{Name: \"none\","
	if strings.Count(string(old), anchor) != 1 {
		t.Fatalf("table.go has no single line %q", anchor)
	}
	for path, content := range map[string]string{
		table: strings.Replace(string(old), anchor, line[1]+anchor, 1),
		filepath.Join(dir, "impls/mutex", file[2]+".go"): file[1],
	} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bin := build(t, dir, "./harness/cmd/contend")
	name := regexp.MustCompile(`Name: "([\w-]+)"`).FindStringSubmatch(line[1])[1]
	for args, says := range map[string]string{
		"list mutex":                             name,
		"stress --impl " + name + " --for 300ms": "ok",
		"run --filter '/impl:(sync OR " + name + ") /work:counter /goroutines:2' --rounds 2 --out run": "state complete",
	} {
		if out, status := run(t, dir, bin+" "+args); status != 0 || !strings.Contains(out, says) {
			t.Errorf("contend %s: exit status %d, want %q in\n%s", args, status, says, out)
		}
	}
}
