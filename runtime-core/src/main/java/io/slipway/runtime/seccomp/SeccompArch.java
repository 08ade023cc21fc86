package io.slipway.runtime.seccomp;

import io.slipway.runtime.linux.Arch;
import java.util.Locale;

/**
 * The architectures whose system call numbers are in the table, native ones and their 32-bit kin.
 */
public enum SeccompArch {
  X86_64(0xC000003E, "amd64", "SCMP_ARCH_X86_64"),
  X86(0x40000003, "x86", "SCMP_ARCH_X86"),
  AARCH64(0xC00000B7, "arm64", "SCMP_ARCH_AARCH64"),
  ARM(0x40000028, "arm", "SCMP_ARCH_ARM");

  private final int auditArch;
  private final String ruleName;
  private final String profileName;

  SeccompArch(int auditArch, String ruleName, String profileName) {
    this.auditArch = auditArch;
    this.ruleName = ruleName;
    this.profileName = profileName;
  }

  /** The native architecture of a machine. */
  public static SeccompArch of(Arch arch) {
    return switch (arch) {
      case X86_64 -> X86_64;
      case AARCH64 -> AARCH64;
    };
  }

  /** The kernel's AUDIT_ARCH number, as a filter sees it. */
  int auditArch() {
    return auditArch;
  }

  /** How rules name it in {@code includes.arches}: {@code amd64}. */
  String ruleName() {
    return ruleName;
  }

  /** How a profile's architecture lists name it: {@code SCMP_ARCH_X86_64}. */
  String profileName() {
    return profileName;
  }

  /** The column of the system call table. */
  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
