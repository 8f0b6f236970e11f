package packets

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"golang.org/x/net/bpf"
)

// instruction is one of the classic Berkeley packet filter, which the kernel runs on every incoming packet.
type instruction = bpf.RawInstruction

// mostAddresses is from how many servers on the port alone decides: each address costs every packet of the machine.
const mostAddresses = 30

// mostPorts is from how many ports on all pass.
const mostPorts = 60

// filter is what the ring captures: segments from one of the ports that either come from one of the addresses or answer the
// first segment of a connection, whose address may not be known yet; and those with data to one of the ports, which only
// come in where client and server share loopback.
type filter struct {
	ports     []uint16
	addresses []netip.Addr
}

// add reports whether the filter has changed; the address may be none.
func (f *filter) add(ip netip.Addr, port uint16) (changed bool) {
	ip = ip.Unmap().WithZone("")
	if !slices.Contains(f.ports, port) {
		if len(f.ports) <= mostPorts {
			changed = true
			f.ports = append(f.ports, port)
		}
	}
	if ip.IsValid() && len(f.addresses) <= mostAddresses && !slices.Contains(f.addresses, ip) {
		changed = true
		f.addresses = append(f.addresses, ip)
	}
	return changed
}

// nothing is the filter of a ring that nobody uses yet.
func nothing() []instruction { return assemble([]bpf.Instruction{bpf.RetConstant{}}) }

// program is the filter as the kernel runs it. Every decision is made where it is known, because a conditional jump
// reaches 255 instructions only.
func (f *filter) program() []instruction {
	accept, reject := bpf.RetConstant{Val: headerBytes}, bpf.RetConstant{}
	load := func(offset, size int) bpf.Instruction { return bpf.LoadAbsolute{Off: uint32(offset), Size: size} }
	// unless is followed by what happens where the loaded value is not this one.
	unless := func(value uint32) bpf.Instruction { return bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipTrue: 1} }
	// where is followed by what happens where the loaded value is this one.
	where := func(value uint32) bpf.Instruction { return bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipFalse: 1} }
	// oneOf is followed by what happens where the loaded value is one of the ports, and does otherwise where it is none.
	oneOf := func(otherwise ...bpf.Instruction) (list []bpf.Instruction) {
		for i, port := range f.ports {
			list = append(list, where(uint32(port)), bpf.Jump{Skip: uint32(2*(len(f.ports)-i-1) + len(otherwise))})
		}
		return append(list, otherwise...)
	}
	// from is followed by what happens where a segment comes from one of the ports; other ends with a verdict.
	from := func(other []bpf.Instruction) []bpf.Instruction {
		if len(f.ports) > mostPorts {
			return nil
		}
		return oneOf(other...)
	}
	begins := []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: flagSYN, SkipFalse: 1}, accept}
	four, six := f.sources()

	v4 := []bpf.Instruction{
		load(9, 1), unless(protocolTCP), reject,
		load(6, 2), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: 0x1fff, SkipFalse: 1}, reject, // a fragment
		bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: 0, Size: 2},
	}
	headers := []bpf.Instruction{bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xf0}, bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 2}}
	// hasData ends with a verdict: A is how long the packet is, X how long all of its headers are.
	hasData := []bpf.Instruction{bpf.LoadScratch{Dst: bpf.RegX, N: 0}, bpf.JumpIfX{Cond: bpf.JumpGreaterThan, SkipFalse: 1}, accept, reject}
	to4 := append([]bpf.Instruction{bpf.LoadIndirect{Off: 2, Size: 2}}, oneOf(reject)...)
	to4 = append(append(to4, bpf.LoadIndirect{Off: 12, Size: 1}), headers...)
	to4 = append(to4, bpf.ALUOpX{Op: bpf.ALUOpAdd}, bpf.StoreScratch{Src: bpf.RegA, N: 0}, load(2, 2))
	v4 = append(v4, from(append(to4, hasData...))...)
	v4 = append(v4, bpf.LoadIndirect{Off: 13, Size: 1})
	v4 = append(append(v4, begins...), load(12, 4))
	for _, address := range four {
		v4 = append(v4, where(address), accept)
	}
	v6 := []bpf.Instruction{load(6, 1), unless(protocolTCP), reject, load(40, 2)}
	to6 := append([]bpf.Instruction{load(42, 2)}, oneOf(reject)...)
	to6 = append(append(to6, load(52, 1)), headers...)
	to6 = append(to6, bpf.StoreScratch{Src: bpf.RegA, N: 0}, load(4, 2))
	v6 = append(v6, from(append(to6, hasData...))...)
	v6 = append(append(v6, load(53, 1)), begins...)
	for _, address := range six {
		for i, word := range address {
			v6 = append(v6, load(8+4*i, 4), bpf.JumpIf{Cond: bpf.JumpEqual, Val: word, SkipFalse: uint8(7 - 2*i)})
		}
		v6 = append(v6, accept)
	}
	end := reject
	if len(f.addresses) > mostAddresses {
		end = accept
	}
	v4, v6 = append(v4, end), append(v6, end)
	all := []bpf.Instruction{
		load(0, 1), bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 4},
		where(6), bpf.Jump{Skip: uint32(2 + len(v4))}, unless(4), reject,
	}
	return assemble(append(append(all, v4...), v6...))
}

// sources are the addresses as the filter compares them; none where there are too many.
func (f *filter) sources() (four []uint32, six [][4]uint32) {
	if len(f.addresses) > mostAddresses {
		return nil, nil
	}
	for _, ip := range f.addresses {
		if ip.Is4() {
			b := ip.As4()
			four = append(four, binary.BigEndian.Uint32(b[:]))
			continue
		}
		b := ip.As16()
		var words [4]uint32
		for i := range words {
			words[i] = binary.BigEndian.Uint32(b[4*i:])
		}
		six = append(six, words)
	}
	return four, six
}

func assemble(program []bpf.Instruction) []instruction {
	raw, err := bpf.Assemble(program)
	if err != nil {
		panic("packets: a filter that does not assemble: " + err.Error()) // its numbers are bounded
	}
	return raw
}
