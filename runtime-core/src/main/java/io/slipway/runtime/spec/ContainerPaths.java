package io.slipway.runtime.spec;

/** Checks on paths inside a container. */
final class ContainerPaths {
  private ContainerPaths() {}

  static String requireAbsolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path in the container is not absolute: " + path);
    }
    if (path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("path in the container holds a zero byte");
    }
    return path;
  }
}
