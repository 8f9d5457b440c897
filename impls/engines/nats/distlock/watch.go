package distlock

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// watch is what a waiter reads. It stays open for the key that was waited for last,
// because a watch is a consumer that the servers must make.
type watch struct {
	key string
	jetstream.KeyWatcher
}

// recheck is how often a waiter looks without news. A server that is behind may report
// that a free key is taken, and no news follows then.
const recheck = 100 * time.Millisecond

// drain discards old news.
func (w *watch) drain() {
	for w.KeyWatcher != nil {
		select {
		case <-w.Updates():
		default:
			return
		}
	}
}

// until waits for the end of a key that existed, or for the time to look again.
func (w *watch) until(ctx context.Context, kv jetstream.KeyValue, key string) error {
	if w.KeyWatcher == nil || w.key != key {
		w.stop()
		var err error
		if w.KeyWatcher, err = kv.Watch(context.Background(), key, jetstream.MetaOnly()); err != nil {
			return err
		}
		w.key = key
	}
	timer := time.NewTimer(recheck)
	defer timer.Stop()
	for {
		select {
		case e, open := <-w.Updates():
			if !open {
				w.KeyWatcher = nil
				return errors.New("watching a key: the watch has ended")
			}
			if e != nil && e.Operation() != jetstream.KeyValuePut {
				return nil
			}
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stop ends the watch.
func (w *watch) stop() {
	if w.KeyWatcher == nil {
		return
	}
	_ = w.Stop() // servers that are not told end the consumer by themselves
	go func(news <-chan jetstream.KeyValueEntry) {
		for range news { // the library's own goroutine ends once it can send its news
		}
	}(w.Updates())
	w.KeyWatcher = nil
}
