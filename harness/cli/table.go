package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// printTable prints the README's table, with a line for each suite.
func printTable(out io.Writer, suites []harness.Suite) error {
	lines := []string{
		"| Pattern | Folder | Implementations | Libraries among them | Workloads " +
			"| Checks by stress | Seeded bugs | Known broken |",
		"|---|---|---:|---|---|---:|---:|---:|",
	}
	for _, s := range suites {
		var contenders, checks, bugs, known int
		var libraries, loads []string
		for _, c := range s.Impls {
			switch c.Role {
			case impls.Seeded:
				bugs++
			case impls.Known:
				known++
			case impls.Contender:
				contenders++
				if c.Kind == impls.Library {
					libraries = append(libraries, c.Name)
				}
			}
		}
		for _, l := range s.Loads {
			if l.Measured() {
				loads = append(loads, l.Name)
			} else {
				checks++
			}
		}
		lines = append(lines, fmt.Sprintf("| %s | `impls/%s` | %d | %s | %s | %d | %d | %d |", s.Pattern, s.Title(),
			contenders, strings.Join(libraries, ", "), strings.Join(loads, ", "), checks, bugs, known))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}
