package io.slipway.runtime.seccomp;

/** How a 64-bit argument is compared, always unsigned. */
public enum ArgOperator {
  SCMP_CMP_NE,
  SCMP_CMP_LT,
  SCMP_CMP_LE,
  SCMP_CMP_EQ,
  SCMP_CMP_GE,
  SCMP_CMP_GT,
  /** {@code (argument & value) == valueTwo}. */
  SCMP_CMP_MASKED_EQ
}
