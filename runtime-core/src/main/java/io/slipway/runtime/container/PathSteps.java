package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.container.StartFacts.MaskKind;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.ProgramBuilder.Label;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Masked and read-only paths.
 *
 * <p>What covers a masked file is a clone of the host's null device, taken while the host's root is
 * still there: the container's own {@code /dev/null} could be somebody else's work. What covers
 * directories is one empty tmpfs, attached at the first of them and cloned from there, because a
 * file system for each of them would be slow to take down again.
 */
final class PathSteps {
  private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final int HOW_BYTES = 24;
  private static final long EMPTY_TREE_ATTRIBUTES =
      MountFlags.MOUNT_ATTR_RDONLY
          | MountFlags.MOUNT_ATTR_NOSUID
          | MountFlags.MOUNT_ATTR_NODEV
          | MountFlags.MOUNT_ATTR_NOEXEC;

  private final ProgramBuilder program;
  private final Map<String, MaskKind> masks;
  private final List<String> readOnly;
  private final Map<String, Arg.Slot> nullDevices = new HashMap<>();
  private final Map<String, Arg.Slot> emptyTrees = new HashMap<>();
  private String firstDirectory = "";

  /**
   * @param masks masked paths in order, and what is there
   */
  PathSteps(ProgramBuilder program, Map<String, MaskKind> masks, List<String> readOnly) {
    this.program = program;
    this.masks = masks;
    this.readOnly = readOnly;
  }

  /** Makes the covers; before the host's root is detached. */
  void prepare() {
    program.section("masks, made");
    masks.forEach((path, kind) -> {
      if (kind == MaskKind.FILE || kind == MaskKind.UNKNOWN) {
        nullDevices.put(path, clone("mask " + path, "/dev/null"));
      }
      boolean first = kind == MaskKind.DIRECTORY && firstDirectory.isEmpty();
      if (first || kind == MaskKind.UNKNOWN) {
        emptyTrees.put(path, emptyTree("mask " + path));
      }
      firstDirectory = first ? path : firstDirectory;
    });
  }

  private Arg.Slot clone(String step, String path) {
    return program
        .call(
            step,
            SystemCall.OPEN_TREE,
            number(OpenFlags.AT_FDCWD),
            text(path),
            number(MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC))
        .result("cover");
  }

  private Arg.Slot emptyTree(String step) {
    return new FreshMount(program, step).create("tmpfs", "size=4k", EMPTY_TREE_ATTRIBUTES);
  }

  /** Covers the paths; in the new root. */
  void apply() {
    program.section("masked and read-only paths");
    masks.forEach(this::mask);
    readOnly.forEach(this::readOnly);
  }

  private void mask(String path, MaskKind kind) {
    String step = "mask " + path;
    switch (kind) {
      case ABSENT -> {}
      case FILE -> cover(step, nullDevices.get(path), path);
      case DIRECTORY ->
          cover(
              step,
              path.equals(firstDirectory) ? emptyTrees.get(path) : clone(step, firstDirectory),
              path);
      case UNKNOWN -> maskUnknown(step, path);
    }
  }

  private void cover(String step, Arg cover, String path) {
    program.call(
        step,
        SystemCall.MOVE_MOUNT,
        cover,
        text(""),
        number(OpenFlags.AT_FDCWD),
        text(path),
        number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH));
  }

  /** A path of the image: a directory, a file or nothing, which only the child can see. */
  private void maskUnknown(String step, String path) {
    Label notDirectory = new Label();
    Label done = new Label();
    Arg.Slot directory =
        open(step, path, OpenFlags.O_DIRECTORY).onError(notDirectory).result("directory");
    coverOpened(step, emptyTrees.get(path), directory).onSuccess(done);
    program.bind(notDirectory);
    Arg.Slot file = open(step, path, 0).onError(done).result("file");
    coverOpened(step, nullDevices.get(path), file);
    program.bind(done);
  }

  private ProgramBuilder.Step open(String step, String path, int flags) {
    return program.call(
        step,
        SystemCall.OPENAT2,
        number(OpenFlags.AT_FDCWD),
        text(path),
        words(flags | OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, 0, OpenFlags.RESOLVE_NO_MAGICLINKS),
        number(HOW_BYTES));
  }

  private ProgramBuilder.Step coverOpened(String step, Arg cover, Arg target) {
    return program.call(
        step,
        SystemCall.MOVE_MOUNT,
        cover,
        text(""),
        target,
        text(""),
        number(MountFlags.MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
  }

  private void readOnly(String path) {
    String step = "make " + path + " read-only";
    Label absent = new Label();
    program
        .call(
            step,
            SystemCall.FACCESSAT2,
            number(OpenFlags.AT_FDCWD),
            text(path),
            number(0),
            number(0))
        .onError(absent);
    program.call(
        step,
        SystemCall.MOUNT,
        text(path),
        text(path),
        number(0),
        number(MountFlags.MS_BIND | MountFlags.MS_REC),
        number(0));
    MountSteps.makeReadOnly(program, step, path, true);
    program.bind(absent);
  }
}
