package io.slipway.runtime.bundle;

import java.nio.file.Path;

/** Where the files of one container lie; drawn in package-info. */
record BundleLayout(Path directory) {
  static final String STATE = "state";

  Path config() {
    return directory.resolve("config.json");
  }

  Path rootfs() {
    return directory.resolve("rootfs");
  }

  Path log() {
    return directory.resolve("log.json");
  }

  Path pid() {
    return directory.resolve("pid");
  }

  Path process() {
    return directory.resolve("process.json");
  }
}
