package txn

import (
	"context"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// guard is what an STM calls in place of the server. It keeps the revision of the first
// read and the last error, and adds compares of ranges to the commit.
type guard struct {
	clientv3.KV
	revision int64 // 0: nothing has been read yet
	err      error
	ranges   []clientv3.Cmp
}

func (g *guard) Txn(ctx context.Context) clientv3.Txn { return &guardedTxn{g.KV.Txn(ctx), g} }

type guardedTxn struct {
	clientv3.Txn
	guard *guard
}

// If is called by a commit only.
func (t *guardedTxn) If(compares ...clientv3.Cmp) clientv3.Txn {
	t.Txn.If(append(compares, t.guard.ranges...)...)
	return t
}

func (t *guardedTxn) Then(ops ...clientv3.Op) clientv3.Txn {
	t.Txn.Then(ops...)
	return t
}

func (t *guardedTxn) Else(ops ...clientv3.Op) clientv3.Txn {
	t.Txn.Else(ops...)
	return t
}

func (t *guardedTxn) Commit() (*clientv3.TxnResponse, error) {
	response, err := t.Txn.Commit()
	t.guard.err = err
	if err == nil && t.guard.revision == 0 {
		t.guard.revision = response.Header.Revision
	}
	return response, err
}
