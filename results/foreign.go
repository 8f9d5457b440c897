package results

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// An origin is what a results file says of a cell, beside its parameters.
type origin struct {
	bench  string  // the name that another tool gave it, without the word Benchmark; "": contend did
	config []Param // the file's keys that separate it from cells of the same name: pkg, cpu
	rivals string  // the key whose values are compared; Impl is the value
	file   []Param // all keys of the file at the trial's line
}

// foreign returns the cell of a benchmark that contend did not run. It keeps the name as
// it was written.
func foreign(name benchfmt.Name) Cell {
	base, parts := name.Parts()
	c := Cell{Contract: string(base), Procs: 1, from: &origin{bench: name.String()}}
	positional := 0
	for _, part := range parts {
		text := string(part[1:])
		if part[0] == '-' {
			if n, err := strconv.Atoi(text); err == nil {
				c.Procs = n
			}
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			positional++
			key, value = "sub"+strconv.Itoa(positional), text
		}
		c.Params = append(c.Params, Param{key, value})
	}
	return c
}

// Own reports whether contend wrote the cell's name. Only its own trials have rounds,
// checks and a probe.
func (c Cell) Own() bool { return c.from == nil || c.from.bench == "" }

// Own reports whether contend measured the run's trials.
func (r *Run) Own() bool {
	for c := range r.Cells() {
		if !c.Own() {
			return false
		}
	}
	return true
}

// keys returns the keys of the results file at the cell's line.
func (c Cell) keys() []Param {
	if c.from == nil {
		return nil
	}
	return c.from.file
}

// against returns the foreign cell as one of those that differ in a key.
func (c Cell) against(key string) Cell {
	from := *c.from
	from.rivals = key
	c.from = &from
	return c
}

// appendSuffix appends the file keys that separate the cell from others of its name,
// except one.
func (c *Cell) appendSuffix(b []byte, except string) []byte {
	if c.from == nil {
		return b
	}
	before, after := " (", ""
	for _, p := range c.from.config {
		if p.Key != except {
			b = append(append(append(b, before...), p.Key...), ": "...)
			b = append(b, p.Value...)
			before, after = ", ", ")"
		}
	}
	return append(b, after...)
}

// point returns a foreign cell's name without the part that its rivals differ in.
func (c Cell) point() string {
	base, parts := benchfmt.Name(c.from.bench).Parts()
	if c.from.rivals == ".name" {
		base = []byte("*")
	}
	b := slices.Clone(base)
	positional := 0
	for _, part := range parts {
		key, _, ok := strings.Cut(string(part[1:]), "=")
		switch {
		case part[0] == '-':
			key = "gomaxprocs"
		case !ok:
			positional++
			key = "sub" + strconv.Itoa(positional)
		}
		if "/"+key != c.from.rivals {
			b = append(b, part...)
		}
	}
	return string(c.appendSuffix(b, c.from.rivals))
}

// keyed returns what a cell has of a key: of its name (/size, .name) or of its file (pkg).
func (c Cell) keyed(key string) (string, bool) {
	switch name, ofName := strings.CutPrefix(key, "/"); {
	case key == ".name":
		return c.Contract, true
	case key == "/gomaxprocs":
		return strconv.Itoa(c.Procs), true
	case ofName:
		return find(c.Params, name)
	}
	return find(c.keys(), key)
}

func find(params []Param, key string) (string, bool) {
	if i := slices.IndexFunc(params, func(p Param) bool { return p.Key == key }); i >= 0 {
		return params[i].Value, true
	}
	return "", false
}

// keys returns the keys in which the run's foreign trials differ, those of names first.
func (r *Run) keys() []string {
	seen := map[string]map[string]bool{}
	var names, files []string
	add := func(list *[]string, key, value string) {
		if seen[key] == nil {
			seen[key] = map[string]bool{}
			*list = append(*list, key)
		}
		seen[key][value] = true
	}
	for c := range r.Cells() {
		if c.Own() {
			continue
		}
		for _, p := range c.Params {
			add(&names, "/"+p.Key, p.Value)
		}
		add(&names, "/gomaxprocs", strconv.Itoa(c.Procs))
		add(&names, ".name", c.Contract)
		for _, p := range c.keys() {
			add(&files, p.Key, p.Value)
		}
	}
	return slices.DeleteFunc(append(names, files...), func(key string) bool { return len(seen[key]) < 2 })
}

// separate lets keys of the results files tell rows apart.
func separate(rows []Row, keys []string) {
	for i := range rows {
		rows[i].Cell = rows[i].separated(keys)
	}
}

// separated returns the cell with the file keys that separate it from others of its name.
func (c Cell) separated(keys []string) Cell {
	if c.from == nil {
		return c
	}
	from := *c.from
	from.config = nil
	for _, key := range keys {
		if value, ok := find(from.file, key); ok {
			from.config = append(from.config, Param{key, value})
		}
	}
	c.from = &from
	return c
}

// configure separates rows of one name by the file keys that vary within the file, and
// notes what is the same in all lines.
func (r *Run) configure(blocks []*block) {
	values, lines := map[Param]bool{}, map[string]int{}
	var order []Param
	for _, b := range blocks {
		for _, p := range b.keys {
			if b.lines == 0 {
				continue
			}
			lines[p.Key] += b.lines
			if !values[p] {
				values[p] = true
				order = append(order, p)
			}
		}
	}
	several, listed := map[string]bool{}, map[string]bool{}
	for _, p := range order {
		_, seen := several[p.Key]
		several[p.Key] = seen || lines[p.Key] < r.file.lines
	}
	for _, p := range order {
		switch {
		case !several[p.Key]:
			r.constant = append(r.constant, p)
		case !listed[p.Key]:
			listed[p.Key] = true
			r.varying = append(r.varying, p.Key)
		}
	}
	for _, row := range r.file.rows {
		row.cell = row.cell.separated(r.varying)
	}
	r.Info.Machine.read(r.constant)
}

func (m *Machine) read(constant []Param) {
	get := func(key string) string {
		value, _ := find(constant, key)
		return value
	}
	m.GOOS, m.GOARCH, m.CPU, m.Kernel, m.Go = get("goos"), get("goarch"), get("cpu"), get("kernel"), get("go")
	if n, err := strconv.Atoi(get("cores")); err == nil {
		m.Cores = n
	}
}
