package actor

import "testing"

// A message that comes after the last look into a mailbox is counted before Tell returns.
func TestLateLetters(t *testing.T) {
	system := NewProtoActor(1)
	a := system.Spawn(Props{New: func() Behavior { return silent{} }}).(*protoActor)
	a.Stop()
	system.Close()
	for want := range uint64(1000) {
		if got := system.DeadLetters(); got != want {
			t.Fatalf("%d dead letters, want %d", got, want)
		}
		a.process.SendUserMessage(a.pid, "late") // Tell, from the point where it has the process
		a.settle()
	}
}

type silent struct{}

func (silent) Receive(Context, any) {}
