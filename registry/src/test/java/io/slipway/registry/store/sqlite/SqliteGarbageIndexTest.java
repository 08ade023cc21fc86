package io.slipway.registry.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.GarbageIndexContract;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SqliteGarbageIndexTest extends GarbageIndexContract {

  @Override
  protected MetadataStore open() {
    return SqliteMetadataStore.open(folder);
  }

  @Test
  void aFileOfTheFirstFormatIsBroughtUpWithAllItHolds() throws Exception {
    Digest layer = digest("layer");
    Digest image = digest("image");
    Digest loose = digest("loose");
    Path file = Files.createDirectory(folder.resolve("again")).resolve("metadata.db");
    try (SqliteSession session = SqliteSession.open(file)) {
      for (String statement : SqliteSchema.FORMAT_1) {
        session.execute(statement);
      }
      session.execute("PRAGMA user_version=1");
      session.update("INSERT INTO repository VALUES(7, ?)", REPO.value());
      session.update("INSERT INTO content VALUES(1, ?, 10, 1000)", layer.toString());
      session.update("INSERT INTO content VALUES(2, ?, 100, 1000)", image.toString());
      session.update("INSERT INTO content VALUES(3, ?, 1, 1000)", loose.toString());
      session.execute("INSERT INTO blob_link VALUES(7, 1, 1000)");
      session.execute("INSERT INTO manifest VALUES(7, 2, 'a/b', '', NULL, '{}', 1000)");
      session.update("INSERT INTO reference VALUES(2, ?, 'LAYER')", layer.toString());
      session.execute("INSERT INTO tag VALUES(7, 'v1', 2, 1000)");
    }
    try (MetadataStore store = SqliteMetadataStore.open(file.getParent())) {
      assertThat(store.tags().resolve(REPO, "v1")).contains(image);
      GarbageIndex garbage = store.upkeep().garbage();
      assertThat(garbage.unreviewed(new Page(10, ""))).containsExactly(REPO);
      assertThat(garbage.keepers(REPO, GarbageIndex.Kind.BLOB, layer).manifests())
          .containsExactly(image);
      assertThat(store.upkeep().contents().unheld("", 10).contents())
          .singleElement()
          .satisfies(content -> assertThat(content.digest()).isEqualTo(loose));
    }
  }
}
