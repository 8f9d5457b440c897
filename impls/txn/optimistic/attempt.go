package optimistic

import (
	"context"
	"sync"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// A protocol is what an algorithm does in one attempt of a transaction. Its errors are
// conflicts. It is used again for other attempts.
type protocol interface {
	// begin starts the attempt.
	begin(readOnly bool)
	// get returns the stored value of a key, or nil.
	get(key uint64) ([]byte, error)
	// scan visits the stored values from first to last, both included.
	scan(first, last uint64, visit func(key uint64, value []byte) bool) error
	// check is the end of an attempt that changes nothing: it returns a conflict unless
	// what the attempt has read was consistent.
	check() error
	// commit is the end of an attempt that changes something. The writes are in the order
	// of their keys, each key once.
	commit(writes []writeset.Write) error
	// end forgets the attempt, whatever became of it.
	end()
}

// A store runs transactions by a protocol. The attempts take their memory from a pool.
type store struct {
	txn.Retry
	sessions sync.Pool // of *session
}

// A session is the memory of one attempt after another.
type session struct {
	protocol
	writes writeset.Set
}

func (s *store) init(o txn.Options, fresh func() protocol) {
	s.Retry = txn.NewRetry(o)
	s.sessions.New = func() any { return &session{protocol: fresh()} }
}

// Update runs body until an attempt commits.
func (s *store) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, false, body) })
}

// View runs body until what it has read was consistent.
func (s *store) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error { return s.attempt(ctx, true, body) })
}

// Close has nothing to free.
func (s *store) Close() error { return nil }

func (s *store) attempt(ctx context.Context, readOnly bool, body func(txn.Tx) error) (err error) {
	a := s.sessions.Get().(*session)
	tx := &handle{session: a}
	if readOnly {
		tx.Lifetime = txn.ReadOnly
	}
	a.begin(readOnly)
	returned := false
	defer func() {
		tx.End()
		// A panic counts unless the body saw what never was. runtime.Goexit goes on anyway.
		if !returned {
			if c := tx.conflict(); c != nil && recover() != nil {
				err = c
			}
		}
		tx.session = nil
		a.end()
		a.writes.Reset()
		s.sessions.Put(a)
	}()
	err = body(tx)
	returned = true
	tx.End()
	return tx.conclude(ctx, err)
}

// A handle is the Tx that a body gets. It is made for each attempt and outlives the use of
// its session, so that a Tx can say for ever that it has ended.
type handle struct {
	txn.Lifetime
	*session
	doomed error // the conflict that a call has returned
}

// conflict returns the conflict that the attempt has met so far.
func (h *handle) conflict() error {
	if h.doomed != nil {
		return h.doomed
	}
	return h.check()
}

// conclude ends the attempt when its body has returned err.
func (h *handle) conclude(ctx context.Context, err error) error {
	if h.doomed != nil {
		return h.doomed
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && h.writes.Len() > 0 {
		return h.commit(h.writes.Sorted())
	}
	if c := h.check(); c != nil {
		return c
	}
	return err
}

func (h *handle) canRead() error {
	if err := h.CanRead(); err != nil {
		return err
	}
	return h.doomed
}

func (h *handle) canWrite() error {
	if err := h.CanWrite(); err != nil {
		return err
	}
	return h.doomed
}

func (h *handle) Get(key uint64) ([]byte, error) {
	if err := h.canRead(); err != nil {
		return nil, err
	}
	if h.writes.Len() > 0 {
		if value, ok := h.writes.Get(key); ok {
			return value, nil
		}
	}
	var value []byte
	value, h.doomed = h.get(key)
	return value, h.doomed
}

func (h *handle) Put(key uint64, value []byte) error {
	if err := h.canWrite(); err != nil {
		return err
	}
	h.writes.Put(key, value)
	return nil
}

func (h *handle) Delete(key uint64) error {
	if err := h.canWrite(); err != nil {
		return err
	}
	h.writes.Delete(key)
	return nil
}

func (h *handle) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := h.canRead(); err != nil {
		return err
	}
	if first > last {
		return nil
	}
	if h.writes.Len() == 0 {
		h.doomed = h.scan(first, last, visit)
		return h.doomed
	}
	own := h.writes.Over(first, last, visit)
	if h.doomed = h.scan(first, last, own.Stored); h.doomed != nil {
		return h.doomed
	}
	own.Rest()
	return nil
}
