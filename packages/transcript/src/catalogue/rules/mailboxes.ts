/** Replies of those who keep mailboxes, outside Google and Microsoft. */

import type { RuleGroup } from '../rule.ts'

/** @internal */
export const MAILBOXES: readonly RuleGroup[] = [
  {
    provider: 'yahoo',
    checked: '2026-11',
    sources: ['https://senders.yahooinc.com/smtp-error-codes'],
    rules: `
reputation-slow 421/4.7.0 #[TSS04] | #[TSS05] | #[TS01] | #[TS03] | #[IPTS04]
rate-sender 421/4.7.0 #[TS02]
reputation-final 553/5.7.2 #[TSS09] | #[TSS11]
listed-spamhaus 553/5.7.1,554/5.7.1 #[BL21] | #[BL23] | #[TSS07]
dmarc-fail 554/5.7.9,554/5.7.5 !Message not accepted for policy reasons
dmarc-fail 554/5.7.9,550/5.7.9
content-phishing 554 #[PH01]
auth-missing 550/5.7.9,554/5.7.9 requires all senders to authenticate with either SPF or DKIM
dkim-bad 554/5.7.5 #(AU01)
sender-dns 451 unresolvable RFC.5321 from domain
user-unknown 554,552 This user doesn't have a | dd Not a valid recipient | Requested mail action aborted, mailbox not found
user-disabled 554 This mailbox is disabled
rate-session 421 Max message per connection reached
rate-recipient 450 User is receiving mail too quickly
rate-busy 451 Resources temporarily unavailable. Please try again later [#4.16
reputation-users 451 #VS1-IP
reputation-bad 554 #RTR:BL
rate-sender 421 #RLY:
reputation-range 553/5.3.0 #DNSBL:RBL 521 | #DNSBL:ATTRBL 521
`,
  },
  {
    provider: 'apple',
    checked: '2026-11',
    sources: ['https://smtp.codes/icloud'],
    rules: `
auth-missing 554/5.7.1 #[HME1]
dmarc-fail 554/5.7.1 's DMARC policy. See https://support.apple.com | !DMARC policy
spam-or-policy 550/5.7.1,554/5.7.1 #[CS01] | !Message rejected due to local policy
reputation-proofpoint 550/5.7.0 Blocked - see https://support.proofpoint.com
listed-dbl 550/5.7.1 domain present in the Spamhaus DBL
rate-busy 421/4.7.1 deferred due to excessive volume
rate-busy 451/4.7.1 !Service unavailable - try again later
user-paused 550/5.1.1 !inactive email address
user-unknown 550/5.1.1 !unknown or illegal alias
user-moved 550/5.1.6 recipient no longer on server
full 552/5.2.2 !user is over quota
user-disabled 550/5.7.1 !Relay not permitted
`,
  },
  {
    provider: 'gmx',
    checked: '2026-11',
    sources: ['https://postmaster.gmx.net/en/error-messages', 'https://postmaster.mail.com/en/error-messages'],
    rules: `
reputation-bad 554 Nemesis ESMTP Service not available
listed 554 IP address is block listed
spf-fail 550 Reject due to SPF policy
ptr-missing 554 Bad DNS PTR resource record | Nemesis ESMTP Service not available * Bad DNS PTR resource record
field-twice 554 Transaction failed: Duplicate header
reputation-users 421 Reject due to policy violations
rate-sender 421 !Rate limit reached. Please try again later
system-fault 450 !Administrative reject
user-unknown 550 !Requested action not taken: mailbox unavailable
`,
  },
  {
    provider: 't-online',
    checked: '2026-11',
    sources: ['https://www.spamresource.com/2020/06/whoops-t-onlinede-not-accepting-mail.html'],
    rules: `
reputation-unknown 554 None/bad reputation. Ask your postmaster | A problem occurred. (Ask your postmaster for help
content-spam 550/5.7.0 Message considered as spam or virus
`,
  },
  {
    provider: 'orange',
    checked: '2026-11',
    sources: ['https://bentonow.com/smtp-errors/orange'],
    rules: `
rate-connections 421 #OFR004_104 | #OFR005_104 | #OFR_104
reputation-slow 421 #OFR_999
reputation-cloudmark 550 #OFR006_102
user-unknown 550/5.1.1 #OFR_416
full 552/5.1.1 #OFR_417
content-spam 550 #OFR_506
sender-dns 501/5.1.0 #OFR004_405
`,
  },
  {
    provider: 'laposte',
    checked: '2026-11',
    sources: ['https://github.com/sisimai/go-sisimai'],
    rules: `
listed-spamhaus 550/5.7.1 #LPNAAA_101
reputation-score 550/5.5.0 #LPN007_102
user-disabled 550/5.5.0 #LPN007_420
dmarc-fail 571/5.7.1 #LPN007_517
`,
  },
  {
    provider: 'comcast',
    checked: '2026-11',
    sources: ['http://postmaster.comcast.net/mail-error-codes.html'],
    rules: `
listed-spamhaus 554 #BL000001
reputation-cloudmark 554 #BL000010
listed-dynamic 554 #ES000010
rate-connections 421 !Too many sessions opened
ptr-missing 421 Reverse DNS failure : Try again later
user-unknown 550/5.1.1 Not our Customer
`,
  },
  {
    provider: 'cox',
    checked: '2026-11',
    sources: ['https://github.com/sisimai/go-sisimai'],
    rules: `
reputation-range 554 #AUP#CXBL
ptr-missing 554 #AUP#CXDNS
auth-missing 552 #AUP#CXSNDR
rate-connections 421 #AUP#CXCNCT
`,
  },
  {
    provider: 'spectrum',
    checked: '2026-11',
    sources: ['https://www.spectrumbusiness.net/support/internet/understanding-email-error-codes'],
    rules: `
reputation-expires 554 #AUP#1000
ptr-missing 554 #AUP#1100
config-ipv4 554 #AUP#1260
rate-connections 421 #AUP#1300
`,
  },
  {
    provider: 'godaddy',
    checked: '2026-11',
    sources: ['https://www.godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685'],
    rules: `
reputation-cloudmark 554 #IB103
listed-spamhaus 554 #IB105
ptr-missing 421 #IB108
spf-fail 550/5.1.0 #IB508
rate-connections 421 #IB007
content-spam 552 #IB212
login-inbound 535 #IB401
`,
  },
  {
    provider: 'rackspace',
    checked: '2026-11',
    sources: ['https://postmaster.emailsrvr.com/system-info/response-codes'],
    rules: `
rate-connections 421 #(G2)
ptr-missing 450/4.7.1 #(G1F)
reputation-cold 451/4.7.1 #(G28)
dmarc-dns 450/4.4.0 #(G1E)
rate-recipient 450/4.2.1 #(G30)
`,
  },
  {
    provider: 'qq',
    checked: '2026-11',
    sources: ['https://smtp.codes/qq'],
    rules: `
content-spam 550 Mail content denied
rate-sender 550 Sender frequency limited | Domain frequency limited | Ip frequency limited
rate-recipient 550 Mailbox unavailable or access denied
user-unknown 550 !Mailbox not found
spf-fail 550 !SPF check failed
dmarc-fail 550 !DMARC check failed
reputation-backscatter 550 Suspected bounce attacks
`,
  },
  {
    provider: 'netease',
    checked: '2026-11',
    sources: ['https://biecuoliao.com/pa/MBRrwEM.html'],
    rules: `
reputation-users 421 #HL:REP
rate-connections 421 #HL:ICC
rate-sender 421 #HL:IFC
reputation-forged 421 #HL:MEP
rate-session 450 #MI:DMC
listed 450 #DT:RBL
content-later 451 #DT:SPM
content-spam 554 #DT:SPM
reputation-range 554 #HL:ITC
`,
  },
  {
    provider: 'mailru',
    checked: '2026-11',
    sources: ['https://errorsmaster.ru/oshibka-550-spam-message-rejected'],
    rules: `
content-form 550 spam message rejected. Please visit
account-locked 550 message sending for this account is disabled
`,
  },
  {
    provider: 'yandex',
    checked: '2026-11',
    sources: ['https://yandex.com/support/mail/bounces/yandex/message-rejected-under-suspicion-of-spam.html'],
    rules: `
content-spam 554/5.7.1 Message rejected under suspicion of SPAM
greylist 451/4.7.1 Sorry, the service is currently unavailable
`,
  },
  {
    provider: 'zoho',
    checked: '2026-11',
    sources: ['https://www.zoho.com/zeptomail/help/api/smtp-error-codes.html', 'https://smtp.codes/zoho'],
    rules: `
dmarc-fail 550/5.7.1 Email rejected per DMARC policy
policy-recipient 541/5.4.1 Mail rejected by destination domain
account-locked 550/5.4.6 Unusual sending activity detected
relay-from 553 Relaying disallowed as
`,
  },
  {
    provider: 'facebook',
    checked: '2026-11',
    sources: ['https://www.facebook.com/postmaster/response_codes'],
    rules: `
auth-domain 550 #POL-P7
ptr-missing 550 #DNS-P3
policy-personal 550 #RCP-P2
`,
  },
]
