package rounds

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/contendbench/contend/harness"
)

// Selection says which cells to run.
type Selection struct {
	Names  []string            // patterns, contracts or suites; empty: all
	Filter string              // in benchfilter syntax
	Set    map[string][]string // values that replace the preset's, by parameter or "procs"
}

// ErrNothing means that a selection has no cell.
var ErrNothing = errors.New("the selection has no cell")

// names returns the names that select a suite. They are its pattern, its contract and the
// folders that hold it, the last element of its contract, its own name and its full name.
func names(s harness.Suite) []string {
	all := []string{s.Pattern, s.Contract, path.Base(s.Contract)}
	for dir := path.Dir(s.Contract); dir != "."; dir = path.Dir(dir) {
		all = append(all, dir)
	}
	if s.Name != "" {
		all = append(all, s.Name, s.Title())
	}
	return all
}

// alike returns a name as Named compares it: its letters and digits, without their case.
func alike(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Named returns the suites that any of the names selects. Without names, it returns all.
func Named(suites []harness.Suite, selected []string) ([]harness.Suite, error) {
	if len(selected) == 0 {
		return suites, nil
	}
	var known []string
	chosen := map[int]bool{}
	for _, s := range suites {
		known = append(known, names(s)...)
	}
	for _, name := range selected {
		same := func(n string) bool { return alike(n) == alike(name) }
		if !slices.ContainsFunc(known, same) {
			return nil, fmt.Errorf("unknown pattern or suite %q; %s", name, Nearest(name, known))
		}
		for i, s := range suites {
			chosen[i] = chosen[i] || slices.ContainsFunc(names(s), same)
		}
	}
	var found []harness.Suite
	for i, s := range suites {
		if chosen[i] {
			found = append(found, s)
		}
	}
	return found, nil
}

// everything reports whether the selection leaves the choice of points and
// implementations to the preset.
func (s Selection) everything() bool { return s.Filter == "" && len(s.Set) == 0 }

func (s Selection) describe() string {
	text := ""
	if len(s.Names) > 0 {
		text += " of " + strings.Join(s.Names, ", ")
	}
	if s.Filter != "" {
		text += fmt.Sprintf(" with filter %q", s.Filter)
	}
	return text
}

// check returns an error for a parameter that no load of the suites has.
func (s Selection) check(suites []harness.Suite) error {
	keys := []string{"procs", harness.RateKey}
	for _, suite := range suites {
		for _, l := range suite.Loads {
			for _, p := range l.Params {
				keys = append(keys, p.Name())
			}
		}
	}
	for key := range s.Set {
		if !slices.Contains(keys, key) {
			return fmt.Errorf("parameter %q: no selected load has it; %s", key, Nearest(key, keys))
		}
	}
	return nil
}

// numbers parses the values of a parameter that every load has, each at most limit.
func (s Selection) numbers(key, fallback string, limit int) ([]int, error) {
	texts, ok := s.Set[key]
	if !ok {
		texts = []string{fallback}
	}
	var values []int
	for _, text := range texts {
		n, err := strconv.Atoi(text)
		if err != nil || ok && n < 1 || n > limit {
			return nil, fmt.Errorf("parameter %s: %q is not a value it takes (1 to %d)", key, text, limit)
		}
		values = append(values, n)
	}
	return values, nil
}
