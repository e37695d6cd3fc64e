/** Replies of those who filter mail for others, and of those who send it for others. */

import type { RuleGroup } from '../rule.ts'

/** @internal */
export const GATEWAYS: readonly RuleGroup[] = [
  {
    provider: 'mimecast',
    checked: '2026-11',
    sources: ['https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes'],
    rules: `
greylist 451 Internal resources are temporarily unavailable
reputation-bad 550 Local CT IP Reputation
spf-fail 550 SPF Sender Invalid
dkim-bad 550 DKIM Sender Invalid
dmarc-fail 550 DMARC Sender Invalid
policy-blocked 550 Administrative prohibition - envelope blocked
policy-spoof 550 Anti-Spoofing policy
user-unknown 550 !Invalid Recipient
system-verify 451 Recipient temporarily unavailable
tls-required 553 This route requires encryption
policy-country 554 Host network not allowed
size-message 554 Maximum email size exceeded
`,
  },
  {
    provider: 'proofpoint',
    checked: '2026-11',
    sources: ['https://smtp.codes/icloud', 'https://github.com/sisimai/go-sisimai'],
    rules: `
reputation-proofpoint 554,550 Blocked - see https://ipcheck.proofpoint.com
policy-closed 550/5.7.0 Local Policy Violation
`,
  },
  {
    provider: 'barracuda',
    checked: '2026-11',
    sources: ['https://campus.barracuda.com/product/essentials/doc/169287426/email-cache-policies'],
    rules: `
user-refused 550 permanent failure for one or more recipients
relay-cached 530/5.7.1 Client was not authenticated(at FROM)
`,
  },
  {
    provider: 'cisco',
    checked: '2026-11',
    sources: ['https://github.com/zone-eu/zone-mta'],
    rules: `
user-unknown 550/5.1.0 !Address rejected
reputation-talos 554 due to the sending MTA's poor reputation
`,
  },
  {
    provider: 'lists',
    checked: '2026-11',
    sources: ['https://www.spamhaus.com/resource-center/help-for-spamhaus-projects-legacy-blocklist-users'],
    rules: `
list-resolver * Error: open resolver | spamhaus.org/returnc/pub/ | 127.255.255.254
listed-trend 550,554 Trend Micro RBL
listed-invaluement 550,554 listed by Invaluement
`,
  },
  {
    provider: 'ses',
    checked: '2026-11',
    sources: ['https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html'],
    rules: `
rate-sender 454 Maximum sending rate exceeded
account-quota 454 Daily message quota exceeded
account-identity 554 Email address is not verified
login-ses 535 Authentication Credentials Invalid
net-slow 451 Timeout waiting for data from client
account-paused 554 Sending suspended for this account
rate-connections 421 !Too many concurrent SMTP connections
`,
  },
  {
    provider: 'sendgrid',
    checked: '2026-11',
    sources: [
      'https://www.twilio.com/docs/sendgrid/for-developers/sending-email/smtp-errors-and-troubleshooting',
      'https://github.com/sendgrid/docs/pull/6171',
    ],
    rules: `
account-identity 403,550 not authorized to send from that email address | from address does not match a verified Sender Identity
account-plan 451 Maximum credits exceeded
rate-remote 452 Too many recipients received this hour
login-apikey 535 Bad username / password
login-missing 550 Unauthenticated senders not allowed
`,
  },
  {
    provider: 'sparkpost',
    checked: '2026-11',
    sources: ['https://www.sparkpost.com/docs/faq/error-messages-smtp/'],
    rules: `
account-domain 550/5.7.1 Unconfigured Sending Domain
account-suppressed 554/5.7.1 recipient address was suppressed
`,
  },
  {
    provider: 'cloudflare',
    checked: '2026-11',
    sources: ['https://community.cloudflare.com/t/745734'],
    rules: `
system-hidden 421/4.3.0 Upstream error, please check
`,
  },
]
