/** Replies of Outlook.com, Microsoft 365 and Exchange; also what they note as the sender of a message. */

import type { RuleGroup } from '../rule.ts'

/** @internal */
export const MICROSOFT: readonly RuleGroup[] = [
  {
    provider: 'microsoft',
    checked: '2026-11',
    sources: ['https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online'],
    rules: `
auth-bulk 550/5.7.515,550/5.7.15 does not meet the required authentication level
auth-bulk 550/5.7.515
reputation-range 550/5.7.1 part of their network is on our block list | #S3140 | #S3150
reputation-range 550 #OU-001
content-links 550 #OU-002
reputation-bad 550 #SC-001
listed-proxy 550 #SC-003
listed 550 #SC-004
listed-dynamic 550 #DY-001
rate-sender 421 #RP-001 | #RP-002 | #RP-003
reputation-slow 451/4.7.650,451/4.7.651,451/4.7.652 temporarily rate limited due to IP reputation
reputation-slow 451/4.7.650-652
user-unknown 550/5.5.0 !Requested action not taken: mailbox unavailable
user-unknown 550/5.4.1 Recipient address rejected: Access denied
domain-unhosted 550/5.4.1 !Relay Access Denied
user-unknown 550/5.1.10,550/5.1.1 #RESOLVER.ADR.RecipientNotFound | #RESOLVER.ADR.RecipNotFound | #RESOLVER.ADR.ExRecipNotFound
user-unknown 550/5.1.10
dmarc-fail 550/5.7.509 does not pass DMARC verification
dmarc-fail 550/5.7.509
spf-fail 550/5.7.23 !Sender Policy Framework violation
auth-missing 450/4.7.26,550/5.7.26 must pass either SPF or DKIM validation
ptr-missing 450/4.7.25,550/5.7.25 must have a reverse DNS record
reputation-range 550/5.7.606-649 Access denied, banned sending IP
reputation-range 550/5.7.606-649
reputation-range 550/5.7.511 Access denied, banned sender
reputation-range 550/5.7.511
policy-blocked 550/5.7.513,550/5.7.507 using customer Block list | Access denied, rejected by recipient
policy-blocked 550/5.7.513,550/5.7.507
helo-yours 550/5.7.506 Access Denied, Bad HELO
helo-yours 550/5.7.506
config-ipv4 550/5.7.510 does not accept email over IPv6
config-ipv4 550/5.7.510
field-from 550/5.7.512 must be RFC 5322 section 3.6.2 compliant
field-from 550/5.7.512
reputation-slow 451/4.7.500-699,451/4.7.850-899 Access denied, please try again later
reputation-slow 451/4.7.501-699,451/4.7.850-899
rate-busy 451/4.7.500 Server busy. Please try again later
rate-busy 451/4.7.500
loop-config 550/5.4.14,554/5.4.14 !Routing loop detected | Hop count exceeded - possible mail loop
loop-config 550/5.4.14,554/5.4.14
relay-connector 550/5.7.64 #TenantAttribution; Relay Access Denied
relay-connector 550/5.7.64
policy-group 550/5.7.133,550/5.7.124 Sender not authenticated for group | Sender not in allowed-senders list | #RESOLVER.RST.SenderNotAuthenticatedForGroup
policy-group 550/5.7.133,550/5.7.124
policy-inside 550/5.7.12 Sender was not authenticated by organization
policy-inside 550/5.7.1 #RESOLVER.RST.AuthRequired | #RESOLVER.RST.NotAuthorized
full 550/5.2.2,554/5.2.2 #STOREDRV.Deliver: mailbox full | #STOREDRV.Deliver; mailbox full | Quota exceeded * STOREDRV
size-message 550/5.2.3 #RESOLVER.RST.RecipSizeLimit
rate-recipient 550/5.2.122 per hour message receive limit exceeded
rate-recipient 550/5.2.122
rate-flood 550/5.2.121 receive limit from specific sender exceeded
rate-flood 550/5.2.121
account-limit 550/5.1.90 reached your daily limit for message recipients
account-limit 550/5.1.90
account-blocked 550/5.1.8,501/5.1.8 Access denied, bad outbound sender
account-blocked 550/5.7.501-503 Access denied, spam abuse detected
account-blocked 550/5.7.501-503
account-blocked 550/5.7.700-749,550/5.7.705 tenant has exceeded threshold
account-blocked 550/5.7.700-749
account-domain 550/5.7.750 blocked from sending from unregistered domains | blocked from sending from unprovisioned domains
account-domain 550/5.7.750
login-missing 530/5.7.57 was not authenticated to send anonymous mail
login-missing 530/5.7.57
login-off 535/5.7.139 #SmtpClientAuthentication is disabled
login-off 535/5.7.139
login-wrong 535/5.7.3 Authentication unsuccessful
login-basic 550/5.7.30 Basic authentication is not supported
login-basic 550/5.7.30
relay-anonymous 550/5.7.54 Unable to relay recipient in non-accepted domain
system-auth 454/4.7.0 !Temporary authentication failure
system-full 452/4.3.1 !Insufficient system resources
system-pause 421/4.3.2 System not accepting network messages
rate-recipient 432/4.3.2 #STOREDRV.Deliver; recipient thread limit exceeded
config-journal 550/5.3.190 Journaling on-premises messages
config-journal 550/5.3.190
line-ends 550/5.6.11 !invalid characters
line-ends 550/5.6.11
field-label 550/5.0.350 x-dg-ref header is too long
policy-closed 550/5.7.900-999 Delivery not authorized, message refused
policy-closed 550/5.7.900-999
`,
  },
  {
    provider: 'microsoft',
    local: true,
    checked: '2026-11',
    sources: ['https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online'],
    rules: `
tls-peer 450/4.7.320,454/4.7.5 Certificate validation failed | certificate validation failure
tls-peer 450/4.7.320
tls-peer 450/4.7.5 Remote certificate failed MTA-STS validation
tls-sts 450/4.4.8 failed MTA-STS validation
tls-absent 450/4.4.317 STARTTLS is required to send mail
tls-tlsa 450/4.7.323 tlsa-invalid
tls-tlsa 450/4.7.323
domain-dnssec 450/4.7.324 dnssec-invalid
domain-dnssec 450/4.7.324
tls-absent 450/4.7.321 starttls-not-supported
tls-absent 450/4.7.321
domain-dns 450/4.4.312 !DNS query failed
domain-dns 450/4.4.312
net-refused-days 550/5.4.316 Message expired, connection refused
net-refused-days 550/5.4.316
domain-unknown 550/5.4.310 DNS domain * does not exist
domain-unknown 550/5.4.310
net-expired 550/4.4.7,554/5.4.7 #QUEUE.Expired; message expired
`,
  },
]
