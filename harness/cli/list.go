package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
)

// listed is one implementation in list --json. The names of its fields are stable.
type listed struct {
	Pattern   string   `json:"pattern"`
	Contract  string   `json:"contract"`
	Impl      string   `json:"impl"`
	Kind      string   `json:"kind"`
	Source    string   `json:"source"`
	Promises  []string `json:"promises"`
	Control   string   `json:"control"`
	Workloads []string `json:"workloads"`
	Skipped   string   `json:"skipped"`
}

func (a *app) listCommand() *cobra.Command {
	var asJSON, kinds, promises, params, markdown bool
	c := &cobra.Command{
		Use:   "list [PATTERN...]",
		Short: "Show the patterns, implementations, workloads and parameters",
		Example: `  contend list
  contend list mutex --promises
  contend list --kinds`,
		RunE: func(_ *cobra.Command, names []string) error {
			rows, err := rounds.Named(a.rows, names)
			if err != nil {
				return err
			}
			list := listRows(rows)
			switch {
			case asJSON:
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return e.Encode(list)
			case kinds:
				return printKinds(a.out, rows)
			case promises:
				return printPromises(a.out, list, promised(rows))
			case params:
				return printParams(a.out, rows)
			case markdown:
				return printTable(a.out, rows)
			}
			return printList(a.out, list)
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "an array of implementations")
	f.BoolVar(&kinds, "kinds", false, "which kinds of implementation each pattern has")
	f.BoolVar(&promises, "promises", false, "what each implementation promises, and what that means")
	f.BoolVar(&params, "params", false, "the workloads and their parameters")
	f.BoolVar(&markdown, "markdown", false, "a table of the contracts, as it stands in the README")
	return c
}

func listRows(rows []harness.Row) []*listed {
	var list []*listed
	index := map[string]*listed{}
	for _, r := range rows {
		key := r.Pattern + " " + r.Contract + " " + r.Impl.Name
		l, ok := index[key]
		if !ok {
			l = &listed{
				Pattern: r.Pattern, Contract: r.Contract, Impl: r.Impl.Name, Kind: string(r.Impl.Kind),
				Source: r.Impl.Source, Promises: []string{}, Control: control(r.Impl.Role),
			}
			for _, p := range r.Impl.Promises {
				l.Promises = append(l.Promises, string(p))
			}
			if err := r.Impl.Unavailable(); err != nil {
				l.Skipped = err.Error()
			}
			index[key] = l
			list = append(list, l)
		}
		l.Workloads = append(l.Workloads, r.Work.Name)
	}
	return list
}

func control(role impls.Role) string {
	switch role {
	case impls.Noop:
		return "noop"
	case impls.Bug, impls.Known:
		return "broken"
	}
	return "none"
}

func printList(out io.Writer, list []*listed) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tCONTRACT\tIMPL\tKIND\tCONTROL\tWORKLOADS\tSOURCE")
	for _, l := range list {
		source := l.Source
		if l.Skipped != "" {
			source = "skipped: " + l.Skipped
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Pattern, l.Contract, l.Impl, l.Kind, l.Control, strings.Join(l.Workloads, ","), source)
	}
	return w.Flush()
}

func printPromises(out io.Writer, list []*listed, all []impls.Promise) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tIMPL\tPROMISES")
	for _, l := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Pattern, l.Impl, strings.Join(l.Promises, " "))
	}
	if err := w.Flush(); err != nil || len(all) == 0 {
		return err
	}
	fmt.Fprintln(w, "\nPROMISE\tWHO MAKES IT")
	for _, p := range all {
		fmt.Fprintf(w, "%s\t%s\n", p, p.Meaning())
	}
	return w.Flush()
}

// promised are the promises that rows make, in the order in which each first stands.
func promised(rows []harness.Row) []impls.Promise {
	var all []impls.Promise
	for _, r := range rows {
		for _, p := range r.Impl.Promises {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// kindOrder are the kinds that a pattern should have, where they make sense.
var kindOrder = []impls.Kind{impls.Spin, impls.Channel, impls.Mutex, impls.Atomic, impls.Runtime, impls.Library}

func printKinds(out io.Writer, rows []harness.Row) error {
	have, why := map[string]map[string]int{}, map[string]map[impls.Kind]string{}
	var order []string
	for _, l := range listRows(rows) {
		if have[l.Pattern] == nil {
			have[l.Pattern] = map[string]int{}
			order = append(order, l.Pattern)
		}
		have[l.Pattern][l.Kind]++
	}
	for _, r := range rows {
		why[r.Pattern] = r.Without
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tSPIN\tCHANNEL\tMUTEX\tATOMIC\tRUNTIME\tLIBRARY\tWITHOUT")
	for _, pattern := range order {
		fmt.Fprint(w, pattern)
		var without []string
		for _, k := range kindOrder {
			fmt.Fprintf(w, "\t%d", have[pattern][string(k)])
			if have[pattern][string(k)] == 0 {
				without = append(without, fmt.Sprintf("%s: %s", k, cmp.Or(why[pattern][k], "none yet")))
			}
		}
		fmt.Fprintf(w, "\t%s\n", strings.Join(without, "; "))
	}
	return w.Flush()
}

func printParams(out io.Writer, rows []harness.Row) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTRACT\tWORKLOAD\tA TURN IS\tPARAMETER\tWHAT IT IS")
	seen := map[string]bool{}
	for _, r := range rows {
		key := r.Contract + " " + r.Work.Name
		if seen[key] {
			continue
		}
		seen[key] = true
		fmt.Fprintf(w, "%s\t%s\t%s\t\t%s\n", r.Contract, r.Work.Name, r.Work.Op, r.Work.About)
		for _, p := range r.Work.Params {
			fmt.Fprintf(w, "\t\t\t%s\t%s\n", p.Name(), p.Doc())
		}
	}
	fmt.Fprintf(w, "all\t\t\tprocs\tGOMAXPROCS, 1 to 1024\n\t\t\t%s\topen loop: turns a second, over all workers of the first role\n", harness.RateKey)
	return w.Flush()
}
