package io.slipway.runtime.snapshot;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Builds the paths of a snapshot directory, see {@link OverlaySnapshotter} for the tree. */
record SnapshotLayout(Path root) {
  static final String REMOVED = "removed-";
  static final String BROKEN = "broken-";

  /** The lower directory of snapshots without a parent. */
  Path empty() {
    return root.resolve("empty");
  }

  Path settled() {
    return root.resolve("settled.json");
  }

  Path snapshot(long number) {
    return root.resolve(Long.toString(number));
  }

  Path files(long number) {
    return snapshot(number).resolve("fs");
  }

  Path work(long number) {
    return snapshot(number).resolve("work");
  }

  Path active(long number) {
    return snapshot(number).resolve("active.json");
  }

  Path committed(long number) {
    return snapshot(number).resolve("committed.json");
  }

  Path layer(long number) {
    return snapshot(number).resolve("layer.json");
  }

  /** Where a snapshot goes before its files are deleted. */
  Path removed(long number) {
    return root.resolve(REMOVED + number);
  }

  /** Where a container's files go whose parent is gone. */
  Path broken(long number) {
    return root.resolve(BROKEN + number);
  }

  /** The number of a snapshot's directory; empty for any other name. */
  static OptionalLong number(Path directory) {
    return number(directory.getFileName().toString());
  }

  /** The number that a directory has or had, so that no other snapshot gets it. */
  static OptionalLong usedNumber(Path directory) {
    String name = directory.getFileName().toString();
    return number(name.replaceFirst("^(" + REMOVED + "|" + BROKEN + ")", ""));
  }

  private static OptionalLong number(String name) {
    return name.matches("[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(name))
        : OptionalLong.empty();
  }
}
