/** What a client raises TLS with. */

/** How a client checks the server, and proves itself. */
export interface ClientTlsOptions {
  /** The name that the certificate must prove; default: the host. A name given when TLS is raised goes before it. */
  readonly serverName?: string
  /** The certificate authorities to trust, in PEM; default: those of Node. */
  readonly ca?: string | readonly string[]
  /** The certificate of the client with its chain, in PEM; default: none. */
  readonly cert?: string
  /** The private key of the client, in PEM. */
  readonly key?: string
  /** Key, certificate and chain of the client in one, as PKCS #12; in place of `cert` and `key`. */
  readonly pfx?: Uint8Array
  /** What `key` or `pfx` is encrypted with. */
  readonly passphrase?: string
  /** The oldest version of TLS; default 1.2, as RFC 8997 asks. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** The cipher suites, as OpenSSL lists them; default: those of Node. */
  readonly ciphers?: string
  /** The protocols to offer by ALPN; default none, as many servers know no name for SMTP, which is `smtp`. */
  readonly alpn?: readonly string[]
  /** Takes any certificate, so that anybody on the way can be the server; default `false`. */
  readonly unsafeSkipVerification?: boolean
}
