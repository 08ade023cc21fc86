package io.slipway.runtime.seccomp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/** A profile as other runtimes take it: decided for one container, in the OCI form. */
public final class OciSeccomp {
  private OciSeccomp() {}

  /**
   * @param caps the capabilities of the container's bounding set, {@code CAP_...}
   */
  public static ObjectNode of(
      SeccompProfile profile, Set<String> caps, SeccompArch arch, KernelVersion kernel) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("defaultAction", profile.defaultAction().name());
    errno(json, "defaultErrnoRet", profile.defaultAction(), profile.defaultErrno());
    ArrayNode architectures = json.putArray("architectures").add(arch.profileName());
    profile.compatible().getOrDefault(arch, List.of()).stream()
        .filter(other -> other != arch)
        .forEach(other -> architectures.add(other.profileName()));
    ArrayNode flags = json.putArray("flags");
    profile.flags().stream().sorted().forEach(flag -> flags.add(flag.name()));
    ArrayNode calls = json.putArray("syscalls");
    profile.rulesFor(caps, arch, kernel).forEach(rule -> rule(calls.addObject(), rule));
    return json;
  }

  private static void rule(ObjectNode json, SeccompRule rule) {
    ArrayNode names = json.putArray("names");
    rule.names().forEach(names::add);
    json.put("action", rule.action().name());
    errno(json, "errnoRet", rule.action(), rule.errno());
    ArrayNode args = json.putArray("args");
    for (ArgCondition condition : rule.args()) {
      args.addObject()
          .put("index", condition.index())
          .put("value", unsigned(condition.value()))
          .put("valueTwo", unsigned(condition.valueTwo()))
          .put("op", condition.operator().name());
    }
  }

  /** Only these two actions carry a number; others are refused with one. */
  private static void errno(ObjectNode json, String field, SeccompAction action, int errno) {
    if (action == SeccompAction.SCMP_ACT_ERRNO || action == SeccompAction.SCMP_ACT_TRACE) {
      json.put(field, errno);
    }
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
