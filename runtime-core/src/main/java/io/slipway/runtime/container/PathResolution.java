package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Where a path of a root file system leads that does not exist yet. The kernel answers that only
 * for paths that exist; but an image may have {@code /etc/resolv.conf} as a link to a file that is
 * made at boot, and a mount on it must make that file.
 */
final class PathResolution {
  private static final int MAX_LINKS = 40;

  private final Fd root;
  private final Deque<String> left = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private int links;

  private PathResolution(Fd root) {
    this.root = root;
  }

  /** The path itself if it exists, else the same place without any link on the way. */
  static String resolve(Fd root, String path) throws LinuxException {
    try (Fd existing = open(root, path, 0)) {
      return existing.isOpen() ? path : "";
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        return path; // the child meets the same obstacle and reports it by the mount's name
      }
    }
    PathResolution resolution = new PathResolution(root);
    resolution.push(path);
    return resolution.walk(path);
  }

  private static Fd open(Fd root, String path, int flags) throws LinuxException {
    long resolve = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS;
    return FileCalls.openAt2(root, path, flags | OpenFlags.O_PATH, 0, resolve);
  }

  /** Puts the parts of a path before those that are left. */
  private void push(String path) {
    List<String> parts =
        Arrays.stream(path.split("/")).filter(p -> !p.isEmpty() && !p.equals(".")).toList();
    parts.reversed().forEach(left::addFirst);
  }

  private String walk(String original) throws LinuxException {
    while (!left.isEmpty()) {
      String part = left.removeFirst();
      if (part.equals("..")) {
        if (!done.isEmpty()) {
          done.removeLast();
        }
        continue;
      }
      done.add(part);
      step();
      if (links > MAX_LINKS) {
        return original;
      }
    }
    return "/" + String.join("/", done);
  }

  /** If what was walked to is a link, walks on from where it points. */
  private void step() throws LinuxException {
    String here = "/" + String.join("/", done);
    try (Fd fd = open(root, here, OpenFlags.O_NOFOLLOW)) {
      FileStatus status = TreeCalls.status(fd);
      if (!status.isSymlink()) {
        return;
      }
      links++;
      String target = TreeCalls.readLink(fd.number(), "");
      done.removeLast();
      if (target.startsWith("/")) {
        done.clear();
      }
      push(target);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
