package io.slipway.runtime.network;

/** An address family as nf_tables numbers it, and where its headers hold the addresses. */
enum NftFamily {
  IPV4(2, 12, 16, 4),
  IPV6(10, 8, 24, 16);

  private final int number;
  private final int sourceAt;
  private final int destinationAt;
  private final int addressBytes;

  NftFamily(int number, int sourceAt, int destinationAt, int addressBytes) {
    this.number = number;
    this.sourceAt = sourceAt;
    this.destinationAt = destinationAt;
    this.addressBytes = addressBytes;
  }

  static NftFamily of(IpAddress address) {
    return address instanceof Ipv4Address ? IPV4 : IPV6;
  }

  int number() {
    return number;
  }

  int sourceAt() {
    return sourceAt;
  }

  int destinationAt() {
    return destinationAt;
  }

  int addressBytes() {
    return addressBytes;
  }
}
