/**
 * Whole conversations, as both ends must be able to hold them. `C:` is what the client sends, `S:` what the server does;
 * `TLS` is a handshake, `~` a response or challenge of SASL, `>` a line of the message, `#` a line within a chunk. In LMTP
 * a message has as many replies as `recipients` were accepted.
 */
export interface Dialogue {
  readonly name: string
  readonly protocol?: 'lmtp'
  readonly pipelining?: 'messages'
  readonly recipients?: number
  readonly text: string
}

export const DIALOGUES: readonly Dialogue[] = [
  {
    name: 'one message to three recipients, of whom one is refused [rfc5321 D.1]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-8BITMIME
S: 250 SIZE 25000000
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@mx.example>
S: 250 2.1.5 Recipient ok
C: RCPT TO:<carl@mx.example>
S: 550 5.1.1 No such user
C: RCPT TO:<dora@mx.example>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: hello
>
> ..leading dot
> .
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a transaction that the client gives up [rfc5321 D.2]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250 mx.example
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@mx.example>
S: 550 5.1.1 No such user
C: RSET
S: 250 2.0.0 OK
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'an envelope in one group, and QUIT behind the message [rfc2920 4]',
    pipelining: 'messages',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250 PIPELINING
C: MAIL FROM:<ada@client.example>
C: RCPT TO:<bob@mx.example>
C: RCPT TO:<carl@mx.example>
C: RCPT TO:<dora@mx.example>
C: DATA
S: 250 2.1.0 Sender ok
S: 250 2.1.5 Recipient ok
S: 550 5.1.1 No such user
S: 250 2.1.5 Recipient ok
S: 354 Go ahead
> Subject: hello
>
> hello
> .
C: QUIT
S: 250 2.0.0 Message accepted
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a group whose recipients are all refused, and the next [rfc2920 4]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250 PIPELINING
C: MAIL FROM:<ada@client.example>
C: RCPT TO:<carl@mx.example>
C: RCPT TO:<eve@mx.example>
C: DATA
S: 250 2.1.0 Sender ok
S: 550 5.1.1 No such user
S: 550 5.1.1 No such user
S: 554 5.5.1 No valid recipients
C: RSET
C: MAIL FROM:<ada@client.example>
C: RCPT TO:<bob@mx.example>
C: DATA
S: 250 2.0.0 OK
S: 250 2.1.0 Sender ok
S: 250 2.1.5 Recipient ok
S: 354 Go ahead
> Subject: hello
> .
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a server that turns the client away [rfc5321 3.1]',
    text: `
S: 554 5.7.1 No service here
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a client of old [rfc5321 3.2]',
    text: `
S: 220 mx.example ESMTP
C: HELO client.example
S: 250 mx.example
C: MAIL FROM:<>
S: 250 2.1.0 Sender ok
C: RCPT TO:<postmaster>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: report
> .
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'greylisting, then a second try in the same session [rfc5321 4.2.1]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250 mx.example
C: MAIL FROM:<ada@client.example>
S: 451 4.7.1 Come back later
C: NOOP
S: 250 2.0.0 OK
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'STARTTLS, after which both ends begin anew [rfc3207 5]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
TLS
C: EHLO client.example
S: 250-mx.example
S: 250 AUTH PLAIN LOOP
C: AUTH PLAIN AHVzZXIAcGFzcw==
S: 235 2.7.0 Authentication succeeded
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'AUTH by challenges, cancelled, then refused, then granted [rfc4954 4]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-STARTTLS
S: 250 SIZE 1000
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
TLS
C: EHLO client.example
S: 250-mx.example
S: 250 AUTH PLAIN LOOP
C: AUTH LOOP
S: 334 Zmlyc3Q=
~ *
S: 501 5.7.0 Authentication cancelled
C: AUTH LOOP
S: 334 Zmlyc3Q=
~ d3Jvbmc=
S: 535 5.7.8 Authentication credentials invalid
C: AUTH LOOP
S: 334 Zmlyc3Q=
~ cmlnaHQ=
S: 334 c2Vjb25k
~
S: 235 2.7.0 Authentication succeeded
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a message refused after its end, and the next one taken [rfc5321 4.1.4]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250 mx.example
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@mx.example>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: one
> .
S: 554 5.6.0 Not this one
C: MAIL FROM:<ada@client.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@mx.example>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: two
> .
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a message in one chunk [rfc3030 4.1]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: MAIL FROM:<ned@ymir.example> BODY=8BITMIME
S: 250 2.1.0 Sender ok
C: RCPT TO:<gvaudre@cnri.example>
S: 250 2.1.5 Recipient ok
C: BDAT 30 LAST
# Subject: hello
#
# .
# ..
# end
S: 250 2.0.0 30 octets received
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'a message in three chunks, the last of them empty [rfc3030 4.2]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: MAIL FROM:<ned@ymir.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<gvaudre@cnri.example>
S: 250 2.1.5 Recipient ok
C: RCPT TO:<jstewart@cnri.example>
S: 550 5.1.1 No such user
C: BDAT 18
# Subject: hello
#
S: 250 2.0.0 18 octets received
C: BDAT 5
# end
S: 250 2.0.0 5 octets received
C: BDAT 0 LAST
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'reports asked for, and the addresses they are about [rfc3461 10.1]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159
S: 250 2.1.0 Sender ok
C: RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM
S: 250 2.1.5 Recipient ok
C: RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE ORCPT=rfc822;Carol@Ivory.EDU
S: 250 2.1.5 Recipient ok
C: RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: report
> .
S: 250 2.0.0 Message accepted
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'LMTP: two of three recipients accepted, one of them refused after the message [rfc2033 4.2]',
    protocol: 'lmtp',
    recipients: 2,
    text: `
S: 220 mx.example LMTP
C: LHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250 SIZE 25000000
C: MAIL FROM:<chris@bar.example>
S: 250 2.1.0 Sender ok
C: RCPT TO:<pat@foo.example>
S: 250 2.1.5 Recipient ok
C: RCPT TO:<jones@foo.example>
S: 550 5.1.1 No such user
C: RCPT TO:<green@foo.example>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
> Subject: hello
> .
S: 250 2.0.0 Message accepted
S: 452 4.2.2 Mailbox full
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'SCRAM-SHA-256 [rfc7677 3]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
TLS
C: EHLO client.example
S: 250-mx.example
S: 250 AUTH PLAIN LOOP SCRAM-SHA-256 OAUTHBEARER
C: AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=
S: 334 cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=
~ Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==
S: 334 dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==
~
S: 235 2.7.0 Authentication succeeded
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'OAUTHBEARER with a token that is good [rfc7628 4.1]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
TLS
C: EHLO client.example
S: 250-mx.example
S: 250 AUTH PLAIN LOOP SCRAM-SHA-256 OAUTHBEARER
C: AUTH OAUTHBEARER bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB
S: 235 2.7.0 Authentication succeeded
C: QUIT
S: 221 2.0.0 Bye
`,
  },
  {
    name: 'OAUTHBEARER with a token that is not [rfc7628 4.3]',
    text: `
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250-mx.example
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-BINARYMIME
S: 250-8BITMIME
S: 250-SIZE 25000000
S: 250-STARTTLS
S: 250 DSN
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
TLS
C: EHLO client.example
S: 250-mx.example
S: 250 AUTH PLAIN LOOP SCRAM-SHA-256 OAUTHBEARER
C: AUTH OAUTHBEARER bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB
S: 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=
~ AQ==
S: 535 5.7.8 Authentication credentials invalid
C: QUIT
S: 221 2.0.0 Bye
`,
  },
]
