package io.slipway.registry.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.Decision;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Failures as answers: the one place where they get their status, code and JSON. */
final class ErrorAnswers {
  private static final int INSUFFICIENT_STORAGE = 507;

  private static final Map<ErrorKind, ErrorCode> CODES =
      Map.of(
          ErrorKind.UNAUTHORIZED, ErrorCode.UNAUTHORIZED,
          ErrorKind.FORBIDDEN, ErrorCode.DENIED,
          ErrorKind.UNAVAILABLE, ErrorCode.UNAVAILABLE,
          ErrorKind.UNSUPPORTED, ErrorCode.UNSUPPORTED);

  private ErrorAnswers() {}

  /** A fault of the machine or of this program tells clients nothing but that it is one. */
  static Answer of(Throwable failure) {
    return switch (failure) {
      case RegistryFault fault -> {
        Answer answer = answer(fault.status(), fault.code(), fault.getMessage(), fault.detail());
        fault
            .retryAfter()
            .ifPresent(wait ->
                answer.header(
                    Headers.RETRY_AFTER, Long.toString(wait.plusMillis(999).toSeconds())));
        yield answer;
      }
      case SlipwayException e when e.kind() == ErrorKind.NO_SPACE ->
          answer(INSUFFICIENT_STORAGE, ErrorCode.UNAVAILABLE, "no space left", "");
      case SlipwayException e when CODES.containsKey(e.kind()) -> {
        ErrorCode code = CODES.get(e.kind());
        yield answer(code.status(), code, e.getMessage(), "");
      }
      default ->
          answer(
              ErrorCode.UNKNOWN.status(), ErrorCode.UNKNOWN, "the registry failed to answer", "");
    };
  }

  /** True when the failure is ours and belongs into the log. */
  static boolean isInternal(Throwable failure) {
    return !(failure instanceof RegistryFault)
        && !(failure instanceof SlipwayException e
            && (e.kind() == ErrorKind.NO_SPACE || CODES.containsKey(e.kind())));
  }

  static Answer methodNotAllowed(Set<String> allowed) {
    return answer(
            ErrorCode.UNSUPPORTED.status(),
            ErrorCode.UNSUPPORTED,
            "the address does not answer this method",
            "")
        .header(Headers.ALLOW, String.join(", ", new TreeSet<>(allowed)));
  }

  static Answer challenge(Decision.Challenged challenged) {
    return answer(ErrorCode.UNAUTHORIZED.status(), ErrorCode.UNAUTHORIZED, challenged.message(), "")
        .header(Headers.WWW_AUTHENTICATE, challenged.challenge());
  }

  static Answer denied(Decision.Denied denied) {
    return answer(ErrorCode.DENIED.status(), ErrorCode.DENIED, denied.message(), "");
  }

  /** {@code detail} empty: none. */
  static Answer answer(int status, ErrorCode code, String message, String detail) {
    return Answer.of(status).json(JsonBodies.error(code, message, detail));
  }
}
