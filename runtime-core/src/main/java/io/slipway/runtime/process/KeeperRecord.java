package io.slipway.runtime.process;

import io.slipway.runtime.linux.DescriptorMessages.Pair;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Which process keeps the descriptors, in one line of a file: its number, when it began, the boot
 * it began in, and its two descriptors. The number alone proves nothing: it may be another's by
 * now.
 */
final class KeeperRecord {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int FIELDS = 5;

  /** Of {@code /proc/PID/stat}, counted from the one after the name. */
  private static final int START_TIME = 19;

  private final Path file;

  KeeperRecord(Path file) {
    this.file = file;
  }

  /** The process that the file tells of, proven to be that one. */
  record Found(Fd pidFd, int sender, int receiver) {
    Pair sockets() throws LinuxException {
      Fd first = ProcessCalls.descriptorOf(pidFd, sender);
      try {
        return new Pair(first, ProcessCalls.descriptorOf(pidFd, receiver));
      } catch (LinuxException e) {
        first.close();
        throw e;
      }
    }
  }

  void write(int pid, Pair sockets) throws IOException {
    String line =
        "%d %s %s %d %d%n"
            .formatted(
                pid,
                startTime(pid),
                boot(),
                sockets.sender().number(),
                sockets.receiver().number());
    Files.createDirectories(file.getParent());
    Path temp = file.resolveSibling("." + file.getFileName());
    Files.writeString(temp, line);
    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Empty if there is none, or it has ended. */
  Optional<Found> find() throws IOException {
    String[] fields = read().split(" ");
    if (fields.length != FIELDS || !fields[2].equals(boot())) {
      return Optional.empty();
    }
    int pid = Integer.parseInt(fields[0]);
    Fd pidFd;
    try {
      pidFd = ProcessCalls.pidFd(pid);
    } catch (LinuxException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
    // The descriptor first: while it shows this number, the file of that number is the process's.
    if (started(pid).equals(Optional.of(fields[1])) && ProcessCalls.pid(pidFd).isPresent()) {
      return Optional.of(
          new Found(pidFd, Integer.parseInt(fields[3]), Integer.parseInt(fields[4])));
    }
    pidFd.close();
    return Optional.empty();
  }

  private String read() throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static Optional<String> started(int pid) throws IOException {
    try {
      return Optional.of(startTime(pid));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String startTime(int pid) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.substring(text.lastIndexOf(')') + 2).split(" ")[START_TIME];
  }

  private static String boot() throws IOException {
    return Files.readString(BOOT).strip();
  }
}
