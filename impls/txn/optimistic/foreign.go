package optimistic

import (
	"context"
	"fmt"

	"github.com/contendbench/contend/impls/txn"
)

// A foreign is what the Tx of a library needs to keep the contract.
type foreign struct {
	txn.Lifetime
	doomed error // the library's first error
}

// run runs body on tx and returns why the transaction cannot commit.
func (f *foreign) run(ctx context.Context, tx txn.Tx, body func(txn.Tx) error) error {
	defer f.End()
	err := body(tx)
	switch {
	case f.doomed != nil:
		return f.doomed
	case err != nil:
		return err
	}
	return ctx.Err()
}

// doom remembers and returns the library's error in a call, if there is one.
func (f *foreign) doom(call string, key uint64, err error) error {
	if err != nil {
		f.doomed = fmt.Errorf("%s of key %d: %w", call, key, err)
	}
	return f.doomed
}

func (f *foreign) canRead() error {
	if err := f.CanRead(); err != nil {
		return err
	}
	return f.doomed
}

func (f *foreign) canWrite() error {
	if err := f.CanWrite(); err != nil {
		return err
	}
	return f.doomed
}
