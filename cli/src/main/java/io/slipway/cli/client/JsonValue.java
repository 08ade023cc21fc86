package io.slipway.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value as it was received. Reading a member that is absent or of another kind gives the
 * neutral value (an empty text, 0, false, an empty list), which is what Docker's clients take a
 * null for.
 *
 * <p>Each kind has its own methods: a switch over the kinds is linked when first met, which is dear
 * in a program that runs for a moment.
 */
public sealed interface JsonValue {
  /** The factory's streaming parsers cost a tenth of a data binder's start-up. */
  JsonFactory FACTORY = new JsonFactory();

  /** An object; members in the order they came. */
  record Obj(Map<String, JsonValue> members) implements JsonValue {
    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeStartObject();
      for (var member : members.entrySet()) {
        out.writeFieldName(member.getKey());
        member.getValue().write(out);
      }
      out.writeEndObject();
    }
  }

  /** An array. */
  record Arr(List<JsonValue> items) implements JsonValue {
    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeStartArray();
      for (JsonValue item : items) {
        item.write(out);
      }
      out.writeEndArray();
    }
  }

  /** A string. */
  record Text(String value) implements JsonValue {
    @Override
    public String text() {
      return value;
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeString(value);
    }
  }

  /** A number, as written. */
  record Num(String value) implements JsonValue {
    @Override
    public String text() {
      return value;
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeNumber(value);
    }
  }

  /** true or false. */
  record Bool(boolean value) implements JsonValue {
    @Override
    public String text() {
      return Boolean.toString(value);
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeBoolean(value);
    }
  }

  /** null, and every member that is not there. */
  record Null() implements JsonValue {
    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeNull();
    }
  }

  /** The member of that name. */
  default JsonValue get(String name) {
    return this instanceof Obj(var members) && members.get(name) != null
        ? members.get(name)
        : new Null();
  }

  /** The value as text; numbers and booleans as written; nothing for the other kinds. */
  default String text() {
    return "";
  }

  /** The text of a member. */
  default String text(String name) {
    return get(name).text();
  }

  /** A whole number. */
  default long number() {
    return this instanceof Num(String value) ? (long) Double.parseDouble(value) : 0;
  }

  /** The whole number of a member. */
  default long number(String name) {
    return this.get(name) instanceof Num(String value) && value.matches("-?\\d+")
        ? Long.parseLong(value)
        : get(name).number();
  }

  /** The truth of a member. */
  default boolean flag(String name) {
    return get(name) instanceof Bool(boolean value) && value;
  }

  /** An array's items. */
  default List<JsonValue> items() {
    return this instanceof Arr(var items) ? items : List.of();
  }

  /** An object's members. */
  default Map<String, JsonValue> members() {
    return this instanceof Obj(var members) ? members : Map.of();
  }

  /** The values that follow one another in a stream, such as progress lines; null at its end. */
  static JsonValue next(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    return token == null ? null : read(parser, token);
  }

  /** Reads one value and closes the stream. */
  static JsonValue read(InputStream in) throws IOException {
    try (JsonParser parser = FACTORY.createParser(in)) {
      JsonValue value = next(parser);
      return value == null ? new Null() : value;
    }
  }

  private static JsonValue read(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          members.put(name, read(parser, parser.nextToken()));
        }
        yield new Obj(members);
      }
      case START_ARRAY -> {
        List<JsonValue> items = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          items.add(read(parser, t));
        }
        yield new Arr(items);
      }
      case VALUE_STRING -> new Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> new Bool(token == JsonToken.VALUE_TRUE);
      default -> new Null();
    };
  }

  /** The value as JSON text; indented by four blanks as {@code docker inspect} prints it. */
  default String print(boolean indented) {
    return print(indented ? DockerIndent.USUAL : "");
  }

  /** The value as JSON text; indented by a text of blanks, in one line if that is empty. */
  default String print(String indent) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      if (!indent.isEmpty()) {
        generator.setPrettyPrinter(new DockerIndent(indent));
      }
      write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Writes the value to a generator. */
  void write(JsonGenerator out) throws IOException;
}
