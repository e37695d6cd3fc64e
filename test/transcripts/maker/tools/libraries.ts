/** Clients that are libraries: Python, Ruby, nodemailer, PHPMailer, JavaMail and Jakarta Mail. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT, type Dialogue, MESSAGE } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Tool } from '../tool.ts'
import { quote, shell, TEST_FOLDER } from './shell.ts'

const PYTHON = `
import json, smtplib, ssl, sys
job = json.loads(sys.stdin.read())
client = smtplib.SMTP('localhost', job['port'], local_hostname='client.example.com')
client.set_debuglevel(job['level'])
try:
    if job['password']:
        client.starttls(context=ssl.create_default_context(cafile=job['ca']))
        client.user, client.password = job['user'], job['password']
        client.ehlo_or_helo_if_needed()
        method = job.get('mechanism') or 'login'
        client.auth(method.upper(), getattr(client, 'auth_' + method.replace('-', '_')))
    client.sendmail(job['from'], job['to'], job['message'])
    client.quit()
except (smtplib.SMTPException, OSError) as error:
    print(type(error).__name__, error)
`
const RUBY = `
require 'net/smtp'
require 'json'
job = JSON.parse($stdin.read)
client = Net::SMTP.new('localhost', job['port'])
client.set_debug_output $stderr
context = OpenSSL::SSL::SSLContext.new
context.ca_file = job['ca']
context.verify_mode = OpenSSL::SSL::VERIFY_PEER
secure = !job['password'].empty?
secure ? client.enable_starttls(context) : client.disable_starttls
login = secure ? [job['user'], job['password'], (job['mechanism'] || 'login').tr('-', '_').to_sym] : []
begin
  client.start('client.example.com', *login) { |open| open.send_message job['message'], job['from'], job['to'] }
rescue => error
  puts "#{error.class} #{error.message}"
end
`
const NODEMAILER = `
import nodemailer from 'nodemailer'
import { readFileSync } from 'node:fs'
const job = JSON.parse(readFileSync(0, 'utf8'))
const auth = job.mechanism === 'xoauth2' ? { type: 'OAuth2', user: job.user, accessToken: job.password } : { user: job.user, pass: job.password }
const login = job.password ? { requireTLS: true, authMethod: job.mechanism?.toUpperCase(), auth } : { ignoreTLS: true }
const transport = nodemailer.createTransport({
  host: 'localhost', port: job.port, name: 'client.example.com', logger: true, debug: true,
  tls: { ca: readFileSync(job.ca) }, ...login,
})
await transport.sendMail({ envelope: { from: job.from, to: job.to }, raw: job.message }).catch((error) => console.log(String(error)))
transport.close()
`
const PHP = `
require '/usr/share/php/libphp-phpmailer/autoload.php';
$job = json_decode(file_get_contents('php://stdin'), true);
$mail = new PHPMailer\\PHPMailer\\PHPMailer(true);
try {
  $mail->isSMTP();
  $mail->SMTPDebug = $job['level'];
  $mail->Host = 'localhost';
  $mail->Port = $job['port'];
  $mail->Helo = 'client.example.com';
  $mail->SMTPAutoTLS = false;
  if ($job['password']) {
    $mail->SMTPAuth = true;
    $mail->AuthType = strtoupper($job['mechanism'] ?? 'login');
    $mail->Username = $job['user'];
    $mail->Password = $job['password'];
    $mail->SMTPSecure = 'tls';
    $mail->SMTPOptions = ['ssl' => ['cafile' => $job['ca']]];
  }
  $mail->setFrom($job['from']);
  foreach ($job['to'] as $to) $mail->addAddress($to);
  $mail->Subject = 'a parcel';
  $mail->Body = "Hello\\n.dot\\n250 is a number of parcels\\nQUIT is a word\\n";
  $mail->send();
} catch (Exception $error) { echo 'Message not sent: ', $error->getMessage(), "\\n"; }
`
const JAVA = `
import java.util.Properties;
import PACKAGE.mail.*;
import PACKAGE.mail.internet.*;
public class Send {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "localhost");
    properties.put("mail.smtp.port", args[0]);
    properties.put("mail.smtp.localhost", "client.example.com");
    properties.put("mail.smtp.sendpartial", "true");
    boolean login = !args[1].isEmpty();
    properties.put("mail.smtp.auth", String.valueOf(login));
    properties.put("mail.smtp.starttls.enable", String.valueOf(login));
    properties.put("mail.smtp.auth.mechanisms", args[4]);
    properties.put("mail.smtp.ssl.trust", "*");
    properties.put("mail.debug", "true");
    properties.put("mail.debug.auth", args[2]);
    Session session = Session.getInstance(properties, new Authenticator() {
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication("ann@example.com", args[1]);
      }
    });
    MimeMessage message = new MimeMessage(session);
    message.setFrom(args[3]);
    for (int i = 5; i < args.length; i++) message.addRecipients(Message.RecipientType.TO, args[i]);
    message.setSubject("a parcel");
    message.setText("Hello\\n.dot\\n250 is a number of parcels\\nQUIT is a word\\n");
    try { Transport.send(message); } catch (MessagingException error) { error.printStackTrace(); }
  }
}
`

function job({ password = '', mechanism, from, to }: Dialogue, { port, caFile }: Sink, level = 0): string {
  return JSON.stringify({
    port,
    ca: caFile,
    user: ACCOUNT.username,
    password,
    mechanism,
    from,
    to,
    message: MESSAGE,
    level,
  })
}

function java(dialogue: Dialogue, sink: Sink, library: 'javax' | 'jakarta', debugAuth: boolean): Promise<string> {
  const file = join(sink.folder, 'Send.java')
  writeFileSync(file, JAVA.replaceAll('PACKAGE', library))
  const jars = library === 'javax' ? ['javax.mail', 'javax.activation'] : ['jakarta-mail', 'jakarta-activation']
  const path = jars.map((jar) => `/usr/share/java/${jar}.jar`).join(':')
  const args = [
    String(sink.port),
    dialogue.password ?? '',
    String(debugAuth),
    dialogue.from,
    (dialogue.mechanism ?? 'login').toUpperCase(),
    ...dialogue.to,
  ]
  return shell(`java -cp ${path} ${file} ${args.map(quote).join(' ')}`)
}

const python = (name: string, level: number): Tool => ({
  name,
  version: ['python3', '--version'],
  format: 'py-smtplib',
  perspective: 'client',
  echoes: /reply: retcode|data: \(|connect: /,
  mechanisms: ['plain', 'cram-md5'],
  run: (dialogue, sink) => shell(`/usr/bin/python3 -c ${quote(PYTHON)}`, job(dialogue, sink, level)),
})

const php = (name: string, level: number): Tool => ({
  name,
  format: 'phpmailer',
  perspective: 'client',
  echoes: /SMTP INBOUND: |SMTP -> get_lines/,
  mechanisms: ['plain', 'cram-md5'],
  run: (dialogue, sink) => shell(`php -r ${quote(PHP)}`, job(dialogue, sink, level)),
})

/** Clients that are libraries. */
export const LIBRARIES: readonly Tool[] = [
  python('smtplib', 1),
  python('smtplib-time', 2),
  {
    name: 'ruby',
    version: ['ruby', '--version'],
    mechanisms: ['plain', 'cram-md5'],
    format: 'ruby',
    perspective: 'client',
    run: (dialogue, sink) => shell(`ruby -e ${quote(RUBY)}`, job(dialogue, sink)),
  },
  {
    name: 'nodemailer',
    mechanisms: ['login', 'cram-md5', 'xoauth2'],
    format: 'nodemailer',
    perspective: 'client',
    run: (dialogue, sink) =>
      shell(`cd ${TEST_FOLDER} && node --input-type=module -e ${quote(NODEMAILER)}`, job(dialogue, sink)),
  },
  php('phpmailer', 2),
  php('phpmailer-lowlevel', 4),
  {
    name: 'javamail',
    mechanisms: ['plain', 'xoauth2'],
    format: 'jakarta',
    perspective: 'client',
    echoes: /^DEBUG|Exception: |^\tat |^\t\.\.\./,
    run: (dialogue, sink) => java(dialogue, sink, 'javax', true),
  },
  {
    name: 'jakarta-mail',
    format: 'jakarta',
    perspective: 'client',
    echoes: /^DEBUG|Exception: |^\tat |^\t\.\.\./,
    tellsLogin: true,
    run: (dialogue, sink) => java(dialogue, sink, 'jakarta', false),
  },
]
