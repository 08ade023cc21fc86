package io.slipway.runtime.linux;

import java.util.Locale;

/**
 * The system calls Slipway makes, with their numbers: first x86-64 ({@code asm/unistd_64.h}), then
 * aarch64 ({@code asm-generic/unistd.h}). Only calls that exist on both are listed, which is why
 * the {@code *at} forms are used throughout.
 */
public enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  LINKAT(265, 37),
  SYMLINKAT(266, 36),
  UNLINKAT(263, 35),
  RENAMEAT2(316, 276),
  READLINKAT(267, 78),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  FCHMODAT2(452, 452),
  UTIMENSAT(280, 88),
  STATX(332, 291),
  STATFS(137, 43),
  FSTATFS(138, 44),
  FACCESSAT2(439, 439),
  GETDENTS64(217, 61),
  LSEEK(8, 62),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  FTRUNCATE(77, 46),
  FALLOCATE(285, 47),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  SYNCFS(306, 267),
  COPY_FILE_RANGE(326, 285),
  SENDFILE(40, 71),
  SPLICE(275, 76),
  PIPE2(293, 59),
  DUP3(292, 24),
  FCNTL(72, 25),
  IOCTL(16, 29),
  FLOCK(73, 32),
  PPOLL(271, 73),
  CLOSE_RANGE(436, 436),
  MEMFD_CREATE(319, 279),
  MMAP(9, 222),
  MPROTECT(10, 226),
  MUNMAP(11, 215),
  EVENTFD2(290, 19),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  CHDIR(80, 49),
  FCHDIR(81, 50),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  FSPICK(433, 433),
  MOVE_MOUNT(429, 429),
  OPEN_TREE(428, 428),
  MOUNT_SETATTR(442, 442),
  SETNS(308, 268),
  UNSHARE(272, 97),
  CLONE3(435, 435),
  EXECVE(59, 221),
  EXIT_GROUP(231, 94),
  KILL(62, 129),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  WAITID(247, 95),
  WAIT4(61, 260),
  PRCTL(157, 167),
  PRLIMIT64(302, 261),
  CAPGET(125, 90),
  CAPSET(126, 91),
  GETPID(39, 172),
  GETTID(186, 178),
  SETSID(112, 157),
  SETGROUPS(116, 159),
  SETRESUID(117, 147),
  SETRESGID(119, 149),
  UMASK(95, 166),
  SETHOSTNAME(170, 161),
  SETDOMAINNAME(171, 162),
  RT_SIGPROCMASK(14, 135),
  RT_SIGACTION(13, 134),
  SECCOMP(317, 277),
  BPF(321, 280),
  SCHED_SETAFFINITY(203, 122),
  IOPRIO_SET(251, 30),
  KEYCTL(250, 219),
  SETXATTR(188, 5),
  GETXATTR(191, 8),
  LSETXATTR(189, 6),
  LGETXATTR(192, 9),
  LLISTXATTR(195, 12),
  LREMOVEXATTR(198, 15),
  FSETXATTR(190, 7),
  FGETXATTR(193, 10),
  FLISTXATTR(196, 13),
  FREMOVEXATTR(199, 16),
  SOCKET(41, 198),
  BIND(49, 200),
  CONNECT(42, 203),
  LISTEN(50, 201),
  ACCEPT4(288, 242),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  GETSOCKNAME(51, 204),
  SETSOCKOPT(54, 208),
  GETSOCKOPT(55, 209),
  SOCKETPAIR(53, 199),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  TEE(276, 77),
  EXECVEAT(322, 281),
  PIDFD_GETFD(438, 438);

  private final int x86Number;
  private final int genericNumber;

  SystemCall(int x86Number, int genericNumber) {
    this.x86Number = x86Number;
    this.genericNumber = genericNumber;
  }

  /** Number of this call on the given architecture. */
  public int number(Arch arch) {
    return switch (arch) {
      case X86_64 -> x86Number;
      case AARCH64 -> genericNumber;
    };
  }

  /** The kernel's own name, for messages: {@code mount_setattr}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
