package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every command shows the p99 of an open loop, and says where it is the generator's.
func TestCommandsShowTheP99OfAnOpenLoop(t *testing.T) {
	for _, c := range []struct {
		name string
		late float64 // p99 of the generator's lateness
		says map[string]string
	}{
		{"punctual", 500, map[string]string{
			"compare": "different, worse", "advise": "the best p99-ns here",
		}},
		{"late", 9000, map[string]string{
			"compare": "inconclusive: no latency verdict: the load generator began 1 % of the turns over 9 µs late",
			"advise":  "no winner: the load generator began 1 % of the turns over 9 µs late",
		}},
	} {
		var b strings.Builder
		b.WriteString("Unit ns/op rounds=lines\n") // contend wrote it
		for round := range 12 {
			for i, impl := range []string{"sync", "mcs"} {
				fmt.Fprintf(&b, "BenchmarkMutex/work=counter/impl=%s/goroutines=8/rate-hz=20000-2 2000 %d p99-ns %g %s\n",
					impl, 10_000*(i+1)+100*(round%3), c.late, "generator-late-p99-ns")
			}
		}
		file := filepath.Join(t.TempDir(), "bench.txt")
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		for command, want := range c.says {
			args := []string{command, file}
			if command == "advise" {
				args = []string{command, "mutex", "--run", file}
			}
			status, out, errOut := contend(t, args...)
			if status != fine || !strings.Contains(out, want) || !strings.Contains(out, "p99") {
				t.Errorf("%s, %s: got status %d and\n%s%s\nwant %q by the p99", c.name, command, status, out, errOut, want)
			}
		}
	}
}
