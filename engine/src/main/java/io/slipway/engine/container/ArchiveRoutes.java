package io.slipway.engine.container;

import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** {@code /containers/{id}/archive}. */
final class ArchiveRoutes {
  private static final String STAT_HEADER = "X-Docker-Container-Path-Stat";
  private static final int BUFFER = 64 << 10;

  private final ContainerIndex index;
  private final ContainerArchive archive;
  private final ContainerEvents events;

  ArchiveRoutes(ContainerIndex index, ContainerArchive archive, ContainerEvents events) {
    this.index = index;
    this.archive = archive;
    this.events = events;
  }

  List<Route> routes() {
    return List.of(
        Route.head("/containers/{id}/archive", this::stat),
        Route.get("/containers/{id}/archive", this::read),
        Route.put("/containers/{id}/archive", this::write));
  }

  private static String path(Request request) {
    String path = request.query().text("path");
    if (path.isEmpty()) {
      throw SlipwayException.invalid("bad parameter: path: cannot be empty");
    }
    return path;
  }

  private String header(Container container, Request request) throws IOException {
    ContainerArchive.PathStat stat =
        archive.stat(container, path(request), request.parameter("id"));
    return Base64.getEncoder().encodeToString(Json.bytes(stat));
  }

  private Reply stat(Request request) throws IOException {
    return Reply.empty(200).with(STAT_HEADER, header(container(request), request));
  }

  private Reply read(Request request) throws IOException {
    Container container = container(request);
    String header = header(container, request);
    events.publish("archive-path", container.record());
    if (!compresses(request)) {
      return Reply.lazyStream("application/x-tar", out -> read(container, request, out))
          .with(STAT_HEADER, header);
    }
    return Reply.lazyStream(
            "application/x-tar",
            out -> {
              GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER);
              read(container, request, gzip);
              gzip.finish();
            })
        .with(STAT_HEADER, header)
        .with("Content-Encoding", "gzip");
  }

  private void read(Container container, Request request, OutputStream out) throws IOException {
    archive.read(container, path(request), request.parameter("id"), out);
  }

  /**
   * Docker's own client always says that it takes gzip. On the same machine packing would only cost
   * time, so there the archive goes as it is.
   */
  private static boolean compresses(Request request) {
    String accepted = request.headers().first("Accept-Encoding").orElse("");
    return !request.local() && accepted.contains("gzip");
  }

  private Reply write(Request request) throws IOException {
    Container container = container(request);
    ContainerArchive.Extraction wanted =
        new ContainerArchive.Extraction(
            path(request),
            request.query().flag("noOverwriteDirNonDir"),
            request.query().flag("copyUIDGID"));
    archive.write(container, wanted, request.parameter("id"), request.body());
    events.publish("extract-to-dir", container.record());
    return Reply.empty(200);
  }

  private Container container(Request request) {
    return index.get(request.parameter("id"));
  }
}
