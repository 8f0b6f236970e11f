package packets

import "encoding/binary"

// key is a connection, as its server's segments name it. IPv4 addresses are mapped into IPv6 ones.
type key struct {
	server, client         [16]byte
	serverPort, clientPort uint16
}

// turned is the key of the segments in the other direction.
func (k key) turned() key {
	return key{server: k.client, client: k.server, serverPort: k.clientPort, clientPort: k.serverPort}
}

// segment is what a TCP segment's headers say. The sequence number is that of its first byte of data.
type segment struct {
	key      key
	sequence uint32
	ack      uint32
	length   uint32 // of its data
	flags    uint8
}

const (
	flagSYN = 0x02
	flagRST = 0x04
	flagACK = 0x10

	protocolTCP = 6
	// headerBytes are what parse needs: an IPv6 header and a TCP header, or IPv4's with options.
	headerBytes = 80
)

// begins reports whether the segment is a server's acceptance of a connection.
func (s *segment) begins() bool { return s.flags&(flagSYN|flagACK) == flagSYN|flagACK }

// parse reads the beginning of an IP packet that has the given length; false where it is no TCP segment, a fragment, or has
// extension headers.
func parse(b []byte, length uint32) (s segment, ok bool) {
	if len(b) < 40 {
		return s, false
	}
	var tcp []byte
	var ip uint32 // what the packet has from its first byte, padding apart
	switch b[0] >> 4 {
	case 4:
		header := int(b[0]&15) * 4
		if b[9] != protocolTCP || binary.BigEndian.Uint16(b[6:])&0x1fff != 0 || header < 20 || len(b) < header+20 {
			return s, false
		}
		s.key.server[10], s.key.server[11] = 0xff, 0xff
		s.key.client[10], s.key.client[11] = 0xff, 0xff
		copy(s.key.server[12:], b[12:16])
		copy(s.key.client[12:], b[16:20])
		ip = uint32(binary.BigEndian.Uint16(b[2:]))
		tcp = b[header:]
	case 6:
		if b[6] != protocolTCP || len(b) < 60 {
			return s, false
		}
		copy(s.key.server[:], b[8:24])
		copy(s.key.client[:], b[24:40])
		if ip = uint32(binary.BigEndian.Uint16(b[4:])); ip != 0 {
			ip += 40
		}
		tcp = b[40:]
	default:
		return s, false
	}
	if ip == 0 {
		ip = length // larger than the field can say: it never left this machine, and has no padding
	}
	s.key.serverPort = binary.BigEndian.Uint16(tcp)
	s.key.clientPort = binary.BigEndian.Uint16(tcp[2:])
	s.sequence = binary.BigEndian.Uint32(tcp[4:])
	s.ack = binary.BigEndian.Uint32(tcp[8:])
	s.flags = tcp[13]
	headers := uint32(len(b)-len(tcp)) + uint32(tcp[12]>>4)*4
	if ip < headers {
		return s, false
	}
	s.length = ip - headers
	if s.flags&flagSYN != 0 {
		s.sequence++ // the flag has a number of its own
	}
	if s.flags&flagRST != 0 {
		s.length = 0 // words about the reset, for nobody
	}
	return s, true
}
