package io.slipway.registry.admin;

import static io.slipway.registry.admin.DataRootFixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.config.Quota;
import io.slipway.registry.config.RetentionRule;
import io.slipway.registry.config.TagPattern;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.upkeep.RepairSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();

  private DataRootFixture open(UpkeepSettings settings) {
    return DataRootFixture.open(folder, settings);
  }

  private void retain(DataRootFixture registry, boolean dryRun, String... rules)
      throws InterruptedException {
    lines.clear();
    AdminTasks.serving(registry.root(), RepairSource.none())
        .run(new AdminRequest.Retain(dryRun, List.of(rules)), lines::add);
  }

  private static List<String> tags(DataRootFixture registry, String repository) {
    return registry.store().metadata().tags().list(name(repository), new Page(100, ""));
  }

  /** Five tags, a day apart, the last one just now. */
  private static void pushDaily(DataRootFixture registry, String repository, String prefix) {
    for (int i = 1; i <= 5; i++) {
      registry.pushImage(repository, prefix + i, repository + prefix + i);
      registry.clock.advance(DAY);
    }
  }

  private static void denied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RegistryFault.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED));
  }

  @Test
  void theNewestTheYoungAndTheUsedStay() throws Exception {
    try (DataRootFixture registry = open(UpkeepSettings.defaults())) {
      pushDaily(registry, "team/app", "dev-");
      registry.pushImage("team/app", "release", "r");
      pushDaily(registry, "other", "dev-");
      retain(registry, true, "team/* tags=^dev- keep=2");
      assertThat(lines).hasSize(4).last().asString().startsWith("would remove 3 tags, kept 3 in 1");
      assertThat(lines.getFirst()).contains("team/app:dev-3 would go", "never pulled");
      assertThat(tags(registry, "team/app")).hasSize(6);
      registry.store().manifests().require(name("team/app"), new ManifestReference.ByTag("dev-1"));
      retain(registry, false, "team/* tags=^dev- keep=2 pulled=1h", "team/* tags=3$ pushed=30d");
      assertThat(tags(registry, "team/app"))
          .as("dev-3 by the second rule, dev-1 as it was pulled")
          .containsExactly("dev-1", "dev-3", "dev-4", "dev-5", "release");
      assertThat(tags(registry, "other")).hasSize(5);
      retain(registry, false, "* keep=0");
      assertThat(tags(registry, "team/app")).isEmpty();
    }
  }

  @Test
  void removedTagsFreeTheirImages() throws Exception {
    try (DataRootFixture registry = open(UpkeepSettings.defaults())) {
      pushDaily(registry, "a", "t");
      registry.clock.advance(DAY);
      retain(registry, false, "a keep=1");
      registry.clock.advance(DAY.plusSeconds(1));
      assertThat(registry.collect(false).manifests()).isEqualTo(4);
      assertThat(registry.files("sha256")).isEqualTo(2);
    }
  }

  @Test
  void immutableTagsAreSetOnceAndGoOnlyByARuleThatSaysSo() throws Exception {
    UpkeepSettings settings =
        UpkeepSettings.defaults().withImmutableTags(List.of(TagPattern.parse("team/* ^v[0-9]")));
    try (DataRootFixture registry = open(settings)) {
      Digest first = registry.pushImage("team/app", "v1", "one");
      assertThat(registry.pushImage("team/app", "v1", "one")).isEqualTo(first);
      denied(() -> registry.pushImage("team/app", "v1", "two"));
      denied(() -> registry.untag("team/app", "v1"));
      denied(() ->
          registry
              .store()
              .manifests()
              .delete(name("team/app"), new ManifestReference.ByDigest(first)));
      registry.pushImage("other", "v1", "one");
      registry.pushImage("other", "v1", "two");
      registry.pushImage("team/app", "latest", "one");
      registry.pushImage("team/app", "latest", "two");
      registry.clock.advance(DAY);
      retain(registry, false, "team/* keep=0");
      assertThat(tags(registry, "team/app")).containsExactly("v1");
      retain(registry, false, "team/* keep=0 immutable");
      assertThat(tags(registry, "team/app")).isEmpty();
    }
  }

  @Test
  void quotasRefuseWhatGrowsBeyondThem() {
    UpkeepSettings settings =
        UpkeepSettings.defaults()
            .withQuotas(
                List.of(
                    Quota.parse("team bytes=100k tags=2 repositories=2"),
                    Quota.parse("* repositories=3")));
    try (DataRootFixture registry = open(settings)) {
      registry.pushBlob("team/app", new byte[60_000]);
      denied(() -> registry.pushBlob("team/app", new byte[50_000]));
      assertThat(registry.has("team/app", Digest.of(new byte[50_000]))).isFalse();
      assertThat(registry.blobFile(Digest.of(new byte[50_000]))).doesNotExist();
      assertThat(registry.pushBlob("team/app", new byte[60_000])).as("again").isNotNull();
      denied(() ->
          registry
              .store()
              .blobs()
              .mount(
                  name("team/other"),
                  Optional.of(name("team/app")),
                  Digest.of(new byte[60_000]),
                  from -> true));
      registry.pushBlob("teams/app", new byte[200_000]);
      registry.pushImage("team/app", "one", "a");
      registry.pushImage("team", "two", "a");
      denied(() -> registry.pushImage("team/app", "three", "a"));
      registry.pushImage("team/app", "one", "b");
      denied(() -> registry.pushBlob("team/third", "x"));
      registry.untag("team/app", "one");
      registry.pushImage("team/app", "three", "a");
      for (String each : List.of("a", "b", "c")) {
        registry.pushBlob("free/" + each, "x");
      }
      denied(() -> registry.pushBlob("free/d", "x"));
    }
  }

  @Test
  void nonsenseIsNamed() {
    for (String rule :
        List.of("a", "a keep=x", "a keep=1 tags=(", "a keep=1 later", "a pushed=soon")) {
      assertThatThrownBy(() -> RetentionRule.parse(rule)).isInstanceOf(SlipwayException.class);
    }
    for (String quota : List.of("team", "team bytes=much", "Team bytes=1", "team cups=3")) {
      assertThatThrownBy(() -> Quota.parse(quota)).isInstanceOf(SlipwayException.class);
    }
    assertThatThrownBy(() -> TagPattern.parse("only")).isInstanceOf(SlipwayException.class);
  }
}
