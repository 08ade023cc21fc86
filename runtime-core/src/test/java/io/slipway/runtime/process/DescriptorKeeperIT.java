package io.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.process.DescriptorKeeper.Kept;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second keeper on the same file stands for the program that comes after a killed one. */
class DescriptorKeeperIT {
  @TempDir Path directory;
  private ProcessLauncher launcher;
  private PidFdReaper reaper;
  private final List<DescriptorKeeper> keepers = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    launcher = new ProcessLauncher(2);
    reaper = new PidFdReaper(Runnable::run);
  }

  @AfterEach
  void close() throws Exception {
    keepers.getLast().inherited().forEach(DescriptorKeeperIT::close);
    for (DescriptorKeeper keeper : keepers) {
      keeper.close();
    }
    assertThat(directory.resolve("keeper")).doesNotExist();
    reaper.close();
    launcher.close();
  }

  private static void close(Kept kept) {
    try {
      kept.close();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private DescriptorKeeper keeper() throws Exception {
    keepers.add(DescriptorKeeper.open(directory.resolve("keeper"), launcher, reaper));
    return keepers.getLast();
  }

  private static Map<String, Fd> pipe(FileCalls.Pipe pipe, String text) throws Exception {
    FileCalls.writeFully(pipe.writeEnd(), text.getBytes(StandardCharsets.UTF_8));
    return Map.of("out", pipe.readEnd());
  }

  private static String read(Fd file) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(100);
      int length = (int) FileCalls.read(file, bytes);
      byte[] text = bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatIsInAPipeOutlivesBothItsEnds() throws Exception {
    Kept first;
    try (FileCalls.Pipe pipe = FileCalls.pipe(0);
        FileCalls.Pipe other = FileCalls.pipe(0)) {
      DescriptorKeeper keeper = keeper();
      first = keeper.keep("first", pipe(pipe, "to be read"));
      keeper.keep("second", pipe(other, "not needed")).close();
    }
    Kept kept = keeper().inherited().stream().findFirst().orElseThrow();
    assertThat(kept.name()).isEqualTo("first");
    try (Fd out = kept.take().get("out")) {
      assertThat(read(out)).isEqualTo("to be read");
      assertThat(read(out)).as("the end").isEmpty();
    }
    assertThat(keepers.getLast().inherited()).isEmpty();
    first.close();
    kept.close();
  }

  @Test
  void theQueueIsWrittenAnewWithoutLosingAny() throws Exception {
    DescriptorKeeper keeper = keeper();
    List<Kept> lasting = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      try (FileCalls.Pipe pipe = FileCalls.pipe(0)) {
        Kept kept = keeper.keep("bundle " + i, pipe(pipe, "text " + i));
        if (i % 100 == 7) {
          lasting.add(kept);
        } else {
          kept.close();
        }
      }
    }
    assertThat(keeper.entries()).isLessThan(50);
    DescriptorKeeper next = keeper();
    assertThat(next.inherited())
        .extracting(Kept::name)
        .containsExactly("bundle 7", "bundle 107", "bundle 207");
    for (Kept kept : next.inherited()) {
      try (Fd out = kept.take().get("out")) {
        assertThat(read(out)).isEqualTo("text" + kept.name().substring("bundle".length()));
      }
      kept.close();
    }
    close(lasting.getFirst());
    close(lasting.get(1));
    close(lasting.get(2));
  }

  @Test
  void aRecordOfAnotherProcessIsNotBelieved() throws Exception {
    DescriptorKeeper keeper = keeper();
    try (FileCalls.Pipe pipe = FileCalls.pipe(0)) {
      Kept kept = keeper.keep("one", pipe(pipe, ""));
      Path file = directory.resolve("keeper");
      String[] fields = Files.readString(file).split(" ");
      fields[1] = fields[1] + "0";
      String right = Files.readString(file);
      Files.writeString(file, String.join(" ", fields));
      assertThat(keeper().inherited()).as("began at another time").isEmpty();
      Files.writeString(file, right.replace(fields[2], "another-boot"));
      assertThat(keeper().inherited()).as("began in another boot").isEmpty();
      kept.close();
      keepers.add(keepers.removeFirst());
    }
  }
}
