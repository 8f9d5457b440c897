package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Offer is what an executable says of the rows that it links, so that another can run their trials by it.
type Offer struct {
	Tables string    `json:"tables"` // a hash of implementations, workloads and parameters
	Rows   []Offered `json:"rows"`
}

// Offered is one row.
type Offered struct {
	Contract string `json:"contract"`
	Impl     string `json:"impl"`
	Work     string `json:"work"`
	Skipped  string `json:"skipped,omitempty"` // why it cannot run here
}

// Offers returns what this executable offers of rows: those that it links itself.
func Offers(rows []Row) Offer {
	own := linkedBy("", rows)
	o := Offer{Tables: tables(own)}
	for _, r := range own {
		row := Offered{Contract: r.Contract, Impl: r.Impl.Name, Work: r.Work.Name}
		if err := r.Impl.Unavailable(); err != nil {
			row.Skipped = err.Error()
		}
		o.Rows = append(o.Rows, row)
	}
	return o
}

// ErrOtherTables says that two executables do not know the same rows.
var ErrOtherTables = errors.New("it is of another revision")

// Attach returns the rows with executable at those that need the binary. It refuses an executable whose tables are others: its
// trials would not be what the cells' names say.
func Attach(rows []Row, binary, executable string, o Offer) ([]Row, error) {
	if o.Tables != tables(linkedBy(binary, rows)) {
		return nil, ErrOtherTables
	}
	skipped := map[Offered]string{}
	for _, r := range o.Rows {
		skipped[Offered{Contract: r.Contract, Impl: r.Impl, Work: r.Work}] = r.Skipped
	}
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		if r.Impl.Binary != binary {
			continue
		}
		r.Executable, r.Impl.Missing = executable, nil
		if reason := skipped[Offered{Contract: r.Contract, Impl: r.Impl.Name, Work: r.Work.Name}]; reason != "" {
			r.Impl.Missing = func() error { return errors.New(reason) }
		}
	}
	return rows, nil
}

// Served returns the rows with those runnable for which the user gives a server of his own, by its name.
func Served(rows []Row, endpoints map[string]string) []Row {
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		if endpoints[r.Impl.Server] != "" && (r.Impl.Binary == "" || r.Executable != "") {
			r.Impl.Missing = nil
		}
	}
	return rows
}

// ExecutableOf returns what runs the trials of a cell: own, if it is not another.
func ExecutableOf(rows []Row, cell results.Cell, own string) string {
	impl, _ := cell.Base()
	for _, r := range rows {
		if r.Contract == cell.Contract && r.Impl.Name == impl && r.Executable != "" {
			return r.Executable
		}
	}
	return own
}

func linkedBy(binary string, rows []Row) []Row {
	var linked []Row
	for _, r := range rows {
		if r.Impl.Binary == binary {
			linked = append(linked, r)
		}
	}
	return linked
}

// tables is a hash of what two executables must agree on.
func tables(rows []Row) string {
	var lines []string
	for _, r := range rows {
		line := fmt.Sprintf("%s %s %s %q %v", r.Contract, r.Impl.Name, r.Work.Name, r.Impl.Source, r.Impl.Promises)
		for _, p := range r.Work.Params {
			line += fmt.Sprintf(" %s=%s", p.Name(), p.fallback())
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

// Binaries returns the executables that rows need beside this one.
func Binaries(rows []Row) []string {
	return namesIn(rows, func(i impls.Impl[struct{}]) string { return i.Binary })
}

// Servers returns the names by which a user may give servers of his own.
func Servers(rows []Row) []string {
	return namesIn(rows, func(i impls.Impl[struct{}]) string { return i.Server })
}

func namesIn(rows []Row, of func(impls.Impl[struct{}]) string) []string {
	var names []string
	for _, r := range rows {
		if name := of(r.Impl); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
