/**
 * The seam between mail and the DNS: one question, one answer, whatever carries it. RFC 1034 and 1035; RFC 2308 for
 * what is not there; RFC 4035 section 3.2.3 for the AD bit; RFC 6698 for TLSA.
 * Out of scope: the wire format, other classes than IN, and record types that no mail protocol asks for.
 */

/** Where mail for a domain goes. */
export interface MxData {
  /** The lowest is tried first. */
  readonly preference: number
  /** The host, in the form of `normalizeDnsName`; `.` where the domain takes no mail (RFC 7505). */
  readonly exchange: string
}

/** What a TLS server's certificate must match. */
export interface TlsaData {
  /** Whose certificate is meant: 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE. */
  readonly usage: number
  /** Which part of it: 0 the whole certificate, 1 its public key. */
  readonly selector: number
  /** How it is given: 0 as it is, 1 as its SHA-256, 2 as its SHA-512. */
  readonly matchingType: number
  /** The octets to match. */
  readonly data: Uint8Array
}

/** The value of one record, by its type; a host name is in the form of `normalizeDnsName`. */
export interface RecordData {
  /** An IPv4 address, as `192.0.2.1`. */
  readonly A: string
  /** An IPv6 address, in any form of RFC 4291 section 2.2. */
  readonly AAAA: string
  /** The name that stands in for this one. */
  readonly CNAME: string
  /** A mail exchanger. */
  readonly MX: MxData
  /** The name of an address. */
  readonly PTR: string
  /**
   * The character-strings of one record, joined without anything between them (RFC 7208 section 3.3, RFC 6376 section
   * 3.6.2.2), octet 0xNN as character U+00NN: so nothing is lost, and who expects UTF-8 can still decode it.
   */
  readonly TXT: string
  /** What a TLS server's certificate must match. */
  readonly TLSA: TlsaData
}

/** The record types that can be asked for. */
export type RecordType = keyof RecordData

/** There are records. */
export interface FoundAnswer<T extends RecordType> {
  /** At least one record is there. */
  readonly status: 'found'
  /** The owner of the records: the name asked for, or the one that CNAMEs led to. */
  readonly name: string
  /** The records, never none, in the order received. */
  readonly records: readonly RecordData[T][]
  /** For how many seconds the answer holds: the least of all records that led to it. */
  readonly ttl: number
  /** Whether the whole answer was validated by DNSSEC, by a resolver that the caller trusts. */
  readonly authenticated: boolean
}

/** There is no such record, for certain. */
export interface AbsentAnswer {
  /** `nxdomain`: neither this name nor one below it exists; `nodata`: it exists without records of this type. */
  readonly status: 'nxdomain' | 'nodata'
  /** The name that is absent or bare: the one asked for, or the one that CNAMEs led to. */
  readonly name: string
  /** For how many seconds the absence holds (RFC 2308 section 5); 0 where the resolver does not say. */
  readonly ttl: number
  /** Whether the absence was proved by DNSSEC, to a resolver that the caller trusts. */
  readonly authenticated: boolean
}

/** It is not known whether there are records; a later question may tell. */
export interface FailedAnswer {
  /** `servfail`: a server said that it cannot answer, or what it said is of no use; `timeout`: none said anything. */
  readonly status: 'servfail' | 'timeout'
}

/** What a resolver says to one question; never an exception. */
export type Answer<T extends RecordType = RecordType> = FoundAnswer<T> | AbsentAnswer | FailedAnswer

/** How one question is asked. */
export interface ResolveOptions {
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Asks the DNS. */
export interface Resolver {
  /**
   * Asks one question, following CNAMEs.
   *
   * It rejects with `DNS_BAD_NAME` before anything is asked, or with the reason of the caller's signal; whatever the
   * DNS says or does not say is an answer.
   *
   * @param name A name that `normalizeDnsName` takes.
   * @param type Which records to ask for.
   * @param options How to ask.
   */
  resolve<T extends RecordType>(name: string, type: T, options?: ResolveOptions): Promise<Answer<T>>
}
