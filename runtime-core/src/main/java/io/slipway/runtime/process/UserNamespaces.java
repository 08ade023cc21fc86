package io.slipway.runtime.process;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.vector;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import io.slipway.runtime.process.ProcessPrograms.CloneOptions;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * User namespaces by their users, each made once and kept by a descriptor: no process is in it
 * until a container is. The first process of one, which is needed to say who its users are, is
 * killed again.
 */
public final class UserNamespaces implements AutoCloseable {
  private static final String EXECUTABLE = "executable";

  private final ProcessLauncher launcher;
  private final Map<IdMappings, Fd> made = new HashMap<>();

  public UserNamespaces(ProcessLauncher launcher) {
    this.launcher = launcher;
  }

  /** The namespace with these users; stays this object's to close. */
  public synchronized Fd of(IdMappings users) throws IOException {
    Fd known = made.get(users);
    if (known == null) {
      known = make(users);
      made.put(users, known);
    }
    return known;
  }

  private Fd make(IdMappings users) throws IOException {
    try (Fd executable = FileCalls.memory("slipway-userns")) {
      FileCalls.writeFully(executable, TinyExecutable.waiting(Arch.current()));
      Launched first = launcher.launch(program(), Map.of(EXECUTABLE, executable));
      try {
        Path process = Path.of("/proc/" + first.pid());
        Files.writeString(process.resolve("uid_map"), lines(users.uids()));
        Files.writeString(process.resolve("gid_map"), lines(users.gids()));
        return FileCalls.open(process.resolve("ns/user"), OpenFlags.O_RDONLY, 0);
      } finally {
        ProcessLauncher.killAndReap(first.pidFd());
      }
    } catch (IOException e) {
      throw new IOException("make a user namespace: " + e.getMessage(), e);
    }
  }

  private static SyscallProgram program() {
    CloneOptions options =
        new CloneOptions(ProcessCalls.CLONE_NEWUSER, Optional.empty(), Optional.empty());
    return ProcessPrograms.process(
        options,
        program ->
            program.call(
                "execute",
                SystemCall.EXECVEAT,
                handle(EXECUTABLE),
                text(""),
                vector(List.of("slipway-userns")),
                vector(List.of()),
                number(OpenFlags.AT_EMPTY_PATH)));
  }

  /** All at once: the kernel takes one write. */
  private static String lines(List<IdMappings.Range> ranges) {
    return ranges.stream()
        .map(r -> r.inside() + " " + r.outside() + " " + r.size() + "\n")
        .collect(Collectors.joining());
  }

  /** A new network namespace that belongs to these users, so that they may change its settings. */
  public Fd newNetwork(IdMappings users) throws IOException {
    return launcher.open(
        HelperClone.newNetwork("user namespace"), Map.of("user namespace", of(users)));
  }

  @Override
  public synchronized void close() {
    made.values().forEach(Fd::close);
    made.clear();
  }
}
