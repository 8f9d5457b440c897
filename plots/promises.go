package plots

import (
	"slices"

	"github.com/contendbench/contend/results"
)

// promiseTable shows who makes which promise of a contract.
type promiseTable struct {
	Title    string
	Promises []results.PromiseInfo // the columns
	Rows     []promiseRow
}

type promiseRow struct {
	Impl  string
	Makes []bool // by column
}

// promiseTables are those of the contracts in a run. Whoever did not run has no row, and controls, which promise
// nothing, have none either.
func promiseTables(run *results.Run) []promiseTable {
	var tables []promiseTable
	ran := map[string]bool{}
	var contracts []string
	for _, r := range run.Rows() {
		ran[r.Contract+" "+r.Impl] = true
		if !slices.Contains(contracts, r.Contract) {
			contracts = append(contracts, r.Contract)
		}
	}
	for _, contract := range contracts {
		var impls []results.ImplInfo
		for _, i := range run.Info.Impls {
			if i.Contract == contract && ran[contract+" "+i.Name] && i.Role != "noop" {
				impls = append(impls, i)
			}
		}
		if t := newPromiseTable(impls, run.Info.Promises); len(t.Promises) > 0 {
			t.Title = results.Title(contract)
			tables = append(tables, t)
		}
	}
	return tables
}

// mostPromises bounds the columns, which come from a file.
const mostPromises = 40

// newPromiseTable has a column for each promise that somebody makes, those that the run says the meaning of first.
func newPromiseTable(impls []results.ImplInfo, meanings []results.PromiseInfo) promiseTable {
	made, shown := map[string]bool{}, map[string]bool{}
	all := slices.Clone(meanings)
	for _, i := range impls {
		for _, name := range i.Promises {
			made[name] = true
			all = append(all, results.PromiseInfo{Name: name})
		}
	}
	var t promiseTable
	for _, p := range all {
		if made[p.Name] && !shown[p.Name] && len(t.Promises) < mostPromises {
			shown[p.Name] = true
			t.Promises = append(t.Promises, p)
		}
	}
	for _, i := range impls {
		row := promiseRow{Impl: i.Name}
		for _, p := range t.Promises {
			row.Makes = append(row.Makes, slices.Contains(i.Promises, p.Name))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
