package harness

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// RowTime is how long Test stresses each implementation, in the absence of the flag
// -contend.for. Under -short, it is a quarter of that.
const RowTime = 5 * time.Second

// ReplayEnv is the environment variable that has Test repeat one failure and nothing
// else. A failure prints its value.
const ReplayEnv = "CONTEND_REPLAY"

// rowTime is the flag. Programs other than tests do not have it.
var rowTime time.Duration

func init() {
	if testing.Testing() {
		flag.DurationVar(&rowTime, "contend.for", 0,
			fmt.Sprintf("time for each implementation in harness.Test (default %v, a quarter under -short)", RowTime))
	}
}

// labelCrashes has tracebacks show the labels of goroutines; see Stress. No test can catch
// a fatal error of the runtime, such as two writers of one map.
var labelCrashes = sync.OnceFunc(func() {
	const setting = "tracebacklabels=1"
	if others := os.Getenv("GODEBUG"); others != "" {
		os.Setenv("GODEBUG", setting+","+others)
		return
	}
	os.Setenv("GODEBUG", setting)
})

// testGrace is how long a window under test may make no progress before it counts as
// hung.
const testGrace = 5 * time.Second

// Test stresses every implementation of the suites for RowTime, in a subtest each, by the
// same plan as contend stress: it goes through all loads that the implementation runs
// under, again and again. Under -v, it says what it did. It skips seeded bugs and
// implementations that are known to be broken, because they must fail.
func Test(t *testing.T, suites ...Suite) {
	t.Helper()
	if rowTime < 0 {
		t.Fatalf("-contend.for %v: want a time, such as 2s", rowTime)
	}
	each := cmp.Or(rowTime, RowTime)
	if rowTime == 0 && testing.Short() {
		each /= 4
	}
	TestFor(t, each, suites...)
}

// TestFor is Test with another time for each implementation, for tests of large tables.
func TestFor(t *testing.T, each time.Duration, suites ...Suite) {
	t.Helper()
	if err := CheckSuites(suites); err != nil {
		t.Fatal(err)
	}
	if text, ok := os.LookupEnv(ReplayEnv); ok {
		replay(t, suites, each, text)
		return
	}
	for _, s := range suites {
		for _, c := range s.Impls {
			if c.Role != impls.Contender || !s.stressed(c.Name) {
				continue
			}
			name := "impl=" + c.Name
			if len(suites) > 1 {
				name = strings.ReplaceAll(s.Title(), "/", ".") + "/" + name
			}
			t.Run(name, func(t *testing.T) {
				spec := DefaultSpec(results.Cell{Contract: s.Contract, Impl: c.Name, Procs: runtime.GOMAXPROCS(0)})
				spec.Suite, spec.Seed = s.Name, rand.Uint64()
				testRow(t, suites, c, spec, each)
				for _, what := range append(s.Untested(c.Name), s.unclaimed(c.Name)...) {
					t.Logf("not tested: %s", what)
				}
			})
		}
	}
}

// stressed reports whether a stress run has a load for the implementation.
func (s Suite) stressed(impl string) bool {
	for i := range s.Loads {
		for _, c := range s.Cases(i) {
			if c.Impl.Name == impl && c.leastStress() != nil {
				return true
			}
		}
	}
	return false
}

// testRow stresses one implementation.
func testRow(t *testing.T, suites []Suite, card impls.Card, spec Spec, each time.Duration) {
	t.Helper()
	if err := card.Unavailable(); err != nil {
		t.Skip(err)
	}
	labelCrashes()
	spec.Stress, spec.Grace = each, testGrace
	out, err := Stress(t.Context(), suites, spec)
	t.Logf("seed %d: %d turns in %d windows over %v: %s", spec.Seed, out.Turns, out.Count,
		out.Took.Round(time.Millisecond), countsText(out.Ran))
	for _, load := range slices.Sorted(maps.Keys(out.Skipped)) {
		t.Logf("skipped workload %s: %s", load, out.Skipped[load])
	}
	if unreached := out.Unreached(); len(unreached) > 0 && err == nil {
		t.Logf("not reached in %v: %s; give it more time by -contend.for", each, strings.Join(unreached, ", "))
	}
	var lacking *impls.EnvironmentError
	switch {
	case errors.Is(err, ErrNoHelpers):
		t.Fatal(ErrNoHelpers)
	case errors.As(err, &lacking):
		t.Fatalf("nothing is known of %s: %v", card.Name, lacking)
	case errors.Is(err, ErrUnknown):
		t.Fatalf("seed %d: got no verdict, want one: %s", spec.Seed, Detail(err))
	case err != nil:
		t.Fatalf("got a failure, want none: %s\nTo see it again: %s='%d@%s' go test -run '^%s$'",
			Detail(err), ReplayEnv, spec.Seed, out.Point.Name(), testName(t))
	}
}

// countsText lists the windows of each load.
func countsText(windows map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(windows)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, windows[name]))
	}
	return strings.Join(parts, ", ")
}

// testName returns the name of the test function.
func testName(t *testing.T) string {
	name, _, _ := strings.Cut(t.Name(), "/")
	return name
}

// replay stresses one implementation at the point that text names, with its seed. It
// skips the test if the point is of a contract that is not here.
func replay(t *testing.T, suites []Suite, each time.Duration, text string) {
	t.Helper()
	number, name, ok := strings.Cut(text, "@")
	seed, err := strconv.ParseUint(number, 10, 64)
	cell, nameErr := results.ParseName(name)
	if err = errors.Join(err, nameErr); !ok || err != nil {
		t.Fatalf("%s=%q: want a seed, an @ and the name of a point, as a failure prints them: %v", ReplayEnv, text, err)
	}
	here := false
	for _, s := range suites {
		if results.Title(s.Contract) != results.Title(cell.Contract) {
			continue
		}
		here = true
		cell.Contract = s.Contract
		if c, ok := Find([]Suite{s}, cell); ok {
			spec := DefaultSpec(cell)
			spec.Suite, spec.Seed = s.Name, seed
			testRow(t, suites, c.Impl, spec, each)
			return
		}
	}
	if here {
		t.Fatalf("%s=%q: this test has no such workload or implementation", ReplayEnv, text)
	}
	t.Skipf("%s names a point of another test: %s", ReplayEnv, name)
}

const (
	// findTime is how long Finds stresses one implementation.
	findTime = 10 * time.Second
	// findGrace is how long a window may make no progress. On a busy machine, starvation
	// takes long to show.
	findGrace = 10 * time.Second
)

// Finds fails the test unless the load's checks report an error with one of the complaints
// for every implementation of the suite. It shows that a check works: pass it
// implementations that break what the check tests. One flaw may show in several ways;
// which comes first depends on chance.
func Finds(t *testing.T, s Suite, load string, complaints ...string) {
	t.Helper()
	for _, i := range s.Impls {
		spec := DefaultSpec(results.Cell{Contract: s.Contract, Work: load, Impl: i.Name, Procs: 2})
		if _, ok := Find([]Suite{s}, spec.Cell); !ok {
			t.Errorf("%s of %s: got no such case, want one", load, i.Name)
			continue
		}
		spec.Seed, spec.Stress, spec.Grace = 1, findTime, findGrace
		_, err := Stress(t.Context(), []Suite{s}, spec)
		if err == nil || !slices.ContainsFunc(complaints, func(c string) bool { return strings.Contains(err.Error(), c) }) {
			t.Errorf("%s of %s: got %v, want an error with one of %q", load, i.Name, err, complaints)
		}
	}
}
