package io.slipway.image.model;

import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An operating system and processor. Absent parts are empty text. Values are kept as written in an
 * image; {@link #normalized} applies the usual aliases before comparing.
 */
public record Platform(
    String os, String architecture, String variant, String osVersion, List<String> osFeatures) {

  public Platform {
    Objects.requireNonNull(os, "os");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(osVersion, "osVersion");
    osFeatures = List.copyOf(osFeatures);
  }

  public Platform(String os, String architecture) {
    this(os, architecture, "", "", List.of());
  }

  public Platform(String os, String architecture, String variant) {
    this(os, architecture, variant, "", List.of());
  }

  /** The platform of this machine, always with os linux. */
  public static Platform host() {
    return new Platform("linux", System.getProperty("os.arch")).normalized();
  }

  /**
   * Parses {@code os/arch[/variant]}, {@code os} or {@code arch}, as {@code --platform} takes it.
   */
  public static Platform parse(String text) {
    String[] parts = text.strip().split("/", -1);
    for (String part : parts) {
      if (!part.matches("[A-Za-z0-9_.-]+")) {
        throw SlipwayException.invalid(
            "\"" + text + "\" is an invalid platform: expected os/arch[/variant]");
      }
    }
    return switch (parts.length) {
      case 1 -> single(parts[0]);
      case 2 -> new Platform(parts[0], parts[1]).normalized();
      case 3 -> new Platform(parts[0], parts[1], parts[2]).normalized();
      default ->
          throw SlipwayException.invalid(
              "\"" + text + "\" is an invalid platform: expected os/arch[/variant]");
    };
  }

  private static Platform single(String part) {
    String word = part.toLowerCase(Locale.ROOT);
    Platform host = host();
    return switch (word) {
      case "linux", "windows", "darwin", "freebsd" ->
          new Platform(word, host.architecture, host.variant);
      case "local" -> host;
      default -> new Platform(host.os, word).normalized();
    };
  }

  /** Lower case, with aliases resolved: x86_64 is amd64, aarch64 is arm64, armhf is arm/v7. */
  public Platform normalized() {
    String newOs = os.toLowerCase(Locale.ROOT).replace("macos", "darwin");
    String arch = architecture.toLowerCase(Locale.ROOT);
    String newVariant = variant.toLowerCase(Locale.ROOT);
    switch (arch) {
      case "i386", "i686", "x86" -> {
        arch = "386";
        newVariant = "";
      }
      case "x86_64", "x86-64", "amd64" -> {
        arch = "amd64";
        newVariant = newVariant.equals("v1") ? "" : newVariant;
      }
      case "aarch64", "arm64" -> {
        arch = "arm64";
        newVariant = newVariant.equals("8") || newVariant.equals("v8") ? "" : newVariant;
      }
      case "armhf" -> {
        arch = "arm";
        newVariant = "v7";
      }
      case "armel" -> {
        arch = "arm";
        newVariant = "v6";
      }
      case "arm" -> newVariant = armVariant(newVariant);
      default -> {
        // other names have no aliases
      }
    }
    return new Platform(newOs, arch, newVariant, osVersion, osFeatures);
  }

  private static String armVariant(String variant) {
    return switch (variant) {
      case "", "7" -> "v7";
      case "5", "6", "8" -> "v" + variant;
      default -> variant;
    };
  }

  /** Same operating system, processor and variant after normalising. */
  public boolean matches(Platform other) {
    Platform a = normalized();
    Platform b = other.normalized();
    return a.os.equals(b.os)
        && a.architecture.equals(b.architecture)
        && a.variant.equals(b.variant);
  }

  /** {@code os/arch[/variant]}. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
