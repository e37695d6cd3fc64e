/**
 * The blocklists whose names replies give, by a domain that stands in the reply.
 *
 * One line a list: `domain cause name`.
 */

/** @internal */
export const BLOCKLISTS = `
dbl.spamhaus.org listed-dbl Spamhaus DBL
spamhaus listed-spamhaus Spamhaus
abuseat.org listed-spamhaus Spamhaus XBL
spamcop.net listed-spamcop SpamCop
barracudacentral.org listed-barracuda Barracuda
sorbs.net list-closed SORBS
njabl.org list-closed NJABL
ahbl.org list-closed AHBL
ivmsip.com listed-invaluement Invaluement
invaluement.com listed-invaluement Invaluement
uceprotect.net listed-uceprotect UCEPROTECT
backscatterer.org listed-uceprotect UCEPROTECT
psbl.surriel.com listed PSBL
csi.cloudmark.com reputation-cloudmark Cloudmark CSI
cloudmark.com reputation-cloudmark Cloudmark
talosintelligence.com reputation-talos Cisco Talos
senderbase.org reputation-talos Cisco Talos
senderscore.com reputation-score Sender Score
mail-abuse.com listed-trend Trend Micro
mail-abuse.org listed-trend Trend Micro
trendmicro.com listed-trend Trend Micro
surbl.org listed-uri SURBL
uribl.com listed-uri URIBL
mailspike.net listed Mailspike
mailspike.org listed Mailspike
spfbl.net listed SPFBL
dronebl.org listed DroneBL
0spam.org listed 0spam
manitu.net listed NiX Spam
gbudb.net listed GBUdb
hostkarma listed Hostkarma
`
