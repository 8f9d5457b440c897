package attempt

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/contendbench/contend/impls/txn"
)

// fake is a transaction of a database that answers as it is told.
type fake struct {
	State
	commit   func(context.Context) error
	validate error
	calls    []string
}

func (f *fake) Get(uint64) ([]byte, error) { return nil, f.CanRead() }

func (f *fake) Put(uint64, []byte) error { return f.CanWrite() }

func (f *fake) Delete(uint64) error { return f.CanWrite() }

func (f *fake) Scan(uint64, uint64, func(uint64, []byte) bool) error { return f.CanRead() }

func (f *fake) Commit(ctx context.Context) error {
	f.calls = append(f.calls, "commit")
	if f.commit == nil {
		return nil
	}
	return f.commit(ctx)
}

func (f *fake) Validate(context.Context) error {
	f.calls = append(f.calls, "validate")
	return f.validate
}

func (f *fake) Rollback() { f.calls = append(f.calls, "rollback") }

func TestHowAttemptsEnd(t *testing.T) {
	refusal, broken, conflict := errors.New("refusal"), errors.New("broken"), txn.ConflictOf(txn.Changed)
	for _, c := range []struct {
		name  string
		tx    fake
		body  func(*fake) error
		want  error
		calls []string
	}{
		{name: "commits", calls: []string{"commit"}},
		{
			name: "cannot commit", tx: fake{commit: func(context.Context) error { return conflict }}, want: conflict,
			calls: []string{"commit", "rollback"},
		},
		{name: "refuses", body: func(*fake) error { return refusal }, want: refusal, calls: []string{"validate", "rollback"}},
		{
			name: "refuses half", tx: fake{validate: conflict}, body: func(*fake) error { return refusal }, want: conflict,
			calls: []string{"validate", "rollback"},
		},
		{
			name: "panics at half", tx: fake{validate: conflict}, body: func(*fake) error { panic("half") }, want: conflict,
			calls: []string{"validate", "rollback"},
		},
		{name: "is doomed", body: func(f *fake) error {
			_ = f.Fail(t.Context(), nil, broken, "trying")
			return nil
		}, want: broken, calls: []string{"rollback"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Run(t.Context(), &c.tx, func(txn.Tx) error {
				if c.body == nil {
					return nil
				}
				return c.body(&c.tx)
			})
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if !slices.Equal(c.tx.calls, c.calls) {
				t.Errorf("got calls %q, want %q", c.tx.calls, c.calls)
			}
			if _, err := c.tx.Get(1); !errors.Is(err, txn.ErrEnded) {
				t.Errorf("Get after the end: got %v, want ErrEnded", err)
			}
		})
	}
}

// A commit without an answer is no context's error, which would say that nothing has been
// committed.
func TestACommitWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fake{commit: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		err := Run(t.Context(), &f, func(txn.Tx) error { return nil })
		if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "may have taken effect") {
			t.Errorf("got %v, want an error that says what may be", err)
		}
	})
}

func TestOrder(t *testing.T) {
	keys := []uint64{0, 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64}
	var numbers []int64
	for _, k := range keys {
		numbers = append(numbers, Ordered(k))
		if got := Key(Ordered(k)); got != k {
			t.Errorf("got %d back, want %d", got, k)
		}
	}
	if !slices.IsSorted(numbers) {
		t.Errorf("got %d, want them in order", numbers)
	}
}
