package hashmap_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/hashmap"
)

func TestHashmap(t *testing.T) { harness.Test(t, hashmap.All()...) }

func BenchmarkHashmap(b *testing.B) { harness.Bench(b, hashmap.All()...) }
