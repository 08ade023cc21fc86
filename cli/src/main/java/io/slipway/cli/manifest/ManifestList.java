package io.slipway.cli.manifest;

import io.slipway.cli.client.JsonValue;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.ManifestFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a list of images is as a manifest, byte for byte as docker writes it. */
public record ManifestList(List<ListedManifest> images) {
  private static final String INDENT = "   ";

  public ManifestList {
    images = List.copyOf(images);
  }

  /** An OCI index, or docker's list when the first image is of docker's type. */
  public String mediaType() {
    boolean isOci =
        !images.isEmpty()
            && images.getFirst().descriptor().mediaType().equals(ManifestFormat.OCI.manifestType());
    return (isOci ? ManifestFormat.OCI : ManifestFormat.DOCKER).indexType();
  }

  public Bytes bytes() {
    Map<String, JsonValue> list = new LinkedHashMap<>();
    list.put("schemaVersion", new JsonValue.Num("2"));
    list.put("mediaType", new JsonValue.Text(mediaType()));
    list.put(
        "manifests",
        new JsonValue.Arr(images.stream().<JsonValue>map(ListedManifest::entry).toList()));
    return Bytes.utf8(new JsonValue.Obj(list).print(INDENT));
  }
}
