package serializable_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

var update = flag.Bool("update", false, "write the golden files")

func TestWriteEDN(t *testing.T) {
	h, err := serializable.Parse(`
		T1 0..3 committed: r(1: ) a(1 7) a(2 8) r(1: 7)
		T2@1 1..4 aborted: r(1: ) a(1 9)
		T3@2 2..7 unknown: a(2 10)
		T4@2 8..9 committed: s(0..5: 1[7] 2[8 10])
		T5@1 5..10 committed: r(3: )
		T6@1 6..11 committed: r(2: 8)
	`)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := serializable.WriteEDN(&got, h); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/history.edn"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteEDNFails(t *testing.T) {
	if err := serializable.WriteEDN(full{}, []serializable.Transaction{{Name: "T1"}}); !errors.Is(err, errFull) {
		t.Errorf("got error %v, want %v", err, errFull)
	}
}
