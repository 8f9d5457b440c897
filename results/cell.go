package results

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AliasSuffix marks the second name under which a run measures a baseline. The cells
// impl=sync and impl=sync.again run the same code, so every run carries its own A/A
// comparison.
const AliasSuffix = ".again"

// Param is one dimension of a cell. The unit of a number is part of the key: hold-ns=100.
type Param struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Cell identifies what is measured: an implementation under a workload, at a point of its
// parameters.
type Cell struct {
	Contract string  `json:"contract"` // folder under impls: "mutex", "lockfree/queue"
	Work     string  `json:"work"`
	Impl     string  `json:"impl"`
	Params   []Param `json:"params"` // in the workload's order, without procs
	Procs    int     `json:"procs"`  // GOMAXPROCS

	from *origin // of a cell that was read from a results file; nil: of any other
}

// Name returns the cell's name in the Go benchmark format, without the word Benchmark:
// Mutex/work=counter/impl=mcs/goroutines=8/hold-ns=100-2.
// The name of another tool's benchmark stays as it was written. File keys that separate
// cells follow in brackets.
func (c Cell) Name() string { return string(c.appendName(nil)) }

// appendName appends the cell's name to b.
func (c *Cell) appendName(b []byte) []byte {
	if !c.Own() {
		b = append(b, c.from.bench...)
	} else {
		b = c.appendParts(b, true)
	}
	return c.appendSuffix(b, "")
}

// Point returns the cell's name without its implementation. Cells of one point are
// comparable.
func (c Cell) Point() string {
	if !c.Own() {
		return c.point()
	}
	return string(c.appendSuffix(c.appendParts(nil, false), ""))
}

// appendParts appends the name that contend gives the cell, without the file's keys.
func (c *Cell) appendParts(b []byte, impl bool) []byte {
	b = append(b, Title(c.Contract)...)
	b = append(append(b, "/work="...), c.Work...)
	if impl {
		b = append(append(b, "/impl="...), c.Impl...)
	}
	for _, p := range c.Params {
		b = append(append(b, '/'), p.Key...)
		b = append(append(b, '='), p.Value...)
	}
	return strconv.AppendInt(append(b, '-'), int64(c.Procs), 10)
}

// Alias returns the cell of the same implementation under its second name.
func (c Cell) Alias() Cell {
	impl, _ := c.Unalias()
	return c.With(impl + AliasSuffix)
}

// Unalias returns the implementation that runs, and whether the cell has its second name.
// Names of other tools have no second one.
func (c Cell) Unalias() (impl string, again bool) {
	if !c.Own() {
		return c.Impl, false
	}
	return strings.CutSuffix(c.Impl, AliasSuffix)
}

// Get returns the value of a parameter. The key procs stands for GOMAXPROCS.
func (c Cell) Get(key string) (string, bool) {
	if key == "procs" {
		return strconv.Itoa(c.Procs), true
	}
	for _, p := range c.Params {
		if p.Key == key {
			return p.Value, true
		}
	}
	return "", false
}

// With returns a copy of c for another implementation.
func (c Cell) With(impl string) Cell {
	c.Impl = impl
	return c
}

// Title returns the benchmark name of a contract: the last element of its folder,
// capitalized.
func Title(contract string) string {
	base := path.Base(contract)
	r, n := utf8.DecodeRuneInString(base)
	return string(unicode.ToUpper(r)) + base[n:]
}

// ParseName reads the name of a cell of contend, with or without the word Benchmark, but
// not the file keys behind it. It accepts other names, too: parts without a key become
// parameters sub1, sub2 and so on, and a missing -N suffix means 1.
func ParseName(name string) (Cell, error) {
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "Benchmark"), " (")
	c := Cell{Procs: 1}
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if n, err := strconv.Atoi(name[i+1:]); err == nil && n > 0 {
			name, c.Procs = name[:i], n
		}
	}
	parts := strings.Split(name, "/")
	if parts[0] == "" {
		return Cell{}, fmt.Errorf("benchmark name %q: nothing precedes the first slash", name)
	}
	c.Contract = strings.ToLower(parts[0])
	for i, part := range parts[1:] {
		key, value, ok := strings.Cut(part, "=")
		switch {
		case !ok:
			c.Params = append(c.Params, Param{fmt.Sprintf("sub%d", i+1), part})
		case key == "work":
			c.Work = value
		case key == "impl":
			c.Impl = value
		default:
			c.Params = append(c.Params, Param{key, value})
		}
	}
	return c, nil
}
