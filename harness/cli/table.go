package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// A contract is a row of the README's table.
type contract struct {
	pattern, name               string
	impls, libraries, workloads []string
	bugs, known                 int
}

func printTable(out io.Writer, rows []harness.Row) error {
	lines := []string{
		"| Pattern | Contract | Implementations | Libraries among them | Workloads | Seeded bugs | Known broken |",
		"|---|---|---:|---|---|---:|---:|",
	}
	for _, c := range contracts(rows) {
		lines = append(lines, fmt.Sprintf("| %s | `impls/%s` | %d | %s | %s | %d | %d |", c.pattern, c.name,
			len(c.impls), strings.Join(c.libraries, ", "), strings.Join(c.workloads, ", "), c.bugs, c.known))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

func contracts(rows []harness.Row) []*contract {
	var all []*contract
	index, seen := map[string]*contract{}, map[string]bool{}
	for _, r := range rows {
		c := index[r.Contract]
		if c == nil {
			c = &contract{pattern: r.Pattern, name: r.Contract}
			index[r.Contract] = c
			all = append(all, c)
		}
		if !slices.Contains(c.workloads, r.Work.Name) {
			c.workloads = append(c.workloads, r.Work.Name)
		}
		if key := r.Contract + " " + r.Impl.Name; !seen[key] {
			seen[key] = true
			c.add(r.Impl)
		}
	}
	return all
}

func (c *contract) add(i impls.Impl[struct{}]) {
	switch i.Role {
	case impls.Bug:
		c.bugs++
	case impls.Known:
		c.known++
	case impls.Contender:
		c.impls = append(c.impls, i.Name)
		if i.Kind == impls.Library {
			c.libraries = append(c.libraries, i.Name)
		}
	}
}
