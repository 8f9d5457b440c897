package task

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

func TestHonestPools(t *testing.T) { harness.TestFor(t, 1500*time.Millisecond, Workers(honest()...)) }

func TestHonestThreads(t *testing.T) {
	pool := func(n, room int) tasks.Pool { return newLab(n, room, none, locked) }
	promises := append(waits[:len(waits):len(waits)], tasks.Threads)
	locked := impls.UpToCrowd(60, impls.New("locked", impls.Mutex, "here", pool, promises...))
	harness.TestFor(t, 1500*time.Millisecond, Threads(locked))
}
