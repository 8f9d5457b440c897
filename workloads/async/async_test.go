package async_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/async"
)

func TestAsync(t *testing.T) { harness.TestFor(t, time.Second, async.All()...) }

func BenchmarkAsync(b *testing.B) { harness.Bench(b, async.All()...) }
