package child

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// Manifest lists the implementations that an executable links, so that another executable
// can use it to run their trials.
type Manifest struct {
	Tables string        `json:"tables"` // a hash of implementations, loads and parameters
	Rows   []ManifestRow `json:"rows"`
}

// ManifestRow is one implementation in a Manifest.
type ManifestRow struct {
	Contract string `json:"contract"`
	Suite    string `json:"suite,omitempty"`
	Impl     string `json:"impl"`
	Skipped  string `json:"skipped,omitempty"` // why it cannot run here
	Role     string `json:"role,omitempty"`    // as in impls.Card
	Works    string `json:"works,omitempty"`   // the workloads that it runs under, with commas between
}

// NewManifest returns the manifest of this executable.
func NewManifest(suites []harness.Suite) Manifest {
	m := Manifest{Tables: tables(suites, "")}
	for _, s := range suites {
		for _, c := range s.Impls {
			if c.Requires.Binary != "" {
				continue
			}
			row := ManifestRow{
				Contract: s.Contract, Suite: s.Name, Impl: c.Name, Role: string(c.Role), Works: strings.Join(measured(s, c), ","),
			}
			if err := c.Unavailable(); err != nil {
				row.Skipped = err.Error()
			}
			m.Rows = append(m.Rows, row)
		}
	}
	return m
}

// measured returns the names of the loads that some preset measures an implementation
// under.
func measured(s harness.Suite, c impls.Card) []string {
	var names []string
	for _, l := range s.LoadsOf(c.Name) {
		if l.Measured() {
			names = append(names, l.Name)
		}
	}
	return names
}

// ErrOtherTables means that two executables were built from different tables of
// implementations.
var ErrOtherTables = errors.New("it was built from another revision")

// Link returns suites in which the implementations that need binary can run, as far as
// its manifest says so. It rejects an executable built from different tables, because its
// results would be mislabelled.
func Link(suites []harness.Suite, binary string, m Manifest) ([]harness.Suite, error) {
	if m.Tables != tables(suites, binary) {
		return nil, ErrOtherTables
	}
	skipped := map[ManifestRow]string{}
	for _, r := range m.Rows {
		skipped[ManifestRow{Contract: r.Contract, Suite: r.Suite, Impl: r.Impl}] = r.Skipped
	}
	return change(suites, binary, func(s harness.Suite, c impls.Card) func() error {
		reason := skipped[ManifestRow{Contract: s.Contract, Suite: s.Name, Impl: c.Name}]
		if reason == "" {
			return nil
		}
		return func() error { return errors.New(reason) }
	}), nil
}

// Skip returns suites in which the implementations that need binary cannot run, for the
// given reason.
func Skip(suites []harness.Suite, binary string, reason error) []harness.Suite {
	return change(suites, binary, func(harness.Suite, impls.Card) func() error {
		return func() error { return reason }
	})
}

// change returns suites with another Missing in the cards of implementations that need
// binary.
func change(
	suites []harness.Suite, binary string, missing func(harness.Suite, impls.Card) func() error,
) []harness.Suite {
	suites = slices.Clone(suites)
	for i, s := range suites {
		suites[i] = s.With(func(c impls.Card) impls.Card {
			if c.Requires.Binary == binary {
				c.Requires.Missing = missing(s, c)
			}
			return c
		})
	}
	return suites
}

// WithEndpoints returns suites in which the implementations over the user's own servers
// can run. The map endpoints has the servers' addresses by name. linked reports whether
// an executable that links a binary's implementations was found.
func WithEndpoints(
	suites []harness.Suite, endpoints map[string]string, linked func(binary string) bool,
) []harness.Suite {
	suites = slices.Clone(suites)
	for i, s := range suites {
		suites[i] = s.With(func(c impls.Card) impls.Card {
			if r := &c.Requires; endpoints[r.Server] != "" && (r.Binary == "" || linked(r.Binary)) {
				r.Missing = nil
			}
			return c
		})
	}
	return suites
}

// tables returns a hash of the declarations of the implementations that binary links. Two
// executables must agree on it.
func tables(suites []harness.Suite, binary string) string {
	var lines []string
	for _, s := range suites {
		for i, l := range s.Loads {
			for _, c := range s.Cases(i) {
				if c.Impl.Requires.Binary != binary {
					continue
				}
				line := fmt.Sprintf("%s %s %s %s %q %v",
					s.Contract, s.Name, c.Impl.Name, l.Name, c.Impl.Source, c.Impl.Promises)
				lines = append(lines, line+l.Signature())
			}
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

// Binaries returns the names of the executables that suites need in addition to this one.
func Binaries(suites []harness.Suite) []string {
	return requirements(suites, func(r impls.Requires) string { return r.Binary })
}

// Servers returns the names of the servers that a user may provide.
func Servers(suites []harness.Suite) []string {
	return requirements(suites, func(r impls.Requires) string { return r.Server })
}

// requirements returns the distinct names that of finds in the suites.
func requirements(suites []harness.Suite, of func(impls.Requires) string) []string {
	var names []string
	for _, s := range suites {
		for _, c := range s.Impls {
			if name := of(c.Requires); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
