package cluster

import (
	"context"
	"fmt"
	"time"
)

// RetryPause is the time between two tries. A try fails while a server restarts or elects
// a leader, for example.
const RetryPause = 20 * time.Millisecond

// Retry calls try until it succeeds or ctx ends. The error is then ctx's, with the last
// one of try.
func Retry[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for {
		result, err := try()
		if err == nil {
			return result, nil
		}
		select {
		case <-ctx.Done():
			return result, fmt.Errorf("%w; the last error: %v", ctx.Err(), err)
		case <-time.After(RetryPause):
		}
	}
}
