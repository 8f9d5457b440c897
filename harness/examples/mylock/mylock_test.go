package mylock_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/workloads/mutex"

	"example.com/mylock"
)

var mine = impls.New("mylock", impls.Spin, "this module", func() sync.Locker { return new(mylock.Lock) })

func TestLock(t *testing.T) { harness.Test(t, mutex.Suite(mine)) }

func BenchmarkMutex(b *testing.B) { harness.Bench(b, mutex.Suite(mine)) }
