package io.slipway.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the built-in profile answers, call by call, through the compiled program. */
class DefaultProfileTest {
  static final Set<String> DOCKER_CAPS =
      Set.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050000;
  private static final int EPERM = ERRNO | 1;
  private static final int ENOSYS = ERRNO | 38;
  private static final KernelVersion KERNEL = new KernelVersion(6, 1);

  private final SyscallTable table = SyscallTable.load();
  private final SeccompProfile profile = new SeccompProfileReader().standard();

  private BpfInterpreter filter(String... extraCaps) {
    Set<String> caps = new HashSet<>(DOCKER_CAPS);
    caps.addAll(List.of(extraCaps));
    return new BpfInterpreter(
        new SeccompCompiler(KERNEL).compile(profile, caps, SeccompArch.X86_64));
  }

  private int number(SeccompArch arch, String name) {
    return table.number(arch, name).orElseThrow();
  }

  private String answer(BpfInterpreter filter, SeccompArch arch, String name, long... args) {
    return switch (filter.run(arch, number(arch, name), args)) {
      case ALLOW -> "allow";
      case EPERM -> "eperm";
      case ENOSYS -> "enosys";
      case 0 -> "kill";
      default -> "other";
    };
  }

  @Test
  void namesAsManyCallsOutrightAsDocker() {
    Set<String> outright = new TreeSet<>();
    profile.rules().stream()
        .filter(r -> r.args().isEmpty())
        .filter(r -> r.includes().equals(RuleFilter.NONE) && r.excludes().equals(RuleFilter.NONE))
        .forEach(r -> outright.addAll(r.names()));
    assertThat(outright).hasSize(364);
  }

  @ParameterizedTest
  @CsvSource({
    "read, allow",
    "execve, allow",
    "openat2, allow",
    "futex, allow",
    "keyctl, allow",
    "seccomp, allow",
    "ptrace, allow",
    "arch_prctl, allow",
    "modify_ldt, allow",
    "chroot, allow",
    "mseal, allow",
    "removexattrat, allow",
    "mount, eperm",
    "umount2, eperm",
    "unshare, eperm",
    "setns, eperm",
    "pivot_root, eperm",
    "bpf, eperm",
    "perf_event_open, eperm",
    "kexec_load, eperm",
    "kexec_file_load, eperm",
    "init_module, eperm",
    "reboot, eperm",
    "settimeofday, eperm",
    "clock_settime, eperm",
    "swapon, eperm",
    "acct, eperm",
    "iopl, eperm",
    "vhangup, eperm",
    "mbind, eperm",
    "io_uring_setup, eperm",
    "io_uring_enter, eperm",
    "userfaultfd, eperm",
    "open_by_handle_at, eperm",
    "syslog, eperm",
    "move_pages, eperm",
    "quotactl, eperm",
    "clone3, enosys",
    "file_setattr, enosys",
    "open_tree_attr, enosys",
  })
  void answersForDockersCapabilities(String name, String expected) {
    BpfInterpreter filter = filter();
    assertThat(answer(filter, SeccompArch.X86_64, name)).isEqualTo(expected);
    assertThat(filter.steps()).as("a binary search, not a list").isLessThan(20);
  }

  @ParameterizedTest
  @CsvSource({
    "CAP_SYS_ADMIN, mount", "CAP_SYS_ADMIN, clone3", "CAP_SYS_ADMIN, unshare",
    "CAP_SYS_ADMIN, bpf", "CAP_BPF, bpf", "CAP_PERFMON, perf_event_open",
    "CAP_SYSLOG, syslog", "CAP_SYS_BOOT, reboot", "CAP_SYS_MODULE, init_module",
    "CAP_SYS_PACCT, acct", "CAP_SYS_PTRACE, kcmp", "CAP_SYS_RAWIO, iopl",
    "CAP_SYS_TIME, settimeofday", "CAP_SYS_TTY_CONFIG, vhangup", "CAP_SYS_NICE, mbind",
    "CAP_DAC_READ_SEARCH, open_by_handle_at",
  })
  void aCapabilityOpensItsCalls(String cap, String name) {
    assertThat(answer(filter(), SeccompArch.X86_64, name)).isNotEqualTo("allow");
    assertThat(answer(filter(cap), SeccompArch.X86_64, name)).isEqualTo("allow");
  }

  @Test
  void chrootNeedsItsCapability() {
    BpfInterpreter bare =
        new BpfInterpreter(
            new SeccompCompiler(KERNEL).compile(profile, Set.of(), SeccompArch.X86_64));
    assertThat(answer(bare, SeccompArch.X86_64, "chroot")).isEqualTo("eperm");
  }

  @ParameterizedTest
  @CsvSource({
    "0x00003d0f00, allow",
    "0x11, allow",
    "0x00000000, allow",
    "0x80000000, allow",
    "0x10000000, eperm",
    "0x20000000, eperm",
    "0x40000000, eperm",
    "0x02000000, eperm",
    "0x04000000, eperm",
    "0x08000000, eperm",
    "0x00020000, eperm",
    "0x100000011, allow",
    "0x110000000, eperm",
  })
  void cloneMakesNoNamespaces(String flags, String expected) {
    long value = Long.decode(flags);
    assertThat(answer(filter(), SeccompArch.X86_64, "clone", value)).isEqualTo(expected);
    assertThat(answer(filter("CAP_SYS_ADMIN"), SeccompArch.X86_64, "clone", value))
        .isEqualTo("allow");
  }

  @ParameterizedTest
  @CsvSource({
    "1, allow",
    "2, allow",
    "10, allow",
    "16, allow",
    "37, allow",
    "38, eperm",
    "39, allow",
    "40, eperm",
    "41, allow",
    "45, allow"
  })
  void socketRefusesTheCryptographyAndHypervisorFamilies(long family, String expected) {
    assertThat(answer(filter(), SeccompArch.X86_64, "socket", family, 1, 0)).isEqualTo(expected);
    assertThat(answer(filter(), SeccompArch.X86, "socket", family, 1, 0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0, allow",
    "0x8, allow",
    "0x20000, allow",
    "0x20008, allow",
    "0xffffffff, allow",
    "0x1, eperm",
    "0x40000, eperm",
    "0x20001, eperm",
    "0x1ffffffff, eperm",
    "0x100000000, eperm"
  })
  void personalityTakesFiveValues(String value, String expected) {
    assertThat(answer(filter(), SeccompArch.X86_64, "personality", Long.decode(value)))
        .isEqualTo(expected);
  }

  @Test
  void readsTheRunningKernelsVersion() throws Exception {
    assertThat(KernelVersion.running()).isGreaterThan(new KernelVersion(4, 8));
    assertThat(System.getProperty("os.version"))
        .startsWith(KernelVersion.running().major() + "." + KernelVersion.running().minor());
  }

  @Test
  void ptraceWaitsForKernelFourEight() {
    SeccompCompiler old = new SeccompCompiler(KernelVersion.parse("4.7.10-generic"));
    BpfInterpreter filter =
        new BpfInterpreter(old.compile(profile, DOCKER_CAPS, SeccompArch.X86_64));
    assertThat(answer(filter, SeccompArch.X86_64, "ptrace")).isEqualTo("eperm");
    assertThat(answer(filter, SeccompArch.X86_64, "process_vm_readv")).isEqualTo("eperm");
  }

  @Test
  void thirtyTwoBitProgramsGetTheirOwnNumbers() {
    BpfInterpreter filter = filter();
    assertThat(answer(filter, SeccompArch.X86, "socketcall")).isEqualTo("allow");
    assertThat(answer(filter, SeccompArch.X86, "stat64")).isEqualTo("allow");
    assertThat(answer(filter, SeccompArch.X86, "mount")).isEqualTo("eperm");
    assertThat(answer(filter, SeccompArch.X86, "umount")).isEqualTo("eperm");
    // 165 is mount for 64-bit programs and getresuid for 32-bit ones.
    assertThat(filter.run(SeccompArch.X86, 165)).isEqualTo(ALLOW);
    assertThat(filter.run(SeccompArch.X86_64, 165)).isEqualTo(EPERM);
  }

  @Test
  void x32AndFutureAndNegativeNumbersAreUnknown() {
    BpfInterpreter filter = filter();
    int x32 = 0x40000000;
    assertThat(filter.run(SeccompArch.X86_64, x32 | number(SeccompArch.X86_64, "read")))
        .isEqualTo(ENOSYS);
    assertThat(filter.run(SeccompArch.X86_64, x32 | 512)).isEqualTo(ENOSYS);
    assertThat(filter.run(SeccompArch.X86_64, 10_000)).isEqualTo(ENOSYS);
    assertThat(filter.run(SeccompArch.X86_64, -1)).isEqualTo(ENOSYS);
    // A hole inside the table is known to be nothing.
    assertThat(filter.run(SeccompArch.X86_64, 400)).isEqualTo(EPERM);
  }

  @Test
  void aForeignArchitectureIsKilled() {
    assertThat(filter().run(SeccompArch.AARCH64, number(SeccompArch.AARCH64, "read"))).isZero();
  }

  @Test
  void armHasPrivateCallsAboveTheUnknownOnes() {
    BpfInterpreter filter =
        new BpfInterpreter(
            new SeccompCompiler(KERNEL).compile(profile, DOCKER_CAPS, SeccompArch.AARCH64));
    assertThat(answer(filter, SeccompArch.AARCH64, "openat")).isEqualTo("allow");
    assertThat(answer(filter, SeccompArch.AARCH64, "mount")).isEqualTo("eperm");
    assertThat(answer(filter, SeccompArch.ARM, "cacheflush")).isEqualTo("allow");
    assertThat(answer(filter, SeccompArch.ARM, "set_tls")).isEqualTo("allow");
    assertThat(filter.run(SeccompArch.ARM, 900)).isEqualTo(ENOSYS);
    assertThat(filter.run(SeccompArch.ARM, 0xf0003)).isEqualTo(ENOSYS);
    assertThat(answer(filter, SeccompArch.ARM, "open")).isEqualTo("allow");
  }
}
