package cli

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/contendbench/contend/results"
)

// open reads a run's folder or file, and prints what is damaged in it. Older results get
// the present names of implementations, and the tables that they lack. Those of other tools
// stay as they are.
func (a *app) open(name string) (*results.Run, error) {
	run, err := results.Open(name)
	if err != nil {
		return nil, err
	}
	return a.present(run), nil
}

// present gives a run that was read the present names and tables, and prints what is
// damaged in it.
func (a *app) present(run *results.Run) *results.Run {
	a.warn(run.Problems)
	if run.Own() && len(run.Info.Suites) == 0 { // no name has changed since runs record their suites
		run.Rename(a.aliases())
		a.fill(run)
	}
	a.cover(run)
	return run
}

// warn prints problems of files, each once, however often the command reads its file.
func (a *app) warn(problems []results.Problem) {
	for _, p := range problems {
		if text := p.String(); !a.warned[text] {
			fmt.Fprintln(a.err, "contend:", text)
			if a.warned == nil {
				a.warned = map[string]bool{}
			}
			a.warned[text] = true
		}
	}
}

// cover says of the promises of an older run which ones they cover.
func (a *app) cover(run *results.Run) {
	for _, known := range a.meanings() {
		for i := range run.Info.Promises {
			if p := &run.Info.Promises[i]; p.Name == known.Name {
				p.Covers = known.Covers
			}
		}
	}
}

// aliases returns the former names of implementations.
func (a *app) aliases() []results.Alias {
	var all []results.Alias
	for _, s := range a.suites {
		for _, c := range s.Impls {
			if c.Formerly == "" {
				continue
			}
			alias := results.Alias{Contract: s.Contract, Suite: s.Name, Old: c.Formerly, New: c.Name}
			for _, l := range s.LoadsOf(c.Name) {
				alias.Works = append(alias.Works, l.Name)
			}
			all = append(all, alias)
			if base := path.Base(s.Contract); base != s.Contract { // bench.txt has only its last element
				alias.Contract = base
				all = append(all, alias)
			}
		}
	}
	return all
}

// fill gives a run without suites those of the command that it measured, with their
// tables. What the run says of its implementations and workloads stays.
func (a *app) fill(run *results.Run) {
	a.fillContracts(run)
	has := foundIn(run)
	old := run.Info
	run.Info.Works, run.Info.Impls = nil, nil
	for _, s := range a.suites {
		info, cards, loads := s.Info()
		ran := map[string]bool{}
		for _, l := range loads {
			f := has[workload{l.Contract, l.Name}]
			if f == nil {
				continue
			}
			run.Info.Works = append(run.Info.Works, work(l, old, f.units))
			maps.Copy(ran, f.impls)
		}
		if len(ran) == 0 {
			continue
		}
		run.Info.Suites = append(run.Info.Suites, info)
		for _, c := range cards {
			if ran[c.Name] {
				run.Info.Impls = append(run.Info.Impls, card(c, old))
			}
		}
	}
	run.Info.Works = append(run.Info.Works, slices.DeleteFunc(old.Works, func(w results.WorkInfo) bool {
		_, known := run.Info.Work(w.Contract, w.Name)
		return known
	})...)
	run.Info.Impls = append(run.Info.Impls, slices.DeleteFunc(old.Impls, func(i results.ImplInfo) bool {
		return slices.ContainsFunc(run.Info.Impls, func(k results.ImplInfo) bool {
			return k.Contract == i.Contract && k.Name == i.Name
		})
	})...)
	if len(old.Promises) == 0 {
		run.Info.Promises = a.meanings()
	}
}

// fillContracts gives trials of a results file their contract. Their benchmark's name
// holds only its last element.
func (a *app) fillContracts(run *results.Run) {
	folder := map[string]string{}
	for _, s := range a.suites {
		folder[path.Base(s.Contract)] = s.Contract
	}
	for c := range run.Cells() {
		if full, ok := folder[c.Contract]; ok && len(run.Info.Works) == 0 {
			c.Contract = full
		}
	}
}

type workload struct{ contract, name string }

// found is what a run has of a workload.
type found struct{ impls, units map[string]bool }

// foundIn returns the workloads that a run has trials of.
func foundIn(run *results.Run) map[workload]*found {
	all := map[workload]*found{}
	for c, units := range run.Uses() {
		f := all[workload{c.Contract, c.Work}]
		if f == nil {
			f = &found{map[string]bool{}, map[string]bool{}}
			all[workload{c.Contract, c.Work}] = f
		}
		impl, _ := c.Unalias()
		f.impls[impl] = true
		for unit := range units {
			f.units[unit] = true
		}
	}
	return all
}

// work returns a workload's present table with what the old one says of its turns. It
// ranks by its metric only if the run has that.
func work(w results.WorkInfo, old results.Info, units map[string]bool) results.WorkInfo {
	if o, ok := old.Work(w.Contract, w.Name); ok {
		w.Op, w.About, w.Curve, w.Planes = o.Op, o.About, o.Curve, o.Planes
	}
	if !units[w.Ranks] {
		w.Ranks = ""
	}
	return w
}

// card returns what the old table says of an implementation, as one of its suite. An old
// table may hold the promises of several suites in one entry; those of the present card
// are the suite's.
func card(c results.ImplInfo, old results.Info) results.ImplInfo {
	at := slices.IndexFunc(old.Impls, func(i results.ImplInfo) bool {
		return i.Contract == c.Contract && i.Name == c.Name
	})
	if at < 0 {
		return c
	}
	o := old.Impls[at]
	o.Suite = c.Suite
	if c.Suite != "" {
		o.Promises = slices.DeleteFunc(slices.Clone(o.Promises), func(p string) bool {
			return !slices.Contains(c.Promises, p)
		})
	}
	return o
}
