package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/harness/selftest"
	"github.com/contendbench/contend/results"
)

func (a *app) selftestCommand() *cobra.Command {
	var asJSON bool
	var pairs, power int
	var seed uint64
	var goroutines []int
	c := &cobra.Command{
		Use:   "selftest",
		Short: "Measure the harness itself: its costs, the machine, the null test and the power test",
		Long: `Selftest prints what the harness costs compared with a bare loop and testing.B.Loop, and what the machine
does during the test. With --null it compares sync.Mutex with itself, at several numbers of goroutines. Each pair is
measured three times: in rounds of fresh processes of one executable; in rounds of executables that are linked anew
from the same source, as contend duet and run do; and one side after the other, as go test -count does. As in a duet,
the base runs twice, and no difference within its A/A floor is claimed. With --power it looks for slow-downs of 1, 3, 5
and 10 % that it injects, also in other layouts. 200 pairs take more than an hour.`,
		Example: `  contend selftest
  contend selftest --null 200 --power 40 --json`,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, n := range goroutines {
				if n < 1 || n > 1000 {
					return fmt.Errorf("--goroutines %d: want 1 to 1000", n)
				}
			}
			if pairs < 0 || power < 0 {
				return fmt.Errorf("--null %d --power %d: want 0 or more pairs", pairs, power)
			}
			if seed == 0 {
				seed = rand.Uint64()
			}
			t := selfTest{o: selftest.NullOptions{
				Executable: a.self, Goroutines: goroutines, Seed: seed, Progress: a.pairProgress(),
			}}
			if pairs+power > 0 {
				var err error
				if t.o.Source, err = layout.Of(c.Context(), a.self); err != nil {
					t.oneLayout = oneLine(err.Error())
					fmt.Fprintf(a.err, "contend: no pairs of other layouts: %s\n", t.oneLayout)
				}
			}
			if err := t.measure(c.Context(), pairs, power); err != nil {
				return err
			}
			if asJSON {
				return t.json(a)
			}
			return t.print(a)
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print an object of named figures with units")
	f.IntVar(&pairs, "null", 0, "pairs of the null test; it takes 200 or more to judge")
	f.IntVar(&power, "power", 0, "pairs of the power test for each slow-down")
	f.IntSliceVar(&goroutines, "goroutines", []int{1, 2, 8, 64}, "numbers of goroutines of the null test")
	f.Uint64Var(&seed, "seed", 0, "seed of the order (default: random)")
	return c
}

func (t *selfTest) measure(ctx context.Context, pairs, power int) (err error) {
	if t.figures, err = selftest.Costs(ctx); err != nil {
		return err
	}
	if t.o.Pairs = pairs; pairs > 0 {
		if t.null, err = selftest.RunNull(ctx, t.o); err != nil {
			return err
		}
	}
	if t.o.Pairs = power; power > 0 {
		t.power, err = selftest.RunPower(ctx, t.o, 0.01, 0.03, 0.05, 0.10)
	}
	return err
}

// pairProgress returns a function that prints a line every few seconds.
func (a *app) pairProgress() func(done, of int, what string) {
	last := time.Now()
	return func(done, of int, what string) {
		if time.Since(last) > plainEvery || done == of {
			last = time.Now()
			fmt.Fprintf(a.err, "%s: pair %d of %d\n", what, done, of)
		}
	}
}

type selfTest struct {
	o         selftest.NullOptions
	oneLayout string // why there are no pairs of other layouts
	figures   []selftest.Named
	null      []selftest.Null
	power     []selftest.Power
}

func (t *selfTest) json(a *app) error {
	object := map[string]any{}
	for _, f := range t.figures {
		object[f.Name] = f.Figure
	}
	for _, n := range t.null {
		prefix := fmt.Sprintf("null-%d-", n.Goroutines)
		counts := map[string]int{
			"pairs": n.Pairs, "different": n.Rounds.Different, "low-expected": n.LowExpected, "high-expected": n.HighExpect,
			"runs": n.Rounds.Runs, "runs-with-claim": n.Rounds.RunsClaim, "high-claims": n.HighClaims,
			"claims":               n.Rounds.Claims,
			"sequential-different": n.Sequential.Different,
		}
		if t.o.Source != nil {
			counts["layouts-different"], counts["layouts-runs-with-claim"] = n.Layouts.Different, n.Layouts.RunsClaim
		}
		for name, v := range counts {
			object[prefix+name] = results.Figure{Value: float64(v), Unit: "count"}
		}
	}
	for _, p := range t.power {
		prefix := fmt.Sprintf("power-%g%%-", 100*p.Slower)
		object[prefix+"found"] = results.Figure{Value: float64(p.Found) / float64(p.Pairs), Unit: "share"}
		object[prefix+"observed"] = results.Figure{Value: 100 * p.Observed, Unit: "%"}
	}
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(object)
}

func (t *selfTest) print(a *app) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, f := range t.figures {
		fmt.Fprintf(w, "%s\t%.2f %s\t%s\n", f.Name, f.Value, f.Unit, f.About)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	inconsistent := false
	for _, n := range t.null {
		fmt.Fprintf(a.out, "\nnull test, sync.Mutex with itself at %d goroutines, %d pairs, seed %d\n",
			n.Goroutines, n.Pairs, t.o.Seed)
		t.printPairs(a, n, "in rounds", n.Rounds, fmt.Sprintf("%d to %d", n.LowExpected, n.HighExpect))
		if t.o.Source != nil {
			t.printPairs(a, n, "in other layouts", n.Layouts, fmt.Sprintf("at most %d", n.HighExpect))
		} else {
			fmt.Fprintf(a.out, "  in other layouts: not measured: %s\n", t.oneLayout)
		}
		fmt.Fprintf(a.out, "  one side after the other: %d called different, the worst by %.1f %%\n",
			n.Sequential.Different, 100*n.Sequential.Worst)
		inconsistent = inconsistent || !n.Consistent()
	}
	for _, p := range t.power {
		how := "in other layouts"
		if t.o.Source == nil {
			how = "in one layout"
		}
		fmt.Fprintf(a.out, "power: a section %g %% longer was measured as %.1f %%, and found in %d of %d pairs %s\n",
			100*p.Slower, 100*p.Observed, p.Found, p.Pairs, how)
	}
	if inconsistent {
		fmt.Fprintln(a.out, "null test failed: the number of false differences does not fit the error rate")
		return errFailed
	}
	return nil
}

// printPairs prints what was claimed of pairs that differ in nothing.
func (t *selfTest) printPairs(a *app, n selftest.Null, how string, p selftest.Pairs, want string) {
	fmt.Fprintf(a.out, "  %s: %d called different at p < %.2f, want %s (95 %%), the worst by %.1f %%\n",
		how, p.Different, selftest.Alpha, want, 100*p.Worst)
	fmt.Fprintf(a.out, "    after correction: %d false claims, in %d of %d runs, want at most %d runs (95 %%)\n",
		p.Claims, p.RunsClaim, p.Runs, n.HighClaims)
}
