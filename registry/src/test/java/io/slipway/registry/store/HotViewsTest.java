package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import org.junit.jupiter.api.Test;

class HotViewsTest {
  private static final RepositoryName REPO = new RepositoryName("a");
  private static final Digest OLD = Digest.of(new byte[] {1});

  @Test
  void whatWasLearntBeforeAChangeIsNotSeenAfterIt() {
    HotViews views = new HotViews();
    HotViews.View slowReader = views.of(REPO);
    views.drop(REPO);
    slowReader.tag("latest", OLD);
    assertThat(views.of(REPO).tag("latest")).isEmpty();
  }

  @Test
  void whatWasLearntIsSeenUntilTheNextChange() {
    HotViews views = new HotViews();
    views.of(REPO).tag("latest", OLD);
    assertThat(views.of(REPO).tag("latest")).contains(OLD);
    assertThat(views.of(new RepositoryName("b")).tag("latest")).isEmpty();
    views.drop(REPO);
    assertThat(views.of(REPO).tag("latest")).isEmpty();
  }

  @Test
  void viewsAndTheirEntriesAreBounded() {
    HotViews views = new HotViews();
    views.of(REPO).tag("latest", OLD);
    for (int i = 0; i < 2_000; i++) {
      views.of(new RepositoryName("r" + i));
    }
    assertThat(views.of(REPO).tag("latest")).isEmpty();
    for (int i = 0; i < 10_000; i++) {
      views.of(REPO).tag("t" + i, OLD);
    }
    assertThat(views.of(REPO).tag("t9999")).contains(OLD);
    assertThat(views.of(REPO).tag("t0")).isEmpty();
  }
}
