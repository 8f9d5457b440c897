package serializable_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// A sample is a history of testdata, with what is expected of it.
type sample struct {
	history []serializable.Transaction
	want    []string // class and path of each anomaly
	passes  []string // levels
}

func readSample(t testing.TB, file string) (s sample) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if want, ok := strings.CutPrefix(line, "want "); ok {
			s.want = append(s.want, strings.TrimSpace(want))
			line = "\n"
		}
		if passes, ok := strings.CutPrefix(line, "passes:"); ok {
			s.passes = strings.Fields(passes)
			line = "\n"
		}
		lines = append(lines, line)
	}
	if s.history, err = serializable.Parse(strings.Join(lines, "")); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

func files(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d files and error %v, want histories", len(names), err)
	}
	return names
}

// The histories of the literature show the anomalies that they are known for, and pass
// exactly the levels that allow those.
func TestSamples(t *testing.T) {
	for _, file := range files(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := readSample(t, file)
			var got []string
			for _, a := range serializable.Anomalies(s.history) {
				got = append(got, a.Class.String()+" "+a.Path())
			}
			if !slices.Equal(got, s.want) {
				t.Errorf("got anomalies\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(s.want, "\n"))
			}
			for _, l := range serializable.Levels() {
				err := serializable.Check(s.history, l)
				var a *serializable.Anomaly
				switch passes := slices.Contains(s.passes, l.String()); {
				case (err == nil) != passes:
					t.Errorf("%v: got error %v, want none = %v", l, err, passes)
				case err != nil && (!errors.As(err, &a) || a.Class.String()+" "+a.Path() != s.want[0]):
					t.Errorf("%v: got error %v, want %s", l, err, s.want[0])
				}
			}
		})
	}
}

// A key with more contradicting lists than are kept has a lost update, and Check ends.
func TestManyContradictingLists(t *testing.T) {
	var h []serializable.Transaction
	for n := range uint64(100) {
		h = append(h, serializable.Transaction{Name: fmt.Sprint("T", n), Ops: []serializable.Op{
			{Kind: serializable.Append, Value: n},
			{Kind: serializable.Read, List: []uint64{n}},
		}})
	}
	var a *serializable.Anomaly
	err := serializable.Check(h, serializable.Snapshot)
	if !errors.As(err, &a) || a.Class != serializable.LostUpdate {
		t.Errorf("got error %v, want a lost update", err)
	}
	if err := serializable.Check(h, serializable.ReadCommitted); err != nil {
		t.Errorf("got error %v, want none", err)
	}
}
