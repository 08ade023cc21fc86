package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.HostConfig.ThrottleDevice;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.DeviceFiles;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.Resources.DeviceRule;
import io.slipway.runtime.spec.Resources.DeviceWeight;
import io.slipway.runtime.spec.Resources.Throttle;
import io.slipway.runtime.spec.Resources.Throttle.Direction;
import io.slipway.runtime.spec.Resources.Throttle.Unit;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container gets of the host's devices, as they are at the moment it starts.
 *
 * @param nodes device files beside the standard ones
 * @param rules who may use what, after the default rules
 * @param weights disks' shares
 * @param throttles disks' limits
 */
record DeviceGrants(
    List<DeviceNode> nodes,
    List<DeviceRule> rules,
    List<DeviceWeight> weights,
    List<Throttle> throttles) {
  static final DeviceGrants NONE = new DeviceGrants(List.of(), List.of(), List.of(), List.of());

  private static final String EVERYTHING = "rwm";
  private static final Pattern RULE =
      Pattern.compile("([acb]) ([0-9]{1,10}|\\*):([0-9]{1,10}|\\*) ([rwm]{1,3})");

  DeviceGrants {
    nodes = List.copyOf(nodes);
    rules = List.copyOf(rules);
    weights = List.copyOf(weights);
    throttles = List.copyOf(throttles);
  }

  /** Looks the devices up; one that is not there is refused in Docker's words. */
  static DeviceGrants of(HostConfig host) throws IOException {
    refuseDrivers(host);
    List<DeviceNode> nodes = new ArrayList<>();
    List<DeviceRule> rules = new ArrayList<>();
    if (host.privileged()) {
      nodes.addAll(DeviceFiles.list());
    }
    for (HostConfig.DeviceMapping mapping : host.devices()) {
      boolean there = host.privileged() && mapping.pathInContainer().equals(mapping.pathOnHost());
      if (!there) {
        for (DeviceNode node : find(mapping)) {
          nodes.add(node);
          rules.add(rule(node, permissions(mapping)));
        }
      }
    }
    if (host.privileged()) {
      // every device is allowed already
      rules.clear();
    } else {
      host.deviceCgroupRules().forEach(text -> rules.addAll(parse(text)));
    }
    return new DeviceGrants(nodes, rules, weights(host), throttles(host));
  }

  private static void refuseDrivers(HostConfig host) {
    if (!host.deviceRequests().isEmpty()) {
      Object driver = host.deviceRequests().getFirst().getOrDefault("Driver", "");
      Object capabilities = host.deviceRequests().getFirst().getOrDefault("Capabilities", "[]");
      throw failure(
          "could not select device driver \"%s\" with capabilities: %s"
              .formatted(driver, capabilities.toString().replace(", ", " ")));
    }
  }

  /** A device, or every device below a directory. */
  private static List<DeviceNode> find(HostConfig.DeviceMapping mapping) throws IOException {
    String inside =
        mapping.pathInContainer().isEmpty() ? mapping.pathOnHost() : mapping.pathInContainer();
    if (!inside.startsWith("/")) {
      throw SlipwayException.invalid(inside + " is not an absolute path");
    }
    String gathering =
        "error gathering device information while adding custom device \"%s\": "
            .formatted(mapping.pathOnHost());
    try {
      List<DeviceNode> found = DeviceFiles.at(Path.of(mapping.pathOnHost()), inside);
      if (found.isEmpty()) {
        throw failure(gathering + "not a device node");
      }
      return found;
    } catch (NoSuchFileException e) {
      throw failure(gathering + "no such file or directory");
    }
  }

  static String permissions(HostConfig.DeviceMapping mapping) {
    String asked = mapping.cgroupPermissions();
    if (!asked.isEmpty() && !asked.matches("[rwm]{1,3}")) {
      throw SlipwayException.invalid("bad mode specified: " + asked);
    }
    return asked.isEmpty() ? EVERYTHING : asked;
  }

  private static DeviceRule rule(DeviceNode node, String access) {
    char type = node.type() == DeviceNode.Type.BLOCK ? 'b' : 'c';
    return new DeviceRule(
        true, type, OptionalLong.of(node.major()), OptionalLong.of(node.minor()), access);
  }

  /** The kernel's {@code a} knows no numbers and no rights: it is written as both kinds. */
  static List<DeviceRule> parse(String text) {
    Matcher rule = RULE.matcher(text);
    if (!rule.matches()) {
      throw failure("invalid device cgroup rule format: '" + text + "'");
    }
    OptionalLong major = number(rule.group(2));
    OptionalLong minor = number(rule.group(3));
    List<DeviceRule> rules = new ArrayList<>();
    String kinds = rule.group(1).equals("a") ? "cb" : rule.group(1);
    for (char kind : kinds.toCharArray()) {
      rules.add(new DeviceRule(true, kind, major, minor, rule.group(4)));
    }
    return rules;
  }

  private static OptionalLong number(String text) {
    return text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  private static List<DeviceWeight> weights(HostConfig host) throws IOException {
    List<DeviceWeight> weights = new ArrayList<>();
    for (HostConfig.WeightDevice device : host.blkioWeightDevice()) {
      DeviceFiles.Number number = disk(device.path());
      weights.add(new DeviceWeight(number.major(), number.minor(), device.weight()));
    }
    return weights;
  }

  private static List<Throttle> throttles(HostConfig host) throws IOException {
    List<Throttle> all = new ArrayList<>();
    add(all, host.blkioDeviceReadBps(), Direction.READ, Unit.BYTES);
    add(all, host.blkioDeviceWriteBps(), Direction.WRITE, Unit.BYTES);
    add(all, host.blkioDeviceReadIops(), Direction.READ, Unit.OPERATIONS);
    add(all, host.blkioDeviceWriteIops(), Direction.WRITE, Unit.OPERATIONS);
    return all;
  }

  private static void add(
      List<Throttle> all, List<ThrottleDevice> devices, Direction direction, Unit unit)
      throws IOException {
    for (ThrottleDevice device : devices) {
      DeviceFiles.Number number = disk(device.path());
      all.add(new Throttle(direction, unit, number.major(), number.minor(), device.rate()));
    }
  }

  private static DeviceFiles.Number disk(String path) throws IOException {
    try {
      return DeviceFiles.number(Path.of(path));
    } catch (NoSuchFileException e) {
      throw failure("stat " + path + ": no such file or directory");
    }
  }

  private static SlipwayException failure(String message) {
    return new SlipwayException(ErrorKind.INTERNAL, message);
  }
}
