package io.slipway.registry.admin;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.UpkeepSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/** Gives an order for a data root: to the server that has it open, or carries it out itself. */
public final class RegistryAdmin {
  private RegistryAdmin() {}

  /**
   * Returns when the task is done; {@code out} takes its lines as they come.
   *
   * @param settings for a data root that no server has open
   * @throws SlipwayException what went wrong with the task; NOT_FOUND when there is no such folder
   */
  public static void run(
      Path dataRoot, UpkeepSettings settings, AdminRequest request, Consumer<String> out)
      throws InterruptedException {
    if (!Files.isRegularFile(dataRoot.resolve("lock"))) {
      throw SlipwayException.notFound(dataRoot + " is not the data root of a registry");
    }
    DataRoot root;
    try {
      root = open(StorageSettings.offline(dataRoot, settings), request);
    } catch (SlipwayException e) {
      if (e.kind() != ErrorKind.CONFLICT) {
        throw e;
      }
      order(AdminServer.socketOf(dataRoot), request, out, e);
      return;
    }
    try (root) {
      AdminTasks.alone(root).run(request, out);
    }
  }

  private static DataRoot open(StorageSettings settings, AdminRequest request) {
    return request instanceof AdminRequest.Rebuild
        ? DataRoot.openAnyway(settings, Clock.systemUTC())
        : DataRoot.open(settings, Clock.systemUTC());
  }

  private static void order(
      Path socket, AdminRequest request, Consumer<String> out, SlipwayException inUse) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        BufferedReader in =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      AdminWire.send(channel, request);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        AdminWire.Answer answer = AdminWire.parseAnswer(line);
        if (answer.error() != null) {
          throw new SlipwayException(answer.kind(), answer.error());
        }
        if (answer.done()) {
          return;
        }
        out.accept(answer.line());
      }
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE, "the server ended before the task was done");
    } catch (IOException e) {
      inUse.addSuppressed(e);
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "%s; it takes no orders on %s: %s"
              .formatted(inUse.getMessage(), socket, FileReason.of(e)),
          inUse);
    }
  }
}
