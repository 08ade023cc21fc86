package io.slipway.runtime.cgroup;

/**
 * What can be limited of disk traffic; weights depend on the schedulers the kernel was built with.
 *
 * @param weight a cgroup's share
 * @param deviceWeight its share of one disk
 * @param throttles rates of one disk
 */
public record BlockIoSupport(boolean weight, boolean deviceWeight, boolean throttles) {
  static final BlockIoSupport NOTHING = new BlockIoSupport(false, false, false);
}
