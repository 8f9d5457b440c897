package txn

import (
	"errors"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// An anomaly comes with its history, which shows the same anomaly when it is read again.
func TestAnAnomalyHasItsHistory(t *testing.T) {
	h, err := serializable.Parse("T1 0..0 committed: r(x: ) a(y 1)\nT2 0..0 committed: r(y: ) a(x 2)\n" +
		"T3 0..0 committed: r(x: 2) r(y: 1)\n")
	if err != nil {
		t.Fatal(err)
	}
	found := serializable.Check(h, serializable.Serializable)
	if found == nil {
		t.Fatal("got no anomaly in write skew, want one")
	}
	fault := &listFault{found, h, false}
	again, err := serializable.Parse(string(fault.Evidence()["history.txt"]))
	if err != nil {
		t.Fatal(err)
	}
	if got := serializable.Check(again, serializable.Serializable); got == nil || got.Error() != found.Error() {
		t.Errorf("got %v from the history of the evidence, want %v", got, found)
	}
	var a *serializable.Anomaly
	if !errors.As(fault, &a) {
		t.Errorf("got no Anomaly in %v, want one", fault)
	}
	if _, ok := fault.Evidence()["history.edn"]; ok {
		t.Error("got a history for Elle without times, want none")
	}
	for i := range h {
		h[i].Begin, h[i].End = int64(2*i+1), int64(2*i+2)
	}
	timed := &listFault{found, h, true}
	if edn := string(timed.Evidence()["history.edn"]); strings.Count(edn, ":type :invoke") != 3 {
		t.Errorf("got %q, want 3 transactions for Elle", edn)
	}
}
