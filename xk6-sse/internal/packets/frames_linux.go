package packets

import (
	"errors"
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// blockBytes are what the kernel allocates at a time.
	blockBytes = 64 << 10
	// frameBytes are a frame: its header (80 bytes with what the kernel puts behind it) and those of the packet.
	frameBytes    = 160
	framesOfBlock = blockBytes / frameBytes
)

// mapped is a ring of frames that the kernel fills and this process gives back.
type mapped struct {
	fd     int
	memory []byte
	frames int
	next   int   // the frame that is filled next, in order
	taken  []int // those behind it that were taken already
}

// ErrNotPermitted is why most processes have no capture.
var ErrNotPermitted = errors.New("packet capture is not permitted (CAP_NET_RAW)")

func openFrames(bytes int) (_ frames, err error) {
	// Protocol 0 receives nothing until the filter is there.
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return nil, ErrNotPermitted
	}
	if err != nil {
		return nil, fmt.Errorf("packet capture is not possible here (%w)", err)
	}
	r := &mapped{fd: fd}
	defer func() {
		if err != nil {
			r.close()
			err = fmt.Errorf("packet capture is not possible here (%w)", err)
		}
	}()
	set := func(option, value int) {
		if err == nil {
			err = unix.SetsockoptInt(fd, unix.SOL_PACKET, option, value)
		}
	}
	set(unix.PACKET_VERSION, unix.TPACKET_V2)
	set(unix.PACKET_IGNORE_OUTGOING, 1) // loopback would show every packet twice
	if err != nil {
		return nil, err
	}
	blocks := max(bytes/blockBytes, 1)
	r.frames = blocks * framesOfBlock
	err = unix.SetsockoptTpacketReq(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &unix.TpacketReq{
		Block_size: blockBytes, Block_nr: uint32(blocks), Frame_size: frameBytes, Frame_nr: uint32(r.frames),
	})
	if err != nil {
		return nil, err
	}
	if r.memory, err = unix.Mmap(fd, 0, blocks*blockBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return nil, err
	}
	if err = r.attach(nothing()); err != nil {
		return nil, err
	}
	// All interfaces; the number is in network order.
	every := uint16(unix.ETH_P_ALL)
	return r, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: every<<8 | every>>8})
}

func (r *mapped) frame(i int) *unix.Tpacket2Hdr {
	return (*unix.Tpacket2Hdr)(unsafe.Pointer(&r.memory[i/framesOfBlock*blockBytes+i%framesOfBlock*frameBytes]))
}

func (r *mapped) after(i int) int {
	if i++; i == r.frames {
		return 0
	}
	return i
}

// isFilled reports whether the kernel has filled a frame.
func isFilled(h *unix.Tpacket2Hdr) bool { return atomic.LoadUint32(&h.Status)&unix.TP_STATUS_USER != 0 }

func (r *mapped) drain(take func([]byte, uint32, int64)) {
	for {
		h := r.frame(r.next)
		if !isFilled(h) {
			return
		}
		if len(r.taken) == 0 || !r.wasTaken(r.next) {
			give(h, take)
		}
		atomic.StoreUint32(&h.Status, unix.TP_STATUS_KERNEL)
		r.next = r.after(r.next)
	}
}

func (r *mapped) ahead(take func([]byte, uint32, int64)) {
	r.drain(take)
	unfilled, most := 0, mostBehind()
	for i, n := r.next, 0; n < r.frames && unfilled < most; i, n = r.after(i), n+1 {
		h := r.frame(i)
		switch {
		case !isFilled(h):
			unfilled++
		case !r.isTaken(i):
			give(h, take)
			r.taken = append(r.taken, i)
		}
	}
}

func (r *mapped) isTaken(i int) bool {
	for _, taken := range r.taken {
		if taken == i {
			return true
		}
	}
	return false
}

// wasTaken is isTaken, and forgets it.
func (r *mapped) wasTaken(i int) bool {
	for n, taken := range r.taken {
		if taken == i {
			r.taken[n] = r.taken[len(r.taken)-1]
			r.taken = r.taken[:len(r.taken)-1]
			return true
		}
	}
	return false
}

// give passes a frame on.
func give(h *unix.Tpacket2Hdr, take func([]byte, uint32, int64)) {
	packet := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(h), uintptr(h.Net))), h.Snaplen)
	take(packet, h.Len, int64(h.Sec)*1e9+int64(h.Nsec))
}

func (r *mapped) attach(program []instruction) error {
	filter := make([]unix.SockFilter, len(program))
	for i, in := range program {
		filter[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return unix.SetsockoptSockFprog(r.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{
		Len: uint16(len(filter)), Filter: &filter[0],
	})
}

func (r *mapped) dropped() int64 {
	stats, err := unix.GetsockoptTpacketStats(r.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		return 0
	}
	return int64(stats.Drops) // reading resets it
}

func (r *mapped) close() {
	if r.memory != nil {
		_ = unix.Munmap(r.memory)
	}
	_ = unix.Close(r.fd)
}
