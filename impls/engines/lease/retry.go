package lease

import (
	"context"
	"fmt"
	"time"
)

// again is the time between two tries that failed, because the server starts anew, say, or elects a leader.
const again = 20 * time.Millisecond

// Until calls try until it succeeds or ctx ends. The error is ctx's, with what try said last.
func Until[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for {
		result, err := try()
		if err == nil {
			return result, nil
		}
		select {
		case <-ctx.Done():
			return result, fmt.Errorf("%w; at last: %v", ctx.Err(), err)
		case <-time.After(again):
		}
	}
}
