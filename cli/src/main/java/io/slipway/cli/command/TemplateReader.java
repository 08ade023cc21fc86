package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Go's template language as far as people use it with docker. */
final class TemplateReader {
  private static final Pattern ACTION =
      Pattern.compile("(\\s*\\{\\{- |\\{\\{)\\s*(.*?)\\s*( -}}\\s*|}})", Pattern.DOTALL);
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\)(?:\\.\\w+)+|[()|,]|:=|-?\\d+(?:\\.\\d+)?"
              + "|\\$?\\w*(?:\\.\\w+)+|\\$\\w*|\\.|\\w+)");

  private final String template;
  private final Deque<String> tokens = new ArrayDeque<>();

  TemplateReader(String template) {
    this.template = template;
  }

  /** A piece of a template. */
  sealed interface Node {}

  record Text(String text) implements Node {}

  /** Prints a value, or keeps it under a name when there is one. */
  record Print(String variable, List<Call> pipeline) implements Node {}

  /**
   * {@code if}, {@code with} and {@code range}.
   *
   * @param names of the key and the value of a range, either may be empty
   */
  record Block(
      String kind, List<String> names, List<Call> pipeline, List<Node> body, List<Node> otherwise)
      implements Node {}

  /** A value, or a function with what it is given. */
  record Call(List<Operand> operands) {}

  /** What stands for one value. */
  sealed interface Operand {}

  /** {@code .A.B} or {@code $x.A}; the variable is empty for the dot. */
  record Path(String variable, List<String> names) implements Operand {}

  record Literal(JsonValue value) implements Operand {}

  record Function(String name) implements Operand {}

  /** Something in parentheses, and members of it: {@code (index .Mounts 0).Name}. */
  record Group(List<Call> pipeline, List<String> names) implements Operand {}

  List<Node> read() {
    Deque<List<Node>> open = new ArrayDeque<>();
    Deque<Block> blocks = new ArrayDeque<>();
    open.push(new ArrayList<>());
    Matcher action = ACTION.matcher(template);
    int from = 0;
    while (action.find()) {
      open.peek().add(new Text(template.substring(from, action.start())));
      from = action.end();
      String code = action.group(2);
      String word = code.split("\\s", 2)[0];
      switch (word) {
        case "if", "with", "range" -> {
          Block block = block(word, code.substring(word.length()));
          open.peek().add(block);
          blocks.push(block);
          open.push(block.body());
        }
        case "else" -> {
          requireOpen(blocks, code);
          open.pop();
          open.push(blocks.peek().otherwise());
        }
        case "end" -> {
          requireOpen(blocks, code);
          open.pop();
          blocks.pop();
        }
        default -> open.peek().add(print(code));
      }
    }
    open.peek().add(new Text(template.substring(from)));
    if (!blocks.isEmpty()) {
      throw failure("unexpected EOF");
    }
    return open.peek();
  }

  private void requireOpen(Deque<Block> blocks, String code) {
    if (blocks.isEmpty()) {
      throw failure("unexpected {{" + code + "}}");
    }
  }

  private Block block(String kind, String code) {
    tokenize(code);
    List<String> names = new ArrayList<>();
    if (tokens.contains(":=")) {
      while (!tokens.peek().equals(":=")) {
        String token = tokens.pop();
        if (!token.equals(",")) {
          names.add(token);
        }
      }
      tokens.pop();
    }
    return new Block(kind, names, pipeline(), new ArrayList<>(), new ArrayList<>());
  }

  private Node print(String code) {
    if (code.startsWith("/*")) {
      return new Text("");
    }
    tokenize(code);
    String variable = "";
    if (tokens.contains(":=")) {
      variable = tokens.pop();
      tokens.pop();
    }
    List<Call> pipeline = pipeline();
    if (!tokens.isEmpty()) {
      throw failure("unexpected \"" + tokens.peek() + "\" in operand");
    }
    return new Print(variable, pipeline);
  }

  private void tokenize(String code) {
    tokens.clear();
    Matcher token = TOKEN.matcher(code);
    int end = 0;
    while (end < code.length() && token.find(end) && token.start() == end) {
      tokens.addLast(token.group(1));
      end = token.end();
    }
    if (!code.substring(end).isBlank()) {
      throw failure("unexpected \"" + code.substring(end).strip() + "\" in command");
    }
  }

  private List<Call> pipeline() {
    List<Call> calls = new ArrayList<>();
    do {
      List<Operand> operands = new ArrayList<>();
      while (!tokens.isEmpty() && !endsCall(tokens.peek())) {
        operands.add(operand(tokens.pop()));
      }
      if (operands.isEmpty()) {
        throw failure("missing value for command");
      }
      calls.add(new Call(operands));
    } while ("|".equals(tokens.peek()) && tokens.pop() != null);
    return calls;
  }

  private Operand operand(String token) {
    char first = token.charAt(0);
    if (first == '(') {
      List<Call> inside = pipeline();
      String close = tokens.poll();
      if (close == null || !close.startsWith(")")) {
        throw failure("unclosed left paren");
      }
      return new Group(inside, names(close));
    }
    if (first == '"') {
      return new Literal(new JsonValue.Text(unquoted(token)));
    }
    if (first == '`') {
      return new Literal(new JsonValue.Text(token.substring(1, token.length() - 1)));
    }
    if (Character.isDigit(first) || first == '-') {
      return new Literal(new JsonValue.Num(token));
    }
    if (first == '.' || first == '$') {
      return new Path(first == '.' ? "" : token.split("\\.")[0], names(token));
    }
    return switch (token) {
      case "true", "false" -> new Literal(new JsonValue.Bool(token.equals("true")));
      case "nil" -> new Literal(new JsonValue.Null());
      default -> new Function(token);
    };
  }

  private static boolean endsCall(String token) {
    return token.equals("|") || token.startsWith(")");
  }

  /** What follows the dots of a token. */
  private static List<String> names(String token) {
    String[] parts = token.split("\\.");
    return parts.length < 2 ? List.of() : List.of(parts).subList(1, parts.length);
  }

  private static String unquoted(String quoted) {
    return quoted
        .substring(1, quoted.length() - 1)
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\");
  }

  static CommandFailure failure(String reason) {
    return new CommandFailure(1, "template parsing error: template: " + reason);
  }
}
