package io.slipway.cli.client;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import java.io.IOException;

/** Go's {@code json.MarshalIndent}: what scripts that read docker's output expect. */
final class DockerIndent implements PrettyPrinter {
  /** What most commands indent by. */
  static final String USUAL = "    ";

  private final String indent;
  private int depth;

  DockerIndent(String indent) {
    this.indent = indent;
  }

  @Override
  public void writeRootValueSeparator(JsonGenerator out) throws IOException {
    out.writeRaw('\n');
  }

  @Override
  public void writeStartObject(JsonGenerator out) throws IOException {
    start(out, '{');
  }

  @Override
  public void beforeObjectEntries(JsonGenerator out) throws IOException {
    line(out);
  }

  @Override
  public void writeObjectFieldValueSeparator(JsonGenerator out) throws IOException {
    out.writeRaw(": ");
  }

  @Override
  public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
    out.writeRaw(',');
    line(out);
  }

  @Override
  public void writeEndObject(JsonGenerator out, int entries) throws IOException {
    end(out, '}', entries);
  }

  @Override
  public void writeStartArray(JsonGenerator out) throws IOException {
    start(out, '[');
  }

  @Override
  public void beforeArrayValues(JsonGenerator out) throws IOException {
    line(out);
  }

  @Override
  public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
    out.writeRaw(',');
    line(out);
  }

  @Override
  public void writeEndArray(JsonGenerator out, int values) throws IOException {
    end(out, ']', values);
  }

  private void start(JsonGenerator out, char bracket) throws IOException {
    out.writeRaw(bracket);
    depth++;
  }

  private void end(JsonGenerator out, char bracket, int entries) throws IOException {
    depth--;
    if (entries > 0) {
      line(out);
    }
    out.writeRaw(bracket);
  }

  private void line(JsonGenerator out) throws IOException {
    out.writeRaw("\n" + indent.repeat(depth));
  }
}
