package hashmap_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/hashmap"
)

func TestHashmap(t *testing.T) { harness.TestFor(t, time.Second, hashmap.All()...) }

func BenchmarkHashmap(b *testing.B) { harness.Bench(b, hashmap.All()...) }
