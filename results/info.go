package results

import (
	"slices"
	"strconv"
)

// Work returns what a report says of a workload. Suites of one contract may share it by
// name; the first of them answers.
func (i *Info) Work(contract, work string) (WorkInfo, bool) {
	if at := i.workAt(contract, work); at >= 0 {
		return i.Works[at], true
	}
	b, ok := i.benches[contract]
	return b.WorkInfo, ok && work == ""
}

// A benchInfo is what a results file tells of another tool's benchmark.
type benchInfo struct {
	WorkInfo
	at int // its place in the file
}

// workPlace returns where the rows of a workload belong: in the order of the tables, then
// in that of a results file, then last.
func (i *Info) workPlace(contract, work string) int {
	if at := i.workAt(contract, work); at >= 0 {
		return at
	}
	if b, ok := i.benches[contract]; ok && work == "" {
		return len(i.Works) + b.at
	}
	return len(i.Works) + len(i.benches)
}

// implPlace returns where the rows of an implementation belong: in the order of the
// tables, then last.
func (i *Info) implPlace(c Cell) int {
	if at := i.implAt(c); at >= 0 {
		return at
	}
	return len(i.Impls)
}

func (i *Info) workAt(contract, work string) int {
	return slices.IndexFunc(i.Works, func(w WorkInfo) bool { return w.Contract == contract && w.Name == work })
}

// works returns the workloads of one name, one for each suite that has it.
func (i *Info) works(contract, work string) []WorkInfo {
	var works []WorkInfo
	for _, w := range i.Works {
		if w.Contract == contract && w.Name == work {
			works = append(works, w)
		}
	}
	return works
}

// Impl returns what a report says of a cell's implementation. Suites of one contract may
// have implementations of the same name; the cell's workload decides which one is meant.
func (i *Info) Impl(c Cell) (ImplInfo, bool) {
	if at := i.implAt(c); at >= 0 {
		return i.Impls[at], true
	}
	return ImplInfo{}, false
}

func (i *Info) implAt(c Cell) int {
	name, _ := c.Unalias()
	suites := i.suites(c.Contract, c.Work)
	anywhere := -1 // where old files and unknown workloads leave the suite open
	for at, m := range i.Impls {
		if m.Contract != c.Contract || m.Name != name {
			continue
		}
		if slices.Contains(suites, m.Suite) {
			return at
		}
		if anywhere < 0 && (len(suites) == 0 || m.Suite == "") {
			anywhere = at
		}
	}
	return anywhere
}

// suites returns the names of the suites that have a workload; none if it is unknown.
func (i *Info) suites(contract, work string) []string {
	var names []string
	for _, w := range i.Works {
		if w.Contract == contract && w.Name == work {
			names = append(names, w.Suite)
		}
	}
	return names
}

// Goroutines returns how many goroutines a row of the workload had, in all roles. If its
// trials do not say, as those of older versions, it is the sum of the parameters that
// count goroutines, or 0 without such a parameter.
func (w WorkInfo) Goroutines(r Row) int {
	most := 0
	for _, t := range r.Good {
		most = max(most, t.Workers)
	}
	if most > 0 {
		return most
	}
	sum := 0
	for _, key := range w.Crowd {
		text, _ := r.Get(key)
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			sum += n
		}
	}
	return sum
}

// Lacks returns the promises in wanted that are missing from made. A promise is not missing
// if one that covers it is made.
func (i *Info) Lacks(made, wanted []string) (missing []string) {
	for _, p := range wanted {
		if !slices.Contains(made, p) && i.CoveredBy(made, p) == "" {
			missing = append(missing, p)
		}
	}
	return missing
}

// CoveredBy returns the promise in made that covers another one; "" if none does.
func (i *Info) CoveredBy(made []string, promise string) string {
	for _, p := range i.Promises {
		if p.Covers == promise && slices.Contains(made, p.Name) {
			return p.Name
		}
	}
	return ""
}
