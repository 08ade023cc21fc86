package io.slipway.registry.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Requests and answers as lines of JSON. */
final class AdminWire {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What a server answers: a line of output, or the end, with an error or without. */
  record Answer(String line, boolean done, String error, ErrorKind kind) {}

  private AdminWire() {}

  static AdminRequest parseRequest(String line) {
    try {
      return JSON.readValue(line, AdminRequest.class);
    } catch (JsonProcessingException e) {
      throw SlipwayException.invalid("malformed order: " + e.getOriginalMessage());
    }
  }

  static Answer parseAnswer(String line) throws IOException {
    return JSON.readValue(line, Answer.class);
  }

  static void send(WritableByteChannel channel, Object message) throws IOException {
    byte[] text = (JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.wrap(text);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Writes answers. */
  static final class Writer {
    private final WritableByteChannel channel;

    Writer(WritableByteChannel channel) {
      this.channel = channel;
    }

    void line(String line) {
      write(new Answer(line, false, null, null));
    }

    void done() {
      write(new Answer(null, true, null, null));
    }

    void failed(SlipwayException failure) {
      write(new Answer(null, true, failure.getMessage(), failure.kind()));
    }

    private void write(Answer answer) {
      try {
        send(channel, answer);
      } catch (IOException e) {
        throw new UncheckedIOException("its client went away", e);
      }
    }
  }
}
