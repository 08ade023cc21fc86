package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A Dockerfile of the tables in {@code resources/language}, one for each rule of the language.
 *
 * @param arguments more of the build's command line
 * @param fault the words with which it fails, or nothing
 * @param differs why an older peer does it otherwise, or nothing
 * @param everywhere whether that holds for newer peers too
 * @param files what this case's context has besides the common files
 */
record LanguageCase(
    String name,
    List<String> arguments,
    String fault,
    String differs,
    boolean everywhere,
    String dockerfile,
    Map<String, String> files) {
  static final Path FOLDER = Path.of("src/test/resources/language").toAbsolutePath();

  /** Every case of every table. */
  static List<LanguageCase> all() throws IOException {
    List<LanguageCase> cases = new ArrayList<>();
    try (Stream<Path> tables = Files.list(FOLDER)) {
      for (Path table : tables.filter(p -> p.toString().endsWith(".txt")).sorted().toList()) {
        String[] parts = Files.readString(table).split("(?m)^=== ");
        Arrays.stream(parts).skip(1).map(LanguageCase::read).forEach(cases::add);
      }
    }
    assertThat(cases).hasSizeGreaterThan(400);
    assertThat(cases).extracting(LanguageCase::name).doesNotHaveDuplicates();
    return cases;
  }

  private static LanguageCase read(String part) {
    int end = part.indexOf('\n');
    String[] rule = part.substring(0, end).split(" !+ ", 2);
    String[] fault = rule[0].split(" \\? ", 2);
    String[] head = fault[0].split(" \\| ", 2);
    String[] texts = part.substring(end + 1).split("(?m)^--- ");
    Map<String, String> files = new TreeMap<>();
    for (String file : Arrays.asList(texts).subList(1, texts.length)) {
      int name = file.indexOf('\n');
      files.put(file.substring(0, name), characters(file.substring(name + 1)));
    }
    return new LanguageCase(
        head[0].strip(),
        head.length == 1 ? List.of() : List.of(head[1].strip().split(" ")),
        fault.length == 1 ? "" : fault[1].strip(),
        rule.length == 1 ? "" : rule[1].strip(),
        part.substring(0, end).contains(" !! "),
        characters(texts[0]),
        files);
  }

  /** Characters that a table cannot show. */
  private static String characters(String text) {
    return text.replace("<CR>", "\r").replace("<BOM>", "\ufeff");
  }

  /** What a good builder makes of it, as it was seen once. */
  Path record() {
    return FOLDER.resolve("made/" + name + ".txt");
  }

  /** Whether the docker client of the classic builder cannot ask for it, or says it otherwise. */
  boolean needsOurClient() {
    return !files.isEmpty()
        || !fault.isEmpty()
        || arguments.contains("--secret")
        || arguments.contains("--build-context");
  }
}
