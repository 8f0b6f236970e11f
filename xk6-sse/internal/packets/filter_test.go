package packets

import (
	"fmt"
	"net/netip"
	"testing"

	"golang.org/x/net/bpf"
)

func TestFilter(t *testing.T) {
	many := filter{}
	many.add(netip.Addr{}, 8000)
	for i := range mostAddresses + 1 {
		many.add(netip.AddrFrom4([4]byte{10, 9, 0, byte(i)}), 8000)
	}
	full := filter{}
	for i := range mostAddresses {
		full.add(netip.AddrFrom4([4]byte{10, 9, 0, byte(i)}), uint16(8000+i))
	}
	six := filter{}
	for i := range mostAddresses {
		six.add(netip.MustParseAddr(fmt.Sprintf("fd00::%x", i+1)), uint16(8000+i))
	}
	ports := filter{}
	for i := range mostPorts + 10 {
		ports.add(netip.MustParseAddr("10.0.0.1"), uint16(100+i))
	}
	mapped := filter{}
	mapped.add(netip.MustParseAddr("::ffff:10.0.0.1"), 8000)
	empty, named, both := filter{}, filter{}, filter{}
	named.add(netip.Addr{}, 8000)
	both.add(netip.MustParseAddr("10.0.0.1"), 8000)
	both.add(netip.MustParseAddr("fd00::1%eth0"), 9000)

	data := func(server string) packet {
		client := client4
		if server[0] == '[' {
			client = client6
		}
		return packet{server: server, client: client, flags: flagACK, data: 200}
	}
	// request is a client's segment, which comes in on loopback.
	request := func(server string, length int) packet {
		p := data(server)
		p.server, p.client, p.data = p.client, p.server, length
		p.tcpOptions = 12
		return p
	}
	begins := func(server string) packet {
		p := data(server)
		p.flags, p.data = flagSYN|flagACK, 0
		return p
	}
	options := data("10.0.0.1:8000")
	options.options = 12
	fragment, udp, extended := data("10.0.0.1:8000"), data("10.0.0.1:8000"), data("[fd00::1]:8000")
	fragment.change = func(b []byte) { b[7] = 4 }
	udp.change = func(b []byte) { b[9] = 17 }
	extended.change = func(b []byte) { b[6] = 0 }
	for _, test := range []struct {
		name   string
		filter filter
		packet packet
		passes bool
	}{
		{"nothing is expected", empty, data("10.0.0.1:8000"), false},
		{"no address yet: data", named, data("10.0.0.1:8000"), false},
		{"no address yet: a beginning", named, begins("10.0.0.1:8000"), true},
		{"no address yet: a beginning over IPv6", named, begins("[fd00::1]:8000"), true},
		{"a beginning elsewhere", named, begins("10.0.0.1:8001"), false},
		{"data", both, data("10.0.0.1:8000"), true},
		{"data over IPv6", both, data("[fd00::1]:9000"), true},
		{"data of the other port", both, data("10.0.0.1:9000"), true},
		{"data from another address", both, data("10.0.0.2:8000"), false},
		{"data from another IPv6 address", both, data("[fd00::1:1]:9000"), false},
		{"data from one that differs in its first word", both, data("[fd01::1]:9000"), false},
		{"a request", both, request("10.0.0.1:8000", 1), true},
		{"a request over IPv6", both, request("[fd00::1]:9000", 1), true},
		{"a client's acknowledgement", both, request("10.0.0.1:8000", 0), false},
		{"a client's acknowledgement over IPv6", both, request("[fd00::1]:9000", 0), false},
		{"a request to another port", both, request("10.0.0.1:8001", 100), false},
		{"a request to the last of many ports", six, request("[fd00::1]:8029", 100), true},
		{"IPv4 options", both, options, true},
		{"a fragment", both, fragment, false},
		{"UDP", both, udp, false},
		{"IPv6 with extensions", both, extended, false},
		{"an address in an IPv6 one", mapped, data("10.0.0.1:8000"), true},
		{"the first of many", full, data("10.9.0.0:8000"), true},
		{"the last of many", full, data(fmt.Sprintf("10.9.0.%d:%d", mostAddresses-1, 8000+mostAddresses-1)), true},
		{"none of many", full, data("10.9.0.200:8000"), false},
		{"the last of many over IPv6", six, data(fmt.Sprintf("[fd00::%x]:8029", mostAddresses)), true},
		{"none of many over IPv6", six, data("[fd00::ff]:8029"), false},
		{"none of many ports over IPv6", six, data("[fd00::1]:7999"), false},
		{"any of too many", many, data("10.77.0.1:8000"), true},
		{"any of too many, but not of another port", many, data("10.77.0.1:8001"), false},
		{"any of too many ports", ports, data("10.0.0.1:5"), true},
		{"any of too many ports, but not of another address", ports, data("10.0.0.2:5"), false},
	} {
		program := test.filter.program()
		instructions, ok := bpf.Disassemble(program)
		if !ok {
			t.Fatalf("%s: not understood", test.name)
		}
		vm, err := bpf.NewVM(instructions)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		b, _ := test.packet.bytes()
		kept, err := vm.Run(b)
		if err != nil || (kept > 0) != test.passes || kept != 0 && kept != headerBytes {
			t.Errorf("%s: passes %d bytes, %v", test.name, kept, err)
		}
		if len(program) > 600 {
			t.Errorf("%s: %d instructions", test.name, len(program))
		}
	}
}

func TestFilterChangesOnlyForNews(t *testing.T) {
	f := filter{}
	one := netip.MustParseAddr("10.0.0.1")
	for i, step := range []struct {
		ip   netip.Addr
		port uint16
		want bool
	}{
		{netip.Addr{}, 80, true}, {netip.Addr{}, 80, false}, {one, 80, true}, {one, 80, false}, {one, 81, true},
		{netip.MustParseAddr("::ffff:10.0.0.1"), 81, false},
	} {
		if got := f.add(step.ip, step.port); got != step.want {
			t.Errorf("step %d: changed is %v", i, got)
		}
	}
}
