/**
 * What is found first in each session of the captured logs: the name of the log, the severity, and what it is; `no session` for a
 * file that is no log of SMTP. The code wrote the lines, and each was then held against its log by eye. The `raw-` logs send what
 * they should not on purpose, and their first finding is the first thing that went wrong.
 */
export const FIRST_FINDINGS = `
curl-trace-ascii | info envelope-differs
curl-v-authfail | error reply/postfix/login-wrong
curl-v-ok | warning credentials-guessable
curl-v-reject | error reply/postfix/user-unknown
curl-v-vrfy | info reply/553/address
curl-xoauth2 | error credentials-visible
ehlo-aiosmtpd | error credentials-visible
ehlo-dovecot-2.4-submission | warning credentials-guessable
ehlo-dovecot-submission-after-auth | error credentials-visible
ehlo-dovecot-submission | none
ehlo-dovecot-submissions | none
ehlo-exim-4.98 | none
ehlo-exim-smtps | none
ehlo-exim-submission | none
ehlo-exim | none
ehlo-haraka-smtps | none
ehlo-haraka | none
ehlo-node-smtp-server | none
ehlo-opensmtpd-smtps | none
ehlo-opensmtpd | none
ehlo-postfix-3.10 | none
ehlo-postfix-cyrus-sasl | none
ehlo-postfix-nochunk | none
ehlo-postfix-smtps | none
ehlo-postfix-submission-after-tls | none
ehlo-postfix-submission-before-tls | none
ehlo-postfix | none
ehlo-sendmail-8.18 | none
ehlo-smtp-sink | none
exim-bh | error reply/exim/relay-denied
exim-bs | warning starttls-unused
exim-d-server | error reply/exim/relay-denied
exim-v-client | error reply/standards/user-unknown
haraka-protocol-log | error reply/standards/user-unknown
javamail-authfail | error reply/postfix/login-wrong
javamail-ok | error credentials-visible
lhlo-dovecot-2.4-lmtp | error reply/standards/user-unknown
lhlo-dovecot-lmtp | none
lhlo-node-lmtp | none
milter-delivered-headers | no session
msmtp-authfail | error reply/postfix/login-wrong
msmtp-lmtp | error reply/standards/full
msmtp-oauthbearer | error credentials-visible
msmtp-ok | error credentials-visible
msmtp-reject | error reply/postfix/user-unknown
msmtp-serverinfo | none
ncat-session | none
node-smtp-server-log | none
node-smtp-server-log | warning reply/greylisting/greylist
nodemailer-auth | error reply/postfix/user-unknown
nodemailer-authfail | error plain-on-tls-port
nodemailer-lmtp | error reply/standards/user-unknown
nodemailer-plain | error reply/postfix/user-unknown
nodemailer-reject | error reply/postfix/user-unknown
nodemailer-tls-exim | info queued-not-delivered
openssl-quiet | none
openssl-starttls-session | error reply/postfix/user-unknown
openssl-tls12-brief | none
phpmailer-debug2 | error reply/postfix/user-unknown
phpmailer-debug4 | error reply/postfix/user-unknown
postfix-lmtp-client | error reply/standards/user-unknown
postfix-lmtp-client | info queued-not-delivered
postfix-sendmail-client | error reply/standards/user-unknown
postfix-sendmail-client | error reply/standards/user-unknown
postfix-sendmail-client | error reply/standards/user-unknown
postfix-smtp-v | error reply/standards/user-unknown
postfix-smtpd-v | error reply/postfix/user-unknown
py-smtplib-authfail | error reply/postfix/login-wrong
py-smtplib-lmtp | error reply/standards/full
py-smtplib-ok-level2 | error reply/postfix/user-unknown
py-smtplib-ok | error reply/postfix/user-unknown
py-smtplib-reject | error reply/postfix/user-unknown
raw-authfail-aiosmtpd | error auth-before-tls
raw-authfail-dovecot-submission | error reply/standards/login-wrong
raw-authfail-exim | error reply/exim/login-wrong
raw-authfail-haraka | error reply/standards/login-wrong
raw-authfail-node | error reply/standards/login-wrong
raw-authfail-opensmtpd | error reply/standards/login-wrong
raw-authfail-postfix-cyrus | error reply/postfix/login-wrong
raw-authfail-postfix-dovecot | error reply/postfix/login-wrong
raw-authfail-sendmail | error reply/standards/login-wrong
raw-barecr-aiosmtpd | warning starttls-unused
raw-barecr-exim | warning starttls-unused
raw-barecr-haraka | warning starttls-unused
raw-barecr-node | warning starttls-unused
raw-barecr-opensmtpd | warning starttls-unused
raw-barecr-postfix | warning starttls-unused
raw-barecr-sendmail | warning reply/sendmail/line-ends-later
raw-barelf-aiosmtpd | warning bare-line-feed
raw-barelf-exim-4.98 | warning bare-line-feed
raw-barelf-exim | warning bare-line-feed
raw-barelf-haraka | error bare-line-feed
raw-barelf-node | warning bare-line-feed
raw-barelf-opensmtpd | warning bare-line-feed
raw-barelf-postfix-3.10 | warning bare-line-feed
raw-barelf-postfix-strict | warning bare-line-feed
raw-barelf-postfix | warning bare-line-feed
raw-barelf-sendmail | error bare-line-feed
raw-barelf2-aiosmtpd | warning bare-line-feed
raw-barelf2-exim | warning bare-line-feed
raw-barelf2-haraka | error bare-line-feed
raw-barelf2-node | warning bare-line-feed
raw-barelf2-opensmtpd | warning bare-line-feed
raw-barelf2-postfix-strict | warning bare-line-feed
raw-barelf2-postfix | warning bare-line-feed
raw-barelf2-sendmail | error bare-line-feed
raw-bdat-aiosmtpd | error not-offered
raw-bdat-exim-4.98 | error not-offered
raw-bdat-exim | error not-offered
raw-bdat-haraka | error not-offered
raw-bdat-node | error not-offered
raw-bdat-opensmtpd | error not-offered
raw-bdat-postfix | error not-offered
raw-bdat-sendmail | error not-offered
raw-dsn-aiosmtpd | error not-offered
raw-dsn-exim | error reply/standards/command-bad
raw-dsn-haraka | warning not-offered
raw-dsn-node | warning not-offered
raw-dsn-opensmtpd | error reply/standards/command-bad
raw-dsn-postfix | error reply/standards/command-bad
raw-dsn-sendmail | error reply/501/protocol
raw-lflf-aiosmtpd | warning bare-line-feed
raw-lflf-exim-4.98 | warning bare-line-feed
raw-lflf-exim | warning bare-line-feed
raw-lflf-haraka | error bare-line-feed
raw-lflf-node | warning bare-line-feed
raw-lflf-opensmtpd | warning bare-line-feed
raw-lflf-postfix-3.10 | warning bare-line-feed
raw-lflf-postfix-strict | warning bare-line-feed
raw-lflf-postfix | warning bare-line-feed
raw-lflf-sendmail | error bare-line-feed
raw-lmtp-bdat-dovecot | warning starttls-unused
raw-lmtp-multi-aiosmtpd | error reply/standards/user-unknown
raw-lmtp-multi-dovecot | error reply/standards/user-unknown
raw-lmtp-multi-node | error reply/standards/user-unknown
raw-lmtp-unix-dovecot | error reply/standards/user-unknown
raw-longline-aiosmtpd | error reply/standards/command-bad
raw-longline-exim | error reply/501/protocol
raw-longline-haraka | error reply/standards/command-bad
raw-longline-node | error reply/501/protocol
raw-longline-opensmtpd | error reply/553/address
raw-longline-postfix | warning starttls-unused
raw-longline-sendmail | error reply/553/address
raw-pipeline-aiosmtpd | error reply/standards/user-unknown
raw-pipeline-exim | error reply/exim/relay-denied
raw-pipeline-haraka | warning starttls-unused
raw-pipeline-node | error reply/standards/user-unknown
raw-pipeline-opensmtpd | error not-offered
raw-pipeline-postfix-3.10 | error reply/postfix/user-unknown
raw-pipeline-postfix-strict | error reply/postfix/user-unknown
raw-pipeline-postfix | error reply/postfix/user-unknown
raw-pipeline-sendmail | warning starttls-unused
raw-rcpt-mixed-aiosmtpd | error reply/standards/user-unknown
raw-rcpt-mixed-exim | error reply/exim/relay-denied
raw-rcpt-mixed-haraka | error reply/haraka/relay-denied
raw-rcpt-mixed-node | error reply/standards/user-unknown
raw-rcpt-mixed-opensmtpd | error reply/524/system
raw-rcpt-mixed-postfix-footer | error reply/postfix/user-unknown
raw-rcpt-mixed-postfix | error reply/postfix/user-unknown
raw-rcpt-mixed-sendmail | error connection-lost
raw-send-ok-aiosmtpd | warning starttls-unused
raw-send-ok-exim | warning starttls-unused
raw-send-ok-haraka | warning starttls-unused
raw-send-ok-node | warning starttls-unused
raw-send-ok-opensmtpd | warning starttls-unused
raw-send-ok-postfix | warning starttls-unused
raw-send-ok-sendmail | warning starttls-unused
raw-smtputf8-aiosmtpd | warning starttls-unused
raw-smtputf8-exim | error reply/exim/relay-denied
raw-smtputf8-haraka | warning starttls-unused
raw-smtputf8-node | warning starttls-unused
raw-smtputf8-opensmtpd | error not-offered
raw-smtputf8-postfix | error reply/501/sender-address
raw-smtputf8-sendmail | error not-offered
raw-syntax-aiosmtpd | error hello-name
raw-syntax-exim-4.98 | error hello-name
raw-syntax-exim | error hello-name
raw-syntax-haraka | error hello-name
raw-syntax-node | error hello-name
raw-syntax-opensmtpd | error hello-name
raw-syntax-postfix-footer | error hello-name
raw-syntax-postfix | error hello-name
raw-syntax-sendmail | error hello-name
ruby-net-smtp-ok | error credentials-visible
sendmail-v-client | info queued-not-delivered
smtp-sink-v | warning hello-name
smtp-source-v | warning hello-name
swaks-authfail | error reply/postfix/login-wrong
swaks-conn-refused | error no-connection
swaks-crammd5 | warning credentials-guessable
swaks-hide | info queued-not-delivered
swaks-lmtp | error reply/standards/full
swaks-pipeline | error reply/postfix/user-unknown
swaks-reject-all | error reply/postfix/user-unknown
swaks-reject-one | error reply/postfix/user-unknown
swaks-starttls-auth-ok | error credentials-visible
swaks-timelapse | info queued-not-delivered
swaks-tls-verify-fail | warning hello-name
tcpdump-A | warning early-talker
telnet-session | error reply/postfix/user-unknown
telnet-tty | error reply/postfix/user-unknown
tshark-follow | warning starttls-unused
tshark-smtp-lines | error reply/postfix/user-unknown
verify-matrix | no session
`
