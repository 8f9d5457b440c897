package plots

import (
	"slices"

	"github.com/contendbench/contend/results"
)

// promiseTable shows which implementations of a suite make which promises.
type promiseTable struct {
	Title    string
	Promises []results.PromiseInfo // the columns
	Rows     []promiseRow
}

type promiseRow struct {
	Impl  string
	Makes []string // by column: a tick, the promise that covers it, or nothing
}

// promiseTables returns a table for each suite in a run. It has no row for an
// implementation that did not run, nor for controls, which promise nothing.
func promiseTables(run *results.Run) []promiseTable {
	type suite struct{ contract, name string }
	ran := map[identity]bool{}
	var suites []suite
	impls := map[suite][]results.ImplInfo{}
	for _, r := range run.Rows() {
		i := identify(run, r.Cell)
		ran[i] = true
		s := suite{i.contract, i.suite}
		if _, known := impls[s]; !known {
			impls[s] = nil
			suites = append(suites, s)
		}
	}
	for _, i := range run.Info.Impls {
		if ran[identity{i.Contract, i.Suite, i.Name}] && i.Role != "noop" {
			s := suite{i.Contract, i.Suite}
			impls[s] = append(impls[s], i)
		}
	}
	var tables []promiseTable
	for _, s := range suites {
		t := newPromiseTable(impls[s], &run.Info)
		if len(t.Promises) == 0 {
			continue
		}
		t.Title = results.Title(s.contract)
		if s.name != "" {
			t.Title += ", " + s.name
		}
		tables = append(tables, t)
	}
	return tables
}

// maxPromises bounds the columns, which come from a file.
const maxPromises = 40

// newPromiseTable makes a column for each promise that any implementation makes. Promises
// whose meaning the run explains come first.
func newPromiseTable(impls []results.ImplInfo, info *results.Info) promiseTable {
	made, shown := map[string]bool{}, map[string]bool{}
	all := slices.Clone(info.Promises)
	for _, i := range impls {
		for _, name := range i.Promises {
			made[name] = true
			all = append(all, results.PromiseInfo{Name: name})
		}
	}
	var t promiseTable
	for _, p := range all {
		if made[p.Name] && !shown[p.Name] && len(t.Promises) < maxPromises {
			shown[p.Name] = true
			t.Promises = append(t.Promises, p)
		}
	}
	for _, i := range impls {
		row := promiseRow{Impl: i.Name}
		for _, p := range t.Promises {
			mark := ""
			if slices.Contains(i.Promises, p.Name) {
				mark = "✓"
			} else if other := info.CoveredBy(i.Promises, p.Name); other != "" {
				mark = "see " + other
			}
			row.Makes = append(row.Makes, mark)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
