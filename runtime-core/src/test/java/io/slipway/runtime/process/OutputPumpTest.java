package io.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputPumpTest {
  private static final int SPLICE_F_NONBLOCK = 2;

  /** Notes what it was given, and how much was in the pipe meanwhile. */
  private static final class Sink extends OutputStream {
    private final Fd source;
    private final List<String> written = new ArrayList<>();
    private final List<Long> leftInPipe = new ArrayList<>();

    Sink(Fd source) {
      this.source = source;
    }

    @Override
    public void write(int b) {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
      try (FileCalls.Pipe look = FileCalls.pipe(0)) {
        leftInPipe.add(FileCalls.tee(source, look.writeEnd(), 1000, SPLICE_F_NONBLOCK));
      }
    }
  }

  private static Sink pump(String text) throws Exception {
    FileCalls.Pipe pipe = FileCalls.pipe(0);
    try (Fd second = pipe.readEnd().duplicate()) {
      Sink sink = new Sink(second);
      FileCalls.writeFully(pipe.writeEnd(), text.getBytes(StandardCharsets.UTF_8));
      pipe.writeEnd().close();
      OutputPump pump = OutputPump.careful(pipe.readEnd(), sink);
      pump.run();
      pump.done().get();
      return sink;
    }
  }

  @Test
  void aCarefulOneTakesNothingBeforeItIsPassedOn() throws Exception {
    Sink sink = pump("one\ntwo\n");
    assertThat(sink.written).containsExactly("one\ntwo\n");
    assertThat(sink.leftInPipe).containsExactly(8L);
  }

  @Test
  void aCarefulOnePassesWholeLinesOnFirst() throws Exception {
    Sink sink = pump("one\ntwo\nprompt> ");
    assertThat(sink.written).containsExactly("one\ntwo\n", "prompt> ");
    assertThat(sink.leftInPipe).containsExactly(16L, 8L);
  }
}
