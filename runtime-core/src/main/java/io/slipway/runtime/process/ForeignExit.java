package io.slipway.runtime.process;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.ProcessCalls.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process ended that an earlier daemon started: it is init's child now, so it cannot be
 * waited for. Kernels from 6.15 on tell whoever has held its pidfd; before that, only what still
 * waits for init can be asked.
 */
final class ForeignExit {
  /** Docker's code of an end that nobody has seen. */
  static final Ended UNKNOWN = new Ended(false, 255);

  /** Fields of {@code /proc/PID/stat}, counted from the one after the name. */
  private static final int STATE = 0;

  private static final int EXIT_CODE = 49;

  private ForeignExit() {}

  /** Empty while it runs. */
  static Optional<Ended> of(Fd pidFd) throws IOException {
    if (ProcessCalls.poll(new int[] {pidFd.number()}, ProcessCalls.POLLIN, 0)[0] == 0) {
      return Optional.empty();
    }
    Optional<Ended> told = ProcessCalls.exitInfo(pidFd);
    if (told.isEmpty()) {
      told = unreaped(pidFd);
    }
    // it may have been reaped in between
    return Optional.of(told.or(() -> ProcessCalls.exitInfo(pidFd)).orElse(UNKNOWN));
  }

  private static Optional<Ended> unreaped(Fd pidFd) throws IOException {
    OptionalInt pid = ProcessCalls.pid(pidFd);
    if (pid.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid.getAsInt() + "/stat"));
      String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      // only while the descriptor has the number was the file the process's
      return fields[STATE].equals("Z") && ProcessCalls.pid(pidFd).isPresent()
          ? Optional.of(Ended.ofWaitStatus(Integer.parseInt(fields[EXIT_CODE])))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
