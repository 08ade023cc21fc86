package io.slipway.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxCallsTest {
  @TempDir Path folder;

  @Test
  void readsTextWholeOrTellsTheErrorsNumber() throws Exception {
    Path file = Files.writeString(folder.resolve("text"), "é".repeat(5000));
    assertThat(FileCalls.readText(file)).isEqualTo("é".repeat(5000));
    assertThat(FileCalls.readText(Path.of("/proc/self/comm"))).endsWith("\n");

    assertThatThrownBy(() -> FileCalls.readText(folder.resolve("nosuch")))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void failureNamesCallArgumentAndReason() {
    assertThatThrownBy(() -> FileCalls.open(folder.resolve("nosuch"), OpenFlags.O_RDONLY, 0))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
        .hasMessage("openat " + folder.resolve("nosuch") + ": no such file or directory");
  }

  @Test
  void writesReadBackThroughTheDescriptorPath() throws Exception {
    Path file = folder.resolve("file");
    try (Fd fd = FileCalls.open(file, OpenFlags.O_CREAT | OpenFlags.O_RDWR, 0640)) {
      FileCalls.writeFully(fd, "hello".getBytes(StandardCharsets.UTF_8));
      assertThat(Files.readString(fd.path())).isEqualTo("hello");
      FileStatus status = TreeCalls.status(fd);
      assertThat(status.permissions()).isEqualTo(0640);
      assertThat(status.isRegular()).isTrue();
      assertThat(status.size()).isEqualTo(5);
      assertThat(status.mtimeSeconds())
          .isCloseTo(System.currentTimeMillis() / 1000, org.assertj.core.data.Offset.offset(60L));
      assertThat(status.inode()).isEqualTo((long) (Long) Files.getAttribute(file, "unix:ino"));
    }
  }

  @Test
  void closedDescriptorIsNeverUsed() throws Exception {
    Fd fd = FileCalls.memory("test");
    int number = fd.number();
    fd.close();
    fd.close();
    assertThat(fd.isOpen()).isFalse();
    assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class);
    assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
  }

  @Test
  void resolveInRootKeepsAbsoluteLinksInside() throws Exception {
    Files.writeString(folder.resolve("secret"), "inside");
    TreeCalls.makeSymlink("/../../secret", OpenFlags.AT_FDCWD, folder.resolve("link").toString());
    try (Fd root = FileCalls.open(folder, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0);
        Fd file =
            FileCalls.openAt2(root, "/link", OpenFlags.O_RDONLY, 0, OpenFlags.RESOLVE_IN_ROOT)) {
      assertThat(Files.readString(file.path())).isEqualTo("inside");
      assertThat(TreeCalls.readLink(root.number(), "link")).isEqualTo("/../../secret");
    }
  }

  @Test
  void namesThatAreNotUtf8SurviveTheRoundTrip() throws Exception {
    byte[] raw = {'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, (byte) 0x80, 'z', (byte) 0xE2};
    String name = PathBytes.decode(raw);
    assertThat(PathBytes.encode(name)).isEqualTo(raw);
    try (Fd directory = FileCalls.open(folder, OpenFlags.O_PATH, 0)) {
      FileCalls.openAt(directory, name, OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0600).close();
      assertThat(TreeCalls.status(directory.number(), name, 0).isRegular()).isTrue();
    }
    assertThat(PathBytes.encode("gr\u00fc\u00df \ud83d\udea2"))
        .isEqualTo("gr\u00fc\u00df \ud83d\udea2".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> PathBytes.encode("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void extendedAttributesAreSetListedReadAndRemoved() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(XattrCalls.get(file, "user.color")).isEmpty();
    XattrCalls.set(file, "user.color", new byte[] {1, 2, 3});
    assertThat(XattrCalls.list(file)).contains("user.color");
    assertThat(XattrCalls.get(file, "user.color")).hasValue(new byte[] {1, 2, 3});
    XattrCalls.remove(file, "user.color");
    assertThat(XattrCalls.list(file)).doesNotContain("user.color");
  }

  @Test
  void aPipeIsReadyWhenItHasBytes() throws Exception {
    try (FileCalls.Pipe pipe = FileCalls.pipe(0)) {
      int[] numbers = {pipe.readEnd().number()};
      assertThat(ProcessCalls.poll(numbers, ProcessCalls.POLLIN, 0)[0]).isZero();
      FileCalls.writeFully(pipe.writeEnd(), new byte[] {7});
      assertThat(ProcessCalls.poll(numbers, ProcessCalls.POLLIN, 1000)[0])
          .isEqualTo(ProcessCalls.POLLIN);
    }
  }

  @Test
  void deviceNumbersSplitAsTheKernelDoes() {
    assertThat(DeviceNumber.of(1, 3)).isEqualTo(0x103);
    assertThat(DeviceNumber.of(259, 0x12345)).isEqualTo(0x12310345L);
    assertThat(DeviceNumber.major(DeviceNumber.of(259, 0x12345))).isEqualTo(259);
    assertThat(DeviceNumber.minor(DeviceNumber.of(259, 0x12345))).isEqualTo(0x12345);
  }
}
