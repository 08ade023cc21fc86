package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of spec/dockerfile.md 5; lines of the ignore file are separated by {@code ;}. */
class PathPatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // anchored at the root
        "b               | b         | out",
        "b               | a/b       | in",
        "b               | bb        | in",
        "/b              | b         | out",
        "B               | b         | in",
        "a/b             | a/b       | out",
        "a/b             | x/a/b     | in",
        // below a matched directory
        "a               | a/b/c     | out",
        "a/*             | a         | in",
        "a/*             | a/b/c     | out",
        // clean paths
        "a/../foo        | foo       | out",
        "./foo/          | foo       | out",
        "a//b            | a/b       | out",
        "../foo          | foo       | in",
        ".               | foo       | in",
        "/               | foo       | in",
        "` foo `         | foo       | out",
        // * and ? stay in one name
        "*               | a         | out",
        "*               | .a        | out",
        "*.log           | x.log     | out",
        "*.log           | .log      | out",
        "*.log           | a/x.log   | in",
        "*/x.log         | a/x.log   | out",
        "*/x.log         | a/b/x.log | in",
        "a?c             | abc       | out",
        "a?c             | a/c       | in",
        "a?c             | aéc       | out",
        "a?c             | a\uD83D\uDE00c | out",
        "a*c*e           | abcde     | out",
        "a*c*e           | abcdf     | in",
        // classes
        "[ab]            | b         | out",
        "[ab]            | c         | in",
        "[a-c]x          | bx        | out",
        "[^a]            | a         | in",
        "[^a]            | b         | out",
        "[!a]            | b         | in",
        "x[\\]]          | x]        | out",
        "x[\\-a]         | x-        | out",
        // escapes
        "\\#x            | #x        | out",
        "\\!x            | !x        | out",
        "\\*             | *         | out",
        "\\*             | a         | in",
        "a\\b            | ab        | out",
        // comments only in column 1
        "#x              | #x        | in",
        "` #x`           | #x        | out",
        // any number of names
        "**/b            | b         | out",
        "**/b            | a/b       | out",
        "**/b            | a/c/b/d   | out",
        "**/b            | a/bb      | in",
        "**/*.go         | x.go      | out",
        "**/*.go         | a/b/x.go  | out",
        "**/*.go         | a/b/x.goo | in",
        "**              | a         | out",
        "**/             | a/b       | out",
        "a**             | ab/c      | out",
        "a**             | b         | in",
        "a/**            | a         | in",
        "a/**            | a/b/c     | out",
        "a/**/z          | a/z       | out",
        "a/**/z          | a/b/c/z   | out",
        "a/**/z          | a/bz      | in",
        "a**z            | a/b/z     | out",
        "a**z            | az        | out",
        "a**z            | abz       | in",
        "**.go           | a/x.go    | out",
        "**foo           | barfoo    | out",
        "**/foo/**/*.c   | x/foo/a/b.c | out",
        "**/foo/**/*.c   | x/foo/b.c | out",
        "**/foo/**/*.c   | x/b.c     | in",
        "**/tmp*         | a/tmpdir/f | out",
        // the last line that matches decides
        "*;!README.md    | README.md | in",
        "*;!README.md    | main.c    | out",
        "a;!a/b          | a/b       | in",
        "a;!a/b          | a/b/c     | in",
        "a;!a/b          | a/c       | out",
        "a;!a/b;a/b/c    | a/b/c/d   | out",
        "!a;a            | a         | out",
        "a;!/a           | a         | in",
        "a;! a           | a         | in",
        "*;!**/*.md;x.md | y/x.md    | in",
        "*;!**/*.md;x.md | x.md      | out",
        "a;!.            | a         | out",
      })
  void matches(String file, String path, String outcome) {
    PathPatterns patterns = IgnoreFile.parse(".dockerignore", file.replace(';', '\n'));
    assertEquals(outcome.equals("out"), patterns.excludes(path));
  }

  @Test
  void dropsMarksAndCarriageReturns() {
    PathPatterns patterns = IgnoreFile.parse("x", "\uFEFF#c\r\n\r\na\r\n\t\r\n!b \r\n");
    assertTrue(patterns.excludes("a"));
    assertFalse(patterns.excludes("#c"));
    assertTrue(IgnoreFile.parse("x", "\uFEFFa").excludes("a"));
    assertTrue(IgnoreFile.parse("x", "").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "!     | failed parsing .dockerignore line 2: illegal exclusion pattern: \"!\"",
        "[a    | failed parsing .dockerignore line 2: syntax error in pattern: \"[a\"",
        "[]    | failed parsing .dockerignore line 2: syntax error in pattern: \"[]\"",
        "[^]   | failed parsing .dockerignore line 2: syntax error in pattern: \"[^]\"",
        "[-a]  | failed parsing .dockerignore line 2: syntax error in pattern: \"[-a]\"",
        "[a-]  | failed parsing .dockerignore line 2: syntax error in pattern: \"[a-]\"",
        "[b-a] | failed parsing .dockerignore line 2: syntax error in pattern: \"[b-a]\"",
        "!a/[  | failed parsing .dockerignore line 2: syntax error in pattern: \"a/[\"",
        "a\\   | failed parsing .dockerignore line 2: syntax error in pattern: \"a\\\"",
      })
  void refuses(String line, String message) {
    SlipwayException e =
        assertThrows(
            SlipwayException.class, () -> IgnoreFile.parse(".dockerignore", "ok\n" + line));
    assertEquals(message, e.getMessage());
    assertEquals(ErrorKind.INVALID, e.kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a            | a    | no",
        "!a/b;a       | a    | no",
        "a;!a/b       | a    | yes",
        "a;!b/a       | a    | no",
        "*;!a/b/c     | a/b  | yes",
        "*;!a/b/c     | a/x  | no",
        "*;!a/*/c     | a/x  | yes",
        "*;!a/*/c     | a/x/y | no",
        "*;!**/*.md   | a/x  | yes",
        "*;!a**       | b    | no",
        "*;!ab**      | a    | no",
        "*;!a/b**     | a    | yes",
        "*;!?         | ab   | no",
        "*;!**.c      | a    | yes",
      })
  void knowsWhetherSomethingBelowMayComeBack(String file, String directory, String outcome) {
    PathPatterns patterns = IgnoreFile.parse("x", file.replace(';', '\n'));
    int decision = patterns.decide(directory);
    assertTrue(patterns.excludes(decision));
    assertEquals(outcome.equals("yes"), patterns.mayReinclude(decision, directory));
  }

  @Test
  void takesNamesLiterally() {
    PathPatterns patterns = PathPatterns.ofPaths(List.of(" a[b]*", "!x"));
    assertTrue(patterns.excludes(" a[b]*"));
    assertTrue(patterns.excludes("!x"));
    assertFalse(patterns.excludes(" abc"));
  }

  @Test
  void needsNoMoreTimeForHostilePatterns() {
    PathPatterns patterns = PathPatterns.of(List.of("**/*a".repeat(200) + "b"));
    String path = "a/".repeat(1000) + "c";
    assertFalse(
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> patterns.decide(0 - 1, path) >= 0));
  }
}
