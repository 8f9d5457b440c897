package task

import (
	"runtime"
	"slices"
	"testing"

	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// Answers of pools that do not hang. What a row promises shows in its answers.
func TestAnswersOfPools(t *testing.T) {
	answers := map[string]func(tasks.Pool) (string, error){
		"nested": nestedAnswer,
		"Goexit": func(p tasks.Pool) (string, error) { return endedAnswer(p, runtime.Goexit) },
		"panic":  func(p tasks.Pool) (string, error) { return endedAnswer(p, crash) },
		"full":   closeAnswer,
		"late":   lateAnswer,
		"cancelled": func(p tasks.Pool) (string, error) {
			gate := make(chan struct{})
			defer p.Close()
			defer close(gate)
			return cancelAnswer(p, gate)
		},
	}
	for _, i := range append(tasks.Workers(), tasks.ThreadPools()...) {
		if i.Requires.Missing != nil && i.Requires.Missing() != nil {
			continue
		}
		for _, c := range []struct {
			question string
			promise  impls.Promise
			want     []string
		}{
			{"nested", tasks.Nested, []string{"runs them"}},
			{"panic", tasks.SurvivesPanic, []string{"goes on"}},
			{"Goexit", tasks.SurvivesGoexit, []string{"goes on"}},
			{"full", tasks.CloseWakes, []string{"returns ErrClosed", "runs it"}},
			{"full", tasks.Rejects, []string{"does not wait"}},
			{"late", tasks.RefusesLate, []string{"returns ErrClosed"}},
			{"cancelled", impls.Cancellable, []string{"returns its error"}},
			{"cancelled", impls.Unbounded, []string{"has room"}},
		} {
			if !i.Has(c.promise) {
				continue
			}
			got, err := answers[c.question](i.New(1, 1))
			if err != nil || !slices.Contains(c.want, got) {
				t.Errorf("%s of %s, which promises %s: got %q, %v, want one of %q",
					c.question, i.Name, c.promise.Name, got, err, c.want)
			}
		}
	}
}
