package io.slipway.engine.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Failures as Docker's clients expect them: a status by kind and {@code {"message": ...}}. */
final class ErrorMapper {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.http");

  private static final Map<ErrorKind, Integer> STATUS =
      new EnumMap<>(
          Map.of(
              ErrorKind.INVALID, 400,
              ErrorKind.UNAUTHORIZED, 401,
              ErrorKind.FORBIDDEN, 403,
              ErrorKind.NOT_FOUND, 404,
              ErrorKind.CONFLICT, 409,
              ErrorKind.UNSUPPORTED, 501,
              ErrorKind.UNAVAILABLE, 503,
              ErrorKind.NO_SPACE, 500,
              ErrorKind.CANCELLED, 500,
              ErrorKind.INTERNAL, 500));

  private static final String DISK_FULL =
      "no space left on device: the disk of the daemon's data root is full";

  private ErrorMapper() {}

  /** The body of every error answer. */
  record ErrorBody(@JsonProperty("message") String message) {}

  static Reply.Whole reply(Throwable failure) {
    if (failure instanceof ClientTooOldException old) {
      return Reply.text(400, old.getMessage());
    }
    if (failure instanceof SlipwayException known) {
      return Reply.json(STATUS.get(known.kind()), new ErrorBody(known.getMessage()));
    }
    if (failure instanceof IOException disk && isFull(disk)) {
      return Reply.json(500, new ErrorBody(DISK_FULL));
    }
    if (failure instanceof ClientGoneException) {
      LOG.log(System.Logger.Level.DEBUG, "nobody waits for an answer", failure);
      return Reply.json(400, new ErrorBody(failure.getMessage()));
    }
    LOG.log(System.Logger.Level.ERROR, "request failed", failure);
    return Reply.json(500, new ErrorBody(sentence(failure)));
  }

  /** The JDK has no exception of its own for it. */
  private static boolean isFull(IOException failure) {
    String message = failure.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains("no space left on device");
  }

  private static String sentence(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
