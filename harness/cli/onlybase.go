package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// oneSided is what one side of a duet has and the other has not. The plan is made from this
// executable's tables, so it names nothing that they do not have.
type oneSided struct {
	base []string                     // names of what only the base has
	head func(cell results.Cell) bool // whether only the head has a cell
}

// compareTables asks the base which implementations it has.
func (a *app) compareTables(
	ctx context.Context, d *duetSides, set *layout.Set, sel *selecting, names []string,
) (oneSided, error) {
	none := oneSided{head: func(results.Cell) bool { return false }}
	path := d.base.path
	if path == "" {
		linked, err := set.Round(ctx, 0)
		if err != nil {
			return none, err
		}
		path = linked[d.base.name].Path
	}
	manifest, err := ask(ctx, path)
	if err != nil {
		if ctx.Err() != nil {
			return none, ctx.Err()
		}
		fmt.Fprintf(a.err, "contend: what only the base has cannot be known: %v\n", err)
		return none, nil
	}
	filter, err := results.Filter(sel.filter)
	if err != nil {
		return none, err
	}
	selected, err := rounds.Named(a.suites, names)
	if err != nil {
		return none, err
	}
	l := oneSided{head: func(c results.Cell) bool { return !lists(manifest, c) }}
	for _, row := range manifest.Rows {
		if row.Role == string(impls.Contender) {
			l.base = append(l.base, a.onlyIn(row, selected, len(names) > 0, filter)...)
		}
	}
	return l, nil
}

// onlyIn returns the names of the cells of a row that no suite of this executable has.
func (a *app) onlyIn(
	row child.ManifestRow, selected []harness.Suite, named bool, filter func(results.Cell) bool,
) []string {
	mine := func(s harness.Suite) bool { return s.Contract == row.Contract }
	known := slices.ContainsFunc(a.suites, mine)
	if !known && named || known && !slices.ContainsFunc(selected, mine) {
		return nil // the names do not select it, or cannot be told to
	}
	var names []string
	for work := range strings.SplitSeq(row.Works, ",") {
		cell := results.Cell{Contract: row.Contract, Work: work, Impl: row.Impl}
		if _, ok := harness.Find(a.suites, cell); ok || !filter(cell) || a.renamed(row) {
			continue
		}
		name := results.Title(row.Contract)
		if work != "" {
			name += "/work=" + work
		} else if a.hasImpl(row) {
			continue // an older base, which does not list its workloads
		}
		names = append(names, name+"/impl="+row.Impl)
	}
	return names
}

// renamed reports whether an implementation has another name here.
func (a *app) renamed(row child.ManifestRow) bool {
	return slices.ContainsFunc(a.suites, func(s harness.Suite) bool {
		was := func(c impls.Card) bool { return c.Formerly == row.Impl }
		return s.Contract == row.Contract && slices.ContainsFunc(s.Impls, was)
	})
}

func (a *app) hasImpl(row child.ManifestRow) bool {
	return slices.ContainsFunc(a.suites, func(s harness.Suite) bool {
		_, ok := s.Card(row.Impl)
		return ok && s.Contract == row.Contract
	})
}

// lists reports whether a manifest lists a cell. One that is older lists no workloads.
func lists(m child.Manifest, cell results.Cell) bool {
	impl, _ := cell.Unalias()
	return slices.ContainsFunc(m.Rows, func(r child.ManifestRow) bool {
		works := strings.Split(r.Works, ",")
		return r.Contract == cell.Contract && r.Impl == impl && (r.Works == "" || slices.Contains(works, cell.Work))
	})
}
