package io.slipway.builder.op.files;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a file goes.
 *
 * @param directory the directory, to be made if it is missing
 * @param name the file's name in it
 */
record TargetPath(String directory, String name) {
  /** Into a directory under the source's name, or to exactly this path; links are followed. */
  static TargetPath forFile(Tree to, String destination, String sourceName) throws IOException {
    boolean directory = destination.endsWith("/") || isDirectory(to, destination);
    if (directory) {
      requireDirectory(to, destination);
      return new TargetPath(destination, sourceName);
    }
    String real = to.resolve(destination);
    return new TargetPath(parent(real), lastName(real));
  }

  private static boolean isDirectory(Tree to, String path) throws IOException {
    return to.status(path).map(FileStatus::isDirectory).orElse(false);
  }

  /** Whether the directory is there; refuses something else that is. */
  static boolean requireDirectory(Tree to, String path) throws IOException {
    Optional<FileStatus> there = to.status(path);
    if (there.isPresent() && !there.get().isDirectory()) {
      throw SlipwayException.invalid("mkdir " + withoutSlash(path) + ": not a directory");
    }
    return there.isPresent();
  }

  /** Makes a name free for a file; a directory does not make way. */
  static void clear(Dir into, String name, String called) throws IOException {
    Optional<FileStatus> there = into.status(name);
    if (there.isEmpty()) {
      return;
    }
    if (there.get().isDirectory()) {
      throw SlipwayException.invalid("cannot replace to directory " + called + " with file");
    }
    into.remove(name);
  }

  static String parent(String path) {
    String clean = withoutSlash(path);
    int slash = clean.lastIndexOf('/');
    return slash <= 0 ? "/" : clean.substring(0, slash);
  }

  static String lastName(String path) {
    String clean = withoutSlash(path);
    return clean.substring(clean.lastIndexOf('/') + 1);
  }

  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
