package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.mode;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;
import static io.slipway.runtime.process.Arg.words;

import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProgramBuilder;
import io.slipway.runtime.process.ProgramBuilder.Label;
import io.slipway.runtime.process.ProgramSearch;
import io.slipway.runtime.spec.Capability;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Rlimit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The last part of every start and exec: limits, working directory, identity, filter, program.
 *
 * <p>Docker does not set {@code no_new_privs}, and then installing a filter needs CAP_SYS_ADMIN. So
 * that capability stays in the process's own sets, though not in the bounding set, until the filter
 * is in; the {@code execve} right after it computes the sets anew and drops it.
 */
final class ProcessSteps {
  static final String EXEC_STEP = "exec ";
  static final String NOT_FOUND_STEP = "program not found";
  static final String SEARCH_STEP = "find program";
  static final String CWD_STEP = "change to working directory";

  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_RAISE = 2;
  private static final long CAPABILITY_VERSION_3 = 0x20080522;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int SIG_SETMASK = 2;
  private static final int SIGNALS = 64;
  private static final int SIGKILL = 9;
  private static final int SIGSTOP = 19;
  private static final int X_OK = 1;
  private static final int AT_EACCESS = 0x200;
  private static final int HOW_BYTES = 24;
  private static final int FIRST_OTHER_DESCRIPTOR = 3;
  private static final long ALL = 0xFFFFFFFFL;

  private final ProgramBuilder program;
  private final ProcessSpec process;
  private final StartFacts facts;

  ProcessSteps(ProgramBuilder program, ProcessSpec process, StartFacts facts) {
    this.program = program;
    this.process = process;
    this.facts = facts;
  }

  /** What only the daemon's own user may write, since that is whose memory this shares. */
  void addOfDaemon() {
    program.section("limits and working directory");
    oomScore();
    process.appArmor().ifPresent(this::appArmor);
  }

  /**
   * @param makeWorkingDirectory whether to make it if it is missing, as Docker does at the start of
   *     a container but not for an exec
   */
  void add(boolean makeWorkingDirectory) {
    program.section("limits and working directory");
    // A real close, not a mark: from here on no descriptor of the daemon can be named by a link.
    program.call(
        "close other descriptors",
        SystemCall.CLOSE_RANGE,
        number(FIRST_OTHER_DESCRIPTOR),
        number(ALL),
        number(0));
    workingDirectory(makeWorkingDirectory);
    // Only now: the limit on open files counts for this process already.
    process.rlimits().forEach(this::limit);
    program.call("set umask", SystemCall.UMASK, mode(process.umask()));
    program.section("identity");
    identity();
    program.section("signals");
    signals();
    program.section("program");
    execute();
  }

  private void limit(Rlimit limit) {
    program.call(
        "set ulimit " + limit.kind().label(),
        SystemCall.PRLIMIT64,
        number(0),
        number(limit.kind().number()),
        words(limit.soft(), limit.hard()),
        number(0));
  }

  private void oomScore() {
    if (process.oomScoreAdjust().isEmpty()) {
      return;
    }
    String step = "set oom score";
    int score = process.oomScoreAdjust().getAsInt();
    String value = Integer.toString(score);
    Label done = new Label();
    ProgramBuilder.Step open =
        program.call(
            step,
            SystemCall.OPENAT,
            number(OpenFlags.AT_FDCWD),
            text("/proc/self/oom_score_adj"),
            number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC),
            number(0));
    Arg.Slot file = open.result("oom_score_adj");
    ProgramBuilder.Step write =
        program.call(step, SystemCall.WRITE, file, text(value), number(value.length()));
    if (score == 0 || facts.privileges().isRootless()) {
      // Nobody asked for 0. A daemon with a higher score may be unable to lower it, and a container
      // need not have /proc.
      // As in Docker, a normal user's container keeps the daemon's score where that is higher.
      open.onError(done);
      write.mayFail();
    }
    program.bind(done);
  }

  /**
   * Counts from the next execve on. Written while this is still root, whose file it is; a kernel
   * before 5.8 has only the file that all such modules share.
   */
  private void appArmor(String profile) {
    String step = "apply apparmor profile " + profile;
    Label shared = new Label();
    Label done = new Label();
    write(step, "/proc/self/attr/apparmor/exec", profile, shared).onSuccess(done);
    program.bind(shared);
    write(step, "/proc/self/attr/exec", profile, null);
    program.bind(done);
  }

  private ProgramBuilder.Step write(String step, String path, String profile, Label missing) {
    ProgramBuilder.Step open =
        program.call(
            step,
            SystemCall.OPENAT,
            number(OpenFlags.AT_FDCWD),
            text(path),
            number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC),
            number(0));
    if (missing != null) {
      open.onError(missing);
    }
    byte[] order = ("exec " + profile).getBytes(StandardCharsets.UTF_8);
    return program.call(
        step,
        SystemCall.WRITE,
        open.result("apparmor"),
        new Arg.Bytes("exec " + profile, order),
        number(order.length));
  }

  private void workingDirectory(boolean make) {
    if (process.cwd().equals("/")) {
      program.call(CWD_STEP, SystemCall.CHDIR, text("/"));
    } else if (make) {
      Arg.Slot directory = new TargetSteps(program).open(CWD_STEP, process.cwd(), false, true);
      program.call(CWD_STEP, SystemCall.FCHDIR, directory);
    } else {
      program.call(CWD_STEP, SystemCall.CHDIR, text(process.cwd()));
    }
  }

  private void identity() {
    long granted = process.capabilities().mask() & facts.ownCapabilities();
    for (int bit = 0; bit <= facts.lastCapability(); bit++) {
      if ((granted >> bit & 1) == 0) {
        prctl("drop capability " + bit, PR_CAPBSET_DROP, bit);
      }
    }
    Identity who = facts.identity();
    if (!who.isRoot()) {
      prctl("keep capabilities", PR_SET_KEEPCAPS, 1);
    }
    if (facts.privileges().setsGroups()) {
      program.call("set groups", SystemCall.SETGROUPS, number(who.groups().size()), groups(who));
    }
    Arg gid = number(who.gid());
    program.call("set group " + who.gid(), SystemCall.SETRESGID, gid, gid, gid);
    Arg uid = number(who.uid());
    program.call("set user " + who.uid(), SystemCall.SETRESUID, uid, uid, uid);
    capabilities(granted, who);
    if (process.noNewPrivileges()) {
      prctl("set no new privileges", PR_SET_NO_NEW_PRIVS, 1);
    }
  }

  private static Arg groups(Identity who) {
    byte[] bytes = new byte[who.groups().size() * 4];
    var out = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    who.groups().forEach(out::putInt);
    return new Arg.Bytes("groups " + who.groups(), bytes);
  }

  /** A user other than root gets no capability now, as execve will take them anyway. */
  private void capabilities(long granted, Identity who) {
    long ambient = process.capabilities().ambientMask() & granted;
    long kept = who.isRoot() ? granted : ambient;
    if (facts.filter().isPresent() && !process.noNewPrivileges()) {
      kept |= 1L << Capability.SYS_ADMIN.bit();
    }
    long low = kept & 0xFFFFFFFFL;
    long high = kept >>> 32;
    program.call(
        "set capabilities",
        SystemCall.CAPSET,
        words(CAPABILITY_VERSION_3),
        // effective, permitted, inheritable: low words of all three, then the high words
        words(
            low | low << 32, (ambient & 0xFFFFFFFFL) | high << 32, high | (ambient >>> 32) << 32));
    for (int bit = 0; bit <= facts.lastCapability(); bit++) {
      if ((ambient >> bit & 1) == 1) {
        program.call(
            "raise ambient capability " + bit,
            SystemCall.PRCTL,
            number(PR_CAP_AMBIENT),
            number(PR_CAP_AMBIENT_RAISE),
            number(bit),
            number(0),
            number(0));
      }
    }
  }

  /** A signal ignored by whoever started the daemon (nohup) would stay ignored across exec. */
  private void signals() {
    Arg defaultAction = words(0, 0, 0, 0);
    for (int signal = 1; signal <= SIGNALS; signal++) {
      if (signal != SIGKILL && signal != SIGSTOP) {
        program
            .call(
                "reset signal " + signal,
                SystemCall.RT_SIGACTION,
                number(signal),
                defaultAction,
                number(0),
                number(8))
            .mayFail();
      }
    }
    program.call(
        "unblock signals",
        SystemCall.RT_SIGPROCMASK,
        number(SIG_SETMASK),
        words(0L),
        number(0),
        number(8));
  }

  /** Decides on the program before the filter is in, which may allow nothing but execve. */
  private void execute() {
    String path = process.variable("PATH").orElse("");
    List<String> candidates = ProgramSearch.candidates(process.args().getFirst(), path);
    List<Label> found = new ArrayList<>();
    for (String candidate : candidates) {
      Label label = new Label();
      found.add(label);
      search(candidate, label);
    }
    // Nothing was found: a call that cannot succeed ends the program here.
    program.call(NOT_FOUND_STEP, SystemCall.EXECVE, text(""), number(0), number(0));
    for (int i = 0; i < candidates.size(); i++) {
      program.bind(found.get(i));
      filter();
      program.call(
          EXEC_STEP + candidates.get(i),
          SystemCall.EXECVE,
          text(candidates.get(i)),
          Arg.vector(process.args()),
          Arg.vector(facts.env()));
    }
  }

  /** Is it there, not by a magic link, executable for this user, and not a directory? */
  private void search(String candidate, Label found) {
    String step = SEARCH_STEP + " " + candidate;
    Label next = new Label();
    program.call(step, SystemCall.OPENAT2, openHow(candidate)).onError(next);
    program
        .call(
            step,
            SystemCall.FACCESSAT2,
            number(OpenFlags.AT_FDCWD),
            text(candidate),
            number(X_OK),
            number(AT_EACCESS))
        .onError(next);
    // "name/." can be opened only if the name is a directory
    program.call(step, SystemCall.OPENAT2, openHow(candidate + "/.")).onError(found);
    program.bind(next);
  }

  private static Arg[] openHow(String path) {
    return new Arg[] {
      number(OpenFlags.AT_FDCWD),
      text(path),
      words(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, 0, OpenFlags.RESOLVE_NO_MAGICLINKS),
      number(HOW_BYTES)
    };
  }

  private void filter() {
    facts
        .filter()
        .ifPresent(filter ->
            program.call(
                "install seccomp filter",
                SystemCall.SECCOMP,
                number(SECCOMP_SET_MODE_FILTER),
                number(filter.flags()),
                words(
                    number(filter.instructions().length / INSTRUCTION_BYTES),
                    new Arg.Bytes("filter", filter.instructions()))));
  }

  private void prctl(String step, int option, long value) {
    Arg none = number(0);
    program.call(step, SystemCall.PRCTL, number(option), number(value), none, none, none);
  }
}
