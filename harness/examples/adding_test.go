package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A change is what a code block of CONTRIBUTING.md does to the module: it adds a file, or
// a line to a file.
type change struct{ path, above, text string }

var (
	codeBlock = regexp.MustCompile("(?s)```go\n// ([\\w./]+\\.go)(, a line above ([^\n]+))?\n(.*?)```")
	section   = regexp.MustCompile(`(?m)^## `)
)

// changes returns the code blocks of a section of CONTRIBUTING.md.
func changes(t *testing.T, title string) []change {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range section.Split(string(text), -1) {
		if !strings.HasPrefix(s, title+":") {
			continue
		}
		var all []change
		for _, m := range codeBlock.FindAllStringSubmatch(s, -1) {
			all = append(all, change{path: m[1], above: m[3], text: m[4]})
		}
		if n := strings.Count(s, "```go"); n == 0 || n != len(all) {
			t.Fatalf("%s: got %d code blocks with a path, want %d", title, len(all), n)
		}
		return all
	}
	t.Fatalf("got no section %q, want it in CONTRIBUTING.md", title)
	return nil
}

// copied makes a copy of the module with changes, and returns its folder.
func copied(t *testing.T, all []change) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"go.mod", "go.sum", "impls", "workloads", "harness", "results", "plots"} {
		if out, err := exec.Command("cp", "-r", filepath.Join(root, part), dir).CombinedOutput(); err != nil {
			t.Fatalf("copying %s: %v\n%s", part, err, out)
		}
	}
	for _, c := range all {
		path := filepath.Join(dir, c.path)
		content := c.text
		if c.above != "" {
			old, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			line := regexp.MustCompile(`(?m)^.*` + regexp.QuoteMeta(c.above) + `.*$`)
			if n := len(line.FindAllIndex(old, -1)); n != 1 {
				t.Fatalf("%s: got %d lines with %q, want 1", c.path, n, c.above)
			}
			at := line.FindIndex(old)[0]
			content = string(old[:at]) + c.text + string(old[at:])
		} else if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// command is the arguments of a command and what it must print.
type command struct{ args, says string }

// check builds the command of a copy of the module, and runs it with arguments.
func check(t *testing.T, dir string, commands ...command) {
	t.Helper()
	// With trimmed paths, copies share what they have not changed in the build cache.
	bin := build(t, dir, "./harness/cmd/contend", "-trimpath")
	for _, c := range commands {
		if out, status := run(t, dir, bin+" "+c.args); status != 0 || !strings.Contains(out, c.says) {
			t.Errorf("contend %s: got exit status %d, want 0 and %q in\n%s", c.args, status, c.says, out)
		}
	}
}

// Each of these tests does exactly what CONTRIBUTING.md shows. The addition is then
// listed, measured and checked, with no other change.

func TestAddingAnImplementation(t *testing.T) {
	t.Parallel()
	all := changes(t, "Add an implementation")
	if len(all) != 2 {
		t.Errorf("got %d changes, want 2: one file and one line", len(all))
	}
	const filter = "'/impl:(sync OR yielding) /work:counter /goroutines:2'"
	check(t, copied(t, all),
		command{"list mutex", "yielding"},
		command{"stress --filter /impl:yielding --for 300ms", "ok"},
		command{"run --filter " + filter + " --rounds 2 --out run", "state complete"},
		command{"compare run", "yielding"},
	)
}

func TestAddingAWorkload(t *testing.T) {
	t.Parallel()
	all := changes(t, "Add a workload")
	if len(all) != 2 {
		t.Errorf("got %d changes, want 2: one file and one line", len(all))
	}
	const filter = "'/work:nested /impl:(sync OR mcs) /goroutines:2'"
	check(t, copied(t, all),
		command{"list mutex --params", "nested"},
		command{"stress mutex --filter '/work:nested /impl:mcs' --for 300ms", "ok"},
		command{"stress mutex --bugs --filter '/work:nested /impl:tas-load-store' --for 10s --twin 300ms", "1 of 1"},
		command{"run mutex --preset standard --filter " + filter + " --rounds 2 --out run", "state complete"},
		command{"plot run", "mutex-nested"},
	)
}

func TestAddingAContract(t *testing.T) {
	t.Parallel()
	all := changes(t, "Add a contract")
	lines := 0
	for _, c := range all {
		in := regexp.MustCompile(`^(impls|workloads)/latch/`).MatchString(c.path)
		if !in && !strings.HasPrefix(strings.TrimSpace(c.text), `"`) { // an import goes with its line
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("got %d lines outside the contract's folders, want 1", lines)
	}
	check(t, copied(t, all),
		command{"list latch", "channel"},
		command{"list --markdown", "`impls/latch`"},
		command{"run latch --rounds 2 --out run", "state complete"},
		command{"stress latch --for 300ms", "ok"},
		command{"stress latch --bugs --for 10s --twin 300ms", "1 of 1"},
		command{"advise latch --run run", "channel"},
		command{"report run", "report.html"},
	)
}
