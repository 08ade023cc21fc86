package io.slipway.registry.config;

import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The reference page of all settings, made from the records themselves. */
public final class SettingsReference {
  private SettingsReference() {}

  /** A Markdown table, one line per setting. */
  public static String table() {
    StringBuilder text = new StringBuilder("| setting | value | default | what it does |\n");
    text.append("|---|---|---|---|\n");
    for (SettingsKey key : SettingsKey.of(RegistrySettings.class)) {
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(key.path(), kind(key.type()), preset(key), key.setting().value()));
    }
    return text.toString();
  }

  private static String preset(SettingsKey key) {
    if (!key.setting().preset().isEmpty()) {
      return "`" + key.setting().preset() + "`";
    }
    return SettingsKey.mayBeAbsent(key.type()) ? "none" : "must be given";
  }

  private static String kind(Type type) {
    Class<?> raw = SettingsKey.raw(type);
    if (raw == Optional.class) {
      return kind(SettingsKey.item(type));
    }
    if (raw == List.class) {
      return "list of " + plural(kind(SettingsKey.item(type)));
    }
    if (raw == Map.class) {
      return "names, each with a " + kind(SettingsKey.item(type));
    }
    if (SettingsKey.isSection(type)) {
      return "section";
    }
    if (raw == RetentionRule.class || raw == TagPattern.class || raw == Quota.class) {
      return "rule";
    }
    if (raw.isEnum()) {
      return Arrays.stream(raw.getEnumConstants())
          .map(c -> "`" + SettingText.name(c) + "`")
          .collect(Collectors.joining(", "));
    }
    return Map.<Class<?>, String>of(
            boolean.class, "`true`, `false`",
            int.class, "number",
            double.class, "number",
            long.class, "size",
            Duration.class, "duration",
            Path.class, "path",
            URI.class, "URL",
            String.class, "text",
            ListenAddress.class, "host:port")
        .getOrDefault(raw, raw.getSimpleName().toLowerCase(Locale.ROOT));
  }

  private static String plural(String kind) {
    return kind.startsWith("`") || kind.endsWith("s") ? kind : kind + "s";
  }
}
