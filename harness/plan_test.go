package harness_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// turns is a window of one worker that does nothing.
func turns(w *harness.Window) {
	w.Go("worker", 1, func(w *harness.Worker) {
		for w.Next() {
		}
	})
}

// A size that is drawn takes small and large values, all within its range.
func TestStressDrawsSizes(t *testing.T) {
	var drawn []int
	suites := toy(func(trial *harness.Trial, w *harness.Window) error {
		drawn = append(drawn, workers.Of(trial))
		turns(w)
		return nil
	}, func(l *harness.Load) { l.Points.Stress = []harness.Grid{harness.Over(harness.Within(workers, 2, 90))} })
	s := spec()
	s.Cell.Work, s.Stress = "", 2*time.Second
	if _, err := harness.Stress(t.Context(), suites, s); err != nil {
		t.Fatal(err)
	}
	least, most := slices.Min(drawn), slices.Max(drawn)
	if least < 2 || least > 4 || most > 90 || most < 45 {
		t.Errorf("got sizes from %d to %d in %d windows, want most of the range 2 to 90", least, most, len(drawn))
	}
}

// loads makes a suite of one implementation and loads of these names, whose windows run
// body.
func loads(body func(name string, w *harness.Window) error, names ...string) []harness.Suite {
	var all []harness.Workload[string]
	for _, name := range names {
		all = append(all, harness.Workload[string]{
			Load: harness.Load{Name: name, Turn: "turn"},
			Run: func(t *harness.Trial, _ string) error {
				return t.Window(func(w *harness.Window) error { return body(name, w) })
			},
		})
	}
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	about := harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}
	return []harness.Suite{harness.NewSuite(about, harness.Under(table, all...))}
}

func stressed(t *testing.T, suites []harness.Suite, d time.Duration) (harness.Stressed, error) {
	t.Helper()
	s := spec()
	s.Cell.Work, s.Stress = "", d
	ctx, cancel := context.WithTimeout(t.Context(), d+200*time.Millisecond)
	defer cancel()
	return harness.Stress(ctx, suites, s)
}

// stressedEnough is stressed for a second, or for longer where a busy machine plays fewer
// windows than that.
func stressedEnough(t *testing.T, suites []harness.Suite, windows int) harness.Stressed {
	t.Helper()
	for d := time.Second; ; d *= 2 {
		out, err := stressed(t, suites, d)
		if err != nil {
			t.Fatal(err)
		}
		if out.Count >= windows || d > 10*time.Second {
			return out
		}
	}
}

// A stress run goes through all loads, and then gives each the same time: one with long
// windows gets fewer.
func TestStressReachesEveryLoad(t *testing.T) {
	suites := loads(func(name string, w *harness.Window) error {
		if name == "long" {
			w.Lasts(100 * time.Millisecond)
		}
		turns(w)
		return nil
	}, "a", "b", "c", "d", "long")
	out := stressedEnough(t, suites, 50)
	for name, n := range out.Ran {
		if n == 0 || name != "long" && n <= out.Ran["long"] {
			t.Errorf("got %v, want windows of each load, and fewer of the long ones", out.Ran)
		}
	}
	out, err := stressed(t, suites, time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Unreached(); len(out.Ran) != 5 || len(got) != 4 {
		t.Errorf("got %v unreached of %v, want 4 of 5 loads", got, out.Ran)
	}
}

// A load with four shares of the time gets more windows than one with a single share.
func TestStressSharesItsTime(t *testing.T) {
	suites := loads(func(_ string, w *harness.Window) error {
		turns(w)
		return nil
	}, "a", "b")
	suites[0].Loads[0].Share = 4
	out := stressedEnough(t, suites, 50)
	if out.Ran["a"] < 2*out.Ran["b"] {
		t.Errorf("got %v, want at least twice as many windows of a as of b", out.Ran)
	}
}

// After the least point, each point of a grid comes once before one comes again. What is
// carried across points is one value for all of them.
func TestStressPlaysEachPointOnce(t *testing.T) {
	const points = 6
	size := harness.Param[int]{Key: "size", About: "a size", Default: 1, Valid: harness.Between(1, points)}
	type key struct{}
	seen := map[int]int{}
	work := harness.Workload[string]{
		Load: harness.Load{
			Name: "sized", Turn: "turn", Params: []harness.AnyParam{size},
			Points: harness.Points{Stress: []harness.Grid{
				harness.Over(size.In(1, 2)), harness.Over(size.In(3, 4, 5)), harness.Over(size.In(6)),
			}},
		},
		Run: func(t *harness.Trial, _ string) error {
			seen = t.CarryAcross(key{}, func() any { return map[int]int{} }).(map[int]int)
			seen[size.Of(t)]++
			return t.Window(func(w *harness.Window) error { turns(w); return nil })
		},
	}
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	suite := harness.NewSuite(harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}, harness.Under(table, work))
	s := spec()
	s.Cell.Work, s.Stress, s.MaxWindows = "", time.Minute, 1+2*points
	if _, err := harness.Stress(t.Context(), []harness.Suite{suite}, s); err != nil {
		t.Fatal(err)
	}
	if want := map[int]int{1: 3, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}; !maps.Equal(seen, want) {
		t.Errorf("got windows %v by size, want %v", seen, want)
	}
}

// A load that cannot run is left out, with its reason. Without any other, there is no
// pass.
func TestStressSkipsWhatCannotRun(t *testing.T) {
	body := func(name string, w *harness.Window) error {
		if name == "fault" {
			return &harness.SkipError{Reason: "no server to cut off"}
		}
		turns(w)
		return nil
	}
	out, err := stressed(t, loads(body, "fault", "plain"), 200*time.Millisecond)
	if err != nil || out.Status != results.Ok || out.Skipped["fault"] != "no server to cut off" {
		t.Errorf("got %s, skipped %v, error %v, want ok without fault", out.Status, out.Skipped, err)
	}
	out, err = stressed(t, loads(body, "fault"), 200*time.Millisecond)
	if err == nil || out.Status != results.Unknown {
		t.Errorf("got %s and error %v with all loads skipped, want unknown", out.Status, err)
	}
}

// A load that never decides leaves the whole run undecided, whatever the others say.
func TestStressNamesTheLoadThatDecidesNothing(t *testing.T) {
	body := func(name string, w *harness.Window) error {
		turns(w)
		if name == "timing" {
			w.Check(func() error { return harness.ErrUnknown })
		}
		return nil
	}
	out, err := stressed(t, loads(body, "plain", "timing"), 200*time.Millisecond)
	if out.Status != results.Unknown || err == nil || !strings.Contains(err.Error(), "timing") {
		t.Errorf("got %s and error %v, want unknown for timing", out.Status, err)
	}
}

// Half of the windows of a load continue with the subject of the window before.
func TestSubjectsOutliveAWindow(t *testing.T) {
	for _, lasting := range []bool{false, true} {
		ages := map[int]int{}
		load := harness.Workload[func(int) *int]{
			Load: harness.Load{Name: "ages", Turn: "turn", Lasting: lasting},
			Run: func(t *harness.Trial, create func(int) *int) error {
				return t.Window(func(w *harness.Window) error {
					first, second := create(1), create(1)
					if first == second {
						return &harness.SkipError{Reason: "one subject was handed out twice"}
					}
					*first++
					ages[*first]++
					turns(w)
					return nil
				})
			},
		}
		create := func(int) *int { return new(int) }
		table := []impls.Impl[func(int) *int]{impls.New("one", impls.Atomic, "here", create)}
		about := harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}
		out, err := stressed(t, []harness.Suite{harness.NewSuite(about, harness.Under(table, load))}, time.Second)
		if err != nil || len(out.Skipped) > 0 {
			t.Fatalf("got error %v and skipped %v, want none", err, out.Skipped)
		}
		if oldest := len(ages); lasting != (oldest > 3) || ages[1] < out.Count/4 {
			t.Errorf("lasting %v: got subjects of ages %v in %d windows, want old ones only with lasting",
				lasting, ages, out.Count)
		}
	}
}

// A promise without its method is refused. A method without its promise is named.
func TestPromisesAndMethodsAreCompared(t *testing.T) {
	try := impls.Promise{Name: "try", Meaning: "tries"}
	load := harness.Workload[func() any]{
		Load: harness.Load{Name: "trying", Turn: "turn", Needs: []impls.Promise{try}},
		Method: func(create func() any) (string, bool) {
			_, ok := create().(interface{ Try() bool })
			return "Try() bool", ok
		},
		Run: func(*harness.Trial, func() any) error { return nil },
	}
	plain := harness.Workload[func() any]{Load: harness.Load{Name: "plain", Turn: "turn"}, Run: load.Run}
	suite := func(create func() any, promises ...impls.Promise) harness.Suite {
		table := []impls.Impl[func() any]{impls.New("one", impls.Atomic, "here", create, promises...)}
		about := harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}
		return harness.NewSuite(about, harness.Under(table, load, plain))
	}
	lacking := func() any { return 1 }
	having := func() any { return tries{} }
	for want, s := range map[string]harness.Suite{
		`"one" promises try, and has no method Try() bool`: suite(lacking, try),
		`"one" panics in its constructor: no`:              suite(func() any { panic("no") }, try),
	} {
		if err := harness.CheckSuites([]harness.Suite{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %s", err, want)
		}
	}
	for _, s := range []harness.Suite{suite(lacking), suite(having, try), suite(having)} {
		if err := harness.CheckSuites([]harness.Suite{s}); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	}
	if got := suite(having).Untested("one"); len(got) != 1 || got[0] != "Try() bool, for lack of promise try" {
		t.Errorf("got %q, want Try named as untested", got)
	}
	want := []string{"promise bounded, which no workload checks"}
	if got := suite(lacking, impls.Bounded).Untested("one"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

type tries struct{}

func (tries) Try() bool { return true }
