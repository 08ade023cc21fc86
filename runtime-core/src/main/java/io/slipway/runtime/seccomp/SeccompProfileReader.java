package io.slipway.runtime.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads profiles in Docker's JSON form ({@code archMap}, {@code includes}, {@code excludes}) and in
 * the OCI form ({@code architectures}). Mistakes are {@link SlipwayException}s of kind INVALID in
 * Docker's words where it has some.
 */
public final class SeccompProfileReader {
  private static final String DEFAULT_RESOURCE = "default.json";
  private static final int EPERM = 1;

  private final ObjectMapper json = new ObjectMapper();

  /** The built-in profile, equal in effect to Docker's default. */
  public SeccompProfile standard() {
    try (InputStream in = SeccompProfileReader.class.getResourceAsStream(DEFAULT_RESOURCE)) {
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "read the built-in seccomp profile: " + e.getMessage(), e);
    }
  }

  /** Reads a profile given by a user. */
  public SeccompProfile read(String text) {
    JsonNode root;
    try {
      root = json.readTree(text);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "decoding seccomp profile failed: " + firstLine(e), e);
    }
    if (root == null || !root.isObject()) {
      throw invalid("it is not a JSON object");
    }
    refuseListener(root);
    return new SeccompProfile(
        action(root.path("defaultAction")),
        root.path("defaultErrnoRet").asInt(EPERM),
        architectures(root),
        rules(root.path("syscalls")),
        flags(root.path("flags")));
  }

  private static void refuseListener(JsonNode root) {
    if (!root.path("listenerPath").asText("").isEmpty()) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED, "seccomp profile: listenerPath is not supported");
    }
  }

  private static Map<SeccompArch, List<SeccompArch>> architectures(JsonNode root) {
    JsonNode archMap = root.path("archMap");
    JsonNode list = root.path("architectures");
    if (!archMap.isEmpty() && !list.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "both 'architectures' and 'archMap' are specified in the seccomp profile, use either"
              + " 'architectures' or 'archMap'");
    }
    Map<SeccompArch, List<SeccompArch>> compatible = new EnumMap<>(SeccompArch.class);
    for (JsonNode entry : archMap) {
      architecture(entry.path("architecture"))
          .ifPresent(arch -> compatible.put(arch, architectureList(entry, "subArchitectures")));
    }
    if (!list.isEmpty()) {
      for (SeccompArch arch : SeccompArch.values()) {
        compatible.put(arch, architectureList(root, "architectures"));
      }
    }
    return compatible;
  }

  private static List<SeccompArch> architectureList(JsonNode parent, String field) {
    List<SeccompArch> found = new ArrayList<>();
    parent.path(field).forEach(name -> architecture(name).ifPresent(found::add));
    return found;
  }

  /** Architectures without a table (x32 among them) are passed over: their calls are refused. */
  private static Optional<SeccompArch> architecture(JsonNode name) {
    for (SeccompArch arch : SeccompArch.values()) {
      if (arch.profileName().equals(name.asText())) {
        return Optional.of(arch);
      }
    }
    return Optional.empty();
  }

  private static List<SeccompRule> rules(JsonNode entries) {
    List<SeccompRule> rules = new ArrayList<>();
    for (JsonNode entry : entries) {
      rules.add(
          new SeccompRule(
              names(entry),
              action(entry.path("action")),
              entry.path("errnoRet").asInt(EPERM),
              args(entry.path("args")),
              filter(entry.path("includes")),
              filter(entry.path("excludes"))));
    }
    return rules;
  }

  private static List<String> names(JsonNode entry) {
    List<String> names = strings(entry.path("names"));
    String single = entry.path("name").asText("");
    if (single.isEmpty()) {
      return names;
    }
    if (!names.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or"
              + " 'names'");
    }
    return List.of(single);
  }

  private static List<ArgCondition> args(JsonNode entries) {
    List<ArgCondition> conditions = new ArrayList<>();
    for (JsonNode entry : entries) {
      String operator = entry.path("op").asText();
      try {
        conditions.add(
            new ArgCondition(
                entry.path("index").asInt(-1),
                ArgOperator.valueOf(operator),
                entry.path("value").bigIntegerValue().longValue(),
                entry.path("valueTwo").bigIntegerValue().longValue()));
      } catch (IllegalArgumentException e) {
        throw new SlipwayException(
            ErrorKind.INVALID,
            "decoding seccomp profile failed: bad argument condition " + entry,
            e);
      }
    }
    return conditions;
  }

  private static RuleFilter filter(JsonNode entry) {
    String first = entry.path("minKernel").asText("");
    try {
      return new RuleFilter(
          Set.copyOf(new HashSet<>(strings(entry.path("caps")))),
          Set.copyOf(new HashSet<>(strings(entry.path("arches")))),
          first.isEmpty() ? Optional.empty() : Optional.of(KernelVersion.parse(first)));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "decoding seccomp profile failed: " + e.getMessage(), e);
    }
  }

  private static Set<SeccompFlag> flags(JsonNode names) {
    Set<SeccompFlag> flags = EnumSet.noneOf(SeccompFlag.class);
    for (String name : strings(names)) {
      try {
        flags.add(SeccompFlag.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED, "seccomp profile: flag " + name + " is not supported", e);
      }
    }
    return flags;
  }

  private static SeccompAction action(JsonNode name) {
    String text = name.asText("");
    if (text.equals("SCMP_ACT_NOTIFY")) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED, "seccomp profile: action SCMP_ACT_NOTIFY is not supported");
    }
    try {
      return SeccompAction.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw invalid("unknown action '" + text + "'");
    }
  }

  private static List<String> strings(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static SlipwayException invalid(String reason) {
    return SlipwayException.invalid("decoding seccomp profile failed: " + reason);
  }

  private static String firstLine(IOException e) {
    return e.getMessage().lines().findFirst().orElse("bad JSON");
  }
}
