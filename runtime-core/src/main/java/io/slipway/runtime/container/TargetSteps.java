package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.mode;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.ProgramBuilder.Label;

/**
 * Opens paths of a container that an image controls, making what is missing. Never through a magic
 * link: until it closes them, the half-made process has the daemon's own descriptors, and an image
 * could name them by a link to {@code /proc/self/fd/N}.
 */
final class TargetSteps {
  private static final int HOW_BYTES = 24;
  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;

  private final ProgramBuilder program;

  TargetSteps(ProgramBuilder program) {
    this.program = program;
  }

  /**
   * The path as a descriptor for one later call.
   *
   * @param file make a file if it is missing, else a directory
   * @param links follow ordinary symbolic links, which stay inside the new root
   */
  Arg.Slot open(String step, String path, boolean file, boolean links) {
    Label done = new Label();
    // Mostly the path is there: one call, and the making is skipped.
    Arg.Slot target =
        openCall(step, path, links).mayFail().onSuccess(done).result("target " + path);
    make(step, path, file, links);
    openCall(step, path, links).into(target);
    program.bind(done);
    return target;
  }

  private ProgramBuilder.Step openCall(String step, String path, boolean links) {
    int resolve = OpenFlags.RESOLVE_NO_MAGICLINKS;
    if (!links) {
      resolve |= OpenFlags.RESOLVE_NO_SYMLINKS;
    }
    return program.call(
        step,
        SystemCall.OPENAT2,
        number(OpenFlags.AT_FDCWD),
        text(path),
        words(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, 0, resolve),
        number(HOW_BYTES));
  }

  /** {@code mkdir -p}; what is there already, or cannot be made, is found by the next open. */
  private void make(String step, String path, boolean file, boolean links) {
    String[] names = path.substring(1).split("/");
    StringBuilder parent = new StringBuilder("/");
    Label failed = new Label();
    for (int i = 0; i < names.length; i++) {
      boolean last = i == names.length - 1;
      Arg directory = number(OpenFlags.AT_FDCWD);
      String name = "/" + names[i];
      if (i > 0) {
        directory =
            openCall(step, parent.toString(), links)
                .onError(failed)
                .result("parent of " + names[i]);
        name = names[i];
      }
      makeOne(step, directory, name, last && file);
      parent.append(i > 0 ? "/" : "").append(names[i]);
    }
    program.bind(failed);
  }

  private void makeOne(String step, Arg directory, String name, boolean file) {
    if (file) {
      program
          .call(
              step,
              SystemCall.MKNODAT,
              directory,
              text(name),
              mode(FileStatus.S_IFREG | FILE_MODE),
              number(0))
          .mayFail();
    } else {
      program.call(step, SystemCall.MKDIRAT, directory, text(name), mode(DIRECTORY_MODE)).mayFail();
    }
  }
}
