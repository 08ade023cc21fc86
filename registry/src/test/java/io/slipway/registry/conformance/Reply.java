package io.slipway.registry.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** An answer, and checks of it that report to the probe. */
record Reply(Probe probe, String request, HttpResponse<byte[]> response) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 200;

  int code() {
    return response.statusCode();
  }

  byte[] body() {
    return response.body();
  }

  /** The header, or empty text. */
  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The address to go on with. */
  String location() {
    String location = header("Location");
    probe.check(!location.isEmpty(), request + ": no Location");
    return location.isEmpty() ? "/v2/no-location" : location;
  }

  JsonNode json() {
    try {
      JsonNode node = JSON.readTree(body());
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  Reply status(int... expected) {
    probe.check(
        IntStream.of(expected).anyMatch(status -> status == code()),
        "%s: status %d, wanted %s".formatted(request, code(), Arrays.toString(expected)));
    return this;
  }

  /** A header's value; {@code *} stands for any, and JSON may say its charset. */
  Reply header(String name, String expected) {
    List<String> values = response.headers().allValues(name);
    boolean json = expected.equals("application/json");
    probe.check(
        expected.equals("*")
            ? !values.isEmpty()
            : values.stream().anyMatch(v -> v.equals(expected) || json && v.startsWith(expected)),
        "%s: header %s is %s, wanted %s".formatted(request, name, values, expected));
    return this;
  }

  Reply body(byte[] expected) {
    probe.check(
        Arrays.equals(body(), expected),
        "%s: %d bytes of other content, wanted %d"
            .formatted(request, body().length, expected.length));
    return this;
  }

  /** The body as text, whatever line end it may have. */
  Reply text(String expected) {
    String seen = new String(body(), StandardCharsets.UTF_8).strip();
    probe.check(
        seen.equals(expected),
        "%s: body %s, wanted %s"
            .formatted(request, seen.substring(0, Math.min(SHOWN, seen.length())), expected));
    return this;
  }

  /** An error of the protocol. */
  Reply error(String code) {
    header("Content-Type", "application/json");
    String seen = json().at("/errors/0/code").asText();
    String text = new String(body(), StandardCharsets.UTF_8);
    probe.check(
        seen.equals(code),
        "%s: error %s, wanted %s"
            .formatted(request, text.substring(0, Math.min(SHOWN, text.length())), code));
    return this;
  }
}
