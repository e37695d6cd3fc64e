/** Replies of Gmail and of Google Workspace, which gives codes of the registry meanings of its own. */

import type { RuleGroup } from '../rule.ts'

/** @internal */
export const GOOGLE: RuleGroup = {
  provider: 'google',
  checked: '2026-11',
  sources: ['https://support.google.com/a/answer/3726730', 'https://support.google.com/mail/answer/81126'],
  rules: `
auth-missing 550/5.7.26,421/4.7.26 senders to authenticate with either SPF or DKIM | rate limited because it is unauthenticated | message is unauthenticated
auth-missing 550/5.7.26,421/4.7.26
auth-missing 550/5.7.1,421/4.7.0 fails to pass authentication checks
dmarc-fail 550/5.7.26,421/4.7.26 not accepted due to domain's DMARC policy | is not accepted due to * DMARC policy
dmarc-dns 451/4.7.26,421/4.7.26 not accepted due to domain's DMARC policy, but temporary DNS | is not accepted due to * DMARC policy * temporary DNS
spf-fail 550/5.7.26 has an SPF record with a hard fail policy
spf-required 550/5.7.27,421/4.7.27 senders to authenticate with SPF | senders to authenticate their email with SPF
spf-required 550/5.7.27,421/4.7.27
dkim-required 550/5.7.30,421/4.7.30 senders to authenticate with DKIM | senders to authenticate their email with DKIM
dkim-required 550/5.7.30,421/4.7.30
auth-unaligned 421/4.7.32,550/5.7.32 isn't aligned with either the authenticated SPF or DKIM
auth-unaligned 421/4.7.32,550/5.7.32
tls-required 550/5.7.29,421/4.7.29 senders to use TLS/SSL for SMTP | senders to use a TLS connection
tls-required 550/5.7.29,421/4.7.29
tls-required 421/4.7.0 TLS required for RCPT domain
spf-wide 550/5.7.24 SPF record of the sending domain has one or more suspicious
spf-wide 550/5.7.24
ptr-missing 550/5.7.25,421/4.7.23 does not have a PTR record | doesn't have a PTR record
ptr-missing 550/5.7.25,421/4.7.23
ptr-ipv6 550/5.7.1 IPv6 sending guidelines regarding PTR
rate-spike 421/4.7.28 detected an unusual rate of mail | detected an unusual rate of email
rate-spike 421/4.7.28
reputation-slow 550/5.7.28,421/4.7.28 unusual rate of unsolicited mail | unusual rate of unsolicited email
reputation-slow 550/5.7.28
reputation-slow 421/4.7.0 very low reputation of the sending
reputation-bad 550/5.7.1 likely suspicious due to the very low reputation
content-spam 550/5.7.1 likely unsolicited mail
content-links 421/4.7.0,550/5.7.1 nature of the content or the links within | nature of the content and/or the links within
helo-generic 421/4.7.0 !Try again later, closing connection
helo-bad 501/5.5.4 !HELO/EHLO argument is invalid | HELO/EHLO argument * invalid, closing connection
policy-ip 421/4.7.0 IP not in whitelist for RCPT domain
rate-recipient 450/4.2.1 !receiving mail too quickly | is receiving mail at a rate that
rate-recipient 550/5.2.1 rate that prevents additional messages
user-disabled 550/5.2.1 account that you tried to reach is disabled | account that you tried to reach is inactive
user-unknown 550/5.1.1 account that you tried to reach does not exist
full 452/4.2.2 inbox is out of storage space | account that you tried to reach is over quota
full-dead 552/5.2.2 out of storage space and inactive
size-message 552/5.3.4 exceeded Google's message size limits
size-header 552/5.3.4 bytes per individual header size
size-parts 552/5.3.4 !number of attachments
malware 552/5.7.0 content presents a potential security issue
field-invalid 550/5.7.1 is not RFC 5322 compliant
field-from 550/5.7.1 missing a valid address in the From
field-id 550/5.7.1 missing a valid Message-ID
field-encoded 550/5.7.1 Encoded-word syntax is not permitted
from-syntax 553/5.1.7 is not a valid RFC 5321 address | is not a valid RFC-5321 address
mime-broken 554/5.6.0 Mail message is malformed
loop 554/5.4.6 exceeded 50 hops
policy-closed 550/5.7.1 has a policy that prohibited the mail
relay-service 550/5.7.0 !Mail relay denied
relay-service 550/5.7.1 Invalid credentials for relay
account-limit 550/5.4.5 Daily user sending limit exceeded | Daily user sending quota exceeded
rate-sender 450/4.2.1 Peak SMTP relay limit exceeded
login-wrong 535/5.7.8 Username and Password not accepted
login-app 534/5.7.9 Application-specific password required
login-browser 534/5.7.14 Please log in through your web browser | log in via your web browser
rate-login 454/4.7.0 Too many login attempts
login-missing 530/5.7.0,530/5.5.1 !Authentication Required
out-of-turn 503/5.5.1 !MAIL first
net-slow 451/4.4.2 !Timeout - closing connection
system-fault 421/4.3.0,451/4.3.0 !Temporary System Problem
system-fault 421/4.4.5 !Server busy
rate-id 421/4.7.28 same Message-ID
`,
}
