package cli

import (
	"path/filepath"
	"testing"
)

// ignored are command lines with a part that would have no effect, for a folder with a run
// and a file of no benchmark. TestBadUsageIsStatusTwoWithAHint runs them.
func ignored(dir, junk string) []misuse {
	return []misuse{
		{[]string{"stress", "mutex", "--tries", "5"}, []string{"--tries", "without --bugs"}},
		{[]string{"stress", "mutex", "--twin", "3s"}, []string{"--twin", "without --bugs"}},
		{[]string{"stress", "mutex", "--least", "0.5"}, []string{"--least", "without --bugs"}},
		{[]string{"stress", "mutex", "--json"}, []string{"--json", "without --bugs"}},
		{[]string{"stress", "mutex", "--bugs", "--least", "2"}, []string{"--least 2", "0 to 1"}},
		{[]string{"stress", "mutex", "--bugs", "--twin", "-1s"}, []string{"--twin -1s"}},
		{[]string{"stress", "mutex", "--bugs", "--windows", "3"}, []string{"--windows", "with --bugs"}},
		{[]string{"stress", "--replay", junk, "--for", "3s"}, []string{"--for", "with --replay"}},
		{[]string{"stress", "mutex", "--replay", junk}, []string{"leave out mutex"}},
		{[]string{"list", "--json", "--markdown"}, []string{"--json with --markdown"}},
		{[]string{"list", "--kinds", "--params"}, []string{"--kinds with --params"}},
		{[]string{"list", "--contracts", "--params"}, []string{"--params with --contracts"}},
		{[]string{"advise", "mutex", "--json", "--markdown"}, []string{"--json with --markdown"}},
		{[]string{"advise", "mutex", "--markdown", "--filter", "/work:counter"}, []string{"--filter", "with --markdown"}},
		{[]string{"compare", filepath.Join(dir, "run"), "--json", "--markdown"}, []string{"--json with --markdown"}},
		{[]string{"run", "mutex", "--out", ""}, []string{`--out "": want a name`}},
		{[]string{"plot", filepath.Join(dir, "run"), "--out", ""}, []string{`--out "": want a name`}},
		{[]string{"run", "--budget", "1ms", "--dry-run"}, []string{"too small for one round"}},
		{[]string{"help", "nosuch"}, []string{"nosuch", "contend"}},
		{[]string{"compare", junk, junk}, []string{"junk.txt with itself"}},
		{[]string{"compare", filepath.Join(dir, "run"), filepath.Join(dir, ".", "run") + "/"}, []string{"run with itself"}},
	}
}

// The help of a command is what the command prints of itself.
func TestHelpOfACommand(t *testing.T) {
	_, want, _ := contend(t, "run", "--help")
	if status, got, errOut := contend(t, "help", "run"); status != fine || got != want || want == "" {
		t.Errorf("got status %d and\n%s%s\nwant %d and\n%s", status, got, errOut, fine, want)
	}
}
