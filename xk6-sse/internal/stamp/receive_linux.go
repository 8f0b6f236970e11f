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
	raw   syscall.RawConn
	clock Clock
	step  func(fd uintptr) bool
	check func(fd uintptr) bool

	n   int
	err error
	// When the read began that found nothing, the last one that did.
	began, nothing int64

	message unix.Msghdr
	vector  unix.Iovec
	// Aligned for the kernel's control message header; room for the stamp and one more message.
	oob [16]uint64

	// What arrived asks for.
	ask     func(fd uintptr)
	tcp     unix.TCPInfo
	size    uint32
	isKnown bool
}

func newReceiver(conn net.Conn, clock Clock) receiver {
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
	s := &socket{raw: raw, clock: clock}
	s.step, s.check, s.ask = s.once, func(uintptr) bool { return true }, s.info
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
		if errno == unix.EAGAIN {
			// Not the present moment: bytes may have come since, and the core may have been lost.
			s.nothing = s.began
		}
		return errno != unix.EAGAIN
	}
}

func (s *socket) receive(p []byte) (int, int64, error) {
	s.vector.Base = &p[0]
	s.vector.SetLen(len(p))
	s.began = s.clock.Now()
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

func (s *socket) empty() int64 { return s.nothing }

func (s *socket) ready() error { return s.raw.Read(s.check) }

// info reads TCP_INFO.
func (s *socket) info(fd uintptr) {
	s.size = uint32(unsafe.Sizeof(s.tcp))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_TCP, unix.TCP_INFO,
		uintptr(unsafe.Pointer(&s.tcp)), uintptr(unsafe.Pointer(&s.size)), 0)
	// Older kernels know less.
	s.isKnown = errno == 0 && uintptr(s.size) >= unsafe.Offsetof(s.tcp.Data_segs_in)+4
}

func (s *socket) arrived() (segments uint32, bytes uint64, ok bool) {
	if err := s.raw.Control(s.ask); err != nil || !s.isKnown {
		return 0, 0, false
	}
	return s.tcp.Data_segs_in, s.tcp.Bytes_received, true
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
