package io.slipway.runtime.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An argument of a system call in a {@link SyscallProgram}: symbolic until the program is laid out
 * in memory, so that it prints the same on every machine.
 */
public sealed interface Arg {

  /** A number, printed in hexadecimal when it looks like flags. */
  record Number(long value) implements Arg {
    @Override
    public String toString() {
      return value > 9999 || value < -9999 ? "0x" + Long.toHexString(value) : Long.toString(value);
    }
  }

  /** File type and permission bits, printed in octal. */
  record Mode(long value) implements Arg {
    @Override
    public String toString() {
      return "0" + Long.toOctalString(value);
    }
  }

  /** Address of a zero-terminated string. */
  record Text(String value) implements Arg {
    public Text {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return '"' + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
  }

  /** Address of raw bytes, printed by their label. */
  record Bytes(String label, byte[] value) implements Arg {
    @Override
    public String toString() {
      return "<" + label + ">";
    }
  }

  /** Address of an array of 8-byte words: an argument vector or a kernel struct. */
  record Words(List<Arg> values) implements Arg {
    public Words {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(Arg::toString).collect(Collectors.joining(", ", "{", "}"));
    }
  }

  /** Number of a descriptor that the parent opened, bound by name when the program is launched. */
  record Handle(String name) implements Arg {
    @Override
    public String toString() {
      return "<" + name + ">";
    }
  }

  /**
   * Result of an earlier call, stored into this argument while the program runs. Each result can be
   * an argument once: the interpreter stores a result at one place.
   */
  final class Slot implements Arg {
    private final String name;

    Slot(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return "$" + name;
    }
  }

  /** Address of zeroed memory that the kernel writes to, readable after the run. */
  record Out(String name, int size) implements Arg {
    @Override
    public String toString() {
      return "&" + name;
    }
  }

  static Arg number(long value) {
    return new Number(value);
  }

  static Arg mode(long value) {
    return new Mode(value);
  }

  static Arg text(String value) {
    return new Text(value);
  }

  static Arg handle(String name) {
    return new Handle(name);
  }

  static Words words(Arg... values) {
    return new Words(List.of(values));
  }

  /** A struct of plain numbers. */
  static Words words(long... values) {
    List<Arg> words = new ArrayList<>(values.length);
    for (long value : values) {
      words.add(number(value));
    }
    return new Words(words);
  }

  /** A zero-terminated vector of strings, as {@code execve} takes it. */
  static Words vector(List<String> values) {
    List<Arg> words = new ArrayList<>(values.size() + 1);
    values.forEach(v -> words.add(text(v)));
    words.add(number(0));
    return new Words(words);
  }

  /** A zero-terminated string as raw bytes of known length, for {@code write}. */
  static int length(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }
}
