/**
 * Whole conversations, as both ends must be able to hold them. `C:` is what the client sends, `S:` what the server does;
 * `TLS` is a handshake, `~` a response or challenge of SASL, `>` a line of the message.
 */
export const DIALOGUES = [
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
] as const
