package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warnings about bytes that layers carry for nothing; needs root. */
class WasteIT {
  private static final String MAKE = "dd if=/dev/zero bs=1000 count=";

  @TempDir static Path data;
  @TempDir Path context;
  private static BuildMachine machine;

  @BeforeAll
  static void open() throws Exception {
    machine = new BuildMachine(data);
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(machine.unfinished()).isEmpty();
  }

  /** The sentences about waste, in order. */
  private List<String> wasteOf(String dockerfile) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var told = new ArrayList<String>();
    machine.build(
        context,
        BuildOptions.DEFAULTS,
        event -> {
          if (event instanceof BuildEvent.Warning warning) {
            told.add(warning.message());
            assertThat(warning.excerpt()).isPresent();
          }
        },
        "waste");
    return told;
  }

  @Test
  void filesThatAreThereAgainOrGoneAreToldEachTime() throws Exception {
    String dockerfile =
        """
        FROM busybox
        RUN %s2500 of=/big && mkdir -p /d/e && %s300 of=/d/a && %s200 of=/d/e/b
        RUN chmod 600 /big && chown 5 /d/a
        RUN rm -rf /d
        RUN rm /big
        """
            .formatted(MAKE, MAKE, MAKE);
    List<String> first = wasteOf(dockerfile);
    assertThat(first)
        .containsExactlyInAnyOrder(
            "MetadataOnlyChange: 2.8MB (/big and 1 other) is in the image again only for another"
                + " mode or owner: use COPY --chmod and --chown, or change it in the step that"
                + " makes it (line 3)",
            "DeletedInLaterLayer: 500kB (/d) is deleted here but stays in the layer of line 2:"
                + " delete it in the step that makes it (line 4)",
            "DeletedInLaterLayer: 300kB (/d) is deleted here but stays in the layer of line 3:"
                + " delete it in the step that makes it (line 4)",
            "DeletedInLaterLayer: 2.5MB (/big) is deleted here but stays in the layer of line 2:"
                + " delete it in the step that makes it (line 5)",
            "DeletedInLaterLayer: 2.5MB (/big) is deleted here but stays in the layer of line 3:"
                + " delete it in the step that makes it (line 5)");
    assertThat(wasteOf(dockerfile)).containsExactlyElementsOf(first);
  }

  @Test
  void aDirectoryMadeAnewHidesWhatWasInIt() throws Exception {
    Files.write(context.resolve("file"), new byte[400_000]);
    assertThat(
            wasteOf(
                """
                FROM busybox AS base
                COPY file /d/one
                COPY file /d/two
                FROM base
                RUN rm -rf /d && mkdir /d && echo 1 > /d/one
                """))
        .singleElement()
        .asString()
        .startsWith("DeletedInLaterLayer: 400kB (/d/two) is deleted here")
        .contains("layer of line 3", "(line 5)");
  }

  @Test
  void whatIsNoWasteIsNotTold() throws Exception {
    assertThat(
            wasteOf(
                """
                FROM busybox
                RUN %s300 of=/a && %s300 of=/kept && rm /a && chmod 600 /kept && %s10 of=/small
                RUN chmod 755 /small && rm /bin/true && %s300 of=/kept
                RUN cat /kept > /copy && chmod 700 /copy
                """
                    .formatted(MAKE, MAKE, MAKE, MAKE)))
        .isEmpty();
  }
}
