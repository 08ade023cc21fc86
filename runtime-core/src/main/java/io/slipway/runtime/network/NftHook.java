package io.slipway.runtime.network;

/** Where a chain hears of packets: netfilter's hook numbers with the usual priorities. */
enum NftHook {
  /** Before routing; where the destination can be changed. */
  DESTINATION_NAT("nat", 0, -100),
  /** Packets for somebody else. */
  FORWARD("filter", 2, 0),
  /** The machine's own packets, where their destination can be changed. */
  LOCAL_DESTINATION_NAT("nat", 3, -100),
  /** After routing; where the source can be changed. */
  SOURCE_NAT("nat", 4, 100);

  private final String type;
  private final int number;
  private final int priority;

  NftHook(String type, int number, int priority) {
    this.type = type;
    this.number = number;
    this.priority = priority;
  }

  String type() {
    return type;
  }

  int number() {
    return number;
  }

  int priority() {
    return priority;
  }
}
