package nats

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// watch is what a waiter reads: it stays for the key that was waited for last, because a watch is a consumer that the
// servers must make.
type watch struct {
	key string
	jetstream.KeyWatcher
}

// look is how often a waiter looks without being told: a read of a server that is behind may say that a free key is taken, and no
// news follows then.
const look = 100 * time.Millisecond

// drain throws away old news.
func (w *watch) drain() {
	for w.KeyWatcher != nil {
		select {
		case <-w.Updates():
		default:
			return
		}
	}
}

// until waits for the end of a key that was there, or for the time to look again.
func (w *watch) until(ctx context.Context, kv jetstream.KeyValue, key string) error {
	if w.KeyWatcher == nil || w.key != key {
		w.stop()
		var err error
		if w.KeyWatcher, err = kv.Watch(context.Background(), key, jetstream.MetaOnly()); err != nil {
			return err
		}
		w.key = key
	}
	timer := time.NewTimer(look)
	defer timer.Stop()
	for {
		select {
		case e, open := <-w.Updates():
			if !open {
				w.KeyWatcher = nil
				return errors.New("the watch has ended")
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
	_ = w.Stop() // servers that do not hear of it end the consumer by themselves
	go func(news <-chan jetstream.KeyValueEntry) {
		for range news { // the library's own goroutine ends when nobody lets it wait
		}
	}(w.Updates())
	w.KeyWatcher = nil
}
