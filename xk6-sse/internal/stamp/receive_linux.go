package stamp

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket reads with recvmsg through Go's poller. One reader at a time, as for any TCP stream; the closure and what the
// kernel reads and writes are made once, so that a read allocates nothing (unix.Recvmsg would).
type socket struct {
	raw  syscall.RawConn
	step func(fd uintptr) bool

	n   int
	err error

	message unix.Msghdr
	vector  unix.Iovec
	// Aligned for the kernel's control message header; room for the stamp and one more message.
	oob [16]uint64
}

func newReceiver(conn net.Conn) receiver {
	source, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := source.SyscallConn()
	if err != nil {
		return nil
	}
	var setErr error
	err = raw.Control(func(fd uintptr) {
		setErr = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
	if err != nil || setErr != nil {
		return nil
	}
	s := &socket{raw: raw}
	s.step = s.once
	s.message.Iov = &s.vector
	s.message.SetIovlen(1)
	s.message.Control = &s.control()[0]
	return s
}

// Enable switches the kernel's stamping on, which takes a moment after the first socket that asks for it; the socket
// that it opens lives as long as the process. It reports whether there are stamps.
func Enable() bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) == nil
}

func (s *socket) control() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&s.oob)), unsafe.Sizeof(s.oob))
}

// once is one try: it reports false where the poller must wait for bytes first.
func (s *socket) once(fd uintptr) bool {
	for {
		s.message.SetControllen(int(unsafe.Sizeof(s.oob)))
		n, _, errno := unix.Syscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&s.message)), 0)
		if errno == unix.EINTR {
			continue
		}
		s.n, s.err = int(n), nil
		if errno != 0 {
			s.n, s.err = 0, errno
		}
		return errno != unix.EAGAIN
	}
}

func (s *socket) receive(p []byte) (int, int64, error) {
	s.vector.Base = &p[0]
	s.vector.SetLen(len(p))
	err := s.raw.Read(s.step)
	s.vector.Base = nil
	switch {
	case err != nil: // closed, or past its deadline
		return 0, 0, err
	case s.err != nil:
		return 0, 0, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("recvmsg", s.err)}
	case s.n == 0:
		return 0, 0, io.EOF
	}
	return s.n, stampOf(s.control()[:s.message.Controllen]), nil
}

// stampOf finds the kernel's receive stamp among the control messages: Unix nanoseconds, or 0.
func stampOf(control []byte) int64 {
	for len(control) >= unix.SizeofCmsghdr {
		header := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
		length := int(header.Len)
		if length < unix.SizeofCmsghdr || length > len(control) {
			return 0
		}
		data := control[unix.CmsgLen(0):length]
		if header.Level == unix.SOL_SOCKET && header.Type == unix.SCM_TIMESTAMPNS && len(data) >= 16 {
			seconds := int64(binary.NativeEndian.Uint64(data))
			return seconds*1e9 + int64(binary.NativeEndian.Uint64(data[8:]))
		}
		control = control[min(unix.CmsgSpace(length-unix.CmsgLen(0)), len(control)):]
	}
	return 0
}
