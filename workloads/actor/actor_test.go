package actor_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/actor"
)

func TestActor(t *testing.T) { harness.TestFor(t, 3*time.Second, actor.All()...) }

func BenchmarkActor(b *testing.B) { harness.Bench(b, actor.All()...) }
