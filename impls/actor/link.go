package actor

import (
	"bufio"
	"context"
	"net"
	"sync"
	"time"
)

const (
	maxQueued = 4 << 20 // bytes that wait to be sent by a link; a sender waits then
	keptSpace = 64 << 10
	readSpace = 16 << 10

	beat    = time.Second     // a link that has nothing else to send sends a ping
	silence = 5 * beat        // a link that receives nothing for so long is broken
	slow    = 5 * time.Second // for one write
)

// link is a connection between two nodes. A goroutine writes what waits to be sent.
type link struct {
	conn net.Conn
	wake chan struct{} // of one
	done chan struct{} // closed when the link is broken

	mu     sync.Mutex
	room   sync.Cond
	out    []byte
	broken bool
}

func newLink(c net.Conn) *link {
	l := &link{conn: c, wake: make(chan struct{}, 1), done: make(chan struct{})}
	l.room.L = &l.mu
	return l
}

// send has a frame written. It waits for room, and fails if the link breaks or ctx ends
// before that.
func (l *link) send(ctx context.Context, f frame) error {
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, l.free)()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.out) >= maxQueued && !l.broken && ctx.Err() == nil {
		l.room.Wait()
	}
	if l.broken {
		return ErrUnreachable
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var err error
	l.out, err = f.append(l.out)
	select {
	case l.wake <- struct{}{}:
	default: // the writer will look anyway
	}
	return err
}

// free has the senders that wait look again.
func (l *link) free() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.Broadcast()
}

// write writes what is sent, until the link breaks or ctx ends. Then it breaks the link.
func (l *link) write(ctx context.Context) {
	defer l.cut()
	pings := time.NewTicker(beat)
	defer pings.Stop()
	var batch []byte
	for open := true; open; {
		idle := false
		select {
		case <-l.wake:
		case <-pings.C:
			idle = true
		case <-l.done:
			return
		case <-ctx.Done():
			open = false
		}
		batch = l.swap(batch)
		if idle && len(batch) == 0 {
			batch = append(batch, ping...)
		}
		if l.flush(batch) != nil {
			return
		}
	}
}

// ping is a frame that says that its sender lives.
var ping = []byte{0, 0, 0, 4, byte(opPing), 0, 0, 0}

// swap returns what waits to be sent. What is sent from now on goes to the space of sent,
// which was written.
func (l *link) swap(sent []byte) (batch []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cap(sent) > keptSpace {
		sent = nil
	}
	batch, l.out = l.out, sent[:0]
	l.room.Broadcast()
	return batch
}

func (l *link) flush(batch []byte) error {
	if len(batch) == 0 {
		return nil
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(slow)); err != nil {
		return err
	}
	_, err := l.conn.Write(batch)
	return err
}

// read hands over the frames that come, until the link breaks. A damaged one breaks it.
func (l *link) read(hear func(frame) error) {
	defer l.cut()
	in := bufio.NewReaderSize(l.conn, readSpace)
	for {
		if l.conn.SetReadDeadline(time.Now().Add(silence)) != nil {
			return
		}
		f, err := readFrame(in)
		if err == nil && f.op != opPing {
			err = hear(f)
		}
		if err != nil {
			return
		}
	}
}

// cut breaks the link.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return
	}
	l.broken = true
	close(l.done)
	l.room.Broadcast()
	l.conn.Close()
}
