package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.frontend.Entitlement;
import io.slipway.builder.graph.HostEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hits and misses as BuildKit has them: each row changes one thing and says what runs again. */
class CacheRulesTest {
  private static final String DOCKERFILE =
      """
      FROM busybox
      ARG A=1
      ENV E=1
      LABEL l=1
      USER root
      WORKDIR /w
      RUN one
      COPY f g d /dest/
      RUN two
      """;

  @TempDir Path folder;
  private PlannedBuilds builds;
  private Path context;

  @BeforeEach
  void fill() throws IOException {
    builds = new PlannedBuilds(folder);
    context = builds.context;
    builds.write("f", "f");
    builds.write("g", "g");
    builds.write("d/x", "x");
    builds.write("unused", "u");
  }

  /** The steps that ran: {@code W}ORKDIR, {@code R}UN, {@code C}OPY, in the order of the file. */
  private String build(String dockerfile, BuildOptions options) throws IOException {
    return builds
        .build(dockerfile, options.with(o -> o.entitlements(Set.of(Entitlement.SECURITY_INSECURE))))
        .ran();
  }

  private String build() throws IOException {
    return build(DOCKERFILE, BuildOptions.DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "LABEL l=1, LABEL l=2, ''",
    "LABEL l=1, LABEL l=1\\nCMD x\\nEXPOSE 1\\nVOLUME /v\\nHEALTHCHECK NONE\\nSTOPSIGNAL 9, ''",
    "ARG A=1, ARG A=2, RCR",
    "ENV E=1, ENV E=2, RCR",
    "WORKDIR /w, WORKDIR /v, WRCR",
    "USER root, USER app, WRCR",
    "RUN one, RUN   one, ''",
    "RUN one, RUN one # comment, RCR",
    "RUN one, RUN o  ne, RCR",
    "RUN two, RUN changed, R",
    "RUN two, RUN --network=none two, R",
    "RUN two, 'SHELL [\"/bin/bash\", \"-c\"]\\nRUN two', R",
    "COPY f g d /dest/, COPY f g d ../dest/, ''",
    "COPY f g d /dest/, COPY f g d /other/, CR",
    "COPY f g d /dest/, COPY --chown=1 f g d /dest/, CR",
    "COPY f g d /dest/, COPY --chmod=600 f g d /dest/, CR",
    "COPY f g d /dest/, ENV F=f\\nCOPY $F g d /dest/, R",
    "RUN two, 'RUN --mount=type=cache,target=/c two', R",
    "RUN two, 'RUN --mount=type=bind,target=/c two', R",
    "RUN two, 'RUN --mount=type=tmpfs,target=/c two', R",
    "COPY f g d /dest/, COPY --exclude=x f g d /dest/, CR",
    "COPY f g d /dest/, COPY g f d /dest/, CR",
    "COPY f g d /dest/, COPY --parents f g d /dest/, CR",
    "COPY f g d /dest/, COPY f g d /dest, CR",
    "LABEL l=1, LABEL l=1\\nENTRYPOINT e\\nMAINTAINER m\\nONBUILD RUN x, ''",
    "RUN two, RUN --security=sandbox two, ''",
    "RUN two, RUN --security=insecure two, R",
    "RUN two, 'RUN --mount=type=secret,id=s two', R",
    "RUN two, 'RUN --mount=type=ssh two', R",
    "ENV E=1, ENV E=1 F=2, RCR",
    "RUN one, 'ARG B=2\\nRUN one', RCR",
    "COPY f g d /dest/, 'ARG B=2\\nCOPY f g d /dest/', R"
  })
  void changesOfTheDockerfile(String before, String after, String ran) throws IOException {
    assertThat(build()).isEqualTo("WRCR");
    String replacement = after.replace("\\n", "\n");
    assertThat(build(DOCKERFILE.replace(before, replacement), BuildOptions.DEFAULTS))
        .isEqualTo(ran);
    assertThat(build()).as("the first version again").isEmpty();
  }

  /** One instruction alone with one thing before it, so that no parent hides what it does. */
  @ParameterizedTest
  @CsvSource({
    "USER a, USER b, RUN one, R",
    "USER a, USER b, COPY f /f, ''",
    "USER a, USER b, WORKDIR /made, W",
    "'SHELL [\"/a\"]', 'SHELL [\"/b\"]', RUN one, R",
    "'SHELL [\"/a\"]', 'SHELL [\"/b\"]', 'RUN [\"one\"]', ''",
    "'SHELL [\"/a\"]', 'SHELL [\"/b\"]', COPY f /f, ''",
    "ENV E=f, ENV E=g, RUN one, R",
    "ENV E=f, ENV E=g, COPY f /f, ''",
    "ENV E=f, ENV E=g, COPY $E /f, C",
    "ARG E=f, ARG E=g, RUN one, R",
    "ARG E=f, ARG E=g, COPY f /f, ''",
    "ARG E=f, ARG E=g, COPY --chown=$E:1 f /f, C",
    "ARG E=f, ARG E=f U, RUN one, ''",
    "WORKDIR /a, WORKDIR /b, RUN one, WR",
    "WORKDIR /a, WORKDIR /b, COPY f /f, WC",
    "LABEL a=1, LABEL a=2, COPY f /f, ''",
    "'CMD [\"a\"]', 'ENTRYPOINT [\"a\"]', RUN one, ''",
    "VOLUME /a, VOLUME /b, RUN one, ''"
  })
  void whatIsBeforeAStep(String before, String after, String step, String ran) throws IOException {
    build("FROM busybox\n" + before + "\n" + step + "\n", BuildOptions.DEFAULTS);
    assertThat(build("FROM busybox\n" + after + "\n" + step + "\n", BuildOptions.DEFAULTS))
        .isEqualTo(ran);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=secret,id=a | type=secret,id=b | R",
        "type=secret,id=a | type=secret,id=a,uid=1 | R",
        "type=secret,id=a | type=secret,id=a,mode=0444 | R",
        "type=secret,id=a | type=secret,id=a,target=/t | R",
        "type=secret,id=a | type=secret,id=a,env=A | R",
        "type=secret,id=a | type=secret,id=a,target=/run/secrets/a | ''",
        "type=ssh | type=ssh,id=other | R",
        "type=ssh | type=ssh,mode=0666 | R",
        "type=cache,target=/c,id=a | type=cache,target=/c,id=b | ''",
        "type=cache,target=/c,id=a | type=cache,target=/d,id=a | R",
        "type=cache,target=/c | type=cache,target=/c,id=a | R",
        "type=cache,target=/c | type=cache,target=/c,sharing=locked | R",
        "type=tmpfs,target=/c | type=tmpfs,target=/c,size=1m | R",
        "type=tmpfs,target=/c | type=tmpfs,target=/d | R",
        "target=/c,source=d | target=/c,source=d,rw | R",
        "target=/c,source=d | target=/e,source=d | R",
        "target=/c,source=d | target=/c,source=/d | ''"
      })
  void mounts(String before, String after, String ran) throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=%s one\n";
    assertThat(build(dockerfile.formatted(before), BuildOptions.DEFAULTS)).isEqualTo("R");
    assertThat(build(dockerfile.formatted(after), BuildOptions.DEFAULTS)).isEqualTo(ran);
  }

  @Test
  void namesAndEmptyDirectoriesOfBindMountsCount() throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=target=/c,source=d make\n";
    build(dockerfile, BuildOptions.DEFAULTS);
    Files.move(context.resolve("d/x"), context.resolve("d/y"));
    assertThat(build(dockerfile, BuildOptions.DEFAULTS)).isEqualTo("R");
    Files.createDirectory(context.resolve("d/new"));
    assertThat(build(dockerfile, BuildOptions.DEFAULTS)).isEqualTo("R");
    Files.setLastModifiedTime(context.resolve("d/y"), FileTime.fromMillis(0));
    assertThat(build(dockerfile, BuildOptions.DEFAULTS)).isEmpty();
  }

  @Test
  void timesDoNotCount() throws IOException {
    build();
    Files.setLastModifiedTime(context.resolve("f"), FileTime.fromMillis(0));
    Files.setLastModifiedTime(context.resolve("d"), FileTime.fromMillis(0));
    assertThat(build()).isEmpty();
  }

  @Test
  void modesCount() throws IOException {
    build();
    Files.setPosixFilePermissions(
        context.resolve("d/x"), PosixFilePermissions.fromString("rwx--x---"));
    assertThat(build()).isEqualTo("CR");
  }

  @Test
  void contentCounts() throws IOException {
    build();
    Files.writeString(context.resolve("d/x"), "y");
    assertThat(build()).isEqualTo("CR");
  }

  @Test
  void emptyDirectoriesCount() throws IOException {
    build();
    Files.createDirectory(context.resolve("d/new"));
    assertThat(build()).isEqualTo("CR");
  }

  @Test
  void namesCount() throws IOException {
    build();
    Files.move(context.resolve("d/x"), context.resolve("d/y"));
    assertThat(build()).isEqualTo("CR");
  }

  @Test
  void otherAttributesOfContextsDoNotCount() throws IOException {
    build();
    Files.setAttribute(context.resolve("f"), "user:note", java.nio.ByteBuffer.wrap(new byte[] {1}));
    assertThat(build()).isEmpty();
  }

  @Test
  void theHostnameCounts() throws IOException {
    build();
    var options = BuildOptions.DEFAULTS.withBuildArgs(Map.of("BUILDKIT_SANDBOX_HOSTNAME", "other"));
    assertThat(build(DOCKERFILE, options)).isEqualTo("RCR");
  }

  @Test
  void argumentsCountForCopiesThatUseThemOnly() throws IOException {
    String dockerfile = "FROM busybox\nARG A=f\nARG B=1\nCOPY $A /x\n";
    build(dockerfile, BuildOptions.DEFAULTS);
    assertThat(build(dockerfile.replace("B=1", "B=2"), BuildOptions.DEFAULTS)).isEmpty();
    assertThat(build(dockerfile.replace("A=f", "A=g"), BuildOptions.DEFAULTS)).isEqualTo("C");
  }

  @Test
  void filesThatAreNotCopiedDoNotCount() throws IOException {
    build();
    Files.writeString(context.resolve("unused"), "changed");
    assertThat(build()).isEmpty();
  }

  @Test
  void filesOfBindMountsCount() throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=target=/c,source=d make\n";
    build(dockerfile, BuildOptions.DEFAULTS);
    Files.writeString(context.resolve("unused"), "changed");
    assertThat(build(dockerfile, BuildOptions.DEFAULTS)).isEmpty();
    Files.writeString(context.resolve("d/x"), "changed");
    assertThat(build(dockerfile, BuildOptions.DEFAULTS)).isEqualTo("R");
  }

  @Test
  void undeclaredArgumentsAndProxiesDoNotCount() throws IOException {
    build();
    var options =
        BuildOptions.DEFAULTS.withBuildArgs(
            Map.of("UNDECLARED", "x", "HTTP_PROXY", "p", "no_proxy", "q"));
    assertThat(build(DOCKERFILE, options)).isEmpty();
    assertThat(build(DOCKERFILE, BuildOptions.DEFAULTS.withBuildArgs(Map.of("A", "x"))))
        .isEqualTo("RCR");
  }

  @Test
  void namesOfExtraHostsCountAndAddressesDoNot() throws IOException {
    build(DOCKERFILE, hosts("h", "1.1.1.1"));
    assertThat(build(DOCKERFILE, hosts("h", "2.2.2.2"))).isEmpty();
    assertThat(build(DOCKERFILE, hosts("g", "2.2.2.2"))).isEqualTo("RCR");
  }

  private static BuildOptions hosts(String name, String address) {
    BuildOptions none = BuildOptions.DEFAULTS;
    return none.with(options -> options.extraHosts(List.of(new HostEntry(name, address))));
  }

  @Test
  void namesOfCacheMountsDoNotCountButHavingOneDoes() throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=type=cache,target=/c,id=a make\n";
    build(dockerfile, BuildOptions.DEFAULTS);
    assertThat(build(dockerfile.replace("id=a", "id=b"), BuildOptions.DEFAULTS)).isEmpty();
    assertThat(build(dockerfile.replace(",id=a", ""), BuildOptions.DEFAULTS)).isEqualTo("R");
    assertThat(build(dockerfile.replace("/c", "/d"), BuildOptions.DEFAULTS)).isEqualTo("R");
  }

  @Test
  void withoutCacheEverythingButWorkdirRuns() throws IOException {
    build();
    assertThat(build(DOCKERFILE, BuildOptions.DEFAULTS.withCache(CacheUse.NONE))).isEqualTo("RCR");
    assertThat(build()).as("the new results are used").isEmpty();
  }

  @Test
  void withoutCacheForOneStage() throws IOException {
    String dockerfile =
        "FROM busybox AS a\nRUN one\nFROM busybox AS b\nRUN two\nCOPY --from=a /x /x\n";
    build(dockerfile, BuildOptions.DEFAULTS);
    var options = BuildOptions.DEFAULTS.withCache(new CacheUse(false, Set.of("A")));
    assertThat(build(dockerfile, options)).isEqualTo("R");
  }
}
