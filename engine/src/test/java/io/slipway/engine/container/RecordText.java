package io.slipway.engine.container;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** A record as indented lines, for goldens: one value a line, sets and maps sorted. */
final class RecordText {
  private final StringBuilder out = new StringBuilder();

  private RecordText() {}

  static String of(Record record) {
    RecordText text = new RecordText();
    text.fields(record, 0);
    return text.out.toString();
  }

  private void fields(Record record, int depth) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        value(component.getName(), component.getAccessor().invoke(record), depth);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void value(String name, Object value, int depth) {
    switch (value) {
      case null -> line(name, "null", depth);
      case Optional<?> optional -> value(name, optional.orElse(null), depth);
      case OptionalLong number ->
          line(name, number.isPresent() ? "" + number.getAsLong() : "null", depth);
      case OptionalInt number ->
          line(name, number.isPresent() ? "" + number.getAsInt() : "null", depth);
      case Record record -> {
        line(name, record.getClass().getSimpleName(), depth);
        fields(record, depth + 1);
      }
      case Set<?> set -> line(name, set.stream().map(Object::toString).sorted().toList(), depth);
      case Collection<?> all when all.stream().anyMatch(Record.class::isInstance) -> {
        line(name, all.size() + " of", depth);
        all.forEach(one -> line("-", flat(one), depth + 1));
      }
      case Collection<?> all -> line(name, all, depth);
      case Map<?, ?> map -> line(name, new TreeMap<>(map), depth);
      default -> line(name, value, depth);
    }
  }

  /** A record in a list takes one line; its sets are sorted. */
  private static String flat(Object value) {
    if (!(value instanceof Record record)) {
      return String.valueOf(value);
    }
    StringBuilder line = new StringBuilder(record.getClass().getSimpleName());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        Object part = component.getAccessor().invoke(record);
        Object shown =
            part instanceof Set<?> set
                ? set.stream().map(Object::toString).sorted().toList()
                : part;
        line.append(' ').append(component.getName()).append('=').append(shown);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return line.toString();
  }

  private void line(String name, Object value, int depth) {
    out.append("  ".repeat(depth)).append(name).append(": ").append(value).append('\n');
  }
}
