package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.SeccompMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Capabilities, seccomp and no-new-privileges from {@code --cap-*} and {@code --security-opt}. */
final class SecurityCompiler {
  private static final String ALL = "CAP_ALL";
  private static final String UNCONFINED = "unconfined";

  private SecurityCompiler() {}

  static Capabilities capabilities(HostConfig host) {
    Set<String> add = names("CapAdd", host.capAdd());
    Set<String> drop = names("CapDrop", host.capDrop());
    if (host.privileged()) {
      return Capabilities.ALL;
    }
    EnumSet<Capability> granted = EnumSet.noneOf(Capability.class);
    if (add.contains(ALL)) {
      granted.addAll(EnumSet.allOf(Capability.class));
    } else if (!drop.contains(ALL)) {
      granted.addAll(ContainerDefaults.CAPABILITIES.granted());
    }
    if (!drop.contains(ALL)) {
      granted.removeIf(capability -> drop.contains(capability.label()));
    }
    for (Capability capability : Capability.values()) {
      if (add.contains(capability.label())) {
        granted.add(capability);
      }
    }
    return Capabilities.of(granted);
  }

  private static Set<String> names(String field, List<String> given) {
    Set<String> known = new java.util.HashSet<>(Set.of(ALL));
    for (Capability capability : Capability.values()) {
      known.add(capability.label());
    }
    Set<String> names = new java.util.HashSet<>();
    for (String text : given) {
      String upper = text.toUpperCase(Locale.ROOT);
      String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
      if (!known.contains(name)) {
        throw SlipwayException.invalid(
            "invalid " + field + ": unknown capability: \"" + name + "\"");
      }
      names.add(name);
    }
    return names;
  }

  static boolean noNewPrivileges(HostConfig host) {
    boolean result = false;
    for (String option : host.securityOpt()) {
      String[] parts = split(option);
      if (parts[0].equals("no-new-privileges")) {
        result = parts.length == 1 || Boolean.parseBoolean(parts[1]);
      }
    }
    return result;
  }

  static SeccompMode seccomp(HostConfig host) {
    SeccompMode mode =
        host.privileged() ? new SeccompMode.Unconfined() : new SeccompMode.DefaultProfile();
    for (String option : host.securityOpt()) {
      String[] parts = split(option);
      if (parts[0].equals("seccomp") && parts.length == 2) {
        mode =
            switch (parts[1]) {
              case "unconfined" -> new SeccompMode.Unconfined();
              case "builtin" -> new SeccompMode.DefaultProfile();
              default -> new SeccompMode.Profile(parts[1]);
            };
      }
    }
    return mode;
  }

  /** The profile that was named; none means unconfined. */
  static Optional<String> appArmor(HostConfig host) {
    Optional<String> profile = Optional.empty();
    for (String option : host.securityOpt()) {
      String[] parts = split(option);
      if (parts[0].equals("apparmor") && parts.length == 2) {
        profile = Optional.of(parts[1]).filter(name -> !name.equals(UNCONFINED));
      }
    }
    return profile;
  }

  /**
   * Refuses options that are unknown, known and not built, or of no effect here: dockerd accepts a
   * profile where nothing can apply it, but whoever names one counts on it.
   *
   * @param appArmor whether the host has it
   */
  static void check(HostConfig host, boolean appArmor) {
    for (String option : host.securityOpt()) {
      String[] parts = split(option);
      switch (parts[0]) {
        case "no-new-privileges", "seccomp" -> {}
        case "apparmor" -> checkProfile(option, parts, appArmor);
        case "label" -> requireValue(option, parts, "disable");
        default -> throw SlipwayException.invalid("invalid --security-opt 2: \"" + option + "\"");
      }
    }
  }

  private static void checkProfile(String option, String[] parts, boolean appArmor) {
    if (parts.length != 2 || !parts[1].matches("[^\\s\\p{Cntrl}]+")) {
      throw SlipwayException.invalid("invalid --security-opt 2: \"" + option + "\"");
    }
    if (!appArmor && !parts[1].equals(UNCONFINED)) {
      throw SlipwayException.invalid(
          "apparmor profile \""
              + parts[1]
              + "\" cannot be applied, because this host has no AppArmor: leave the option out or"
              + " use apparmor="
              + UNCONFINED);
    }
  }

  /** The value that turns the thing off needs nothing done: it is not on. */
  private static void requireValue(String option, String[] parts, String off) {
    if (parts.length != 2 || !parts[1].equals(off)) {
      throw OptionRules.notBuilt("--security-opt " + option);
    }
  }

  private static String[] split(String option) {
    int equals = option.indexOf('=');
    int colon = option.indexOf(':');
    int at = equals >= 0 ? equals : colon;
    return at < 0
        ? new String[] {option}
        : new String[] {option.substring(0, at), option.substring(at + 1)};
  }
}
