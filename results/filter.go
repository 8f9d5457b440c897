package results

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
)

// Filter compiles a query in benchfilter's syntax that selects cells by name. A dimension
// of the name has a slash before it: /impl:(mcs OR sync) /goroutines:8. An empty query
// selects every cell.
func Filter(query string) (func(Cell) bool, error) {
	if strings.TrimSpace(query) == "" {
		return func(Cell) bool { return true }, nil
	}
	if err := bareKeys(query); err != nil {
		return nil, err
	}
	f, err := benchproc.NewFilter(query)
	if err != nil {
		return nil, fmt.Errorf("filter %q: %w", query, err)
	}
	return func(c Cell) bool {
		res := &benchfmt.Result{
			Name: benchfmt.Name(c.Name()), Iters: 1,
			Values: []benchfmt.Value{{Value: 1, Unit: "sec/op", OrigUnit: nsPerOp}},
		}
		ok, err := f.Apply(res)
		return ok && err == nil
	}, nil
}

var (
	quoted  = regexp.MustCompile(`"(\\.|[^"\\])*"`)
	bareKey = regexp.MustCompile(`(?:^|[\s(])-?([A-Za-z][\w-]*):`)
)

// bareKeys rejects a key without a slash. Such a key selects by the configuration lines
// of a results file; a cell has none, so it would silently select nothing.
func bareKeys(query string) error {
	if m := bareKey.FindStringSubmatch(quoted.ReplaceAllString(query, "")); m != nil {
		return fmt.Errorf("filter %q: %s is a key of a results file; write /%s for a dimension of the name",
			query, m[1], m[1])
	}
	return nil
}
