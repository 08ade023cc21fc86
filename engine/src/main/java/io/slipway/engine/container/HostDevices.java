package io.slipway.engine.container;

import io.slipway.runtime.spec.DeviceNode;
import java.io.IOException;
import java.util.List;

/** The device files of the host, for privileged containers. */
@FunctionalInterface
interface HostDevices {
  List<DeviceNode> list() throws IOException;
}
