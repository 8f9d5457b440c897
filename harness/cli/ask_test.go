package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

// crowded is a question that one store answers, at which one hangs, and which ends the
// process of another one.
var crowded = harness.Question[string]{
	Name: "crowd", About: "More clients come than there is room for.",
	Ask: func(name string) (string, error) {
		switch name {
		case "tictoc":
			time.Sleep(time.Hour)
		case "wound-wait":
			panic("a store of a test ends the process")
		}
		return "turns some away", nil
	},
}

func TestAskShowsWhatHangsAndWhatEndsTheProcess(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"ask", "txn", "--limit", "2s"}, []string{
			"TXN/OPTIMISTIC  CROWD\nsilo            turns some away\ntictoc          hangs\n",
			"wound-wait       ends the process\n", "crowd: More clients come than there is room for.\n",
		}},
		{[]string{"ask", "txn", "--limit", "2s", "--markdown"}, []string{
			"## What txn/optimistic implementations do", "| | crowd |\n|---|---|\n| silo | turns some away |\n| tictoc | hangs |\n",
		}},
	} {
		var out, errOut bytes.Buffer
		if status := execute(context.Background(), stores(), c.args, &out, &errOut); status != 0 {
			t.Fatalf("%v: got status %d and %s, want 0", c.args, status, &errOut)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: got\n%swant %q in it", c.args, &out, want)
			}
		}
	}
}

func TestAskRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"ask", "mutex"}, "nothing is asked of mutex"},
		{[]string{"ask", "--limit", "0s"}, "want a time, such as 2s"},
		{[]string{"ask", "mutexes"}, "mutexes"},
	} {
		if status, _, errOut := contend(t, c.args...); status != 2 || !strings.Contains(errOut, c.want) {
			t.Errorf("%v: got status %d and %q, want 2 and %q", c.args, status, errOut, c.want)
		}
	}
}
