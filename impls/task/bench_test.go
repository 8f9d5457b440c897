package task_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls/task"
)

// BenchmarkBursts has four submitters of bursts of empty tasks, each when its last burst
// has run.
func BenchmarkBursts(b *testing.B) {
	const submitters, burst = 4, 64
	for _, i := range task.Workers() {
		b.Run(i.Name, func(b *testing.B) {
			b.ReportAllocs()
			p := i.New(runtime.GOMAXPROCS(0), 1024)
			var group sync.WaitGroup
			for range submitters {
				group.Go(func() {
					var running sync.WaitGroup
					for range b.N / submitters / burst {
						for range burst {
							running.Add(1)
							for p.Submit(context.Background(), running.Done) != nil {
								runtime.Gosched()
							}
						}
						running.Wait()
					}
				})
			}
			group.Wait()
			p.Close()
		})
	}
}
