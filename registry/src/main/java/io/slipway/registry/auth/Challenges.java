package io.slipway.registry.auth;

/** What a client that may not come in is told to do about it. */
sealed interface Challenges {

  /** No credentials came. */
  Decision missing(AccessRequest request);

  /** Credentials came and are wrong. */
  Decision wrong(AccessRequest request, String message);

  /** A token came that does not leave to do this; another one may. */
  Decision insufficient(AccessRequest request);

  /** Ask for a password. */
  record Basic(String realm) implements Challenges {
    private String header() {
      return "Basic realm=\"" + quoted(realm) + "\"";
    }

    @Override
    public Decision missing(AccessRequest request) {
      return new Decision.Challenged(header(), "authentication required", false);
    }

    @Override
    public Decision wrong(AccessRequest request, String message) {
      return new Decision.Challenged(header(), message, true);
    }

    @Override
    public Decision insufficient(AccessRequest request) {
      return new Decision.Denied("", "the token does not leave to do this");
    }
  }

  /** Get a token from our token service. */
  record Bearer(String service) implements Challenges {
    private String header(AccessRequest request, String error) {
      String scope = Scope.of(request);
      return "Bearer realm=\"%s/token\",service=\"%s\"%s%s"
          .formatted(
              quoted(request.origin().get()),
              quoted(service),
              scope.isEmpty() ? "" : ",scope=\"" + scope + "\"",
              error.isEmpty() ? "" : ",error=\"" + error + "\"");
    }

    @Override
    public Decision missing(AccessRequest request) {
      return new Decision.Challenged(header(request, ""), "authentication required", false);
    }

    @Override
    public Decision wrong(AccessRequest request, String message) {
      return new Decision.Challenged(header(request, "invalid_token"), message, true);
    }

    @Override
    public Decision insufficient(AccessRequest request) {
      return new Decision.Challenged(
          header(request, "insufficient_scope"),
          "requested access to the resource is denied",
          false);
    }
  }

  private static String quoted(String text) {
    return text.replaceAll("[\"\\\\\\p{Cntrl}]", "");
  }
}
