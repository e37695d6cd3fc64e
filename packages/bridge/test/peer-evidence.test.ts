import { encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatFrame, parseBridgeFrame } from '../src/protocol/control-frame.ts'
import { cutPeer } from '../src/server/peer-evidence.ts'

const PEER = { issuer: 'CN=An authority', notAfter: '2027-01-01T00:00:00.000Z', sha256: 'ab'.repeat(32) }

test('cutPeer: leaves what is short as it is', () => {
  const peer = { ...PEER, names: ['mx.example', '*.mx.example'] }
  expect(cutPeer(peer)).toEqual(peer)
})

test('cutPeer: whatever a certificate says, the frame that tells of it can be read', () => {
  const name = fc.oneof(fc.domain(), fc.string({ minLength: 1 }))
  fc.assert(
    fc.property(fc.array(name, { maxLength: 400 }), fc.string({ maxLength: 3000 }), (names, issuer) => {
      const peer = cutPeer({ ...PEER, names, issuer })
      const frame = formatFrame({
        op: 'opened',
        credit: 262_144,
        starttls: false,
        remote: { address: '2001:db8:1111:2222:3333:4444:5555:6666', port: 65_535 },
        tls: { protocol: 'TLSv1.3', cipher: 'TLS_CHACHA20_POLY1305_SHA256', servername: 'a'.repeat(253), peer },
      })
      expect(encodeUtf8(frame).length).toBeLessThanOrEqual(4096)
      expect(parseBridgeFrame(frame)).toMatchObject({ tls: { peer } })
      expect(names.slice(0, peer.names.length)).toEqual(peer.names)
    }),
  )
})
