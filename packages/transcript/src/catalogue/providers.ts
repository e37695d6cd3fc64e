/**
 * Who answers: by the signature of a reply, by the name of its host, or by the domain of the recipient.
 *
 * One line a provider: `id; name; signatures; host names; recipient domains`, separated by commas.
 */

/** @internal */
export const PROVIDERS = `
google; Gmail; - gsmtp,support.google.com; google.com,googlemail.com; gmail.com,googlemail.com
microsoft; Microsoft 365 and Outlook.com; protection.outlook.com,prod.outlook.com,outlook.com],[email-ips.microsoft.com,sender.office.com,mail.live.com,RESOLVER.,STOREDRV.; outlook.com,office365.com,hotmail.com; outlook.com,hotmail.com,live.com,msn.com
yahoo; Yahoo and AOL; yahoodns.net,postmaster.yahooinc.com,senders.yahooinc.com,help.yahoo.com; yahoodns.net,yahoo.com,aol.com; yahoo.com,ymail.com,aol.com,rocketmail.com,att.net,sbcglobal.net
apple; Apple iCloud; support.apple.com,privaterelay.appleid.com,mail.icloud.com; icloud.com,mail.me.com,apple.com; icloud.com,me.com,mac.com,privaterelay.appleid.com
gmx; GMX, web.de and mail.com; nemesis,postmaster.gmx,postmaster.web.de,postmaster.mail.com,postmaster.1und1,kundenserver.de; gmx.net,gmx.com,web.de,mail.com,kundenserver.de,ionos.com; gmx.de,gmx.net,gmx.com,web.de,mail.com
t-online; T-Online; t-online.de; t-online.de; t-online.de,magenta.de
orange; Orange; mwinf,orange.fr,wanadoo.fr; orange.fr,wanadoo.fr; orange.fr,wanadoo.fr
laposte; La Poste; laposte.net; laposte.net; laposte.net
comcast; Comcast; comcast.net; comcast.net; comcast.net
cox; Cox; cox.net,cox.com; cox.net; cox.net
spectrum; Spectrum; spectrum.net,charter.net; charter.net,rr.com,spectrum.net; charter.net,rr.com,spectrum.net
godaddy; GoDaddy; bizsmtp,secureserver.net; secureserver.net;
rackspace; Rackspace; emailsrvr.com; emailsrvr.com;
qq; Tencent QQ; mail.qq.com,service.mail.qq; qq.com; qq.com,foxmail.com
netease; NetEase; mail.163.com,163.com/help; netease.com,163.com,126.com; 163.com,126.com,yeah.net
mailru; Mail.ru; mail.ru; mail.ru; mail.ru,bk.ru,list.ru,inbox.ru
yandex; Yandex; yandex; yandex.ru,yandex.net; yandex.ru,yandex.com,ya.ru
zoho; Zoho; zoho.; zoho.com,zoho.eu,zohomail.com; zoho.com,zohomail.com
facebook; Facebook; facebook.com/postmaster; facebook.com; facebook.com
mimecast; Mimecast; mimecast; mimecast.com;
proofpoint; Proofpoint; proofpoint.com; pphosted.com,ppe-hosted.com;
barracuda; Barracuda; barracuda; barracudanetworks.com;
cisco; Cisco; ; iphmx.com;
ses; Amazon SES; email-smtp.,amazonses; amazonaws.com,amazonses.com;
sendgrid; SendGrid; sendgrid; sendgrid.net;
sparkpost; SparkPost; sparkpost; sparkpostmail.com;
cloudflare; Cloudflare; cloudflare; mx.cloudflare.net;
lists; a blocklist; ; ;
postfix; Postfix; ; ;
postfix-client; Postfix as the sender; ; ;
exim; Exim; ; ;
cpanel; Exim of cPanel; ; ;
sendmail; Sendmail; ; ;
qmail; qmail; ; ;
hmailserver; hMailServer; ; ;
haraka; Haraka; ; ;
greylisting; greylisting; ; ;
standards; the standards; ; ;
`
