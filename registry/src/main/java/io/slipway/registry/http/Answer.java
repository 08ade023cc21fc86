package io.slipway.registry.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * An answer on its way to the client: status, headers and body. Made by one thread, then passed.
 */
final class Answer {
  private static final AnswerBody NONE = new AnswerBody.None();

  private final int status;
  private final List<CharSequence> headers = new ArrayList<>(16);
  private AnswerBody body = NONE;

  private Answer(int status) {
    this.status = status;
  }

  static Answer of(int status) {
    return new Answer(status);
  }

  Answer header(CharSequence name, CharSequence value) {
    headers.add(name);
    headers.add(value);
    return this;
  }

  Answer body(AnswerBody newBody) {
    body = newBody;
    return this;
  }

  /** A JSON body. */
  Answer json(byte[] content) {
    return header(Headers.CONTENT_TYPE, Headers.JSON).body(new AnswerBody.InMemory(content));
  }

  int status() {
    return status;
  }

  AnswerBody body() {
    return body;
  }

  void forEachHeader(BiConsumer<CharSequence, CharSequence> use) {
    for (int i = 0; i < headers.size(); i += 2) {
      use.accept(headers.get(i), headers.get(i + 1));
    }
  }
}
