/**
 * The messages of the domain name system (RFC 1035), as far as a resolver needs them that answers
 * for names of its own and passes on the rest: one question is read, answers with addresses and
 * names are written. Pure: bytes in, bytes out; whatever is no question is no question, never an
 * exception.
 *
 * <p>Main types: {@link io.slipway.runtime.dns.DnsQuestion}, {@link
 * io.slipway.runtime.dns.DnsAnswer}. Called by {@code runtime.network}'s name server.
 */
package io.slipway.runtime.dns;
