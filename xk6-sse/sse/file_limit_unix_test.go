//go:build unix

package sse

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestFileBeyondTheLimitIsAnError(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	// The limit is the process's: nothing else may be written meanwhile.
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 10, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	if n, err := file.Write(make([]byte, 20)); n != 10 || !errors.Is(err, syscall.EFBIG) {
		t.Errorf("20 bytes at a limit of 10: %d written, %v", n, err)
	}
}
