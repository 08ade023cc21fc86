package io.slipway.runtime.cgroup;

/** The generation of one mounted hierarchy. */
enum CgroupVersion {
  V1,
  V2
}
