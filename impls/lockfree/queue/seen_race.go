//go:build race

package queue

import "sync/atomic"

// seen shows the race detector an order that assembly code makes: what comes before a
// release comes before what follows a later acquire.
type seen struct{ releases atomic.Uint64 }

func (s *seen) release() { s.releases.Add(1) }
func (s *seen) acquire() { s.releases.Load() }
