package io.slipway.runtime.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A process in a container: its first one, or one that joins later (exec).
 *
 * @param args program and arguments; a program without a slash is searched in PATH
 * @param env {@code NAME=value}; HOME is added from the passwd file if it is missing
 * @param cwd absolute; made if it does not exist
 * @param umask permission bits that new files do not get
 * @param oomScoreAdjust -1000 to 1000; empty keeps the daemon's
 * @param terminal size of the terminal to give it; empty for plain streams
 * @param appArmor profile that its program runs under, already loaded in the kernel; empty keeps
 *     the daemon's
 */
public record ProcessSpec(
    List<String> args,
    List<String> env,
    String cwd,
    UserSpec user,
    Capabilities capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    int umask,
    OptionalInt oomScoreAdjust,
    Optional<TerminalSize> terminal,
    Optional<String> appArmor) {

  public ProcessSpec {
    args = List.copyOf(args);
    env = List.copyOf(env);
    rlimits = List.copyOf(rlimits);
    ContainerPaths.requireAbsolute(cwd);
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(capabilities, "capabilities");
    Objects.requireNonNull(oomScoreAdjust, "oomScoreAdjust");
    Objects.requireNonNull(terminal, "terminal");
    Objects.requireNonNull(appArmor, "appArmor");
    if (args.isEmpty()) {
      throw new IllegalArgumentException("no command specified");
    }
    if (args.stream().anyMatch(a -> a.indexOf('\0') >= 0)
        || env.stream().anyMatch(e -> e.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("an argument or variable holds a zero byte");
    }
  }

  /** Value of a variable; the last one of that name wins, as in a shell. */
  public Optional<String> variable(String name) {
    return env.reversed().stream()
        .filter(e -> e.startsWith(name + "="))
        .map(e -> e.substring(name.length() + 1))
        .findFirst();
  }

  /** A copy with some parts replaced: {@code process.with(b -> b.cwd("/app"))}. */
  public ProcessSpec with(UnaryOperator<ProcessSpecBuilder> changes) {
    return changes.apply(new ProcessSpecBuilder(this)).build();
  }
}
