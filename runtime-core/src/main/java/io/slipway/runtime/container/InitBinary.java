package io.slipway.runtime.container;

import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.MountSpec;
import java.util.ArrayList;
import java.util.List;

/** Docker's {@code --init}: a small program as process 1 that starts and reaps the others. */
public final class InitBinary {
  private static final String TARGET = "/sbin/docker-init";

  private InitBinary() {}

  public static ContainerSpec applyTo(ContainerSpec spec) {
    if (spec.initBinary().isEmpty()) {
      return spec;
    }
    List<MountSpec> mounts = new ArrayList<>(spec.mounts());
    mounts.add(MountSpec.Bind.readOnly(spec.initBinary().get(), TARGET));
    List<String> args = new ArrayList<>(List.of(TARGET, "--"));
    args.addAll(spec.process().args());
    return spec.with(
        b -> b.mounts(mounts).process(spec.process().with(process -> process.args(args))));
  }
}
