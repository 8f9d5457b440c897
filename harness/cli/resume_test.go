package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contendbench/contend/results"
)

// readText returns the text of a file.
func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeText(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// forge changes a field of a run.json.
func forge(t *testing.T, dir, field string, value any) {
	t.Helper()
	path := filepath.Join(dir, "run.json")
	var info map[string]any
	if err := json.Unmarshal([]byte(readText(t, path)), &info); err != nil {
		t.Fatal(err)
	}
	in := info
	outer, inner, nested := strings.Cut(field, ".")
	if nested {
		in = info[outer].(map[string]any)
		field = inner
	}
	in[field] = value
	text, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	writeText(t, path, string(text), 0o644)
}

// A folder names no program: --engines comes from the command line only.
func TestAFolderRunsNoProgram(t *testing.T) {
	dir, evil := t.TempDir(), filepath.Join(t.TempDir(), "evil")
	ran, run := evil+".ran", filepath.Join(dir, "run")
	engines := links(t, dir, heavyBinary)
	if status, out := toy(t, "run", "--rounds", "1", "--out", run, "--engines", engines); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, out)
	}
	writeText(t, evil, "#!/bin/sh\ntouch "+ran+"\n", 0o755)
	forge(t, run, "args", []string{"run", "--rounds", "2", "--engines", evil})
	status, out := toy(t, "run", "--resume", run)
	if status != wrong || !strings.Contains(out, "--engines") || !strings.Contains(out, "a folder does not set") {
		t.Errorf("got status %d, want %d and the flag to repeat in\n%s", status, wrong, out)
	}
	if _, err := os.Stat(ran); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got error %v, want the program of the folder not run", err)
	}
	if status, out := toy(t, "run", "--resume", run, "--engines", engines); status != fine {
		t.Errorf("with the flag: got status %d, want 0\n%s", status, out)
	}
}

// What a folder sets is checked as a flag is. What it must not set is refused, or ignored.
func TestAFolderSetsAClosedList(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	journal := readText(t, filepath.Join(dir, "trials.jsonl"))
	args := []string{"run", "mutex", "--filter", "/work:counter /goroutines:8 /impl:(sync OR sync.again OR mcs)"}
	for _, c := range []struct {
		more []string
		says string
	}{
		{[]string{"--rounds", "-5"}, "--rounds -5"},
		{[]string{"--budget", "-1s"}, "--budget -1s"},
		{[]string{"--precision", "500%"}, "--precision"},
		{[]string{"--set", "goroutines=100000000"}, "goroutines"},
		{[]string{"--preset", "huge"}, "unknown preset"},
		{[]string{"--timeout", "9000h"}, "add --timeout"},
		{[]string{"--endpoints", "etcd=a:1"}, "add --endpoints"},
		{[]string{"--resume", "elsewhere"}, "unknown flag: --resume"},
		{[]string{"--dry-run"}, "unknown flag: --dry-run"},
		{[]string{"--help"}, "help"},
		{[]string{"nothing"}, "unknown pattern"},
	} {
		forge(t, dir, "args", append(args[:len(args):len(args)], c.more...))
		status, out, errOut := contend(t, "run", "--resume", dir)
		if status != wrong || !strings.Contains(errOut, c.says) || !strings.Contains(errOut, dir) {
			t.Errorf("%v: got status %d, want %d and %q with the folder in\n%s%s", c.more, status, wrong, c.says, out, errOut)
		}
	}
	if got := readText(t, filepath.Join(dir, "trials.jsonl")); got != journal {
		t.Error("got another journal, want it as it was")
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	forge(t, dir, "args", append(args, "--rounds", "3", "--out", elsewhere))
	if status, out, errOut := contend(t, "run", "--resume", dir); status != fine {
		t.Errorf("with --out in the folder: got status %d, want 0\n%s%s", status, out, errOut)
	}
	if _, err := os.Stat(elsewhere); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got error %v for another folder, want none made", err)
	}
}

// A run has one machine, one Go and one executable.
func TestAResumeDoesNotMix(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	torn := readText(t, filepath.Join(dir, "trials.jsonl"))
	torn = torn[:len(torn)-10]
	writeText(t, filepath.Join(dir, "trials.jsonl"), torn, 0o644)
	whole := readText(t, filepath.Join(dir, "run.json"))
	for field, c := range map[string]struct {
		value any
		says  string
	}{
		"machine.cpu":    {"a faster one", "processor a faster one"},
		"machine.cores":  {999, "cores 999"},
		"machine.kernel": {"0.1", "kernel 0.1"},
		"machine.go":     {"go1.0", "Go go1.0"},
		"revision":       {"abc", "revision abc"},
		"executable":     {"def", "executable def"},
		"engines":        {map[string]string{"contend-engines": "1"}, "contend-engines 1"},
		"spins_per_ns":   {1e300, "1e+300 steps of work"},
	} {
		forge(t, dir, field, c.value)
		status, out, errOut := contend(t, "run", "--resume", dir)
		if status != wrong || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: got status %d, want %d and %q in\n%s%s", field, status, wrong, c.says, out, errOut)
		}
		writeText(t, filepath.Join(dir, "run.json"), whole, 0o644)
	}
	if got := readText(t, filepath.Join(dir, "trials.jsonl")); got != torn {
		t.Error("got another journal, want it as it was")
	}
	forge(t, dir, "executable", "") // as in runs of older versions
	if status, out, errOut := contend(t, "run", "--resume", dir); status != fine {
		t.Errorf("got status %d, want 0\n%s%s", status, out, errOut)
	}
}

func TestASecondWriterIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	j, err := results.Create(dir, results.Info{State: "running", Args: []string{"run"}})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Release()
	status, out, errOut := contend(t, "run", "--out", dir)
	if status != wrong || !strings.Contains(errOut, "in use: process ") {
		t.Errorf("got status %d, want %d and the first process in\n%s%s", status, wrong, out, errOut)
	}
}

// Nothing that contend did not write is overwritten, and no folder of others is used.
func TestOutSparesWhatOthersWrote(t *testing.T) {
	base := t.TempDir()
	run := filepath.Join(base, "run")
	if status, _, errOut := small(t, run); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	foreign, file, link := filepath.Join(base, "foreign"), filepath.Join(base, "thesis.html"), filepath.Join(base, "link")
	if err := errors.Join(os.Mkdir(foreign, 0o755), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	thesis := filepath.Join(foreign, "thesis.txt")
	writeText(t, thesis, "years of work", 0o644)
	writeText(t, file, "<title>years of work</title>", 0o644)
	few := []string{"mutex", "--filter", "/work:counter /impl:sync /goroutines:2"}
	for _, args := range [][]string{
		append([]string{"run", "--out", foreign}, few...),
		append([]string{"duet", "HEAD", "--out", foreign, "--pattern"}, few...),
		append([]string{"stress", "--for", "50ms", "--out", foreign}, few...),
		{"plot", run, "--out", foreign},
		{"report", run, "--out", file},
		{"report", run, "--out", link},
		{"report", run, "--out", foreign},
	} {
		if args[0] == "duet" { // of a binary, which needs no repository
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			args[1] = self
		}
		status, out, errOut := contend(t, args...)
		if status != wrong {
			t.Errorf("%v: got status %d, want %d\n%s%s", args, status, wrong, out, errOut)
		}
	}
	if left, err := os.ReadDir(foreign); err != nil || len(left) != 1 || readText(t, thesis) != "years of work" {
		t.Errorf("got %v and error %v, want the folder as it was", left, err)
	}
	if got := readText(t, file); got != "<title>years of work</title>" {
		t.Errorf("got %q, want the file as it was", got)
	}
}

// What contend wrote is written anew.
func TestOutReplacesWhatContendWrote(t *testing.T) {
	base := t.TempDir()
	run := filepath.Join(base, "run")
	if status, _, errOut := small(t, run); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	charts, report := filepath.Join(base, "charts"), filepath.Join(base, "report.html")
	for range 2 {
		for _, args := range [][]string{
			{"plot", run, "--out", charts}, {"report", run, "--out", report}, {"plot", run}, {"report", run},
		} {
			if status, out, errOut := contend(t, args...); status != fine {
				t.Errorf("%v: got status %d, want 0\n%s%s", args, status, out, errOut)
			}
		}
	}
	pictures, err := filepath.Glob(filepath.Join(charts, "*.png"))
	if err != nil || len(pictures) == 0 {
		t.Fatalf("got %v and error %v, want pictures", pictures, err)
	}
	if err := os.Remove(strings.TrimSuffix(pictures[0], ".png") + ".svg"); err != nil { // now it may be a photo
		t.Fatal(err)
	}
	if status, out, errOut := contend(t, "plot", run, "--out", charts); status != wrong {
		t.Errorf("over a picture of others: got status %d, want %d\n%s%s", status, wrong, out, errOut)
	}
}

// A run's folder may hold links. Charts, reports and profiles do not follow them.
func TestNothingIsWrittenThroughALink(t *testing.T) {
	base := t.TempDir()
	run, outside := filepath.Join(base, "run"), filepath.Join(base, "outside")
	if status, _, errOut := small(t, run); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	if err := os.Mkdir(outside, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plots", "profiles"} {
		path := filepath.Join(run, name)
		if err := errors.Join(os.RemoveAll(path), os.Symlink(outside, path)); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"plot", run},
		{"profile", "--run", run, "--kind", "cpu", "--for", "50ms", "--filter", "/work:counter /impl:sync /goroutines:8"},
	} {
		status, out, errOut := contend(t, args...)
		if status != wrong || !strings.Contains(errOut, "not a link") {
			t.Errorf("%v: got status %d, want %d and the reason in\n%s%s", args, status, wrong, out, errOut)
		}
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("got %v and error %v outside of the run, want nothing", left, err)
	}
}

// Lines to copy call the command as the user did.
func TestLinesToCopyNameTheUsersCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "it's mine")
	filter := "/work:counter /goroutines:8 /impl:(sync OR liar)"
	_, out, _ := contend(t, "run", "--filter", filter, "--rounds", "2", "--out", dir)
	quoted := `'` + strings.ReplaceAll(dir, "'", `'\''`)
	for what, text := range map[string]string{
		"run": out, "report": strings.ReplaceAll(readText(t, filepath.Join(dir, "report.html")), "&#39;", "'"),
	} {
		if want := os.Args[0] + " stress --replay " + quoted; !strings.Contains(text, want) {
			t.Errorf("%s: got no %q, want it in\n%.2000s", what, want, text)
		}
	}
	t.Chdir(t.TempDir())
	_, out, _ = contend(t, "stress", "--filter", "/impl:liar /work:counter", "--for", "2s")
	if want := os.Args[0] + " stress --replay results/runs/stress/"; !strings.Contains(out, want) {
		t.Errorf("stress: got no %q, want it in\n%s", want, out)
	}
}

// Names with a terminal's commands reach no output, also in errors.
func TestNoControlCharacterIsPrinted(t *testing.T) {
	const odd = "\x1b[31m\a\r\x00\u202e\u009b"
	base := t.TempDir()
	file := filepath.Join(base, "bench.txt")
	var text strings.Builder
	for i := range 20 {
		for _, kind := range []string{"one", "two"} {
			text.WriteString("BenchmarkX" + odd + "/impl=" + kind + odd + " 100 " + []string{"5", "6", "7"}[i%3] +
				" ns/op 3 unit" + odd + "\n")
		}
	}
	text.WriteString("--- FAIL: BenchmarkY" + odd + "\n")
	writeText(t, file, text.String(), 0o644)
	missing := filepath.Join(base, "no"+"\x1b[31m\u202e"+"file")
	for _, args := range [][]string{
		{"compare", file},
		{"compare", file, "--markdown"},
		{"compare", file, "--json"},
		{"plot", file, "--out", filepath.Join(base, "charts")},
		{"report", file, "--out", filepath.Join(base, "report.html")},
		{"report", missing},
		{"stress", "--replay", missing},
		{"run", "\x1b[31m"},
	} {
		_, out, errOut := contend(t, args...)
		if got := printedControls(out + errOut); got != "" {
			t.Errorf("%q: got %q, want no control character in\n%q", args, got, out+errOut)
		}
	}
	made, err := filepath.Glob(filepath.Join(base, "charts", "*.svg"))
	if err != nil || len(made) == 0 {
		t.Fatalf("got charts %v and error %v, want some", made, err)
	}
	for _, path := range append(made, filepath.Join(base, "report.html")) {
		if got := printedControls(readText(t, path)); got != "" {
			t.Errorf("%s: got %q, want no control character", path, got)
		}
	}
}

// printedControls returns the characters of a text that a terminal acts on.
func printedControls(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || results.Printable(string(r)) == string(r) {
			return -1
		}
		return r
	}, text)
}

// Passwords reach no file and no output, even if the error of a trial quotes them.
func TestPasswordsAreWrittenNowhere(t *testing.T) {
	const secret = "hunter2"
	const address = "toydb=redis://:" + secret + "@127.0.0.1:1"
	base := t.TempDir()
	file := filepath.Join(base, "endpoints")
	writeText(t, file, "\n"+address+"\n", 0o600)
	engines := links(t, base, heavyBinary)
	out := filepath.Join(base, "out")
	status, said := toy(t, "run", "--endpoints", address, "--out", out, "--engines", engines)
	if status != wrong || !strings.Contains(said, "--endpoints @FILE") || strings.Contains(said, secret) {
		t.Errorf("on the command line: got status %d, want %d, and how to give a password in\n%s", status, wrong, said)
	}
	for name, args := range map[string][]string{
		"file":        {"run", "--rounds", "1", "--endpoints", "@" + file},
		"environment": {"run", "--rounds", "1"},
		"stress":      {"stress", "--for", "50ms"},
	} {
		t.Run(name, func(t *testing.T) {
			if name != "file" {
				t.Setenv(endpointsEnv, address)
			}
			dir := filepath.Join(out, name)
			// The trial fails, and its error quotes the address.
			status, said := toy(t, append(args, "--out", dir, "--engines", engines)...)
			if status != failed || !strings.Contains(said, "redis://:***@127.0.0.1:1") || strings.Contains(said, secret) {
				t.Errorf("got status %d, want %d and the address without its password in\n%s", status, failed, said)
			}
		})
	}
	files := 0
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if files++; strings.Contains(readText(t, path), secret) {
				t.Errorf("%s: got the password, want none", path)
			}
		}
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("got %d files and error %v, want those of 3 runs", files, err)
	}
}
