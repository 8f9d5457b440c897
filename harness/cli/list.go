package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
)

// listed is an implementation in the output of list --json. The names of its fields are
// stable.
type listed struct {
	Pattern   string   `json:"pattern"`
	Contract  string   `json:"contract"`
	Suite     string   `json:"suite"`
	Impl      string   `json:"impl"`
	Kind      string   `json:"kind"`
	Source    string   `json:"source"`
	Promises  []string `json:"promises"`
	Control   string   `json:"control"`
	Workloads []string `json:"workloads"`
	Skipped   string   `json:"skipped"`
}

func (a *app) listCommand() *cobra.Command {
	var asJSON, kinds, promises, params, contracts, markdown bool
	c := &cobra.Command{
		Use:   "list [PATTERN...]",
		Short: "Show the patterns, implementations, workloads and parameters",
		Example: `  contend list
  contend list mutex --promises
  contend list --kinds`,
		RunE: func(c *cobra.Command, names []string) error {
			if err := oneOf(c, "json", "kinds", "promises", "params", "contracts", "markdown"); err != nil {
				return err
			}
			suites, err := rounds.Named(a.suites, names)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return e.Encode(list(suites))
			case kinds:
				return printKinds(a.out, suites)
			case promises:
				return printPromises(a.out, suites)
			case params:
				return printParams(a.out, suites)
			case contracts:
				return printContracts(a.out, suites)
			case markdown:
				return printTable(a.out, suites)
			}
			return printList(a.out, list(suites))
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print an array of implementations")
	f.BoolVar(&kinds, "kinds", false, "print which kinds of implementation each pattern has")
	f.BoolVar(&promises, "promises", false, "print what each implementation promises, and what that means")
	f.BoolVar(&params, "params", false, "print the workloads with their parameters and, in parentheses, their metrics")
	f.BoolVar(&contracts, "contracts", false, "print the contracts, one per line")
	f.BoolVar(&markdown, "markdown", false, "print a table of the suites, as in the README")
	return c
}

// list returns the implementations of suites.
func list(suites []harness.Suite) []listed {
	all := []listed{}
	for _, s := range suites {
		for _, c := range s.Impls {
			l := listed{
				Pattern: s.Pattern, Contract: s.Contract, Suite: s.Name, Impl: c.Name, Kind: string(c.Kind), Source: c.Source,
				Promises: []string{}, Control: control(c.Role), Workloads: []string{},
			}
			for _, p := range c.Promises {
				l.Promises = append(l.Promises, p.Name)
			}
			for _, load := range s.LoadsOf(c.Name) {
				l.Workloads = append(l.Workloads, load.Name)
			}
			if err := c.Unavailable(); err != nil {
				l.Skipped = err.Error()
			}
			all = append(all, l)
		}
	}
	return all
}

func control(role impls.Role) string {
	switch role {
	case impls.Noop:
		return "noop"
	case impls.Seeded, impls.Known:
		return "broken"
	}
	return "none"
}

// title returns the full name of the implementation's suite.
func (l listed) title() string {
	return harness.Suite{About: harness.About{Contract: l.Contract, Name: l.Suite}}.Title()
}

func printList(out io.Writer, all []listed) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tSUITE\tIMPL\tKIND\tCONTROL\tWORKLOADS\tSOURCE")
	for _, l := range all {
		source := l.Source
		if l.Skipped != "" {
			source = "skipped: " + l.Skipped
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			l.Pattern, l.title(), l.Impl, l.Kind, l.Control, strings.Join(l.Workloads, ","), source)
	}
	return w.Flush()
}

func printPromises(out io.Writer, suites []harness.Suite) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SUITE\tIMPL\tPROMISES")
	for _, l := range list(suites) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.title(), l.Impl, strings.Join(l.Promises, " "))
	}
	all := promised(suites)
	if err := w.Flush(); err != nil || len(all) == 0 {
		return err
	}
	fmt.Fprintln(w, "\nPROMISE\tAN IMPLEMENTATION THAT MAKES IT")
	for _, p := range all {
		fmt.Fprintf(w, "%s\t%s\n", p.Name, p.Meaning)
	}
	return w.Flush()
}

// promised returns the promises that implementations make, in the order of their first
// occurrence.
func promised(suites []harness.Suite) []impls.Promise {
	var all []impls.Promise
	for _, s := range suites {
		for _, c := range s.Impls {
			for _, p := range c.Promises {
				if !slices.Contains(all, p) {
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// kindOrder lists the kinds that a pattern should have, where they make sense.
var kindOrder = []impls.Kind{impls.Spin, impls.Channel, impls.Mutex, impls.Atomic, impls.Runtime, impls.Library}

// printKinds counts the contenders of each pattern, kind by kind.
func printKinds(out io.Writer, suites []harness.Suite) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tSPIN\tCHANNEL\tMUTEX\tATOMIC\tRUNTIME\tLIBRARY\tMISSING")
	for _, pattern := range patterns(suites) {
		have, why := map[impls.Kind]int{}, map[impls.Kind]string{}
		for _, s := range suites {
			if s.Pattern != pattern {
				continue
			}
			maps.Copy(why, s.MissingKinds)
			for _, c := range s.Impls {
				if c.Role != impls.Seeded && c.Role != impls.Known {
					have[c.Kind]++
				}
			}
		}
		fmt.Fprint(w, pattern)
		var missing []string
		for _, k := range kindOrder {
			fmt.Fprintf(w, "\t%d", have[k])
			if have[k] == 0 {
				missing = append(missing, fmt.Sprintf("%s: %s", k, cmp.Or(why[k], "none yet")))
			}
		}
		fmt.Fprintf(w, "\t%s\n", strings.Join(missing, "; "))
	}
	return w.Flush()
}

// patterns returns the suites' patterns, without duplicates.
func patterns(suites []harness.Suite) []string {
	var names []string
	for _, s := range suites {
		if !slices.Contains(names, s.Pattern) {
			names = append(names, s.Pattern)
		}
	}
	return names
}

func printParams(out io.Writer, suites []harness.Suite) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SUITE\tWORKLOAD\tA TURN IS\tNAME\tWHAT IT IS")
	for _, s := range suites {
		for _, l := range s.Loads {
			fmt.Fprintf(w, "%s\t%s\t%s\t\t%s\n", s.Title(), l.Name, l.Turn, l.About)
			for _, p := range l.Params {
				fmt.Fprintf(w, "\t\t\t%s\t%s\n", p.Name(), p.Doc())
			}
			for _, m := range l.Metrics {
				fmt.Fprintf(w, "\t\t\t(%s)\t%s\n", m.Unit, m.About)
			}
		}
	}
	fmt.Fprintf(w, "all\t\t\tprocs\tGOMAXPROCS, 1 to 1024\n")
	fmt.Fprintf(w, "\t\t\t%s\topen loop: turns per second over all workers of the first role\n", harness.RateKey)
	return w.Flush()
}

func printContracts(out io.Writer, suites []harness.Suite) error {
	last := ""
	for _, s := range suites { // the suites of a contract are adjacent
		if s.Contract == last {
			continue
		}
		last = s.Contract
		if _, err := fmt.Fprintln(out, last); err != nil {
			return err
		}
	}
	return nil
}
