package io.slipway.builder.check;

import io.slipway.image.model.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Build arguments that are there without a declaration. */
final class PredefinedNames {
  private static final List<String> PARTS =
      List.of("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT");
  private static final Set<String> PROXIES =
      Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

  private PredefinedNames() {}

  /** The values on this platform. */
  static Map<String, String> values(Platform platform) {
    Map<String, String> values = new HashMap<>();
    for (String side : List.of("BUILD", "TARGET")) {
      for (String part : PARTS) {
        values.put(side + part, "");
      }
      values.put(side + "PLATFORM", platform.toString());
      values.put(side + "OS", platform.os());
      values.put(side + "ARCH", platform.architecture());
      values.put(side + "VARIANT", platform.variant());
    }
    values.put("TARGETSTAGE", "default");
    return values;
  }

  /** Whether giving it says something even if the Dockerfile does not declare it. */
  static boolean isKnown(String name, Platform platform) {
    return values(platform).containsKey(name)
        || PROXIES.contains(name.toUpperCase(java.util.Locale.ROOT))
        || name.startsWith("BUILDKIT_")
        || name.equals("SOURCE_DATE_EPOCH");
  }
}
