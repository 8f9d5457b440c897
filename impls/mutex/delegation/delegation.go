// Package delegation holds locks that take the critical section as a function, and may
// run it on another goroutine.
//
// The contract is Doer: sections run one at a time, and what a section wrote is visible
// to its caller when Do returns, and to the sections after it. Every lock of package
// mutex keeps the contract through Adapt.
//
// To add an implementation, write its file and add one line to All. A lock for which the
// caller runs the section belongs to package mutex.
package delegation

import (
	"sync"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/mutex"
)

// Doer runs sections one at a time. Do returns after section has run. The section must
// not call Do of the same Doer, and must not panic.
type Doer interface {
	Do(section func())
}

// New makes a Doer. A Doer that has its own goroutine is also an io.Closer; Close ends
// the goroutine.
type New = func() Doer

// Adapt makes a delegate of every lock in a table: the caller runs the section itself,
// under the lock.
func Adapt(table []impls.Impl[mutex.New]) []impls.Impl[New] {
	var delegates []impls.Impl[New]
	for _, i := range table {
		delegates = append(delegates, impls.With(i, func() Doer { return Under(i.New()) }))
	}
	return delegates
}

// Under returns a Doer whose caller runs its section itself, under the lock.
func Under(lock sync.Locker) Doer { return delegate{lock} }

type delegate struct{ sync.Locker }

func (d delegate) Do(section func()) {
	d.Lock()
	section()
	d.Unlock()
}
