package results

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A start on a full disk leaves nothing that blocks the next one.
func TestAStartOnAFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("mounting a small disk needs root:", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	filler := filepath.Join(disk, "filler")
	for n := 64 << 10; n > 0; n /= 2 { // to the last byte
		f, err := os.OpenFile(filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = f.Write(make([]byte, n))
		}
		f.Close()
	}
	dir := filepath.Join(disk, "run")
	if _, err := Create(dir, Info{State: "running"}); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Fatalf("got error %v, want one of a full disk", err)
	}
	if _, err := os.Lstat(dir); !os.IsNotExist(err) {
		t.Errorf("got a folder with error %v, want none", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	j, err := Create(dir, Info{State: "running"})
	if err != nil {
		t.Fatalf("got error %v, want a run", err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
