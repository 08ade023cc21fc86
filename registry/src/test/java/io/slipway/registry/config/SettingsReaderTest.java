package io.slipway.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  @TempDir Path folder;

  private RegistrySettings read(String yaml, Map<String, String> env, Map<String, String> flags)
      throws IOException {
    Path file = Files.writeString(folder.resolve("registry.yaml"), yaml);
    return SettingsReader.read(Optional.of(file), env, flags);
  }

  @Test
  void fileThenEnvironmentThenFlags() throws IOException {
    String yaml =
        """
        # a comment
        data-root: data
        listen: "[::1]:5001"
        limits:
          cache: 2MiB
          upload-idle: 2h
          connection-idle: 90s
        """;
    RegistrySettings settings =
        read(
            yaml,
            Map.of(
                "SLIPWAY_REGISTRY_LIMITS_UPLOAD_IDLE", "3h",
                "SLIPWAY_REGISTRY_LIMITS_CONNECTION_IDLE", "2m",
                "HOME", "/root"),
            Map.of("limits.connection-idle", "500ms", "auth.htpasswd", "users"));
    assertThat(settings.listen()).isEqualTo(new ListenAddress("::1", 5001));
    assertThat(settings.dataRoot()).as("relative to the file").isEqualTo(folder.resolve("data"));
    assertThat(settings.auth().htpasswd())
        .as("relative to where the command runs")
        .contains(Path.of("users").toAbsolutePath());
    RegistryLimits limits = settings.limits();
    assertThat(limits.cache()).isEqualTo(2 << 20);
    assertThat(limits.uploadIdle()).isEqualTo(Duration.ofHours(3));
    assertThat(limits.connectionIdle()).isEqualTo(Duration.ofMillis(500));
    assertThat(limits.shutdownGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.log().access()).isFalse();
  }

  /** Whatever is wrong is named, with what would be right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'limit: {}'                        | unknown setting limit (did you mean limits?)
          'limits: {cach: 1}'                | unknown setting limits.cach (did you mean limits.cache?)
          'htpasswd: f'                      | unknown setting htpasswd (did you mean auth.htpasswd?)
          'auth: {cache: 1}'                 | unknown setting auth.cache (did you mean limits.cache?)
          'zzzzzzzz: 1'                      | unknown setting zzzzzzzz, known are listen, data-root
          'limits: {cache: big}'             | setting limits.cache: want a size such as 64MiB, got "big"
          'limits: {cache: -1}'              | setting limits.cache: want a size such as 64MiB, got "-1"
          'limits: {cache: 9999999TiB}'      | setting limits.cache: want a size below 8 EiB
          'limits: {upload-idle: 5}'         | setting limits.upload-idle: want a duration such as 30s, 5m or 24h, got "5"
          'limits: {upload-idle: [5m]}'      | setting limits.upload-idle: want one value
          'limits: {upload-idle: }'          | setting limits.upload-idle: has no value
          'limits: 5'                        | setting limits: want keys and values, got "5"
          'log: {access: maybe}'             | setting log.access: want true or false, got "maybe"
          'listen: 5000:x'                   | setting listen: invalid listen address "5000:x"
          'manifests: {sparse: all}'         | setting manifests.sparse: want one of reject, allow-index-children, allow-all, got "all"
          '[a]'                              | want keys and values at the top
          'a: b: c'                          | not valid YAML: line 1, column 5
          'listen: :1\nlisten: :2'           | Duplicate field 'listen'
          'listen: :1\n---\nlisten: :2'      | holds more than one YAML document
          """)
  void namesWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml.replace("\\n", "\n"), Map.of(), Map.of("data-root", "/d")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith(folder.resolve("registry.yaml") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void variablesAndFlagsAreNamedToo() {
    assertThatThrownBy(() -> read("", Map.of("SLIPWAY_REGISTRY_LISTENS", ":1"), Map.of()))
        .hasMessageContaining(
            "unknown environment variable SLIPWAY_REGISTRY_LISTENS (did you mean"
                + " SLIPWAY_REGISTRY_LISTEN?)");
    assertThatThrownBy(() -> read("", Map.of(), Map.of("cache", "1")))
        .hasMessageContaining("unknown setting cache (did you mean limits.cache?)");
    assertThatThrownBy(() -> read("", Map.of(), Map.of()))
        .hasMessageContaining("setting data-root: is missing");
    Path absent = folder.resolve("absent.yaml");
    assertThatThrownBy(() -> SettingsReader.read(Optional.of(absent), Map.of(), Map.of()))
        .hasMessage(absent + ": no such file");
  }

  @Test
  void malformedRulesAreNamedWithTheirKey() throws IOException {
    for (String rule :
        List.of(
            "upkeep: {retention: ['team/* keep=x']}",
            "upkeep: {immutable-tags: ['only']}",
            "upkeep: {quotas: ['Team bytes=1g']}",
            "upkeep: {quotas: ['team bytes=much']}")) {
      String key = rule.replaceAll(".*[{](.*):.*", "$1");
      assertThatThrownBy(() -> read("data-root: d\n" + rule, Map.of(), Map.of()))
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("setting upkeep." + key + "[0]: invalid");
    }
    UpkeepSettings read =
        read("data-root: d", Map.of(), Map.of("upkeep.quotas", "a/b tags=5, * repositories=3"))
            .upkeep();
    assertThat(read.quotas())
        .extracting(quota -> quota.namespaceOf("a/b/c"))
        .containsExactly("a/b", "a");
  }

  @Test
  void everySettingHasItsOwnVariable() {
    List<String> variables =
        SettingsKey.of(RegistrySettings.class).stream().map(SettingsKey::variable).toList();
    assertThat(variables).doesNotHaveDuplicates().contains("SLIPWAY_REGISTRY_LIMITS_DISK_RESERVE");
  }

  @Test
  void theReferencePageListsEverySetting() throws IOException {
    Path page = Path.of("../docs/registry-settings.md");
    String table = SettingsReference.table();
    if (Boolean.getBoolean("golden.update")) {
      String text = Files.readString(page);
      Files.writeString(page, text.substring(0, text.indexOf("| setting | value")) + table);
    }
    assertThat(Files.readString(page)).endsWith(table);
  }
}
