package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTreeTest {
  @TempDir Path temp;

  private SourceTree tree(String... ignored) throws IOException {
    TestTrees.make(
        temp.resolve("root"),
        "f1",
        "f2",
        ".dot",
        "a[b]",
        "d/x",
        "d/sub/y",
        "d/sub/z.log",
        "e/x",
        "empty/",
        "l1->f1",
        "ld->d",
        "labs->/d/sub",
        "lout->../../../../../../d/x",
        "loop->loop",
        "dangling->nothing",
        "d/up->../f2");
    TestTrees.make(temp, "secret");
    return TestTrees.context(temp.resolve("root"), ignored);
  }

  private static List<String> find(SourceTree tree, String path) throws IOException {
    List<String> found = new ArrayList<>();
    for (SourceMatch match : SourceMatches.find(tree, path, true)) {
      found.add(match.matched() + "=" + match.path());
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "f1           | f1=f1",
        "/f1          | f1=f1",
        "../f1        | f1=f1",
        "../../d/../f1 | f1=f1",
        "d/           | d=d",
        "/            | =",
        ".            | =",
        "l1           | l1=f1",
        "ld           | ld=d",
        "ld/x         | ld/x=d/x",
        "labs/y       | labs/y=d/sub/y",
        "lout         | lout=d/x",
        "d/up         | d/up=f2",
        "f*           | f1=f1 f2=f2",
        "?1           | f1=f1 l1=f1",
        "[^a-k]1      | l1=f1",
        ".d*          | .dot=.dot",
        "a[[]b]       | a[b]=a[b]",
        "a\\[b\\]     | a[b]=a[b]",
        "*/x          | d/x=d/x e/x=e/x",
        "**/x         | d/x=d/x e/x=e/x",
        "ld/s*        | ld/sub=d/sub",
        "*/sub        | d/sub=d/sub",
        "nothing*     | none",
        "f1/*         | none",
        "nothing/*    | none",
      })
  void findsWhatASourceNames(String path, String expected) throws IOException {
    assertEquals(expected == null ? "" : expected, String.join(" ", find(tree(), path)));
  }

  @ParameterizedTest
  @CsvSource({"missing", "f1/x", "dangling", "da*", "loop", "d/../missing", "secret", "../secret"})
  void saysWhatIsMissingInDockersWords(String path) throws IOException {
    SourceTree tree = tree();
    SlipwayException e = assertThrows(SlipwayException.class, () -> find(tree, path));
    assertEquals(ErrorKind.NOT_FOUND, e.kind());
    String clean = path.replace("da*", "dangling").replace("d/../", "").replace("../", "");
    assertEquals(
        "failed to compute cache key: failed to calculate checksum of ref local::context: \"/"
            + clean
            + "\": not found",
        e.getMessage());
  }

  @Test
  void takesPatternsLiterallyWhereThereAreNone() throws IOException {
    assertEquals("a[b]", SourceMatches.find(tree(), "a[b]", false).getFirst().path());
    SourceTree tree = TestTrees.context(temp.resolve("root"));
    assertThrows(SlipwayException.class, () -> SourceMatches.find(tree, "f*", false));
    SlipwayException e = assertThrows(SlipwayException.class, () -> find(tree, "[f"));
    assertEquals("syntax error in pattern: \"[f\"", e.getMessage());
  }

  @Test
  void doesNotFindWhatIsIgnored() throws IOException {
    SourceTree tree = tree("f1", "d", "!d/sub/y");
    assertEquals(List.of("f2=f2"), find(tree, "f*"));
    assertEquals(List.of("d=d"), find(tree, "d"));
    assertEquals(List.of("d/sub=d/sub"), find(tree, "d/*"));
    for (String hidden : List.of("f1", "l1", "d/x", "ld/x")) {
      assertThrows(SlipwayException.class, () -> find(tree, hidden), hidden);
    }
  }

  @Test
  void doesNotLeadThroughAnIgnoredLink() throws IOException {
    SourceTree tree = tree("ld");
    assertThrows(SlipwayException.class, () -> find(tree, "ld/x"));
    assertEquals(List.of("d/x=d/x"), find(tree, "d/x"));
  }

  @Test
  void walksInOrderAndKeepsLinks() throws IOException {
    tree();
    SourceTree tree = TestTrees.context(temp.resolve("root"));
    assertEquals(List.of("sub/", "sub/y", "sub/z.log", "up", "x"), TestTrees.walk(tree, "d"));
    assertEquals(List.of(), TestTrees.walk(tree, "empty"));
  }

  @Test
  void leavesOutWhatIsIgnoredOrExcluded() throws IOException {
    tree();
    Path root = temp.resolve("root");
    SourceTree some = TestTrees.context(root, "*", "!d/sub/y", "!empty");
    assertEquals(List.of("d/", "d/sub/", "d/sub/y", "empty/"), TestTrees.walk(some, ""));
    assertEquals(List.of("sub/", "sub/y"), TestTrees.walk(some, "d"));
    assertEquals(List.of("empty/"), TestTrees.walk(some, "", "**/y"));
    SourceTree all = TestTrees.context(root);
    assertEquals(List.of("sub/", "sub/y", "up"), TestTrees.walk(all, "d", "x", "**/*.log"));
    assertEquals(List.of("sub/", "sub/y"), TestTrees.walk(all, "d", "*", "!sub/y"));
    assertEquals(List.of("sub/", "up", "x"), TestTrees.walk(all, "d", "sub/*"));
  }
}
