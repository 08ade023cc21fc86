package io.slipway.runtime.layer;

import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Puts directories of changes, in overlay format, together to one that does what all of them do one
 * over the other. Files are linked, not copied: all must be on one file system and never change
 * again.
 */
public final class LayerStack {
  private static final int WHITEOUT = FileStatus.S_IFCHR;

  private LayerStack() {}

  /**
   * Fills {@code target}.
   *
   * @param layers the lowest first
   * @param below root of the merged tree that the result comes over; what nothing of it has need
   *     not be hidden
   */
  public static void stack(List<Path> layers, Optional<Path> below, Path target)
      throws IOException {
    for (Path layer : layers) {
      try (Dir from = Dir.open(layer);
          Dir to = Dir.open(target)) {
        if (below.isEmpty()) {
          add(from, to, Optional.empty());
        } else {
          try (Dir lower = Dir.open(below.get())) {
            add(from, to, Optional.of(lower));
          }
        }
      }
    }
  }

  private static void add(Dir from, Dir to, Optional<Dir> lower) throws IOException {
    Cancellation.check("putting layers together");
    for (String name : from.names()) {
      FileStatus status = from.status(name).orElseThrow();
      if (status.isWhiteout()) {
        to.remove(name);
        if (lower.isPresent() && lower.get().status(name).isPresent()) {
          to.makeNode(name, WHITEOUT, 0);
        }
      } else if (status.isDirectory()) {
        directory(name, from, to, lower);
      } else {
        to.remove(name);
        to.makeHardLink(name, from, name);
      }
    }
  }

  private static void directory(String name, Dir from, Dir to, Optional<Dir> lower)
      throws IOException {
    Optional<FileStatus> there = to.status(name);
    boolean hides = Attributes.isOpaque(from.fd(), name);
    if (there.isPresent() && (hides || !there.get().isDirectory())) {
      // what was there hid, or is to hide, what is below
      to.remove(name);
      hides = true;
    }
    if (to.status(name).isEmpty()) {
      to.makeDirectory(name);
    }
    if (hides) {
      Attributes.markOpaque(to.fd(), name);
    }
    try (Dir layer = from.directory(name);
        Dir made = to.directory(name)) {
      Optional<Dir> under = below(lower, name);
      if (under.isEmpty()) {
        add(layer, made, Optional.empty());
      } else {
        try (Dir open = under.get()) {
          add(layer, made, Optional.of(open));
        }
      }
      made.apply(Metadata.of(layer.status(), layer.xattrs()));
    }
  }

  private static Optional<Dir> below(Optional<Dir> lower, String name) throws LinuxException {
    boolean directory =
        lower.isPresent() && lower.get().status(name).filter(FileStatus::isDirectory).isPresent();
    return directory ? Optional.of(lower.get().directory(name)) : Optional.empty();
  }
}
