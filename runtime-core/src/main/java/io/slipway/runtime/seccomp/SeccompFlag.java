package io.slipway.runtime.seccomp;

/** Flags of {@code seccomp(SECCOMP_SET_MODE_FILTER)} that a profile may ask for. */
public enum SeccompFlag {
  SECCOMP_FILTER_FLAG_TSYNC(1),
  SECCOMP_FILTER_FLAG_LOG(2),
  SECCOMP_FILTER_FLAG_SPEC_ALLOW(4);

  private final int bit;

  SeccompFlag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
