package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.slipway.builder.graph.ContentRead;
import io.slipway.image.model.Digest;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.DeviceNumber;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.XattrCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts in stages and not in contexts; root, because of owners, devices and attributes. */
class StageDigestIT {
  private static final ContentRead ALL = new ContentRead(1, "/", true, List.of());
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir Path root;

  private Digest stage() throws IOException {
    return ContentDigests.of(SourceTree.ofStage(root, "stage"), ALL);
  }

  private Digest context() throws IOException {
    return ContentDigests.of(TestTrees.context(root), ALL);
  }

  @Test
  void ownersCountInStagesOnly() throws IOException {
    TestTrees.make(root, "f");
    Digest stage = stage();
    Digest context = context();
    try (Dir dir = Dir.open(root)) {
      dir.changeOwner("f", 1000, 1001);
    }
    assertNotEquals(stage, stage());
    assertEquals(context, context());
  }

  @Test
  void attributesCountByTheirKind() throws IOException {
    TestTrees.make(root, "f");
    Digest stage = stage();
    Digest context = context();
    XattrCalls.set(root.resolve("f"), "trusted.note", new byte[] {1});
    Digest noted = stage();
    assertNotEquals(stage, noted);
    assertEquals(context, context());
    XattrCalls.set(root.resolve("f"), "security.capability", CAPABILITY);
    assertNotEquals(noted, stage());
    assertNotEquals(context, context());
  }

  @Test
  void devicesFifosAndSocketsAreToldApart() throws IOException {
    Set<Digest> seen = new HashSet<>();
    long[][] nodes = {
      {FileStatus.S_IFCHR | 0600, 1, 3},
      {FileStatus.S_IFCHR | 0600, 1, 5},
      {FileStatus.S_IFBLK | 0600, 1, 3},
      {FileStatus.S_IFIFO | 0600, 0, 0},
      {FileStatus.S_IFSOCK | 0600, 0, 0}
    };
    for (long[] node : nodes) {
      try (Dir dir = Dir.open(root)) {
        dir.makeNode("node", (int) node[0], DeviceNumber.of(node[1], node[2]));
        seen.add(stage());
        dir.remove("node");
      }
    }
    assertEquals(nodes.length, seen.size());
  }
}
