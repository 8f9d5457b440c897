package serializable_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

func TestParse(t *testing.T) {
	const line = "T2@3 1..6 aborted: r(5: ) r(x: 7 8) a(x 1) s(a..z: x[1] y[7 8] z[])"
	h, err := serializable.Parse("# a comment\n\n  " + line + "\n")
	if err != nil || len(h) != 1 || h[0].String() != line {
		t.Errorf("got %v and error %v, want %s", h, err, line)
	}
	const y = 1<<64 - 2
	want := serializable.List{Key: y, Values: []uint64{7, 8}}
	if got := h[0].Ops[3].Lists[1]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseFails(t *testing.T) {
	for line, want := range map[string]string{
		"T1":                                   "want name begin..end outcome: operations",
		"T1 0..1 committed":                    "want name begin..end outcome: operations",
		"@1 0..1 committed:":                   "want name begin..end outcome: operations",
		"T1@x 0..1 committed:":                 `client "x"`,
		"T1 0.1 committed:":                    "want name begin..end outcome: operations",
		"T1 a..1 committed:":                   `begin "a"`,
		"T1 0..b committed:":                   `end "b"`,
		"T1 0..1 late:":                        `outcome "late"`,
		"T1 0..1 committed: r(x 1":             `operation "r(x 1"`,
		"T1 0..1 committed: w(x 1)":            `kind "w"`,
		"T1 0..1 committed: r(X: 1)":           `key "X"`,
		"T1 0..1 committed: r(x: one)":         `number "one"`,
		"T1 0..1 committed: a(x)":              "1 words, want key number",
		"T1 0..1 committed: a(xy 1)":           `key "xy"`,
		"T1 0..1 committed: s(x: )":            `key ""`,
		"T1 0..1 committed: s(..x: )":          `key ""`,
		"T1 0..1 committed: s(a..z: x 1)":      `list "x 1"`,
		"T1 0..1 committed: s(a..z: x[-1])":    `number "-1"`,
		"T1 0..1 committed: s(a..z: -1[1])":    `key "-1"`,
		"T1 0..1 committed:\nT1 2..3 aborted:": "line 2: a second transaction T1",
	} {
		if _, err := serializable.Parse(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %s", line, err, want)
		}
	}
}

// What Parse reads prints as text that it reads as the same history, and the checks end.
func FuzzParse(f *testing.F) {
	for _, file := range files(f) {
		f.Add(text(readSample(f, file).history))
	}
	f.Fuzz(func(t *testing.T, input string) {
		h, err := serializable.Parse(input)
		if err != nil {
			return
		}
		again, err := serializable.Parse(text(h))
		if err != nil || !reflect.DeepEqual(again, h) {
			t.Fatalf("got %v and error %v, want %v", again, err, h)
		}
		anomalies := serializable.Anomalies(h)
		if err := serializable.Check(h, serializable.StrictSerializable); (err == nil) != (len(anomalies) == 0) {
			t.Errorf("got error %v, and anomalies %v", err, anomalies)
		}
	})
}
