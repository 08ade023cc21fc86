package io.slipway.runtime.linux;

import java.util.Locale;

/** Processor architectures whose system call numbers and machine code Slipway knows. */
public enum Arch {
  X86_64,
  AARCH64;

  /** The architecture this JVM runs on; fails with a clear sentence on any other one. */
  public static Arch current() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "containers need an x86-64 or aarch64 linux machine, this one is " + name);
    };
  }
}
