package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// Misuse is a wrong use of a subject of type S.
type Misuse[S any] struct {
	Name string // as the subject of a sentence: "Unlock of a lock that is not held"
	Do   func(S)
}

// Panics misuses a subject. It returns an error unless that panics.
func (m Misuse[S]) Panics(subject S) (err error) {
	defer func() {
		if recover() == nil {
			err = fmt.Errorf("%s did not panic", m.Name)
		}
	}()
	m.Do(subject)
	return nil
}

// fatal is the helper function in which a subject is misused.
const fatal = "misuse"

// FatalHelper returns the helpers of a load that calls CheckFatal. fresh makes a subject.
func FatalHelper[C, S any](fresh func(C) S, misuses []Misuse[S]) map[string]harness.HelperFunc[C] {
	return map[string]harness.HelperFunc[C]{
		fatal: func(h *harness.Helper, create C, args json.RawMessage) error {
			var at int
			if err := json.Unmarshal(args, &at); err != nil {
				return err
			}
			_ = misuses[at].Panics(fresh(create)) // a panic that recover catches breaks the promise, too
			return h.Ready(nil)
		},
	}
}

// CheckFatal misuses subjects in processes of their own, and fails the window unless each
// process ends with a fatal error.
func CheckFatal[S any](t *harness.Trial, misuses []Misuse[S]) error {
	host, err := t.Host()
	if errors.Is(err, harness.ErrNoHelpers) {
		return &harness.SkipError{Reason: err.Error()}
	}
	if err != nil {
		return err
	}
	return Rounds(t, func(rng *rand.Rand) error {
		at := rng.IntN(len(misuses))
		_, err := host.Start(t.Context, impls.Program{Name: fatal, Entry: fatal, Args: at})
		switch {
		case err == nil:
			return fmt.Errorf("%s did not end the process", misuses[at].Name)
		case !strings.Contains(err.Error(), "fatal error: "):
			return fmt.Errorf("%s: want a fatal error: %w", misuses[at].Name, err)
		}
		return nil
	})
}
