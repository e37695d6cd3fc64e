/**
 * What a rule can come to: the topic, when to try again, who must act, what it means and what to do.
 *
 * One line a cause: `name topic retry actor meaning | remedy`.
 */

/**
 * The causes that more than one rule shares, and those of one rule.
 *
 * @internal
 */
export const CAUSES = `
auth-missing authentication after-fix sender-admin Neither SPF nor DKIM passed | Publish SPF for the sending address and sign with DKIM for your own domain; then check with a real message
auth-unaligned authentication after-fix sender-admin What SPF or DKIM proved is another domain than the one in From | Sign with DKIM for the domain in From, or use an envelope sender of that domain
auth-bulk authentication after-fix sender-admin Who sends this much must pass SPF and DKIM and publish DMARC | Make SPF and DKIM pass, one of them for the domain in From, and publish DMARC with p=none or stricter
auth-domain authentication after-fix sender-admin The domain does not meet the rules of the receiver for authentication | Make SPF and DKIM pass for the domain in From
auth-both authentication after-fix sender-admin More than one authentication check failed | Repair SPF and DKIM, then look whether DMARC passes
dmarc-fail authentication after-fix sender-admin The domain in From asks by DMARC to refuse what it did not authenticate, and this was not | Sign with DKIM for the domain in From, or let SPF pass for it; a forwarder seals with ARC or rewrites From
dmarc-dns authentication later sender-admin A DNS failure kept DMARC from being checked | See that the SPF, DKIM and DMARC records resolve from elsewhere; the queue tries again
spf-fail authentication after-fix sender-admin SPF does not allow the sending address for the domain of the envelope sender | Add the address to the SPF record; a forwarder rewrites the envelope sender
spf-required authentication after-fix sender-admin SPF did not pass, and this receiver requires it | Make SPF pass for the domain of the envelope sender
spf-wide authentication after-fix sender-admin The SPF record allows far too many addresses | Remove +all and wide ranges from it
dkim-required authentication after-fix sender-admin No DKIM signature passed, and this receiver requires one | Sign with a key of at least 1024 bits for your own domain
dkim-bad authentication after-fix sender-admin The DKIM signature does not verify | Check the key record, and that nothing changes the message after it is signed
arc-fail authentication after-fix sender-admin The ARC chain does not verify | Repair the sealing of the forwarder
tls-required tls after-fix sender-admin The receiver takes this mail only over TLS | Turn on STARTTLS for outgoing mail
tls-first tls after-fix sender The server wants TLS before anything else | Use STARTTLS on port 587, or TLS from the start on port 465
tls-port tls after-fix sender The client began TLS on a port that begins in the clear | Use STARTTLS there, or TLS from the start on port 465
tls-peer tls after-fix receiver-admin The certificate of the receiver does not satisfy the policy that the sender follows | Renew the certificate, or correct its names or the policy
tls-absent tls after-fix receiver-admin The sender must use TLS, and the receiver does not offer it | Offer STARTTLS at the receiver
tls-tlsa tls after-fix receiver-admin The TLSA record of the receiver does not fit its certificate | Publish the TLSA record of the new key before the key is used
tls-sts tls after-fix receiver-admin The MX host is not in the MTA-STS policy of its domain | Bring the mx lines of the policy up to date and change its id
requiretls tls after-fix receiver-admin The next host cannot keep the promise of REQUIRETLS | Send without REQUIRETLS, or by a host that offers it
ptr-missing reverse-dns after-fix sender-admin Reverse DNS has no name for the sending address, or the name does not point back | Have a PTR record set, and an address record of that name that points back
ptr-ipv6 reverse-dns after-fix sender-admin Mail over IPv6 needs a name in reverse DNS and authentication | Set a PTR record and SPF for the IPv6 address, or send over IPv4
helo-unknown reverse-dns after-fix sender-admin The name in EHLO does not resolve | Say a host name in EHLO that has an address record
helo-bad protocol after-fix sender-admin The name in EHLO is not a full, valid host name | Configure the full host name, without an underscore
helo-yours protocol after-fix sender-admin The client called itself by the name of the receiver | Say your own name in EHLO
helo-generic protocol slower sender-admin The receiver closes on clients that look automatic, often by their EHLO name | Say a real host name in EHLO and open fewer connections
rate-sender rate slower sender-admin More mail came from this sender than the receiver takes | Send slower, and raise the volume over days
rate-spike rate slower sender-admin The volume rose suddenly; the text names the address, domain or link that is limited | Slow down and raise the volume over days; the provider's tools for postmasters show the limit
rate-recipient rate slower nobody The recipient gets more mail than the mailbox takes at once | Try again with growing delays
rate-flood rate slower sender-admin One sender fills one mailbox | Send less to this recipient
rate-connections rate slower sender-admin Too many connections are open | Open fewer at once and reuse them
rate-session rate later nobody This session has carried all the messages it may | Open another connection for the rest
rate-login rate slower sender Too many logins | Stop the client that repeats the login, and wait
rate-id rate after-fix sender-admin One Message-ID was used for many messages | Give each message an ID of its own
rate-busy rate slower nobody The server is short of resources or throttles | Try again, more slowly
rate-remote rate slower nobody The receiver counts the recipients of an hour, and this hour is used up | Try again in the next hour
recipients-many too-many-recipients now-in-another-transaction client One message has more recipients than the server takes | Send the rest in another transaction
reputation-slow reputation slower sender-admin The receiver holds mail back, because of poor reputation or complaints | Pause for hours, write only to those who want it, and raise the volume slowly
reputation-bad reputation after-fix sender-admin The receiver refuses mail, because of the reputation of the address or the domain | Find and stop the cause, then ask the provider by its form for postmasters
reputation-final reputation never sender-admin The receiver holds back for good; to try again does not help | Stop, and write to the support for senders
reputation-range reputation after-fix sender-admin The address, or the network it is part of, is on the list of the provider | Look it up at the provider's service for senders, and ask for removal
reputation-cold reputation slower sender-admin The address is new to the receiver | Begin with little mail and raise the volume over weeks
reputation-unknown reputation after-fix sender-admin The receiver takes mail only from servers it knows | Put contact details on a web page of the host name, and write to the address in the reply
reputation-users reputation slower sender-admin Too many recipients of this sender do not exist | Take dead addresses off the list, and look for a compromised account
reputation-forged reputation after-fix sender-admin The domains of the sender look forged | Use envelope senders whose domains exist and are yours
reputation-backscatter reputation after-fix sender-admin It looks like bounces of mail that was never sent | Refuse unknown recipients in the session, so that no bounce is sent
reputation-expires reputation slower sender-admin The receiver blocks the address for a while | Stop the cause and wait for the block to expire
reputation-proofpoint reputation after-fix sender-admin The address has a poor reputation at Proofpoint | Look it up at ipcheck.proofpoint.com and ask there
reputation-cloudmark reputation after-fix sender-admin The address is on the Cloudmark sender list | Ask at csi.cloudmark.com for a reset
reputation-talos reputation after-fix sender-admin The address has a poor reputation at Cisco Talos | Look it up at talosintelligence.com
reputation-score blocklist after-fix sender-admin The address has a low sender score | Find and stop the cause; the score rises by itself
listed blocklist after-fix sender-admin The address or domain is on a public blocklist | Look it up at that list, stop the cause, and ask there for removal
listed-spamhaus blocklist after-fix sender-admin Spamhaus lists the address or domain | Look it up at check.spamhaus.org; an address of its policy list sends by a relay instead
listed-dbl blocklist after-fix sender-admin Spamhaus lists a domain that the message names | Look it up at check.spamhaus.org and ask there for removal
listed-spamcop blocklist slower sender-admin SpamCop lists the address; the listing ends about a day after the last report | Stop the cause and wait
listed-barracuda blocklist after-fix sender-admin Barracuda lists the address | Look it up at barracudacentral.org and ask there for removal
listed-invaluement blocklist after-fix sender-admin Invaluement lists the address or a domain in the message | Ask by the removal form of invaluement.com
listed-uceprotect blocklist slower sender-admin UCEPROTECT lists the address or its whole network; the listing ends a week after the last incident | Stop the cause; for a listed network ask its owner
listed-trend blocklist after-fix sender-admin Trend Micro lists the address | Look it up at servicecentral.trendmicro.com and ask there for removal
listed-uri blocklist after-fix sender-admin A list of link domains has a domain that the message names | Take the link out, or ask that list for removal
listed-proxy blocklist after-fix sender-admin The address looks like an open proxy or relay | Close it, then ask for removal
listed-dynamic blocklist never sender-admin The address is one of those given to homes | Send by the relay of a provider
list-resolver configuration after-fix receiver-admin The receiver asks a blocklist by a public resolver and takes its error for a listing; the sender is not listed | Tell the receiver to ask by its own resolver
list-closed configuration after-fix receiver-admin The receiver asks a blocklist that has closed | Tell the receiver to remove it
content-spam content after-fix sender The message looks like spam | Change the text and the links; do not send the same message again
content-links content after-fix sender Something in the message or behind its links is suspect | Remove the links that are flagged, and check the reputation of their domains
content-phishing content after-fix sender-admin The message looks like phishing | Change the links, and check the reputation of their domains
content-later content slower sender-admin The message looks like spam; the server waits to be sure | Try once more, then change the message
content-form content after-fix sender-admin The message looks like spam; the link in the reply names the case | Fill in the form behind the link
malware content after-fix sender The message carries a file that could do harm | Send no programs and no locked archives; share a link
spam-or-policy policy after-fix sender-admin The message breaks a local rule, mostly by its reputation or content | Read the provider's guide for senders, then ask its postmaster
size-message size after-fix sender The message is larger than the receiver takes; attachments grow by a third when they are sent | Send a link, or less
size-header size after-fix sender-admin One header field is too long | Shorten the lists in the header
size-parts size after-fix sender The message has too many attachments | Put them in one archive, or send several messages
field-invalid message-format after-fix client The header of the message does not follow RFC 5322 | Send one valid From, Date, Subject and Message-ID each
field-from message-format after-fix client From holds no usable address | Put one valid address in From
field-id message-format after-fix client The message has no valid Message-ID | Add one, with your own domain
field-encoded message-format after-fix client An encoded word stands where only plain text may | Encode display names, not addresses
field-twice message-format after-fix client A header field that may stand once stands twice | Send one each of From, To, Date, Subject and Message-ID
field-label message-format after-fix sender-admin A field that a labelling service adds is too long | Shorten or remove that field
mime-broken message-format after-fix client The structure of the message is broken | Check the boundaries, the line ends and the length of the lines
line-long message-format after-fix client A line has more than 998 octets | Encode the body as quoted-printable or Base64
line-ends message-format after-fix client Lines end with LF alone | End each line with CRLF
line-ends-later message-format after-fix client Lines end with LF or CR alone; the code asks to try again, which does not help | End each line with CRLF
out-of-turn protocol after-fix client The client went on after an earlier command had been refused | Look at the first refusal, not at this one
no-recipients address never sender All recipients had been refused before | Look at the replies to RCPT
too-early protocol after-fix client The client spoke before it was its turn | Wait for the greeting and for each reply
too-many-errors protocol slower client The session had too many errors | Look at the replies before this one
hello-first protocol after-fix client The client sent no EHLO, or none after STARTTLS | Send EHLO first, and again after STARTTLS
from-syntax protocol after-fix client The envelope sender is not a valid address | Correct what MAIL FROM says
utf8-needed smtputf8 after-fix client An address is not US-ASCII and the client did not say SMTPUTF8 | Say SMTPUTF8, or use the ASCII form of the domain
user-unknown address never sender The mailbox does not exist | Check the spelling; take the address off the list
user-unsure address later nobody The server could not yet find out whether the mailbox exists | Try again
user-undeliverable address never sender The server asked the next one, which does not take mail for the mailbox | Check the spelling; take the address off the list
user-refused policy never receiver-admin The gateway does not say whether the recipient is unknown or the sender blocked | Check the address, then ask the recipient
user-disabled mailbox-disabled never recipient The mailbox exists and is switched off | Take the address off the list
user-paused mailbox-disabled never recipient The owner does not use this address now | Take the address off the list if it repeats
user-moved mailbox-disabled never recipient The mailbox was closed or has moved | Take the address off the list
user-elsewhere address never sender The mailbox is on another system, which the reply may name | Use the address in the reply, if you trust it
full mailbox-full slower recipient The mailbox is full | Try again for some days; tell the recipient in another way
full-dead mailbox-full never recipient The mailbox is full and nobody uses it | Take the address off the list if it repeats
full-home mailbox-full later receiver-admin The home of the mailbox lacks space or rights | Free the space, or correct the rights
policy-closed policy never receiver-admin A rule of the receiving organisation refuses this mail | Ask its postmaster, or the recipient in another way
policy-blocked policy never receiver-admin The receiving organisation has blocked this sender | Ask the recipient to have the block removed
policy-ip policy never receiver-admin The receiving organisation takes mail only from addresses it lists | Ask its postmaster to add yours
policy-inside policy never receiver-admin The recipient takes mail only from within the organisation | Ask its administrator to allow senders from outside
policy-group policy never receiver-admin The group takes mail only from chosen senders | Ask its owner to be let in
policy-spoof policy after-fix receiver-admin The message comes from outside and claims to be from the receiver's own domain | Have the receiver allow this sender
policy-country policy never receiver-admin The receiver takes no mail from this network or country | Ask the recipient in another way
policy-personal policy never recipient The settings of the recipient refuse the message | Take the address off the list
policy-connect policy slower receiver-admin The server refuses this client at once | Try another MX host, later
policy-recipient policy never receiver-admin A filter of the recipient's domain refuses the message | Ask the recipient in another way
relay-denied relay after-fix sender The server takes no mail for this domain from a client that did not log in | Log in, or use the server that is meant for sending; the receiver checks that the domain is its own
relay-service relay after-fix sender-admin The relay does not know this address or domain | Register the address or the domain with the relay, or log in
relay-connector relay after-fix sender-admin The connector of the tenant no longer fits the address or certificate | Bring the connector up to date
relay-cached relay after-fix receiver-admin The server behind the gateway wants a login for this mail | Correct the connector at the receiver
relay-anonymous relay after-fix sender-admin The server relays for nobody who did not log in | Log in, or allow relaying on that connector
relay-from relay after-fix sender The account may not send with this From | Use an address of the account
account-limit account slower sender The account has used up what it may send | Wait a day, or use a service for bulk mail
account-limit-hour account slower sender The account had too many failures this hour | Wait an hour, and clean the list
account-quota account slower sender-admin The plan or quota of the account is used up | Raise it, or wait until it is counted anew
account-plan account after-fix sender-admin The plan of the account is used up | Raise it
account-blocked account after-fix sender-admin The account or tenant may not send, mostly because it sent spam | Secure it, then have it released
account-locked account after-fix sender The account is locked for unusual activity | Sign in at the provider's site and unlock it
account-paused account after-fix sender-admin The provider has paused sending for the account | Answer the case that the provider opened
account-domain account after-fix sender-admin The sending domain is not set up at the provider | Add the domain and prove that it is yours
account-identity account after-fix sender-admin The sender address is not verified at the provider, or not in this region | Verify the address or domain there, and ask for production access
account-suppressed account never sender-admin The address is on the provider's suppression list | Remove it there only if the recipient agrees
account-sender account after-fix sender The account may not use this envelope sender | Use the address of the account
login-wrong credentials after-fix sender The user name or password is wrong | Check both, and which mechanism the server takes
login-app credentials after-fix sender The account's own password does not work for mail programs | Make an app password, or use OAuth 2
login-browser credentials after-fix sender The provider wants a person to confirm the login | Sign in with a browser, confirm, then try again
login-missing credentials after-fix sender The client did not log in; often login is offered only after TLS | Turn on TLS and authentication in the client
login-off credentials after-fix sender-admin Login over SMTP is switched off for this account | Switch it on for the mailbox, or use OAuth 2
login-basic credentials after-fix sender-admin The provider takes no passwords over SMTP any more | Use OAuth 2
login-ses credentials after-fix sender-admin The credentials are not those made for SMTP | Make SMTP credentials in the console; an API key is not one
login-apikey credentials after-fix sender-admin The user name must be the word apikey, the password the key | Set both so
login-here credentials after-fix sender The server takes no login on this port, or none without TLS | Use port 587 or 465, with TLS
login-inbound configuration after-fix sender The server is the one for receiving, and takes no login | Use the provider's server for sending
login-weak credentials after-fix sender The mechanism is too weak for this server | Use a stronger one
login-transition credentials after-fix sender The server must see the password once to store it anew | Log in with PLAIN over TLS once
sender-dns sender-address after-fix sender-admin The domain of the envelope sender does not resolve | Publish an MX or address record for it, or use another sender
sender-dns-later sender-address later sender-admin The domain of the envelope sender could not be resolved now | Check its DNS; the queue tries again
sender-nullmx sender-address after-fix sender-admin The domain of the envelope sender takes no mail | Use a sender whose domain takes mail
sender-callback sender-address after-fix sender-admin The receiver asked the sender's own server, which refuses the sender address | Let that server take mail for the address, and from the empty sender
domain-nomail no-mail never sender The domain says that it takes no mail | Take the address off the list
domain-unknown recipient-domain never sender The domain of the recipient does not exist or has no mail server | Check the spelling of the domain
domain-dns recipient-domain later receiver-admin The DNS of the recipient's domain failed | Repair the DNS of that domain
domain-dnssec recipient-domain after-fix receiver-admin DNSSEC of the recipient's domain is broken | Repair the signatures or the DS record
domain-unhosted recipient-domain after-fix receiver-admin The tenant does not take mail for this domain | Verify the domain with the tenant, and check its MX record
loop loop never sender-admin The message goes round in a loop | Find the forwarding that points back, and cut it
loop-config loop after-fix receiver-admin The servers of the receiver hand the message round in a loop | Correct its connectors, or the list of its own domains
loop-self loop after-fix sender-admin The MX record points to this very host, which does not take the domain for its own | Add the domain to the local ones, or correct the MX record
greylist greylisting later nobody The server has not seen this sender before and wants it to come back | Try again after five minutes or more, from the same address
greylist-next greylisting now-on-another-host nobody The server sends new clients to the next MX host | Try the next host
slow-milter greylisting later nobody A filter of the server asks to come back, mostly for greylisting | Try again after some minutes, from the same address
system-fault system later nobody The server has a fault of its own | Try again
system-full system later receiver-admin The server lacks disk or memory | Free some
system-lookup system later receiver-admin A table or directory of the server does not answer | Check its back ends
system-auth system later receiver-admin The server could not check the login | Check the clock and the login service of the server
system-pause system later receiver-admin A part of the server is paused | Put it back into service
system-verify system later receiver-admin The gateway cannot check its recipients now | Try again; check the directory behind the gateway
system-hidden system later receiver-admin The server that the mail is forwarded to put it off | Look for its reply in the activity log
config-broken configuration later receiver-admin The server is wrongly configured | Read its log
config-ipv4 configuration after-fix sender-admin The receiver takes no mail over IPv6 | Send over IPv4
config-journal configuration after-fix sender-admin The journal is sent where journals are not taken | Use an archive that is meant for it
net-timeout network later sender-admin The other host does not answer | Check the firewall, and whether the network blocks port 25
net-refused network later receiver-admin Nothing listens at the other host | Start the mail server there, or correct the MX record
net-lost network later nobody The connection broke in the middle | Try again; if it repeats, look for a firewall that cuts in
net-stalled network later nobody The other end stopped; after the end of the message it may have been delivered | Try again; if it repeats, check the path MTU
net-slow network later nobody The client was silent for too long | Try again; if it repeats, check the path MTU and the firewall
net-expired network after-fix sender-admin The message waited in the queue for as long as it may | Find the last temporary reply before it, and remove its cause
net-refused-days network after-fix receiver-admin The receiver refused connections for days | Open its firewall, or start its mail server
net-suspended network later nobody The queue rests mail for this destination; the last reason follows | Read the reason
command-bad protocol after-fix client The server does not know the command, or did not take the command as the client wrote it | Check what the client sent, and whether the server offers that extension
unexplained other after-fix sender The reply does not say why | Ask the postmaster of the receiver, with the time and the whole reply
refused-talk policy later sender-admin The other server refused the session at once | Read the reply that follows
`
