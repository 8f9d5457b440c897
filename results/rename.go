package results

import "slices"

// Alias says that an implementation has a new name.
type Alias struct {
	Contract string
	Suite    string   // "": any suite of the contract
	Works    []string // only under these workloads; nil: under all
	Old, New string
}

// covers reports whether the alias applies to a suite and a workload. Old files do not
// name the suite; then the contract and the workload decide.
func (a Alias) covers(contract, suite, work string) bool {
	return a.in(contract, suite) && (a.Works == nil || slices.Contains(a.Works, work))
}

func (a Alias) in(contract, suite string) bool {
	return a.Contract == contract && (a.Suite == "" || suite == "" || a.Suite == suite)
}

// Rename gives implementations of an opened run their new names, so that the run can be
// compared with newer ones. It renames trials, among them those of second names, and
// whatever run.json says of them. The first alias that applies to a name wins, so names
// can be swapped. A run in which Old is already the name of another implementation must
// not be renamed.
func (r *Run) Rename(aliases []Alias) {
	type use struct{ contract, work, impl string }
	renamed := map[use]string{}
	names := make([][]string, len(r.Info.Impls)) // that each entry of the table gets from its trials
	cells := map[string]string{}
	for c := range r.Cells() {
		impl, again := c.Unalias()
		u := use{c.Contract, c.Work, impl}
		name, known := renamed[u]
		if !known {
			name = r.Info.renamed(aliases, *c)
			renamed[u] = name
			if at := r.Info.implAt(*c); at >= 0 && !slices.Contains(names[at], name) {
				names[at] = append(names[at], name)
			}
		}
		if name == impl {
			continue
		}
		old := ""
		if len(r.Info.Profiles) > 0 {
			old = c.Name()
		}
		c.Impl = name
		if again {
			*c = c.Alias()
		}
		if len(r.Info.Profiles) > 0 {
			cells[old] = c.Name()
		}
	}
	r.Info.renameImpls(aliases, names)
	for n := range r.Info.Works {
		w := &r.Info.Works[n]
		w.Baseline = newName(aliases, w.Contract, w.Suite, w.Name, w.Baseline)
	}
	for n := range r.Info.Profiles {
		p := &r.Info.Profiles[n]
		if name, ok := cells[p.Cell]; ok {
			p.Cell = name
		}
	}
}

// renamed returns the new name of a cell's implementation, or the old one without an
// alias.
func (i *Info) renamed(aliases []Alias, c Cell) string {
	impl, _ := c.Unalias()
	suites := i.suites(c.Contract, c.Work)
	if m, ok := i.Impl(c); ok && m.Suite != "" {
		suites = []string{m.Suite}
	}
	if len(suites) == 0 {
		suites = []string{""} // unknown
	}
	for _, suite := range suites {
		if name := newName(aliases, c.Contract, suite, c.Work, impl); name != impl {
			return name
		}
	}
	return impl
}

func newName(aliases []Alias, contract, suite, work, impl string) string {
	for _, a := range aliases {
		if a.Old == impl && a.covers(contract, suite, work) {
			return a.New
		}
	}
	return impl
}

// renameImpls renames the table of implementations. In an old file, implementations of
// several suites that share a name have one entry. If some of them keep the name, so does
// the entry, and the renamed ones get copies.
func (i *Info) renameImpls(aliases []Alias, names [][]string) {
	var impls []ImplInfo
	for at, m := range i.Impls {
		if len(names[at]) == 0 { // it did not run
			for _, a := range aliases {
				if a.Old == m.Name && a.in(m.Contract, m.Suite) {
					m.Name = a.New
					break
				}
			}
			impls = append(impls, m)
			continue
		}
		for _, name := range names[at] {
			m.Name = name
			impls = append(impls, m)
		}
	}
	i.Impls = impls
}
