package io.slipway.cli.command;

/**
 * A path of a copy, split as docker does: {@code dir/.} means what is in the directory.
 *
 * @param directory where the last name is in
 * @param base the last name, or a dot
 */
record CopyPath(String directory, String base) {
  static CopyPath of(String path) {
    boolean content = path.equals(".") || path.endsWith("/.");
    String clean = java.nio.file.Path.of(path.isEmpty() ? "." : path).normalize().toString();
    clean = clean.isEmpty() ? "." : clean;
    if (content) {
      return new CopyPath(clean, ".");
    }
    int slash = clean.lastIndexOf('/');
    String directory = slash < 0 ? "." : slash == 0 ? "/" : clean.substring(0, slash);
    return new CopyPath(directory, clean.equals("/") ? "/" : clean.substring(slash + 1));
  }

  /** Whether the path's own spelling says that it is a directory. */
  static boolean assertsDirectory(String path) {
    return path.endsWith("/") || path.endsWith("/.") || path.equals(".");
  }

  /** One end of a copy. */
  record End(String path, boolean exists, boolean directory) {}

  /**
   * Where the archive is unpacked and what its top entry is called there.
   *
   * @param name empty to leave it
   */
  record Target(String directory, String name) {}

  /** Docker's rule for what a copy means, by what is at both ends. */
  static Target target(End source, End destination) {
    CopyPath to = of(destination.path());
    if (destination.exists() && destination.directory()) {
      return new Target(destination.path(), "");
    }
    if (destination.exists() && source.directory()) {
      throw new CommandFailure(1, "cannot copy directory");
    }
    if (!destination.exists() && !source.directory() && assertsDirectory(destination.path())) {
      throw new CommandFailure(1, "no such directory");
    }
    return new Target(to.directory(), to.base());
  }
}
