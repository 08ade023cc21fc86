package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.DeviceRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which devices may be opened or made: a list in the kernel on v1, a BPF program on the directory
 * on v2 (where this is no controller and needs none).
 */
final class DevicesController implements Controller {
  @Override
  public String name(CgroupVersion version) {
    return "devices";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    if (resources.devices().isEmpty()) {
      return;
    }
    switch (dir.version()) {
      case V1 -> applyV1(dir, resources.devices());
      case V2 -> applyV2(dir, resources.devices());
    }
  }

  /** Writes runs of equal verdicts to one open file each. */
  private static void applyV1(CgroupDirectory dir, List<DeviceRule> rules) throws IOException {
    List<String> run = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      DeviceRule rule = rules.get(i);
      run.add(line(rule));
      if (i + 1 == rules.size() || rules.get(i + 1).allow() != rule.allow()) {
        dir.writeEach(rule.allow() ? "devices.allow" : "devices.deny", run);
        run.clear();
      }
    }
  }

  /** The form of the kernel's file: {@code c 1:3 rwm}; {@code a} alone is everything. */
  static String line(DeviceRule rule) {
    if (rule.type() == 'a') {
      return "a";
    }
    return "%c %s:%s %s"
        .formatted(rule.type(), number(rule.major()), number(rule.minor()), rule.access());
  }

  private static String number(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "*";
  }

  private static void applyV2(CgroupDirectory dir, List<DeviceRule> rules) throws IOException {
    try (Fd directory = dir.open(".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)) {
      BpfCalls.attachDeviceProgram(directory, DeviceProgram.of(rules));
    }
  }
}
