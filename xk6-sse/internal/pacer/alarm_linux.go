package pacer

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// timerFD is the kernel's timer, awaited by Go's poller.
type timerFD struct {
	file *os.File
	fd   int
}

func newAlarm() alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return newGoAlarm()
	}
	return timerFD{file: os.NewFile(uintptr(fd), "timer"), fd: fd}
}

func (a timerFD) set(in time.Duration) {
	value := unix.ItimerSpec{Value: unix.NsecToTimespec(max(in.Nanoseconds(), 1))}
	_ = unix.TimerfdSettime(a.fd, 0, &value, nil) // it fails for a wrong descriptor or time only
}

func (a timerFD) await() error {
	var expirations [8]byte
	_, err := a.file.Read(expirations[:])
	return err
}
