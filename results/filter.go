package results

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
)

// Filter compiles a query in exactly benchfilter's syntax, to be applied to the names of cells: the
// dimensions of a name have a slash before them, /impl:(mcs OR sync) /goroutines:8. An empty query holds
// for every cell.
func Filter(query string) (func(Cell) bool, error) {
	if strings.TrimSpace(query) == "" {
		return func(Cell) bool { return true }, nil
	}
	if err := bareKeys(query); err != nil {
		return nil, err
	}
	f, err := benchproc.NewFilter(query)
	if err != nil {
		return nil, fmt.Errorf("the filter %q: %w", query, err)
	}
	return func(c Cell) bool {
		res := &benchfmt.Result{Name: benchfmt.Name(c.Name()), Iters: 1, Values: []benchfmt.Value{{Value: 1, Unit: "sec/op", OrigUnit: "ns/op"}}}
		ok, err := f.Apply(res)
		return ok && err == nil
	}, nil
}

var (
	quoted  = regexp.MustCompile(`"(\\.|[^"\\])*"`)
	bareKey = regexp.MustCompile(`(?:^|[\s(])-?([A-Za-z][\w-]*):`)
)

// bareKeys refuses a key without a slash: it asks for a line at the head of a results file, of which a cell has
// none, so that it would silently select nothing.
func bareKeys(query string) error {
	if m := bareKey.FindStringSubmatch(quoted.ReplaceAllString(query, "")); m != nil {
		return fmt.Errorf("the filter %q: %s is a key of a results file; write /%s for a dimension of the name", query, m[1], m[1])
	}
	return nil
}
