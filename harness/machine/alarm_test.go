package machine_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness/machine"
)

func TestAlarm(t *testing.T) {
	a, err := machine.NewAlarm()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{time.Hour, 0, -time.Second, time.Nanosecond} {
		if err := a.Set(d); err != nil {
			t.Errorf("set to %v: got error %v, want none", d, err)
		}
	}
	if err := a.Close(); err != nil {
		t.Errorf("close: got error %v, want none", err)
	}
}
