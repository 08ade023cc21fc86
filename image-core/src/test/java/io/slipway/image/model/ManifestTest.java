package io.slipway.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
  private static final Digest A = Bytes.utf8("a").digest();
  private static final Digest B = Bytes.utf8("b").digest();

  @Test
  void writesAndReadsAnImage() {
    ImageManifest made =
        ImageManifest.create(
            ManifestFormat.OCI,
            new Descriptor(MediaTypes.OCI_CONFIG, A, 1),
            List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, B, 2)),
            Map.of("z", "1", "y", "2"));
    assertThat(made.bytes().text())
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                + "\"digest\":\""
                + A
                + "\",\"size\":1},\"layers\":[{\"mediaType\":"
                + "\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
                + B
                + "\",\"size\":2}],\"annotations\":{\"y\":\"2\",\"z\":\"1\"}}");
    assertThat(Manifest.parse(made.bytes(), "")).isEqualTo(made);
    assertThat(made.descriptor().digest()).isEqualTo(made.bytes().digest());
  }

  @Test
  void keepsReceivedBytes() {
    Bytes odd =
        Bytes.utf8(
            " { \"schemaVersion\" : 2, \"unknown\": [null], \"config\": {\"mediaType\":\"x/y\","
                + "\"digest\":\""
                + A
                + "\",\"size\":1,\"data\":\"YQ==\"}, \"layers\": null } ");
    Manifest manifest = Manifest.parse(odd, MediaTypes.OCI_MANIFEST);
    assertThat(manifest.bytes()).isEqualTo(odd);
    assertThat(manifest.descriptor())
        .isEqualTo(new Descriptor(MediaTypes.OCI_MANIFEST, odd.digest(), odd.size()));
    assertThat(((ImageManifest) manifest).layers()).isEmpty();
  }

  @Test
  void selectsThePlatform() {
    ImageIndex index =
        ImageIndex.create(
            ManifestFormat.OCI,
            List.of(
                descriptor("unknown/unknown"),
                descriptor("linux/arm/v6"),
                descriptor("linux/arm64"),
                descriptor("linux/amd64")),
            Map.of());
    ImageIndex read = (ImageIndex) Manifest.parse(index.bytes(), MediaTypes.OCI_INDEX);
    assertThat(read).isEqualTo(index);
    assertThat(read.select(Platform.parse("linux/x86_64"))).contains(descriptor("linux/amd64"));
    assertThat(read.select(Platform.parse("linux/arm64/v8"))).contains(descriptor("linux/arm64"));
    assertThat(read.select(Platform.parse("linux/arm/v7"))).contains(descriptor("linux/arm/v6"));
    assertThat(read.select(Platform.parse("linux/riscv64"))).isEmpty();
  }

  private static Descriptor descriptor(String platform) {
    String[] parts = platform.split("/");
    return new Descriptor(MediaTypes.OCI_MANIFEST, Bytes.utf8(platform).digest(), 9)
        .withPlatform(new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | manifest is not a JSON object",
        "{ | manifest is not valid JSON",
        "{\"schemaVersion\":2} | manifest has no config",
        "{\"schemaVersion\":1} | manifest is of the withdrawn schema 1",
        "{\"schemaVersion\":2,\"mediaType\":\"text/plain\"} | manifest has unknown media type",
        "{\"config\":{\"digest\":\"x\",\"size\":1}} | invalid digest \"x\"",
        "{\"config\":{\"size\":1}} | manifest field config has no digest",
        "{\"config\":7} | manifest field config is not a JSON object",
        "{\"config\":{},\"manifests\":[]} | manifest is ambiguous",
        "{\"layers\":7,\"config\":null} | manifest has no config",
        "{} x | manifest is not valid JSON",
      })
  void refusesMalformed(String json, String message) {
    assertThatThrownBy(() -> Manifest.parse(Bytes.utf8(json), ""))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesAContradictingContentType() {
    Bytes body = ImageIndex.create(ManifestFormat.OCI, List.of(), Map.of()).bytes();
    assertThatThrownBy(() -> Manifest.parse(body, MediaTypes.DOCKER_INDEX))
        .hasMessageContaining("but was sent as");
  }

  @Test
  void boundsSizeAndDepth() {
    assertThatThrownBy(() -> Manifest.parse(Bytes.utf8(" ".repeat(Manifest.MAX_BYTES) + "{}"), ""))
        .hasMessageContaining("more than the limit");
    assertThatThrownBy(() -> Manifest.parse(Bytes.utf8("{\"a\":" + "[".repeat(100_000)), ""))
        .hasMessageStartingWith("manifest is not valid JSON");
  }
}
