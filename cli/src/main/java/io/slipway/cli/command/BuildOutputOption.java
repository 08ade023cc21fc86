package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@code --output}.
 *
 * @param attributes what the daemon is told
 * @param receiver who takes what it streams back; null if it streams nothing
 */
record BuildOutputOption(String type, Map<String, String> attributes, OutputReceiver receiver) {
  private static final List<String> STREAMED = List.of("local", "tar", "oci", "docker");

  /** All outputs that the options ask for, {@code --push} and {@code --load} included. */
  static List<BuildOutputOption> of(Invocation call) {
    List<BuildOutputOption> outputs = new ArrayList<>();
    for (String text : call.list("--output")) {
      outputs.add(parse(call, text));
    }
    boolean push = call.flag("--push");
    if (push && outputs.isEmpty()) {
      outputs.add(new BuildOutputOption("image", Map.of("push", "true"), null));
    } else if (push) {
      outputs.add(new BuildOutputOption("registry", Map.of(), null));
    }
    if (call.flag("--load") && outputs.stream().noneMatch(o -> o.type.equals("image"))) {
      outputs.add(new BuildOutputOption("image", Map.of(), null));
    }
    long toStdout = outputs.stream().filter(BuildOutputOption::isStdout).count();
    if (toStdout > 1) {
      throw new UsageException("only one --output can go to standard output");
    }
    return List.copyOf(outputs);
  }

  private static BuildOutputOption parse(Invocation call, String text) {
    if (!text.contains("=") && !text.contains(",")) {
      // a place alone: files into a directory, or a tar of them to standard output
      boolean stdout = text.equals("-");
      return made(call, stdout ? "tar" : "local", new LinkedHashMap<>(Map.of("dest", text)));
    }
    CsvOption option = CsvOption.parse("--output", text);
    Map<String, String> attributes = new LinkedHashMap<>(option.fields());
    String type = attributes.remove("type");
    if (type == null) {
      throw new UsageException("type is required for output: --output " + text);
    }
    return made(call, type, attributes);
  }

  private static BuildOutputOption made(
      Invocation call, String type, Map<String, String> attributes) {
    String destination = attributes.remove("dest");
    if (!STREAMED.contains(type) || type.equals("docker") && destination == null) {
      if (destination != null) {
        throw new UsageException("output type " + type + " has no dest");
      }
      return new BuildOutputOption(type, attributes, null);
    }
    boolean layout = "false".equals(attributes.get("tar"));
    attributes.remove("tar");
    if (type.equals("local") || layout) {
      if (destination == null || destination.equals("-")) {
        throw new UsageException("output type " + type + " needs a directory: dest=DIRECTORY");
      }
      return new BuildOutputOption(
          type, attributes, new OutputReceiver.Directory(Path.of(destination)));
    }
    if (destination != null && !destination.equals("-")) {
      return new BuildOutputOption(type, attributes, new OutputReceiver.File(Path.of(destination)));
    }
    if (call.console().terminalOut()) {
      throw new UsageException(
          "dest file is required for output type "
              + type
              + ": refusing to write to the terminal, give dest=FILE or redirect");
    }
    return new BuildOutputOption(type, attributes, new OutputReceiver.Stream(call.console().out()));
  }

  private boolean isStdout() {
    return receiver instanceof OutputReceiver.Stream;
  }

  /** The {@code outputs} parameter; streams are numbered in the order of the options. */
  static String wire(List<BuildOutputOption> outputs) {
    List<JsonValue> items = new ArrayList<>();
    int stream = 0;
    for (BuildOutputOption output : outputs) {
      Map<String, JsonValue> attributes = new LinkedHashMap<>();
      output.attributes.forEach((name, value) -> attributes.put(name, new JsonValue.Text(value)));
      Map<String, JsonValue> item = new LinkedHashMap<>();
      item.put("Type", new JsonValue.Text(output.type));
      item.put("Attrs", new JsonValue.Obj(attributes));
      if (output.receiver != null) {
        item.put("Stream", new JsonValue.Num(Integer.toString(stream++)));
      }
      items.add(new JsonValue.Obj(item));
    }
    return items.isEmpty() ? "" : new JsonValue.Arr(items).print(false);
  }

  /** Those that take what is streamed, in the order of the streams' numbers. */
  static List<OutputReceiver> receivers(List<BuildOutputOption> outputs) {
    return outputs.stream()
        .map(BuildOutputOption::receiver)
        .filter(java.util.Objects::nonNull)
        .toList();
  }
}
