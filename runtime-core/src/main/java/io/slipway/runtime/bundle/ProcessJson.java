package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Rlimit;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The {@code process} of a bundle, which is also what an exec is given. */
final class ProcessJson {
  private ProcessJson() {}

  static ObjectNode of(ProcessSpec process, Identity identity) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("terminal", process.terminal().isPresent());
    process
        .terminal()
        .ifPresent(size ->
            json.putObject("consoleSize").put("height", size.rows()).put("width", size.columns()));
    user(json.putObject("user"), process, identity);
    texts(json.putArray("args"), process.args());
    texts(json.putArray("env"), identity.environment(process));
    json.put("cwd", process.cwd());
    capabilities(json.putObject("capabilities"), process.capabilities());
    ArrayNode limits = json.putArray("rlimits");
    process.rlimits().forEach(limit -> limit(limits.addObject(), limit));
    json.put("noNewPrivileges", process.noNewPrivileges());
    process.appArmor().ifPresent(profile -> json.put("apparmorProfile", profile));
    process.oomScoreAdjust().ifPresent(value -> json.put("oomScoreAdj", value));
    return json;
  }

  private static void user(ObjectNode json, ProcessSpec process, Identity identity) {
    json.put("uid", identity.uid()).put("gid", identity.gid()).put("umask", process.umask());
    ArrayNode groups = json.putArray("additionalGids");
    identity.groups().forEach(groups::add);
  }

  private static void capabilities(ObjectNode json, Capabilities capabilities) {
    for (String set : List.of("bounding", "permitted", "effective")) {
      capabilities(json.putArray(set), capabilities.granted());
    }
    capabilities(json.putArray("inheritable"), capabilities.ambient());
    capabilities(json.putArray("ambient"), capabilities.ambient());
  }

  private static void capabilities(ArrayNode json, Set<Capability> set) {
    set.stream().sorted().forEach(capability -> json.add(capability.label()));
  }

  /** The form has no minus one: no limit is the largest number. */
  private static void limit(ObjectNode json, Rlimit limit) {
    json.put("type", "RLIMIT_" + limit.kind().label().toUpperCase(Locale.ROOT))
        .put("soft", new BigInteger(Long.toUnsignedString(limit.soft())))
        .put("hard", new BigInteger(Long.toUnsignedString(limit.hard())));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
