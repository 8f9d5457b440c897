package results

import "testing"

// A turn takes time. A trial of 0 ns/op has not measured it, and wins nothing.
func TestATimeOfZeroIsNoMeasurement(t *testing.T) {
	old := trials("a", 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
	rows, err := Across(&Run{Trials: old}, &Run{Trials: trials("a", make([]float64, 10)...)}, Options{})
	if err != nil || len(rows) != 1 || rows[0].Outcome != Inconclusive {
		t.Errorf("got %+v and error %v, want one inconclusive row", rows, err)
	}
}

// The file's direction comes before the declared one, and a short list after it.
func TestDirections(t *testing.T) {
	run := written(t, "Unit MB/s better=lower\nUnit score better=higher\n"+
		"BenchmarkA-8 1 5 ns/op 6 MB/s 7 score 8 widgets 9 p99-sec 3 allocs/op\n")
	for unit, want := range map[string]Better{
		"ns/op": Lower, "MB/s": Lower, "B/s": Lower, "score": Higher, "widgets": Neither, "p99-sec": Lower,
		"allocs/op": Lower, "req/s": Higher,
	} {
		if got := run.Info.Metric("A", "", unit).Better; got != want {
			t.Errorf("%s: got better %q, want %q", unit, got, want)
		}
	}
	for name, want := range map[string]string{"sec/op": "ns/op", "B/s": "MB/s", "score": "score", "scor": ""} {
		if got, ok := run.Unit(name); got != want || ok != (want != "") {
			t.Errorf("unit %s: got %q, %v, want %q", name, got, ok, want)
		}
	}
}

// A machine is what all lines of a file say, and nothing that only some have.
func TestTheMachineIsThatOfAllLines(t *testing.T) {
	m := file(t, "36/cpu.txt").Info.Machine
	if m.CPU != "" || m.GOOS != "linux" {
		t.Errorf("got %+v, want linux and no cpu, since the file has two", m)
	}
	late := written(t, "BenchmarkA-8 1 5 ns/op\ncpu: A\nBenchmarkB-8 1 5 ns/op\n")
	if got := late.Info.Machine.CPU; got != "" {
		t.Errorf("got cpu %q, want none, since the first line has none", got)
	}
}

// Runs of two machines in one file of contend keep apart, too.
func TestFileKeysSeparateContendsOwnTrials(t *testing.T) {
	text := "Unit ns/op rounds=lines\n"
	for _, cpu := range []string{"A", "B"} {
		text += "cpu: " + cpu + "\nBenchmarkMutex/work=counter/impl=sync/goroutines=8-2 1 5 ns/op\n"
	}
	run := written(t, text)
	rows := Rows(run.Trials)
	if !run.Own() || len(rows) != 2 || rows[1].Good[0].Round != 1 {
		t.Fatalf("got %+v, want two rows of contend, each with its first round", rows)
	}
	c, err := ParseName(rows[1].Point())
	if err != nil || c.Procs != 2 || rows[1].Point() != "Mutex/work=counter/goroutines=8-2 (cpu: B)" {
		t.Errorf("got point %q with GOMAXPROCS %d and error %v, want cpu B and 2", rows[1].Point(), c.Procs, err)
	}
}
